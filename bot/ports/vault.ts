/** Keys. One data key per conversation, wrapped by a master key; forgetting is destroying the wrapped key. */

import type { ChannelName } from "../core/message.ts";

export interface Vault {
  /** A fresh data key, wrapped. */
  newKey(): Uint8Array;
  /** AES-256-GCM under the unwrapped key, bound to `context` (which row and column it is for). */
  seal(wrappedKey: Uint8Array, context: string, plain: string): Uint8Array;
  /** Throws when the key or the context is not the one it was sealed with. */
  open(wrappedKey: Uint8Array, context: string, sealed: Uint8Array): string;
  /** The operator's own small secrets, under a key derived from the master key. */
  sealOwn(context: string, plain: string): Uint8Array;
  openOwn(context: string, sealed: Uint8Array): string;
  /** Keyed hash that stands for a person's address; not reversible without the master key. */
  pseudonym(channel: ChannelName, address: string): string;
  /** Keyed hash of a token (session, invitation), so that a stolen database opens nothing. */
  tokenHash(token: string): string;
}
