/** What words mean to who asks: questions for the same passage lie near each other, and a new way of asking counts without learning. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { LANGS, type Lang } from "../../../bot/core/message.ts";
import { type Features, featureRows, featuresOf } from "../../../bot/core/retrieval/features.ts";
import type { Numbers } from "../../../bot/core/retrieval/index.ts";
import {
  indexKnowledge,
  type KnowledgeTexts,
  lessonsOf,
} from "../../../bot/core/retrieval/knowledge-index.ts";
import { learnMeaning } from "../../../bot/core/retrieval/learn-meaning.ts";
import {
  densityAt,
  MEANING_BUCKETS,
  MEANING_FILES,
  MEANING_VERSION,
  nearnessTo,
  pointOf,
  readMeaning,
  type StoredMeaning,
  seemsMeaning,
  storedMeaning,
  unpackMeaning,
  wordNumbers,
} from "../../../bot/core/retrieval/meaning.ts";
import { makePairs } from "../../../bot/core/retrieval/pairs.ts";
import { makeReader, readQuestion } from "../../../bot/core/retrieval/query.ts";
import { makeVocabulary } from "../../../bot/core/retrieval/vocabulary.ts";
import { searchData } from "./fixtures.ts";

const DATA = { ...searchData(), asked: [], strangers: [] };

/** One article for each list of ways of asking. */
function textsOf(ways: readonly (readonly string[])[]): KnowledgeTexts {
  return {
    articles: ways.map((asks, at) => ({
      title: `bài ${at}`,
      questions: [],
      passages: [{ id: `a${at}#1`, heading: "phần", text: "lời", asks }],
    })),
  };
}

const HITS = ["ổng đánh em", "ổng đập em", "chồng đánh vợ", "chồng đập vợ", "bị chồng đập", "bị chồng đánh"];
const MONEY = [
  "chồng giữ lương",
  "ổng giữ tiền",
  "giữ hết tiền lương",
  "tiền lương đưa chồng",
  "không có tiền",
];
const NIGHT = ["đêm nay ngủ đâu", "tối nay ngủ đâu", "ngủ ở đâu đêm nay", "tối nay ở đâu", "đêm ở đâu"];
const TEXTS = textsOf([HITS, MONEY, NIGHT]);

function learned(texts = TEXTS): StoredMeaning {
  const { terms, labels, words } = lessonsOf(texts, DATA);
  return storedMeaning("vi", learnMeaning(featureRows(terms, labels.unaided.length), labels, words));
}
const stored = learned();
const known = readMeaning(JSON.stringify(stored), "vi");

/** Where a question lies among the passages of these texts. */
function placed(texts: KnowledgeTexts, question: string) {
  const index = indexKnowledge(texts, DATA, { meaning: known });
  if (!index.meaning) throw new Error("nothing is known of what words mean");
  const numbers = { vocabulary: makeVocabulary(index.vocabulary), pairs: makePairs(index.pairs) };
  const asked = readQuestion(question, makeReader(DATA), { ...index.passages, ...numbers });
  const wanted = [...featuresOf(asked, numbers.pairs, index.features)];
  const point = pointOf(
    index.meaning,
    wanted.map(([term]) => term),
    wanted.map(([term, weight]) => weight * (index.features.value[term] ?? 0)),
  );
  return { meaning: index.meaning, point };
}

/** How near each passage lies. */
function nearness(texts: KnowledgeTexts, question: string): number[] | undefined {
  const { meaning, point } = placed(texts, question);
  return point && Array.from(nearnessTo(meaning, point));
}

/** How densely each passage's ways of asking lie around it. */
function density(texts: KnowledgeTexts, question: string): number[] {
  const { meaning, point } = placed(texts, question);
  if (!point) throw new Error("no word of it is known");
  return texts.articles.map((_, passage) => densityAt(meaning, passage, point));
}

const best = (near: readonly number[] | undefined) => near?.indexOf(Math.max(...near));

