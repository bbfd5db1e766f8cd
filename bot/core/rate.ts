/** Keeping a send rate: a bucket that fills steadily and lets small bursts through. */

/** At most `burst` at once, and `perSecond` in the long run. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** How many may go at `at` (epoch ms); below zero: so many wait for their turn already. */
export interface Bucket {
  readonly left: number;
  readonly at: number;
}

export function fullBucket(rate: Rate, at: number): Bucket {
  return { left: rate.burst, at };
}

/**
 * Takes `n` places; `waitMs` is how long to wait before the last of them may be used. Places are given in the order of
 * asking, so whoever asks later waits longer.
 */
export function take(bucket: Bucket, rate: Rate, n: number, now: number): { bucket: Bucket; waitMs: number } {
  const passed = Math.max(0, now - bucket.at);
  const left = Math.min(rate.burst, bucket.left + (passed * rate.perSecond) / 1_000) - n;
  return {
    bucket: { left, at: Math.max(now, bucket.at) },
    waitMs: left >= 0 ? 0 : Math.ceil((-left * 1_000) / rate.perSecond),
  };
}

/** Is it full again, so that nothing has to be remembered of it? */
export function isFull(bucket: Bucket, rate: Rate, now: number): boolean {
  return bucket.left + ((now - bucket.at) * rate.perSecond) / 1_000 >= rate.burst;
}
