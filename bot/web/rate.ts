/** Token buckets in memory: slows floods. Whoever is slowed is told so with numbers to call, never dropped silently. */

export interface RateLimit {
  /** How many at once. */
  readonly burst: number;
  /** One more after this many milliseconds. */
  readonly everyMs: number;
}

/** How long to wait in milliseconds; 0: go on. */
export type TakeOne = (key: string, now: number) => number;

/** More keys than this and the buckets that are full again are thrown away, so that memory stays bounded. */
const MAX_KEYS = 20_000;

/** One set of buckets. Each process keeps its own: a limit against floods, not a quota. */
export function tokenBuckets(limit: RateLimit): TakeOne {
  const buckets = new Map<string, { tokens: number; at: number }>();
  const filled = (b: { tokens: number; at: number }, now: number) =>
    Math.min(limit.burst, b.tokens + (now - b.at) / limit.everyMs);
  return (key, now) => {
    if (buckets.size > MAX_KEYS) {
      for (const [k, b] of buckets) if (filled(b, now) >= limit.burst) buckets.delete(k);
    }
    const bucket = buckets.get(key) ?? { tokens: limit.burst, at: now };
    const tokens = filled(bucket, now);
    if (tokens < 1) {
      buckets.set(key, { tokens, at: now });
      return Math.ceil((1 - tokens) * limit.everyMs);
    }
    buckets.set(key, { tokens: tokens - 1, at: now });
    return 0;
  };
}
