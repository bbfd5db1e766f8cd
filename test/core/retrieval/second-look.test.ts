/** What a look for synonyms costs and gives: of all passages, or only of the best. */

import { expect, test } from "vitest";
import { buildIndex } from "../../../bot/core/retrieval/index.ts";
import { makeReader, readQuestion } from "../../../bot/core/retrieval/query.ts";
import { makeRanker } from "../../../bot/core/retrieval/rank.ts";
import type { Thorough } from "../../../bot/core/retrieval/second-look.ts";
import { overBar } from "../../../bot/core/retrieval/silence.ts";
import { searchData } from "./fixtures.ts";

const data = searchData();
const reader = makeReader(data);
const passages = [
  { id: "a", text: "Người bị đánh đập có thể xin cấm tiếp xúc." },
  { id: "b", text: "Người bị hành hung được trợ giúp pháp lý." },
  { id: "c", text: "Trạm y tế mở cửa buổi sáng." },
];
const index = buildIndex(passages, data.weights.index, reader.synonyms);
const asked = readQuestion("bị đánh thì xin trợ giúp pháp lý", reader, index);
const ranked = (thorough: Thorough) => makeRanker(index, data.weights.rank, { thorough })(asked, 3);

test("only the best passage is asked for synonyms, and it covers as much as if all were; nothing else changes", () => {
  const [all, best, none] = [ranked(true), ranked("best"), ranked(false)];
  expect(best[0]).toEqual(all[0]);
  expect(best.slice(1)).toEqual(none.slice(1));
  expect(best[0]?.coverage).toBeGreaterThan(none[0]?.coverage ?? 1);
});

test("among more passages an answer needs more that speaks for it", () => {
  const bar = data.silence.corpus;
  const measures = {
    coverage: 0.7,
    likeness: 0.6,
    margin: 0.2,
    unknown: 0,
    length: 0.5,
    stranger: 0,
    total: 0,
    stranger_coverage: 0,
    learned: 0,
    stranger_learned: 0,
    marked: 1,
  };
  const sizes = [100, 100_000].map((passages) => Math.log10(passages) / 5);
  expect(sizes.map((size) => overBar(bar, { ...measures, size }))).toEqual([true, false]);
});
