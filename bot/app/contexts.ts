/** What each ciphertext is bound to, and the plain forms inside: one place, so that nothing is opened as something else. */

import type { EventBody } from "../core/events.ts";
import type { CaseId, ConversationId, EventId, MessageId } from "../core/ids.ts";
import type { Reason } from "../core/level.ts";
import type { Choice, Lang, Outbound } from "../core/message.ts";
import type { State } from "../core/state.ts";
import type { Sealed } from "../ports/store.ts";
import type { Vault } from "../ports/vault.ts";

/** A line of the transcript as it is sealed. */
export interface SealedLine {
  readonly text: string;
  readonly choices?: readonly Choice[];
  readonly from?: Outbound["from"];
  readonly safety?: boolean;
  readonly sensitive?: boolean;
  readonly lang?: Lang;
  readonly media?: string;
}

/** Stands for a line that does not open: that something was said there must be seen. */
export const SPOILT: SealedLine = { text: "[…]" };

/** Seals and opens what belongs to one conversation. */
export interface Envelope {
  readonly event: Box<EventId, EventBody>;
  readonly state: Box<ConversationId, State>;
  readonly line: Box<MessageId, SealedLine>;
  readonly reasons: Box<CaseId, readonly Reason[]>;
  readonly note: Box<string, string>;
  /** A question without an answer, for the editors: gone with the conversation, like everything of hers. */
  readonly question: Box<ConversationId, string>;
  /** A platform's message id; bound to the conversation only, since a wipe reads many at once. */
  readonly ref: Box<ConversationId, string>;
  readonly address: Box<ConversationId, string>;
}

interface Box<I, T> {
  seal(id: I, value: T): Sealed;
  open(id: I, sealed: Sealed): T;
}

/** The platform's ids of messages; a spoilt one stands in the way of no other, and of nothing that waits behind a wipe. */
export function openedRefs(
  box: Envelope,
  id: ConversationId,
  refs: readonly { readonly sealedPlatformRef: Sealed }[],
): readonly string[] {
  return refs.flatMap(({ sealedPlatformRef }) => {
    try {
      return [box.ref.open(id, sealedPlatformRef)];
    } catch {
      return [];
    }
  });
}

export function envelope(vault: Vault, wrappedKey: Uint8Array): Envelope {
  const box = <I extends string, T>(kind: string): Box<I, T> => ({
    seal: (id, value) => vault.seal(wrappedKey, `${kind}:${id}`, JSON.stringify(value)),
    open: (id, sealed) => JSON.parse(vault.open(wrappedKey, `${kind}:${id}`, sealed)) as T,
  });
  return {
    event: box("event"),
    state: box("state"),
    line: box("message"),
    reasons: box("reasons"),
    note: box("note"),
    question: box("question"),
    ref: box("ref"),
    address: box("address"),
  };
}
