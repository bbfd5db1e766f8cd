/** The index of our knowledge is plain data: it goes through a file and finds the same. */

import { deserialize, serialize } from "node:v8";
import { describe, expect, test } from "vitest";
import { LITTLE_KNOWN, makeKnowledgeFinder } from "../../../bot/core/retrieval/knowledge.ts";
import { indexKnowledge, ownersOf, textsOf } from "../../../bot/core/retrieval/knowledge-index.ts";
import { makePairs } from "../../../bot/core/retrieval/pairs.ts";
import { STRANGER_NOT_KNOWN } from "../../../bot/core/retrieval/passage-model.ts";
import { makeVocabulary } from "../../../bot/core/retrieval/vocabulary.ts";
import { measurable } from "../../../bot/tools/knowledge-files.ts";
import { searchData } from "./fixtures.ts";

const ROOT = new URL("../../../knowledge", import.meta.url).pathname;
const { articles, data, golden } = await measurable([ROOT]);
const some = articles.filter((_, n) => n % 6 === 0);
const asked = golden.filter((_, n) => n % 20 === 0).map(({ question }) => question);

describe("an index of our articles", () => {
  test("that was kept in a file finds what a fresh one finds, with the same scores", () => {
    const index = indexKnowledge(textsOf(some, "vi"), data);
    const kept = makeKnowledgeFinder(some, "vi", data, deserialize(serialize(index)));
    const fresh = makeKnowledgeFinder(some, "vi", data);
    expect(asked.length).toBeGreaterThan(50);
    for (const text of asked) expect(kept({ text, lang: "vi" })).toEqual(fresh({ text, lang: "vi" }));
  });

  test("is the same each time, to the byte", () => {
    const few = some.slice(0, 5);
    const once = () => serialize(indexKnowledge(textsOf(few, "vi"), data));
    expect(once().equals(once())).toBe(true);
  });

  test("that was made in a hurry finds too, and claims nothing that it has not learned", () => {
    const texts = textsOf(some, "vi");
    const hurried = makeKnowledgeFinder(some, "vi", data, indexKnowledge(texts, data, { learns: false }));
    const whole = makeKnowledgeFinder(some, "vi", data, indexKnowledge(texts, data));
    const ask = { text: asked[0] ?? "", lang: "vi" } as const;
    expect(hurried(ask).passages.length).toBe(whole(ask).passages.length);
    expect(hurried(ask).measures).toMatchObject({
      learned: LITTLE_KNOWN,
      stranger_learned: STRANGER_NOT_KNOWN,
    });
    expect(asked.some((text) => whole({ text, lang: "vi" }).measures.learned > 0.5)).toBe(true);
  });

  test("knows who is asked for in just these words, whatever their marks and the words of asking", () => {
    const article = { questions: ["chồng đánh em thì làm sao"], passages: [], title: "Bị đánh" };
    const other = { questions: ["chồng đánh em thì làm sao", "con sợ bố"], passages: [], title: "Sợ bố" };
    const tuned = searchData();
    const words = { ...tuned.words, question_words: ["thì", "làm sao"] };
    const own = { ...tuned, words, strangers: ["con sợ bố"] };
    const { vocabulary, wordForWord, alike } = indexKnowledge({ articles: [article, other] }, own);
    const { folded } = makeVocabulary(vocabulary);
    const row = (text: string) => text.split(" ").map(folded);
    expect(ownersOf(wordForWord, row("chong danh em thi lam sao"))).toEqual([0, 1]);
    expect(ownersOf(wordForWord, row("chong danh em"))).toEqual([]);
    expect(ownersOf(alike, row("chong danh em"))).toEqual([0, 1]);
    // The second article, and what is not ours to answer.
    expect(ownersOf(alike, row("con so bo"))).toEqual([1, 2]);
    expect(ownersOf(alike, row("con so"))).toEqual([]);
    expect(ownersOf(alike, row("con so ngoai"))).toEqual([]);
  });
});

describe("kept numbers", () => {
  test("of syllables are the same again, and new ones go on behind them", () => {
    const vocabulary = makeVocabulary();
    const texts = ["Chồng", "chồng", "chong", "hoà", "hòa", "13"];
    const numbers = texts.map(vocabulary.add);
    const again = makeVocabulary(structuredClone(vocabulary.kept()));
    expect(texts.map(again.read)).toEqual(numbers);
    expect(again.folded("chong")).toBe(vocabulary.folded("chong"));
    expect(again.byMark("chông2")).toBe(vocabulary.byMark("chông2"));
    expect(again.read("vợ")).toBe(0);
    expect(again.byMark("")).toBe(0);
    expect(again.add("vợ")).toBe(vocabulary.add("vợ"));
    const near: string[] = [];
    again.near("chogn", (spelling) => near.push(spelling));
    expect(near).toEqual(["chong"]);
  });

  test("of pairs are the same again, and new ones go on behind them", () => {
    const pairs = makePairs();
    const empty = makePairs(structuredClone(makePairs().kept()));
    for (let n = 1; n < 9_000; n++) expect(pairs.add(n % 97, n)).toBe(n - 1);
    const again = makePairs(structuredClone(pairs.kept()));
    for (let n = 1; n < 9_000; n++) expect(again.find(n % 97, n)).toBe(n - 1);
    for (const grown of [again, empty]) {
      const from = grown.size();
      for (let n = 0; n < 20_000; n++) expect(grown.add(100 + (n % 89), n)).toBe(from + n);
      for (let n = 0; n < 20_000; n++) expect(grown.find(100 + (n % 89), n)).toBe(from + n);
    }
  });
});
