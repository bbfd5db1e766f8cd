/** The ports that the shell works with, bundled so that each room takes what it needs. */

import type { ChannelName } from "../core/message.ts";
import type { Bus } from "../ports/bus.ts";
import type { Channel } from "../ports/channel.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Model } from "../ports/model.ts";
import type { Store } from "../ports/store.ts";
import type { Vault } from "../ports/vault.ts";
import type { AtOnce } from "./handle.ts";
import type { KnownHeads } from "./known-heads.ts";
import type { Library } from "./library-live.ts";
import type { Watch } from "./watch.ts";

export interface Parts {
  readonly store: Store;
  readonly vault: Vault;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  readonly model: Model;
  readonly library: Library;
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  /** The public address of the page; absent: nobody outside can open it. */
  readonly page?: string;
  /** Counts what comes and goes on each channel; absent where nobody looks at it. */
  readonly watch?: Watch;
  /** Decides in this process what has just come; absent where nobody does, or it takes its turn. */
  readonly atOnce?: AtOnce;
  /** Spares the look-up of who wrote lately; absent: each is looked up. */
  readonly heads?: KnownHeads;
}
