/** Questions that found no answer: masked, and sealed with their conversation's key, so that forgetting reaches them too. */

import type { ConversationId } from "../core/ids.ts";
import type { Store } from "../ports/store.ts";
import type { Vault } from "../ports/vault.ts";
import { type Envelope, envelope } from "./contexts.ts";

/**
 * As the store keeps it: which key opens it, the question, and what was `shown` for it, if anything. That is sealed too:
 * beside the conversation it would tell what she asked about. An earlier build reads the first two.
 */
export function sealQuestion(box: Envelope, id: ConversationId, question: string, shown?: string): string {
  const sealed = [question, ...(shown === undefined ? [] : [shown])].map((words) =>
    Buffer.from(box.question.seal(id, words)).toString("base64url"),
  );
  return [id, ...sealed].join(" ");
}

interface Kept {
  readonly id: string;
  readonly at: number;
  readonly question: string;
}

export interface OpenedQuestion extends Kept {
  /** What was shown for it and was no answer, by its hit's id; null: nothing was. */
  readonly shown: string | null;
}

/** Newest first, without those whose writer was forgotten meanwhile. */
export async function openQuestions(
  { store, vault }: { store: Store; vault: Vault },
  limit: number,
): Promise<readonly OpenedQuestion[]> {
  const kept = await store.content.unanswered(limit);
  const opened = await Promise.all(kept.map((one) => openQuestion(store, vault, one)));
  return opened.flatMap((one) => (one ? [one] : []));
}

async function openQuestion(store: Store, vault: Vault, kept: Kept): Promise<OpenedQuestion | null> {
  const [id = "", question = "", shown] = kept.question.split(" ");
  const conversation = id as ConversationId;
  const head = await store.conversations.head(conversation);
  if (!head) return null;
  const { question: box } = envelope(vault, head.wrappedKey);
  const open = (sealed: string) => box.open(conversation, Buffer.from(sealed, "base64url"));
  return { ...kept, question: open(question), shown: shown === undefined ? null : open(shown) };
}
