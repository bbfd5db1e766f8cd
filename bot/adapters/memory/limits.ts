/** Token buckets in this process's memory: for one process, and for many while they cannot reach what they share. */

import type { Clock } from "../../ports/clock.ts";
import type { Limits, RateLimit } from "../../ports/limits.ts";

/** More keys than this and the buckets that are full again are thrown away, so that memory stays bounded. */
const MAX_KEYS = 20_000;

interface Bucket {
  readonly tokens: number;
  readonly at: number;
  readonly limit: RateLimit;
}

export function openMemoryLimits(clock: Pick<Clock, "now">): Limits {
  const buckets = new Map<string, Bucket>();
  const filled = ({ tokens, at, limit }: Bucket, now: number) =>
    Math.min(limit.burst, tokens + Math.max(0, now - at) / limit.everyMs);
  return {
    async take(key, limit) {
      const now = clock.now();
      if (buckets.size > MAX_KEYS) {
        for (const [k, b] of buckets) if (filled(b, now) >= b.limit.burst) buckets.delete(k);
      }
      const before = buckets.get(key);
      const tokens = before ? filled({ ...before, limit }, now) : limit.burst;
      buckets.set(key, { tokens: tokens < 1 ? tokens : tokens - 1, at: now, limit });
      return tokens < 1 ? Math.ceil((1 - tokens) * limit.everyMs) : 0;
    },
  };
}
