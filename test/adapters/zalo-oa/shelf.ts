/** A shelf for the token pair in memory, that can "die" at a chosen moment; and a clock that can be moved. */

import type { TokenShelf } from "../../../bot/adapters/zalo-oa/token.ts";
import type { Clock } from "../../../bot/ports/clock.ts";
import { hastyClock } from "../witness.ts";

export class MemoryShelf implements TokenShelf {
  text: string | null = null;
  version = 0;
  /** Called before each access; throws to play a process that dies or a store that is away. */
  before: (verb: "get" | "put") => void = () => undefined;

  async get() {
    this.before("get");
    return this.text === null ? null : { text: this.text, version: this.version };
  }

  async put(text: string, expect: number | null) {
    this.before("put");
    if ((this.text === null ? null : this.version) !== expect) return false;
    this.text = text;
    this.version += 1;
    return true;
  }
}

/** The hasty clock with its hands moved by `offset.ms`. */
export function movedClock(offset: { ms: number }): Clock {
  return { ...hastyClock, now: () => Date.now() + offset.ms };
}
