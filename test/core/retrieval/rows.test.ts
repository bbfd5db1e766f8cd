/** Rows of numbers: joined ones are the same as the row of the joined text, so that no text is cut twice. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildIndex, indexRows } from "../../../bot/core/retrieval/index.ts";
import { makePairs } from "../../../bot/core/retrieval/pairs.ts";
import { makePhrases } from "../../../bot/core/retrieval/phrases.ts";
import { makeReader } from "../../../bot/core/retrieval/query.ts";
import { joinRows, layOut, makeRowReader } from "../../../bot/core/retrieval/rows.ts";
import { makeVocabulary } from "../../../bot/core/retrieval/vocabulary.ts";
import { searchData } from "./fixtures.ts";

const words = fc.constantFrom(
  "chồng",
  "đánh",
  "Em",
  "113",
  "–",
  ",",
  "…",
  "(",
  ")",
  "«",
  "?",
  "\n",
  " ",
  "ly-hôn",
);
const text = fc.array(words, { maxLength: 12 }).map((parts) => parts.join(" "));

describe("rows", () => {
  test("joined are the row of the texts as sentences one after the other", () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 6 }), (texts) => {
        const row = makeRowReader(makeVocabulary());
        const filled = texts.filter((t) => row(t).length > 0);
        expect([...joinRows(texts.map(row))]).toEqual([...row(filled.join(". "))]);
      }),
    );
  });

  test("laid out make the same index as the texts themselves", () => {
    const weights = searchData().weights.index;
    const synonyms = makePhrases([["chồng đánh", 0]] as const);
    fc.assert(
      fc.property(fc.array(fc.record({ title: text, text }), { maxLength: 5 }), (passages) => {
        const vocabulary = makeVocabulary();
        const row = makeRowReader(vocabulary);
        const rows = layOut(passages.map((p) => ({ heading: row(p.title), text: row(p.text) })));
        const own = indexRows(rows, weights, synonyms, { vocabulary, pairs: makePairs() });
        const whole = buildIndex(
          passages.map((p, i) => ({ id: String(i), ...p })),
          weights,
          synonyms,
        );
        for (const part of ["from", "passages", "gain", "rarity", "said"] as const)
          expect([...own[part]]).toEqual([...whole[part]]);
        expect(own.once).toEqual(whole.once);
      }),
    );
  });

  test("short forms stand as what they mean", () => {
    const { short } = makeReader(searchData());
    const vocabulary = makeVocabulary();
    expect(short.get("ck")?.map((s) => s.text)).toEqual(["chồng"]);
    expect([...makeRowReader(vocabulary, short)("CK em, đánh")]).toEqual([
      ...makeRowReader(vocabulary)("chồng em, đánh"),
    ]);
  });
});
