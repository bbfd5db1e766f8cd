/** How fast each channel takes messages: its rates per chat and over all chats, and its own word that it wants a pause. */

import type { ChannelCaps, ChannelName } from "../core/message.ts";
import type { Clock } from "../ports/clock.ts";
import type { Limits } from "../ports/limits.ts";

/** Asked to end, a message still waits this long for its turn; what would wait longer goes back unsent. */
const LAST_TURN_MS = 5_000;

export interface Pacer {
  /**
   * Takes the places of one message of `parts` parts; how long to wait before sending it, in ms. Urgent ones do not wait
   * for other chats, but count.
   */
  reserve(caps: ChannelCaps, chat: string, parts: number, urgent: boolean): Promise<number>;
  /** The channel asked for a pause (quota, dead token): nothing is tried on it until then. */
  pause(channel: ChannelName, until: number): void;
  isPaused(channel: ChannelName, now: number): boolean;
  /** Waits for a message's turn; false: we end before it comes. */
  wait(ms: number): Promise<boolean>;
  end(): void;
}

/**
 * `limits`: where all that send for us stand in one line. `isPaced`: are this channel's own rates kept? Pauses always
 * are, by each process for itself.
 */
export function makePacer(
  clock: Pick<Clock, "now" | "after">,
  limits: Pick<Limits, "reserve">,
  isPaced: (channel: ChannelName) => boolean,
): Pacer {
  const pauses = new Map<ChannelName, number>();
  const waiting = new Set<() => void>();
  let isEnding = false;
  return {
    async reserve({ name, rates }, chat, parts, urgent) {
      if (!rates || !isPaced(name)) return 0;
      const [own = 0, whole = 0] = await limits.reserve([
        { key: `send:${name}:${chat}`, rate: rates.chat, n: parts },
        { key: `send:${name}`, rate: rates.all, n: parts },
      ]);
      return urgent ? own : Math.max(own, whole);
    },
    pause(channel, until) {
      pauses.set(channel, Math.max(until, pauses.get(channel) ?? 0));
    },
    isPaused: (channel, now) => now < (pauses.get(channel) ?? 0),
    wait: (ms) =>
      new Promise((resolve) => {
        const due = clock.now() + ms;
        const done = (isDue: boolean) => {
          waiting.delete(giveUp);
          cancel();
          resolve(isDue);
        };
        const giveUp = () => {
          if (due - clock.now() > LAST_TURN_MS) done(false);
        };
        const cancel = clock.after(ms, () => done(true));
        waiting.add(giveUp);
        if (isEnding) giveUp();
      }),
    end() {
      isEnding = true;
      for (const giveUp of [...waiting]) giveUp();
    },
  };
}
