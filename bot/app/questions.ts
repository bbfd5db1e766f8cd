/** Questions that found no answer: masked, and sealed with their conversation's key, so that forgetting reaches them too. */

import type { ConversationId } from "../core/ids.ts";
import type { Log } from "../ports/log.ts";
import type { ConversationHead, Store } from "../ports/store.ts";
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

/** Newest first, without those whose writer was forgotten meanwhile, and without what cannot be read: that is only logged. */
export async function openQuestions(
  { store, vault, log }: { store: Store; vault: Vault; log: Log },
  limit: number,
): Promise<readonly OpenedQuestion[]> {
  const kept = await store.content.unanswered(limit);
  const opened = await Promise.all(
    kept.map(async (one) => {
      const head = await store.conversations.head(conversationOf(one));
      try {
        return head && openQuestion(vault, head, one);
      } catch {
        log("error", "question_unreadable", { question: one.id });
        return null;
      }
    }),
  );
  return opened.flatMap((one) => (one ? [one] : []));
}

function conversationOf({ question }: Kept): ConversationId {
  return (question.split(" ")[0] ?? "") as ConversationId;
}

function openQuestion(vault: Vault, { id, wrappedKey }: ConversationHead, kept: Kept): OpenedQuestion {
  const [, question = "", shown] = kept.question.split(" ");
  const { question: box } = envelope(vault, wrappedKey);
  const open = (sealed: string) => box.open(id, Buffer.from(sealed, "base64url"));
  return { ...kept, question: open(question), shown: shown === undefined ? null : open(shown) };
}
