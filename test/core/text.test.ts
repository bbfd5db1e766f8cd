/** Vietnamese text in every form, and any other Unicode: nothing is lost, nothing throws, nothing is slow. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cutText,
  fold,
  graphemes,
  isMarked,
  nfc,
  splitText,
  syllables,
  unmask,
} from "../../bot/core/text.ts";

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: fc.constantFrom("\ud800", "\udc00", "\0", "\u0301", "ế", "👩‍👧", " ", "\n", "\u200b") }),
);

describe("nfc", () => {
  it("knows every mark that could stand in a long run, wherever Unicode has it", () => {
    for (let code = 0; code <= 0x10ffff; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const mark = String.fromCodePoint(code);
      if (!/\p{M}/u.test(mark)) continue;
      const most = 30 * mark.normalize("NFD").length;
      if (nfc(`đ${mark.repeat(200)}`).length > 1 + most) expect.fail(`U+${code.toString(16)} is not cut`);
    }
  });
});

describe("fold", () => {
  it("takes off every mark and folds đ", () => {
    expect(fold("Chồng ĐÁNH em, Ấy Ừ ỡ")).toBe("chong danh em, ay u o");
    expect(fold("ế".normalize("NFD"))).toBe("e");
    expect(fold("ｄａｏ 𝐝𝐚𝐨")).toBe("dao dao");
  });
  it("folds twice as once", () => fc.assert(fc.property(anyText, (s) => fold(fold(s)) === fold(s))));
});

describe("unmask", () => {
  it("removes what cannot be seen and keeps the marks", () => {
    expect(unmask("gi\u200bế\u200dt")).toBe("giết");
    expect(unmask("\u202ed\u2060ao")).toBe("dao");
  });
  it("reads look-alike letters within Latin text and leaves other scripts alone", () => {
    expect(unmask("сhồng")).toBe("chồng");
    expect(unmask("привет")).toBe("привет");
  });
});

describe("syllables", () => {
  it("keeps marks and order, drops punctuation", () => {
    expect(syllables("Chồng em… đánh, EM!")).toEqual(["chồng", "em", "đánh", "em"]);
    expect(syllables("🔪")).toEqual([]);
  });
});

describe("isMarked", () => {
  it("knows Vietnamese marks from plain letters", () => {
    expect(isMarked("chong danh em")).toBe(false);
    expect(isMarked("chong đanh em")).toBe(true);
    expect(isMarked("e\u0301")).toBe(true);
  });
});

describe("splitText and cutText", () => {
  it("breaks at a sentence, else at a space, else between letters", () => {
    expect(splitText("Một câu ngắn. Hai câu nữa", 18)).toEqual(["Một câu ngắn.", "Hai câu nữa"]);
    expect(splitText("ế".repeat(50), 20).map((p) => p.length)).toEqual([20, 20, 10]);
    expect(splitText("👩‍👧👩‍👧👩‍👧", 6)).toEqual(["👩‍👧", "👩‍👧", "👩‍👧"]);
    expect(splitText("  ", 5)).toEqual([]);
  });
  it("cuts with an ellipsis and never inside a letter", () => {
    expect(cutText("chồng đánh", 6)).toBe("chồng…");
    expect(cutText("👩‍👧👩‍👧", 7)).toBe("👩‍👧…");
    expect(cutText("ngắn", 10)).toBe("ngắn");
  });
  it("loses nothing but white space, keeps the limit, for any Unicode", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 2, max: 40 }), (s, limit) => {
        const pieces = splitText(s, limit);
        expect(pieces.every((p) => p.length > 0 && p.length <= limit)).toBe(true);
        expect(pieces.join("").replace(/\s/g, "")).toBe(s.replace(/\s/g, ""));
        expect(cutText(s, limit).length).toBeLessThanOrEqual(limit);
      }),
    );
  });
});

describe("any input", () => {
  it("gives the text back from its letters", () =>
    fc.assert(fc.property(anyText, (s) => graphemes(s).join("") === s)));
  it("never throws", () =>
    fc.assert(
      fc.property(anyText, (s) => {
        for (const f of [nfc, fold, unmask, syllables, isMarked]) f(s);
      }),
    ));
  it.each([
    ["marks piled up", `a${"\u0301\u0323".repeat(50_000)}`],
    ["one long word", "ế".repeat(100_000)],
    ["joined emoji", "👩‍👧".repeat(20_000)],
  ])("takes 100,000 characters of %s in well under a second", (_name, s) => {
    const from = performance.now();
    for (const f of [nfc, fold, unmask, syllables, isMarked, graphemes]) f(s);
    splitText(s, 2000);
    expect(performance.now() - from).toBeLessThan(1000);
  });
});
