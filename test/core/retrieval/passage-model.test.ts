/** What is learned from ways of asking: which passage is meant, also where every single word is its neighbour's too. */

import { expect, test } from "vitest";
import { featureTerms } from "../../../bot/core/retrieval/bayes.ts";
import { indexSpelledRows } from "../../../bot/core/retrieval/index.ts";
import { makePairs } from "../../../bot/core/retrieval/pairs.ts";
import { type Labels, learnPassages, makePassageScores } from "../../../bot/core/retrieval/passage-model.ts";
import { makeReader, readQuestion } from "../../../bot/core/retrieval/query.ts";
import { layOut, makeRowReader } from "../../../bot/core/retrieval/rows.ts";
import { makeVocabulary } from "../../../bot/core/retrieval/vocabulary.ts";
import { searchData } from "./fixtures.ts";

const DATA = searchData();
const reader = makeReader(DATA);

/** Passages 0 and 1 are the first article's, 2 the second's; 3 is what is not ours. -1: for the whole of its article. */
function taught(ways: readonly (readonly [passage: number, article: number, text: string])[]) {
  const numbers = { vocabulary: makeVocabulary(), pairs: makePairs() };
  const row = makeRowReader(numbers.vocabulary);
  const rows = layOut(ways.map(([, , text]) => ({ text: row(text) })));
  const index = { ...numbers, ...indexSpelledRows(rows, DATA.weights.index, reader.synonyms, numbers) };
  const features = featureTerms(index, rows, DATA.weights.bayes);
  const labels: Labels = {
    passageOf: Int32Array.from(ways, ([passage]) => passage),
    articleOf: Uint16Array.from(ways, ([, article]) => article),
    begins: Uint32Array.from([0, 2, 3]),
  };
  const model = learnPassages(features, labels);
  const score = makePassageScores(index, features, model);
  return { model, score: (text: string) => [...score(readQuestion(text, reader, index))] };
}

const WAYS = [
  [0, 0, "con bị bố đánh"],
  [0, 0, "bố hay đánh con"],
  [0, 0, "bố đánh con đau lắm"],
  [0, 0, "sao bố cứ đánh con"],
  [1, 0, "em lỡ đánh con"],
  [1, 0, "đánh con xong em hối hận"],
  [1, 0, "em cứ đánh con hoài"],
  [1, 0, "em không muốn đánh con nữa"],
  [-1, 0, "chuyện đánh con"],
  [2, 1, "vợ bỏ em đi"],
  [2, 1, "em bị vợ bỏ"],
  [2, 1, "vợ em đi rồi"],
  [3, 2, "con số may mắn hôm nay"],
  [3, 2, "số nào may mắn"],
] as const;

test("every way of asking stands before all others with its own passage", () => {
  const { score } = taught(WAYS);
  for (const [passage, , text] of WAYS) {
    const scores = score(text);
    const best = scores.indexOf(Math.max(...scores));
    if (passage === -1) expect([0, 1]).toContain(best);
    else expect([text, best]).toEqual([text, passage]);
  }
});

test("a question that nobody has asked is told by how its words go together, with marks and without", () => {
  const { score } = taught(WAYS);
  for (const text of ["bố lại đánh con nữa", "bo lai danh con nua"]) {
    const [child = 0, parent = 0, wife = 0] = score(text);
    expect(child).toBeGreaterThan(parent);
    expect(child).toBeGreaterThan(wife);
  }
  const [child = 0, parent = 0] = score("em hối hận vì đánh con");
  expect(parent).toBeGreaterThan(child);
});

test("where nothing is known of a question, nothing is claimed", () => {
  const { score } = taught(WAYS);
  for (const text of ["", "facebook messenger", "!!!"])
    expect([text, score(text)]).toEqual([text, [0, 0, 0, 0]]);
});

test("the same ways teach the same, and a passage without any is never meant", () => {
  const [one, other] = [taught(WAYS), taught(WAYS)];
  expect(one.model).toEqual(other.model);
  const bare = taught(WAYS.filter(([passage]) => passage !== 2));
  for (const [, , text] of WAYS) expect(bare.score(text)[2]).toBe(0);
});

test("no ways at all teach nothing", () => {
  expect(taught([]).score("chồng đánh em")).toEqual([0, 0, 0, 0]);
});

test("what few ways of asking teach is believed less", () => {
  const more = WAYS.flatMap((way) => [way, [way[0], way[1], `${way[2]} ạ`] as const]);
  const [few, many] = [taught(WAYS), taught(more)];
  expect(few.model.trust[2]).toBeCloseTo(0.3);
  expect(many.model.trust[2]).toBeCloseTo(0.6);
  expect(many.score("vợ bỏ em đi")[2]).toBeGreaterThan(few.score("vợ bỏ em đi")[2] ?? 0);
  // Of an article's own ways each of its passages has a share.
  expect(few.model.trust[0]).toBeCloseTo(0.45);
  // Twelve ways of ours beside two that are not: a tenth of what would be needed for each.
  expect(few.model.trust[3]).toBeCloseTo(0.6);
  const lone = taught([[0, 0, "con bị bố đánh"], ...WAYS.filter(([passage]) => passage === 3)]);
  expect(lone.score("con số may mắn hôm nay")[3]).toBeLessThan(0.2);
});
