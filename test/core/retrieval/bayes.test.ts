import { expect, test } from "vitest";
import { featureTerms, learnBayes, makeBayes } from "../../../bot/core/retrieval/bayes.ts";
import { indexSpelledRows } from "../../../bot/core/retrieval/index.ts";
import { makePairs } from "../../../bot/core/retrieval/pairs.ts";
import { makeReader, readQuestion } from "../../../bot/core/retrieval/query.ts";
import { layOut, makeRowReader } from "../../../bot/core/retrieval/rows.ts";
import { makeVocabulary } from "../../../bot/core/retrieval/vocabulary.ts";
import { searchData } from "./fixtures.ts";

const questions = [
  [0, "con bị bố đánh"],
  [0, "con sợ bố lắm"],
  [0, "con bị mẹ đánh"],
  [1, "tôi lỡ đánh vợ"],
  [1, "tôi đánh vợ xong hối hận"],
  [2, "chồng đánh em"],
] as const;
const DATA = searchData();
const reader = makeReader(DATA);
const numbers = { vocabulary: makeVocabulary(), pairs: makePairs() };
const row = makeRowReader(numbers.vocabulary);
const rows = layOut(questions.map(([, text]) => ({ text: row(text) })));
const index = {
  ...numbers,
  ...indexSpelledRows(rows, DATA.weights.index, reader.synonyms, numbers),
};
const classOf = questions.map(([of]) => of);
const features = featureTerms(index, rows, DATA.weights.bayes);
const score = makeBayes(index, learnBayes(features, index.size, classOf, 3, DATA.weights.bayes.smoothing));
const best = (text: string) => {
  const scores = score(readQuestion(text, reader, index));
  return scores.indexOf(Math.max(...scores));
};

test.each([
  ["con bị đánh", 0],
  ["tôi đánh", 1],
  ["toi lo danh", 1],
  ["chồng đánh", 2],
])("%s is asked by class %i: who speaks tells what is meant where the verb is the same", (text, of) => {
  expect(best(text)).toBe(of);
});

test("a question of nothing that was learned says nothing", () => {
  expect([...score(readQuestion("xyzzy", reader, index))]).toEqual([0, 0, 0]);
});

test("a class with many questions is not preferred for their number", () => {
  expect(best("em")).toBe(2);
});
