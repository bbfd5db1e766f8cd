/** How much one place may ask for, and how fast we may send: shared by all processes where they share something. */

import type { Rate } from "../core/rate.ts";

export interface RateLimit {
  /** How many at once. */
  readonly burst: number;
  /** One more after this many milliseconds. */
  readonly everyMs: number;
}

export interface Places {
  readonly key: string;
  readonly rate: Rate;
  /** How many places. */
  readonly n: number;
}

/**
 * Losing what was counted costs nothing but a fuller bucket. Nothing here throws or takes long, and a `key` names nobody:
 * it is a keyed hash, or made by chance.
 */
export interface Limits {
  /** Takes one from the bucket `key`; how long to wait in ms until there is one, 0: go on. */
  take(key: string, limit: RateLimit): Promise<number>;
  /**
   * Takes places in all these lines at once, in the order of asking, whether or not there are any now; for each line how
   * long to wait in ms before the last of its places may be used.
   */
  reserve(lines: readonly Places[]): Promise<readonly number[]>;
  /**
   * Counts `by` more of `key` (1 unless told; 0 only looks); how many there were, with these, in a window that began with
   * the first.
   */
  count(key: string, windowMs: number, by?: number): Promise<number>;
  /** Forgets what was counted of `key`. */
  clear(key: string): Promise<void>;
}
