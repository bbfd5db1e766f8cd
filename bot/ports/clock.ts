/** Time and chance, so that tests can hold both still. */

export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** A new random id, URL-safe, sortable by time of making. */
  newId(): string;
  /** `bytes` of randomness as base64url, for tokens. */
  token(bytes: number): string;
  /** Calls back after `ms`; returns the function that cancels. */
  after(ms: number, call: () => void): () => void;
  /** How far this machine's own clock is ahead of the one that all machines share, in ms; absent: it is the only one. */
  aheadMs?(): number;
}
