/** Long polling, at least once: Telegram forgets an update only when we ask for the next one, which we do after `take`. */

import type { Api } from "grammy";
import type { Inbound } from "../../core/message.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { pause } from "../pause.ts";
import { ALLOWED_UPDATES, type Parsed } from "./parse.ts";
import { refusalOf } from "./refusal.ts";

/** Longest a poll stays open on Telegram's side. */
export const POLL_SECONDS = 25;
const FIRST_BACK_OFF_MS = 1000;
const MAX_BACK_OFF_MS = 30_000;
/** A server that answers an empty poll at once would otherwise be asked a thousand times a second. */
const IDLE_MS = 250;
const CONFIRM_MS = 3000;

export interface PollOptions {
  readonly api: Api;
  readonly clock: Clock;
  readonly log: Log;
  readonly read: (update: unknown) => Parsed;
  readonly take: (inbound: readonly Inbound[]) => Promise<void>;
}

export class Poller {
  readonly #o: PollOptions;
  readonly #stop = new AbortController();
  #offset: number | undefined;
  #done: Promise<void> | undefined;

  constructor(options: PollOptions) {
    this.#o = options;
  }

  begin(): void {
    this.#done ??= this.#loop();
  }

  /** Ends the open poll and the loop; what was taken is confirmed, so that it does not come again after the restart. */
  async end(): Promise<void> {
    if (!this.#done || this.#stop.signal.aborted) return;
    this.#stop.abort();
    await this.#done;
    if (this.#offset !== undefined) {
      const signal = AbortSignal.timeout(CONFIRM_MS);
      await this.#ask({ offset: this.#offset, limit: 1, timeout: 0 }, signal).catch(() => undefined);
    }
  }

  async #loop(): Promise<void> {
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      const ok = await this.#turn();
      failures = ok ? 0 : failures + 1;
      if (failures > 0) await this.#pause(Math.min(MAX_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** (failures - 1)));
    }
  }

  /** One poll to its end; false: it failed, and nothing was confirmed. */
  async #turn(): Promise<boolean> {
    const began = this.#o.clock.now();
    const updates = await this.#fetch();
    if (updates === undefined) return false;
    if (updates.length === 0) {
      if (this.#o.clock.now() - began < IDLE_MS) await this.#pause(IDLE_MS);
      return true;
    }
    return this.#handOver(updates);
  }

  async #fetch(): Promise<readonly { update_id: number }[] | undefined> {
    try {
      return await this.#ask(
        { ...(this.#offset === undefined ? {} : { offset: this.#offset }), timeout: POLL_SECONDS },
        this.#stop.signal,
      );
    } catch (error) {
      if (this.#stop.signal.aborted) return undefined;
      const { code } = refusalOf(error);
      this.#o.log("warn", "telegram.poll_failed", { cause: code });
      // 409: somebody set a webhook meanwhile, or a second process polls with this token.
      if (code === "telegram.refused_409") await this.#o.api.deleteWebhook().catch(() => undefined);
      return undefined;
    }
  }

  async #handOver(updates: readonly { update_id: number }[]): Promise<boolean> {
    const inbound: Inbound[] = [];
    for (const update of updates) {
      const parsed = this.#o.read(update);
      if (parsed.ok) inbound.push(...parsed.inbound);
    }
    try {
      if (inbound.length > 0) await this.#o.take(inbound);
    } catch {
      // Not on disk: the offset stays, so Telegram gives the same updates again.
      this.#o.log("error", "telegram.not_taken", { updates: updates.length });
      return false;
    }
    this.#offset = Math.max(...updates.map((update) => update.update_id)) + 1;
    return true;
  }

  #ask(
    how: { offset?: number; limit?: number; timeout: number },
    signal: AbortSignal,
  ): Promise<{ update_id: number }[]> {
    // grammY's type is that of a polyfill; it only listens for "abort" on it.
    return this.#o.api.getUpdates(
      { ...how, allowed_updates: ALLOWED_UPDATES },
      signal as Parameters<Api["getUpdates"]>[1],
    );
  }

  #pause(ms: number): Promise<void> {
    return pause(this.#o.clock, ms, this.#stop.signal);
  }
}
