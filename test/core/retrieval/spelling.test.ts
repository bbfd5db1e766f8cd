/** What a syllable without marks stands for: the collection's own spelling beside the same neighbours. */

import { describe, expect, test } from "vitest";
import { buildIndex, type ReadingIndex } from "../../../bot/core/retrieval/index.ts";
import { makeCorpusSearch } from "../../../bot/core/retrieval/make-search.ts";
import { makeReader, readQuestion } from "../../../bot/core/retrieval/query.ts";
import { likeliestSpelling, makePairVotes, mayBePair } from "../../../bot/core/retrieval/spelling.ts";
import { searchData } from "./fixtures.ts";

const data = searchData();
const reader = makeReader(data);
const indexOf = (...texts: string[]) =>
  buildIndex(
    texts.map((text, i) => ({ id: String(i), text })),
    data.weights.index,
    reader.synonyms,
  );
const index = indexOf(
  "bán nhà gấp",
  "bán nhà cũ",
  "bạn bè ở xa",
  "bạn bè thân",
  "bạn bè cũ",
  "cái bàn gỗ",
  "bàn gỗ",
);

function spelled(of: ReadingIndex, folded: string, before = "", after = "", typed = ""): string {
  const number = (key: string) => (key === "" ? 0 : of.vocabulary.folded(key));
  const likely = likeliestSpelling(of, {
    folded: number(folded),
    before: number(before),
    after: number(after),
    typed: typed === "" ? 0 : of.vocabulary.byMark(typed),
  });
  return of.vocabulary.markOf[likely.number] ?? "";
}

describe("the likeliest spelling", () => {
  test.each([
    ["ban nha", "ban", "", "nha", "ban1"],
    ["ban be", "ban", "", "be", "ban5"],
    ["cai ban", "ban", "cai", "", "ban2"],
    ["cai ban go", "ban", "cai", "go", "ban2"],
    ["ban alone, as in most passages", "ban", "", "", "ban5"],
  ])("%s", (_, folded, before, after, meant) => {
    expect(spelled(index, folded, before, after)).toBe(meant);
  });

  test("what stands so in a question with marks is left so, unless its neighbours speak against it", () => {
    const of = indexOf("anh đi", "ảnh chụp", "ảnh đẹp", "ảnh cũ", "ảnh chụp", "ảnh chụp", "ảnh chụp");
    expect(spelled(of, "anh", "", "", "anh")).toBe("anh");
    expect(spelled(of, "anh", "", "chup", "anh")).toBe("anh3");
  });

  test("a question says how sure it is: wholly of what was typed, half as much of what was guessed", () => {
    const sure = (text: string) => readQuestion(text, reader, index).syllables.map((s) => s.sure);
    expect(sure("bạn bè")).toEqual([1, 1]);
    const [ban = 0, be = 0] = sure("ban be");
    expect(Math.max(ban, be)).toBeLessThanOrEqual(0.5);
    expect(Math.min(ban, be)).toBeGreaterThan(0.3);
  });
});

test("the most usual spelling of a pair is found in any order of places, with how far it leads", () => {
  const votes = makePairVotes();
  for (const first of [7, 9, 7, 9, 7]) votes.vote(3, first, 1);
  const { first, second, lead, places } = votes.spellings(100);
  expect([first[3], second[3], places[3]]).toEqual([7, 1, 5]);
  expect(lead[3]).toBe(Math.round(255 / 5));
  expect(places[0]).toBe(0);
});

test("a pair that the collection always writes otherwise is hardly meant; one that it never writes may be", () => {
  const { vocabulary } = index;
  const folded = [vocabulary.folded("ban"), vocabulary.folded("nha")] as const;
  expect(mayBePair(index, folded, vocabulary.byMark("ban1"), vocabulary.byMark("nha2"))).toBe(1);
  expect(mayBePair(index, folded, vocabulary.byMark("ban5"), vocabulary.byMark("nha2"))).toBeLessThan(0.5);
  expect(mayBePair(index, [vocabulary.folded("go"), vocabulary.folded("nha")], 0, 0)).toBe(1);
  expect(mayBePair(index, [0, vocabulary.folded("nha")], 0, 0)).toBe(1);
});

test("without marks the passage is found that writes the words so, not the one that only sounds alike", () => {
  const search = makeCorpusSearch(
    [
      { id: "sell", text: "ai cần bán nhà thì gọi" },
      { id: "friend", text: "ai cần bạn nhà thì gọi" },
      { id: "more", text: "bán nhà có sổ" },
      { id: "last", text: "bán nhà giá rẻ" },
    ],
    data,
  );
  expect(search({ text: "ban nha ai goi" }).hits[0]?.id).toBe("sell");
});

test("two words on both sides of a comma count, but less than one word does", () => {
  const search = makeCorpusSearch(
    [
      { id: "comma", text: "hôm nay trời mưa, gió thì lặng" },
      { id: "word", text: "hôm nay trời mưa gió thì lặng" },
      { id: "apart", text: "hôm nay gió thì lặng trời mưa" },
    ],
    data,
  );
  expect(search({ text: "mưa gió" }).hits.map(({ id }) => id)).toEqual(["word", "comma", "apart"]);
});
