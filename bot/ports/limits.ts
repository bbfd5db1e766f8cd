/** How much one place may ask for: against floods and guessing, shared by all processes where they share something. */

export interface RateLimit {
  /** How many at once. */
  readonly burst: number;
  /** One more after this many milliseconds. */
  readonly everyMs: number;
}

export interface Limits {
  /**
   * Takes one from the bucket `key`; how long to wait in ms until there is one, 0: go on. Losing what was counted
   * costs nothing but a fuller bucket. Never throws, and never takes long. `key` names nobody: it is a keyed hash.
   */
  take(key: string, limit: RateLimit): Promise<number>;
}