describe("a question", () => {
  test.each([
    ["em bị đập", 0],
    ["ổng giữ lương", 1],
    ["đêm nay em ở đâu", 2],
  ])("%s lies near its passage", (question, passage) =>
    expect(best(nearness(TEXTS, question))).toBe(passage),
  );

  test("is as near as a direction can be: from -1 to 1", () => {
    for (const n of nearness(TEXTS, "chồng đánh vợ") ?? []) {
      expect(n).toBeGreaterThanOrEqual(-1.0001);
      expect(n).toBeLessThanOrEqual(1.0001);
    }
  });

  test("of which no word is known lies nowhere", () =>
    expect(nearness(TEXTS, "abracadabra")).toBeUndefined());
});

test("a new passage is found by its ways of asking, without learning again", () => {
  const more = textsOf([HITS, MONEY, NIGHT, ["ngủ ở đâu khi có tiền", "tiền ngủ đêm nay"]]);
  expect(best(nearness(more, "ngủ đâu mà không có tiền"))).toBe(3);
});

describe("ways of asking around a question", () => {
  const mixed = textsOf([[...HITS.slice(0, 3), ...NIGHT.slice(0, 3)], HITS.slice(3), MONEY]);

  test("speak for a passage that is asked for in quite different ways, like none of which its middle is", () => {
    const [both = 0, hits = 0, money = 0] = density(mixed, "đêm nay ngủ đâu");
    expect(both).toBeGreaterThan(10 * hits);
    expect(both).toBeGreaterThan(10 * money);
    expect(nearness(mixed, "đêm nay ngủ đâu")?.[0]).toBeLessThan(
      nearness(TEXTS, "đêm nay ngủ đâu")?.[2] ?? 0,
    );
  });

  test("are dense where the question is one of them, and nowhere else", () => {
    const [hits = 0, money = 0, night = 0] = density(TEXTS, "tối nay ngủ đâu");
    expect(night).toBeGreaterThan(0.5);
    expect(Math.max(hits, money)).toBeLessThan(0.1);
  });
});

test("the same texts teach the same", () => {
  expect(learned()).toEqual(stored);
});

test("what is damaged is not used", () => {
  for (const rows of ["?", stored.rows.slice(0, -7)]) {
    expect(unpackMeaning({ ...stored, rows })).toBeNull();
    expect(readMeaning(JSON.stringify({ ...stored, rows }), "vi")).toBeNull();
  }
  const whole = JSON.stringify(stored);
  for (const text of ["", "null", "{}", whole.slice(0, -9), JSON.stringify({ ...stored, width: 0 })])
    expect(readMeaning(text, "vi")).toBeNull();
});

test("what is of the other language or of another numbering is not used, and that is seen at its ends", () => {
  const other = { ...stored, version: MEANING_VERSION + 1 };
  const none: [string, Lang][] = [
    [JSON.stringify(stored), "en"],
    [JSON.stringify(other), "vi"],
    [JSON.stringify({ width: stored.width, rows: stored.rows }), "vi"],
    [JSON.stringify(stored).slice(0, -9), "vi"],
  ];
  for (const [text, lang] of none) {
    expect(seemsMeaning(text, lang)).toBe(false);
    expect(readMeaning(text, lang)).toBeNull();
  }
  expect(seemsMeaning(`${JSON.stringify(stored, null, 1)}\n`, "vi")).toBe(true);
  expect(readMeaning(`${JSON.stringify(stored, null, 1)}\n`, "vi")).toEqual(known);
});

test("a word's number is that of the version: who changes the one raises the other", () => {
  const features = { groupBase: 3, pairBase: 4, markBase: 5, firstBase: 6, count: 9 } as Features & {
    count: number;
  };
  const vocabulary = { spelling: ["", "danh", "vo"], markOf: ["đánh"] };
  const pairs = { kept: () => ({ firsts: [1], seconds: [2] }) };
  const numbers = wordNumbers(features, { vocabulary, pairs } as unknown as Numbers);
  expect([MEANING_VERSION, MEANING_BUCKETS]).toEqual([1, 1 << 24]);
  expect([...numbers]).toEqual([-1, 3240041, 8358547, -1, 1555362, 4617275, 4977725, 14451937, 10220581]);
});

test("ours are of their language and of today's numbering", () => {
  for (const lang of LANGS) {
    const text = readFileSync(join("knowledge", "search", MEANING_FILES[lang]), "utf8");
    expect(readMeaning(text, lang)?.width).toBeGreaterThan(0);
  }
});
