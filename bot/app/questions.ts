/** Questions that found no answer: masked, and sealed with their conversation's key, so that forgetting reaches them too. */

import type { ConversationId } from "../core/ids.ts";
import type { Store } from "../ports/store.ts";
import type { Vault } from "../ports/vault.ts";
import { type Envelope, envelope } from "./contexts.ts";

/** As the store keeps it: which key opens it, and what it opens. */
export function sealQuestion(box: Envelope, id: ConversationId, question: string): string {
  return `${id} ${Buffer.from(box.question.seal(id, question)).toString("base64url")}`;
}

type Kept = { readonly id: string; readonly at: number; readonly question: string };

/** Newest first, without those whose writer was forgotten meanwhile. */
export async function openQuestions(
  { store, vault }: { store: Store; vault: Vault },
  limit: number,
): Promise<readonly Kept[]> {
  const kept = await store.content.unanswered(limit);
  const opened = await Promise.all(kept.map((one) => openQuestion(store, vault, one)));
  return opened.flatMap((one) => (one ? [one] : []));
}

async function openQuestion(store: Store, vault: Vault, kept: Kept): Promise<Kept | null> {
  const [id = "", sealed = ""] = kept.question.split(" ");
  const conversation = id as ConversationId;
  const head = await store.conversations.head(conversation);
  return (
    head && {
      ...kept,
      question: envelope(vault, head.wrappedKey).question.open(
        conversation,
        Buffer.from(sealed, "base64url"),
      ),
    }
  );
}
