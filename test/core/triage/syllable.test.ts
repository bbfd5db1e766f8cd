/** Syllables: marks taken apart, forgotten, typed as keys; words without spaces. */

import { describe, expect, it } from "vitest";
import { cutWord, isSyllable, mayMean, syllable, undoKeys } from "../../../bot/core/triage/syllable.ts";

describe("syllable", () => {
  it("takes letters, letter marks and tone apart", () => {
    expect(syllable("đường")).toEqual({ fold: "duong", base: "đương", tone: 1 });
    expect(syllable("hoà")).toEqual(syllable("hòa"));
  });
});

describe("mayMean", () => {
  it.each([
    ["danh", "đánh", true],
    ["đanh", "đánh", true],
    ["dánh", "đánh", true],
    ["đành", "đánh", false],
    ["đào", "dao", false],
    ["ngả", "ngã", true],
    ["cho", "chó", true],
  ])("%s for %s: %s", (typed, meant, expected) =>
    expect(mayMean(syllable(typed), syllable(meant))).toBe(expected),
  );
});

describe("isSyllable", () => {
  it.each(["chong", "giet", "nghieng", "quyen", "em", "gi", "khuya", "oanh"])("%s can be one", (s) =>
    expect(isSyllable(s)).toBe(true),
  );
  it.each(["ck", "dc", "facebook", "strong", "z", "chongdanh"])("%s cannot", (s) =>
    expect(isSyllable(s)).toBe(false),
  );
});

describe("undoKeys", () => {
  it.each([
    ["ddanhs", "đánh"],
    ["choongf", "chồng"],
    ["d9a1nh", "đánh"],
    ["cuwus", "cứu"],
  ])("%s → %s", (typed, meant) => {
    const done = undoKeys(typed);
    expect(done && syllable(done)).toEqual(syllable(meant));
  });
  it("leaves other words alone", () => expect(undoKeys("em")).toBeUndefined());
});

describe("cutWord", () => {
  const known = new Set(["chong", "danh", "em", "dau"]);
  it("finds the syllables of a word without spaces, marks kept", () => {
    expect(cutWord("chồngđánhem", (f) => known.has(f))).toEqual(["chồng", "đánh", "em"]);
  });
  it("gives up on what is not Vietnamese", () => expect(cutWord("facebook", () => false)).toBeUndefined());
});
