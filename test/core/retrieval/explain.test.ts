/** Why an article stands where it does: which question is most like what was asked, and what it costs to say so. */

import { expect, it, vi } from "vitest";
import { waysOfAsking } from "../../../bot/core/knowledge/ways-of-asking.ts";
import { makeExplainer } from "../../../bot/core/retrieval/explain.ts";
import { syllables } from "../../../bot/core/text.ts";
import { ARTICLES } from "./fixtures.ts";

vi.mock("../../../bot/core/text.ts", async (original) => {
  const text = await original<typeof import("../../../bot/core/text.ts")>();
  return { ...text, syllables: vi.fn(text.syllables) };
});

const [article] = ARTICLES;
const id = article?.id ?? "";
const [way = ""] = article ? waysOfAsking(article, "vi") : [];
const ASKED = [
  { question: "xyz hoàn toàn khác", passages: [`${id}#1`] },
  { question: `${way} vậy chị`, passages: [`${id}#1`, `${id}#2`] },
  { question: way, passages: ["another#1"] },
];
const explain = makeExplainer(new Map(ARTICLES.map((a) => [a.id, a])), { vi: ASKED, en: [] });

it("names the nearest of the article's own questions, and of what was asked unaided", () => {
  const why = explain(way, id, "vi");
  expect(why?.nearest).toEqual({ question: way, likeness: 1 });
  expect(why?.unaided?.question).toBe(`${way} vậy chị`);
  expect(explain("zzz", id, "vi")).toMatchObject({ nearest: null, unaided: null });
  expect(explain(way, "nowhere", "vi")).toBeNull();
});

it("reads what was asked as often, however many questions it is held against", () => {
  const times = (explainer: typeof explain) => {
    explainer("đầu tiên", id, "vi");
    vi.mocked(syllables).mockClear();
    explainer("mot cau rat dai", id, "vi");
    return vi.mocked(syllables).mock.calls.filter(([text]) => text === "mot cau rat dai").length;
  };
  const many = Array.from({ length: 50 }, (_, i) => ({ question: `câu ${i}`, passages: [`${id}#1`] }));
  const longer = makeExplainer(new Map(ARTICLES.map((a) => [a.id, a])), { vi: many, en: [] });
  expect(times(longer)).toBe(times(explain));
  expect(times(longer)).toBeLessThanOrEqual(2);
});
