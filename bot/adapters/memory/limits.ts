/** Limits in this process's memory: for one process, and for many while they cannot reach what they share. */

import { type Bucket, fullBucket, isFull, type Rate, take } from "../../core/rate.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Limits, RateLimit } from "../../ports/limits.ts";

/** More keys than this and what is as if it had never been asked for is thrown away, so that memory stays bounded. */
const MAX_KEYS = 20_000;
/** Going through so many keys takes a millisecond: not for each that asks. */
const TIDY_EVERY_MS = 1_000;

interface Tokens {
  readonly tokens: number;
  readonly at: number;
  readonly limit: RateLimit;
}

export function openMemoryLimits(clock: Pick<Clock, "now">): Limits {
  const buckets = new Map<string, Tokens>();
  const lines = new Map<string, { bucket: Bucket; rate: Rate }>();
  const counts = new Map<string, { n: number; until: number }>();
  const tidied = new Map<object, number>();
  const tidy = <T>(map: Map<string, T>, now: number, isOver: (value: T) => boolean) => {
    if (map.size <= MAX_KEYS || Math.abs(now - (tidied.get(map) ?? -TIDY_EVERY_MS)) < TIDY_EVERY_MS) return;
    tidied.set(map, now);
    for (const [key, value] of map) if (isOver(value)) map.delete(key);
  };
  const filled = ({ tokens, at, limit }: Tokens, now: number) =>
    Math.min(limit.burst, tokens + Math.max(0, now - at) / limit.everyMs);
  return {
    async take(key, limit) {
      const now = clock.now();
      tidy(buckets, now, (b) => filled(b, now) >= b.limit.burst);
      const before = buckets.get(key);
      const tokens = before ? filled({ ...before, limit }, now) : limit.burst;
      buckets.set(key, { tokens: tokens < 1 ? tokens : tokens - 1, at: now, limit });
      return tokens < 1 ? Math.ceil((1 - tokens) * limit.everyMs) : 0;
    },
    async reserve(asked) {
      const now = clock.now();
      tidy(lines, now, ({ bucket, rate }) => isFull(bucket, rate, now));
      return asked.map(({ key, rate, n }) => {
        const { bucket, waitMs } = take(lines.get(key)?.bucket ?? fullBucket(rate, now), rate, n, now);
        lines.set(key, { bucket, rate });
        return waitMs;
      });
    },
    async count(key, windowMs, by = 1) {
      const now = clock.now();
      tidy(counts, now, ({ until }) => until <= now);
      const before = counts.get(key);
      const counted = before && before.until > now ? before : { n: 0, until: now + windowMs };
      counted.n += by;
      if (by > 0) counts.set(key, counted);
      return counted.n;
    },
    async clear(key) {
      counts.delete(key);
    },
  };
}
