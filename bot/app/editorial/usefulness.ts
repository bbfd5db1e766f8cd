/** How answers did lately: counts without a person, as turns have kept them. */

import { dayOf } from "../../core/day.ts";
import type { Parts } from "../parts.ts";
import type { AnswerCounts, ArticleCounts, ArticleUse } from "../services.ts";

/** Long enough for a small service to have some, short enough to see a mended text do better. */
export const COUNTED_DAYS = 28;
const DAY_MS = 86_400_000;

const NONE: ArticleCounts = { answered: 0, helped: 0, unhelped: 0 };

/** Over the last `COUNTED_DAYS` days, today among them: of all answers, and of each article that was sent. */
export async function countAnswers({
  store,
  clock,
}: Pick<Parts, "store" | "clock">): Promise<{ all: AnswerCounts; of: ReadonlyMap<string, ArticleUse> }> {
  const now = clock.now();
  const rows = await store.upkeep.counts(dayOf(now - (COUNTED_DAYS - 1) * DAY_MS), dayOf(now));
  const of = new Map<string, ArticleUse>();
  let all: AnswerCounts = { ...NONE, unanswered: 0, askedAgain: 0 };
  for (const { name, labels, n } of rows) {
    if (name === "unanswered") all = { ...all, unanswered: all.unanswered + n };
    if (name === "asked_again") all = { ...all, askedAgain: all.askedAgain + n };
    const what = whatOf(name, labels);
    if (!what) continue;
    all = { ...all, [what]: all[what] + n };
    const { article = "", passage } = labels;
    const own = of.get(article) ?? { ...NONE, parts: [] };
    const parts = what === "unhelped" && passage ? added(own.parts, Number(passage), n) : own.parts;
    of.set(article, { ...own, [what]: own[what] + n, parts });
  }
  return { all, of };
}

function added(parts: ArticleUse["parts"], part: number, n: number): ArticleUse["parts"] {
  const before = parts.find((p) => p.part === part)?.unhelped ?? 0;
  return [...parts.filter((p) => p.part !== part), { part, unhelped: before + n }].sort(
    (a, b) => b.unhelped - a.unhelped || a.part - b.part,
  );
}

function whatOf(name: string, labels: Readonly<Record<string, string>>): keyof ArticleCounts | null {
  if (name === "answered") return "answered";
  if (name === "feedback") return labels.helped === "true" ? "helped" : "unhelped";
  return null;
}
