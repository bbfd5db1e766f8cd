/** Questions that wait for an answer: opened one by one, and settled by what an editor writes. */

import { expect, it } from "vitest";
import { openVault } from "../../bot/adapters/keys/vault.ts";
import { envelope } from "../../bot/app/contexts.ts";
import { settleAnswered } from "../../bot/app/editorial/settling.ts";
import type { Parts } from "../../bot/app/parts.ts";
import { openQuestions, sealQuestion } from "../../bot/app/questions.ts";
import type { ConversationId } from "../../bot/core/ids.ts";
import type { Article } from "../../bot/core/knowledge/article.ts";

const vault = openVault({ key: Buffer.alloc(32, 1).toString("base64") });
const key = vault.newKey();
const HERS = "c1" as ConversationId;

/** A store of questions of one conversation. */
function scene(questions: readonly string[]) {
  const settled: string[] = [];
  const logged: string[] = [];
  const store = {
    content: {
      unanswered: async () => questions.map((question, n) => ({ id: `q${n}`, at: n, question })),
      settle: async (ids: readonly string[]) => void settled.push(...ids),
    },
    conversations: {
      head: async (id: string) => (id === HERS ? { id: HERS, channel: "web", wrappedKey: key } : null),
    },
  };
  const log = (_: string, code: string) => void logged.push(code);
  return { parts: { store, vault, log, clock: { now: () => 0 } } as unknown as Parts, settled, logged };
}

const sealed = (words: string) => sealQuestion(envelope(vault, key), HERS, words);

it("one that cannot be read is logged, and the others are shown", async () => {
  const damaged = `${HERS} ${Buffer.from("nothing that was sealed").toString("base64url")}`;
  const { parts, logged } = scene([sealed("mèo ăn gì"), damaged, "c2 forgotten"]);
  const opened = await openQuestions(parts, 10);
  expect(opened.map((q) => q.question)).toEqual(["mèo ăn gì"]);
  expect(logged).toEqual(["question_unreadable"]);
});

it("a way of asking under a heading settles what was asked like it, as one at the top does", async () => {
  const { parts, settled } = scene([sealed("mèo con bỏ ăn thì làm sao"), sealed("xổ số ra số mấy")]);
  const article = (asks: readonly string[]) =>
    ({
      id: "cat",
      questions: { vi: ["nuôi mèo ở phòng trọ"], en: ["may I keep a cat"] },
      passages: [{ id: "cat#1", asks: { vi: asks, en: [] } }],
    }) as unknown as Article;
  const base = (asks: readonly string[]) => ({
    articles: new Map([["cat", article(asks)]]),
    search: () => ({ answered: false, hits: [] }),
  });
  const after = { base: () => base(["mèo con bỏ ăn làm sao ạ"]) };
  const by = { id: "s", login: "lan", alias: "Lan", roles: [] };
  const done = await settleAnswered(
    { ...parts, library: after } as unknown as Parts,
    by as never,
    "cat",
    base([]) as never,
  );
  expect(done).toBe(1);
  expect(settled).toEqual(["q0"]);
});
