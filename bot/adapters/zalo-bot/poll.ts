/** Polling Zalo Bot, for development: there is no acknowledgement, so what came is held here until it is on disk. */

import type { Inbound } from "../../core/message.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { pause } from "../pause.ts";
import type { ZaloBotApi } from "./api.ts";
import { refusalOf } from "./refusal.ts";

export const POLL_SECONDS = 25;
const NORMAL_END = 408;
const FIRST_BACK_OFF_MS = 1000;
const MAX_BACK_OFF_MS = 30_000;

export interface PollOptions {
  readonly api: ZaloBotApi;
  readonly clock: Clock;
  readonly log: Log;
  readonly read: (update: unknown) => readonly Inbound[];
  readonly take: (inbound: readonly Inbound[]) => Promise<void>;
}

export class Poller {
  readonly #o: PollOptions;
  readonly #stop = new AbortController();
  #done: Promise<void> | undefined;

  constructor(options: PollOptions) {
    this.#o = options;
  }

  begin(): void {
    this.#done ??= this.#loop();
  }

  async end(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #loop(): Promise<void> {
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      const isFine = await this.#turn();
      failures = isFine ? 0 : failures + 1;
      if (!isFine) await this.#pause(failures);
    }
  }

  async #turn(): Promise<boolean> {
    const answer = await this.#o.api.getUpdates(POLL_SECONDS, this.#stop.signal);
    if (answer.ok) {
      await this.#handOver(this.#o.read(answer.result));
      return true;
    }
    if (this.#stop.signal.aborted) return true;
    if (answer.by === "api" && answer.errorCode === NORMAL_END) return true;
    this.#o.log("warn", "zalo-bot.poll_failed", { cause: refusalOf(answer).code });
    // Refused while a webhook is set, and no code of its own says so.
    if (answer.by === "api") await this.#o.api.deleteWebhook();
    return false;
  }

  /** Tries until it is on disk: Zalo will not give it a second time. */
  async #handOver(inbound: readonly Inbound[]): Promise<void> {
    if (inbound.length === 0) return;
    for (let failures = 1; ; failures += 1) {
      try {
        return await this.#o.take(inbound);
      } catch {
        this.#o.log("error", "zalo-bot.not_taken", { failures });
        // Stopping now loses it, and that must be known.
        if (this.#stop.signal.aborted)
          return this.#o.log("error", "zalo-bot.lost", { updates: inbound.length });
        await this.#pause(failures);
      }
    }
  }

  #pause(failures: number): Promise<void> {
    const ms = Math.min(MAX_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** (failures - 1));
    return pause(this.#o.clock, ms, this.#stop.signal);
  }
}
