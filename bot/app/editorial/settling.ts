/** Questions that nobody could answer leave the editors' list when an article begins to answer them. */

import { dayOf } from "../../core/day.ts";
import { waysOfAsking } from "../../core/knowledge/ways-of-asking.ts";
import { langOf } from "../../core/language.ts";
import { LANGS } from "../../core/message.ts";
import { likenessTo, MUCH_ALIKE } from "../../core/retrieval/grouping.ts";
import type { Base } from "../library.ts";
import type { Parts } from "../parts.ts";
import { openQuestions } from "../questions.ts";
import type { Staff } from "../services.ts";
import { auditOf } from "./audit.ts";

/** So many of them are looked at and shown. */
export const MAX_UNANSWERED = 300;

/** Settles the questions that wait and that this article answers from now on; how many. */
export async function settleAnswered(parts: Parts, by: Staff, id: string, before: Base): Promise<number> {
  const { store, clock, library } = parts;
  const after = library.base();
  const was = before.articles.get(id);
  const is = after.articles.get(id);
  if (!is) return 0;
  const known = new Set(was && LANGS.flatMap((lang) => waysOfAsking(was, lang)));
  const fresh = LANGS.flatMap((lang) => waysOfAsking(is, lang))
    .filter((q) => !known.has(q))
    .map(likenessTo);
  const today = dayOf(clock.now());
  const leads = (base: Base, question: string) => {
    const found = base.search({ text: question, lang: langOf(question), limit: 1, today });
    return found.answered && found.hits[0]?.id.split("#")[0] === id;
  };
  const open = await openQuestions(parts, MAX_UNANSWERED);
  const done = open.filter(
    ({ question }) =>
      fresh.some((alike) => alike(question) >= MUCH_ALIKE) ||
      (leads(after, question) && !leads(before, question)),
  );
  if (done.length === 0) return 0;
  const audit = auditOf(clock.now(), by, "settled", `article:${id}`, `${done.length} answered`);
  await store.content.settle(
    done.map((q) => q.id),
    audit,
  );
  return done.length;
}
