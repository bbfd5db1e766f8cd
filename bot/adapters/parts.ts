/** A text that had to be cut goes out in parts; a retry goes on where it was stopped and repeats nothing. */

import type { SendResult } from "../ports/channel.ts";

const MAX_REMEMBERED = 500;

/** Not sent, because another process has the message by now. */
export const NOT_OURS: Extract<SendResult, { ok: false }> = {
  ok: false,
  code: "lease_lapsed",
  kind: "retry",
};

/** Remembers, in this process, which parts of a message arrived. A restart in between may repeat the first parts. */
export class PartMemory {
  readonly #sent = new Map<string, string[]>();

  /**
   * Sends the parts in order, until one fails; `one` gives each part's result. The parts' platform ids are joined by
   * commas. `id` names the message: the same id with as many parts is a retry. `isOurs` is asked before each part.
   */
  async deliver<Part>(
    id: string,
    parts: readonly Part[],
    one: (part: Part) => Promise<SendResult>,
    isOurs: () => boolean = () => true,
  ): Promise<SendResult> {
    const key = `${id} ${parts.length}`;
    const refs = this.#sent.get(key) ?? [];
    for (const part of parts.slice(refs.length)) {
      const sent = isOurs() ? await one(part) : NOT_OURS;
      if (!sent.ok) {
        if (refs.length > 0) this.#remember(key, refs);
        return sent;
      }
      refs.push(sent.platformRef ?? "");
    }
    this.#sent.delete(key);
    const known = refs.filter((ref) => ref !== "");
    return known.length === 0 ? { ok: true } : { ok: true, platformRef: known.join(",") };
  }

  #remember(key: string, refs: string[]): void {
    this.#sent.set(key, refs);
    if (this.#sent.size <= MAX_REMEMBERED) return;
    const oldest = this.#sent.keys().next();
    if (!oldest.done) this.#sent.delete(oldest.value);
  }
}
