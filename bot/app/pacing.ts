/** How fast each channel takes messages: its rates per chat and over all chats, and its own word that it wants a pause. */

import type { ChannelCaps, ChannelName } from "../core/message.ts";
import { type Bucket, fullBucket, isFull, type Rate, take } from "../core/rate.ts";

/** Chats whose bucket may still be filling; beyond this those that are full are forgotten. */
const MAX_CHATS = 2_000;

export interface Pacer {
  /**
   * Takes the places of one message of `parts` parts; returns how long to wait before sending it, in ms. Urgent ones do
   * not wait for other chats, but count.
   */
  reserve(caps: ChannelCaps, chat: string, parts: number, urgent: boolean, now: number): number;
  /** The channel asked for a pause (quota, dead token): nothing is tried on it until then. */
  pause(channel: ChannelName, until: number): void;
  isPaused(channel: ChannelName, now: number): boolean;
}

/** `isPaced`: are this channel's own rates kept? Pauses always are. */
export function makePacer(isPaced: (channel: ChannelName) => boolean): Pacer {
  const all = new Map<ChannelName, Bucket>();
  const chats = new Map<string, { bucket: Bucket; rate: Rate }>();
  const pauses = new Map<ChannelName, number>();

  return {
    reserve(caps, chat, parts, urgent, now) {
      const { rates } = caps;
      if (!rates || !isPaced(caps.name)) return 0;
      const whole = take(all.get(caps.name) ?? fullBucket(rates.all, now), rates.all, parts, now);
      all.set(caps.name, whole.bucket);
      const key = `${caps.name} ${chat}`;
      const own = take(chats.get(key)?.bucket ?? fullBucket(rates.chat, now), rates.chat, parts, now);
      chats.set(key, { bucket: own.bucket, rate: rates.chat });
      if (chats.size > MAX_CHATS) forgetFull(now);
      return urgent ? own.waitMs : Math.max(own.waitMs, whole.waitMs);
    },
    pause(channel, until) {
      pauses.set(channel, Math.max(until, pauses.get(channel) ?? 0));
    },
    isPaused: (channel, now) => now < (pauses.get(channel) ?? 0),
  };

  function forgetFull(now: number): void {
    for (const [key, { bucket, rate }] of chats) if (isFull(bucket, rate, now)) chats.delete(key);
  }
}
