/** What is learned from ways of asking: which passage is meant, also where every single word is its neighbour's too. */

import { expect, test } from "vitest";
import { featureTerms } from "../../../bot/core/retrieval/features.ts";
import { indexSpelledRows } from "../../../bot/core/retrieval/index.ts";
import { makePairs } from "../../../bot/core/retrieval/pairs.ts";
import { type Labels, learnPassages, makePassageScores } from "../../../bot/core/retrieval/passage-model.ts";
import { makeReader, readQuestion } from "../../../bot/core/retrieval/query.ts";
import { layOut, makeRowReader } from "../../../bot/core/retrieval/rows.ts";
import { makeVocabulary } from "../../../bot/core/retrieval/vocabulary.ts";
import { searchData } from "./fixtures.ts";

const DATA = searchData();
const reader = makeReader(DATA);
const CLASSES = 4;
const NOT_OURS = 3;

type Way = readonly [meant: readonly number[], text: string, unaided?: "unaided"];

/** Passages 0 and 1 are one article's, 2 another's; 3 is what is not ours. */
function taught(ways: readonly Way[]) {
  const numbers = { vocabulary: makeVocabulary(), pairs: makePairs() };
  const row = makeRowReader(numbers.vocabulary);
  const rows = layOut(ways.map(([, text]) => ({ text: row(text) })));
  const index = { ...numbers, ...indexSpelledRows(rows, DATA.weights.index, reader.synonyms, numbers) };
  const features = featureTerms(index, rows, DATA.weights.features);
  const from = [0];
  for (const [meant] of ways) from.push((from.at(-1) ?? 0) + meant.length);
  const labels: Labels = {
    classes: CLASSES,
    from: Uint32Array.from(from),
    meant: Uint16Array.from(ways.flatMap(([meant]) => meant)),
    share: Float32Array.from(ways.flatMap(([meant]) => meant.map(() => 1 / meant.length))),
    unaided: Uint8Array.from(ways, ([, , unaided]) => (unaided ? 1 : 0)),
    key: Uint32Array.from(ways, (_, d) => Math.imul(d + 1, 0x9e3779b9)),
  };
  const model = learnPassages(features, labels);
  const score = makePassageScores(numbers.pairs, features, model, null);
  return { model, meant: (text: string) => score(readQuestion(text, reader, index)) };
}

const best = (of: ArrayLike<number>) => Array.from(of).indexOf(Math.max(...Array.from(of)));

const WAYS: readonly Way[] = [
  [[0], "con bị bố đánh"],
  [[0], "bố hay đánh con"],
  [[0], "bố đánh con đau lắm"],
  [[0], "sao bố cứ đánh con"],
  [[1], "em lỡ đánh con"],
  [[1], "đánh con xong em hối hận"],
  [[1], "em cứ đánh con hoài"],
  [[1], "em không muốn đánh con nữa"],
  [[0, 1], "chuyện đánh con"],
  [[2], "vợ bỏ em đi"],
  [[2], "em bị vợ bỏ"],
  [[2], "vợ em đi rồi"],
  [[NOT_OURS], "con số may mắn hôm nay"],
  [[NOT_OURS], "số nào may mắn"],
];
/** Each way twelve times: what is tried are the signs of each, not how far they are believed. */
const OFTEN = Array.from({ length: 12 }, () => WAYS).flat();

test("every way of asking stands before all others with its own passage", () => {
  const { meant } = taught(OFTEN);
  for (const [right, text] of WAYS) expect(right).toContain(best(meant(text).chance));
});

test("a question that nobody has asked is told by how its words go together, with marks and without", () => {
  const { meant } = taught(OFTEN);
  for (const text of ["bố lại đánh con nữa", "bo lai danh con nua"]) {
    const [child = 0, parent = 0, wife = 0] = meant(text).likely;
    expect(child).toBeGreaterThan(parent);
    expect(child).toBeGreaterThan(wife);
  }
  const [child = 0, parent = 0] = meant("em hối hận vì đánh con").likely;
  expect(parent).toBeGreaterThan(child);
});

test("chances are those of all passages and of what is not ours together; likely goes up with them", () => {
  const { meant } = taught(OFTEN);
  // Of what is not ours two ways of asking are too few to be believed.
  for (const [, text] of WAYS.filter(([right]) => !right.includes(NOT_OURS))) {
    const { chance, likely } = meant(text);
    const sum = chance.reduce((a, b) => a + b, 0);
    expect(sum).toBeGreaterThan(0.9);
    expect(sum).toBeLessThan(1.0001);
    expect(best(likely)).toBe(best(chance));
    for (const one of likely) expect(one).toBeGreaterThanOrEqual(0);
    for (const one of likely) expect(one).toBeLessThanOrEqual(1);
  }
});

test("what people asked unaided tells which of two is meant where both are asked for in the same words", () => {
  const both: readonly Way[] = [...OFTEN, [[0], "đánh con có sao không"], [[1], "đánh con có sao không"]];
  const unaided = Array.from({ length: 12 }, (): Way => [[1], "đánh con có sao không", "unaided"]);
  const chance = (ways: readonly Way[]) => taught(ways).meant("đánh con có sao không").chance;
  expect(chance([...both, ...unaided])[1]).toBeGreaterThan(0.8);
  expect(chance(both)[1]).toBeLessThan(0.8);
});

test("two passages that answer as well are both likely", () => {
  const asked = Array.from({ length: 12 }, (): Way => [[0, 2], "nhà em buồn lắm", "unaided"]);
  const { chance } = taught([...OFTEN, ...asked]).meant("nhà em buồn lắm");
  expect(chance[0]).toBeGreaterThan(0.35);
  expect(chance[2]).toBeGreaterThan(0.35);
});

test("where nothing is known of a question, nothing is claimed, and all passages are alike", () => {
  const { meant } = taught(OFTEN);
  for (const text of ["", "facebook messenger", "!!!"]) {
    const { chance, likely } = meant(text);
    expect([...chance]).toEqual([0, 0, 0, 0]);
    expect(new Set(likely).size).toBe(1);
  }
});

test("the same ways teach the same", () => {
  expect(taught(WAYS).model).toEqual(taught(WAYS).model);
});

test("no ways at all teach nothing", () => {
  expect([...taught([]).meant("chồng đánh em").chance]).toEqual([0, 0, 0, 0]);
});

test("a passage that nobody asked for is neither claimed nor ruled out", () => {
  const { meant } = taught(OFTEN.filter(([right]) => !right.includes(2)));
  for (const [, text] of WAYS) {
    const { chance, likely } = meant(text);
    expect(chance[2]).toBe(0);
    expect(likely[2]).toBeGreaterThan(0.5);
    expect(likely[2]).toBeLessThan(Math.max(...likely));
  }
});

test("what few ways of asking teach is believed less", () => {
  const more = WAYS.flatMap((way): Way[] => [way, [way[0], `${way[1]} ạ`]]);
  const [few, many] = [taught(WAYS), taught(more)];
  expect(few.model.trust[2]).toBeCloseTo(0.3);
  expect(many.model.trust[2]).toBeCloseTo(0.6);
  expect(many.meant("vợ bỏ em đi").chance[2]).toBeGreaterThan(few.meant("vợ bỏ em đi").chance[2] ?? 0);
  // What is asked of two of them is half for each.
  expect(few.model.trust[0]).toBeCloseTo(0.45);
  // Twelve ways of ours beside two that are not: a tenth of what would be needed for each.
  expect(few.model.trust[NOT_OURS]).toBeCloseTo(0.6);
});
