/** What editors see of how answers did: sums over four weeks, whole and by article. */

import { expect, it } from "vitest";
import { COUNTED_DAYS, countAnswers } from "../../../bot/app/editorial/usefulness.ts";
import type { Store } from "../../../bot/ports/store.ts";

const NOW = Date.parse("2026-11-22T10:00:00+07:00");

it("adds up what was sent, tapped, asked again and left without an answer", async () => {
  const asked: string[] = [];
  const line = (name: string, n: number, labels: Record<string, string> = {}) => ({
    day: "2026-11-20",
    name,
    labels,
    n,
  });
  const counts: Store["upkeep"]["counts"] = async (...days) => {
    asked.push(...days);
    return [
      line("answered", 5, { article: "contact-ban" }),
      line("answered", 2, { article: "contact-ban", by: "model" }),
      line("answered", 4, { article: "no-papers" }),
      line("feedback", 3, { article: "contact-ban", helped: "true" }),
      line("feedback", 1, { article: "contact-ban", helped: "false" }),
      line("feedback", 2, { article: "contact-ban", passage: "1", helped: "false" }),
      line("feedback", 1, { article: "contact-ban", passage: "3", helped: "false" }),
      line("feedback", 2, { article: "contact-ban", passage: "3", helped: "false", lang: "en" }),
      line("feedback", 9, { article: "contact-ban", passage: "4", helped: "true" }),
      line("unanswered", 6, { why: "bar" }),
      line("unanswered", 1, { why: "level" }),
      line("asked_again", 2),
      line("conversation_begun", 99),
    ];
  };
  const store = { upkeep: { counts } } as unknown as Store;
  const { all, of } = await countAnswers({ store, clock: { now: () => NOW } as never });
  expect(asked).toEqual(["2026-10-26", "2026-11-22"]);
  expect(COUNTED_DAYS).toBe(28);
  expect(all).toEqual({ answered: 11, helped: 12, unhelped: 6, unanswered: 7, askedAgain: 2 });
  expect(of.get("contact-ban")).toEqual({
    answered: 7,
    helped: 12,
    unhelped: 6,
    parts: [
      { part: 3, unhelped: 3 },
      { part: 1, unhelped: 2 },
    ],
  });
  expect(of.get("no-papers")).toEqual({ answered: 4, helped: 0, unhelped: 0, parts: [] });
});
