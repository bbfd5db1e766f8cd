/** The real articles, the real directory and the golden questions: floors under what was measured, so that a loss is seen before it is published. */

import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { langOf } from "../../../bot/core/retrieval/lang.ts";
import { makeSearch } from "../../../bot/core/retrieval/make-search.ts";
import { measurable } from "../../../bot/tools/knowledge-files.ts";
import { inForm } from "../../../bot/tools/written-forms.ts";

const root = join(import.meta.dirname, "../../../knowledge");
const { articles, services, provinces, data, golden } = await measurable([root]);
const search = makeSearch(articles, services, provinces, data);
// All of them: a sample of every third moves by a point when a file of questions is added.
const answerable = golden.filter(({ ids }) => ids.length > 0);
const unanswerable = golden.filter(({ ids }) => ids.length === 0);
const ask = (text: string) => search({ text, lang: langOf(text), limit: 3, today: "2026-11-22" });

describe.each([
  ["marked", 0.82, 0.93],
  ["unmarked", 0.79, 0.91],
  ["typed", 0.79, 0.91],
] as const)("%s", (form, first, three) => {
  const places = answerable.map(({ question, ids }) =>
    ask(inForm(question, form)).hits.findIndex(
      ({ id }) => ids.includes(id) || ids.includes(id.replace(/#\d+$/, "")),
    ),
  );
  const share = (is: (place: number) => boolean) => places.filter(is).length / places.length;

  test(`the right article comes first for ${first}, in the first three for ${three}`, () => {
    expect(share((place) => place === 0)).toBeGreaterThan(first);
    expect(share((place) => place >= 0)).toBeGreaterThan(three);
  });

  test("at most three of a hundred unanswerable questions are answered", () => {
    const answered = unanswerable
      .map(({ question }) => inForm(question, form))
      .filter((text) => ask(text).answered);
    expect(answered.length / unanswerable.length, answered.join(" | ")).toBeLessThanOrEqual(0.03);
  });
});

test.each([
  "gần đây có chỗ nào giúp không",
  "số nào gọi được ở Lạng Sơn",
  "so dien thoai o tra vinh",
  "co so nao goi duoc o hoa binh k",
])("%s is answered from the directory", (text) => {
  const { answered, hits } = ask(text);
  expect(answered).toBe(true);
  expect(hits[0]?.id).toMatch(/^service:/);
});
