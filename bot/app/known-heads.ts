/** Who wrote lately: spares looking a conversation up for each message. Sealed as in the store, and never the last word. */

import type { ConversationHead } from "../ports/store.ts";

/** About those who are talking now. */
const MAX_HEADS = 2_000;
/** After a forgotten conversation its sealed address and wrapped key stay in memory no longer than this. */
const KEPT_MS = 5 * 60_000;

export interface KnownHeads {
  get(pseudonym: string, now: number): ConversationHead | undefined;
  put(pseudonym: string, head: ConversationHead, now: number): void;
  /** It is another conversation's by now. */
  drop(pseudonym: string): void;
}

/** Whoever uses it must have the store refuse a head that is not the pseudonym's any more, as `receive` does. */
export function makeKnownHeads(): KnownHeads {
  /** Oldest first: an entry that is put again goes to the end. */
  const heads = new Map<string, { readonly head: ConversationHead; readonly at: number }>();
  const dropOld = (now: number) => {
    for (const [pseudonym, { at }] of heads) {
      if (heads.size <= MAX_HEADS && now - at < KEPT_MS) return;
      heads.delete(pseudonym);
    }
  };
  return {
    get(pseudonym, now) {
      dropOld(now);
      return heads.get(pseudonym)?.head;
    },
    put(pseudonym, head, now) {
      heads.delete(pseudonym);
      heads.set(pseudonym, { head, at: now });
      dropOld(now);
    },
    drop: (pseudonym) => void heads.delete(pseudonym),
  };
}
