/** Into what parts a long telling is taken apart. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { partsOf } from "../../../bot/core/retrieval/parts.ts";

const words = (n: number, of = "từ") => Array.from({ length: n }, (_, i) => `${of}${i}`).join(" ");

test("a question is not taken apart, whatever stands at its end", () => {
  for (const text of [
    "",
    "   ",
    "...",
    "cấm tiếp xúc là gì",
    "Cấm tiếp xúc là gì?",
    "em chào chị. ly hôn ở đâu?!",
  ])
    expect(partsOf(text), text).toEqual([]);
});

test("each sentence and each line is a part", () => {
  expect(partsOf("Chồng em hay đánh em. Con em mới hai tuổi\nly hôn thì con ở với ai?")).toEqual([
    "Chồng em hay đánh em",
    "Con em mới hai tuổi",
    "ly hôn thì con ở với ai",
  ]);
});

test("a short sentence goes with the one behind it, and nothing of the text is lost", () => {
  expect(partsOf("Vợ tôi trốn rồi. Ở đâu. Tìm giúp tôi với bạn. Nhé.")).toEqual([
    "Vợ tôi trốn rồi",
    "Ở đâu Tìm giúp tôi với bạn Nhé",
  ]);
});

test("a long sentence is cut at its commas, one without commas stays whole", () => {
  expect(partsOf(`${words(12)}, ${words(6)}, ${words(8)}`)).toEqual([`${words(12)}, ${words(6)}`, words(8)]);
  expect(partsOf(words(60))).toEqual([]);
});

test("of many parts the first are one", () => {
  const text = Array.from({ length: 30 }, (_, i) => words(5, `câu${i}`)).join(". ");
  const parts = partsOf(text);
  expect(parts).toHaveLength(8);
  expect(parts.at(-1)).toBe(words(5, "câu29"));
  expect(parts[0]).toContain("câu0");
});

test("keeps every word, for any text", () => {
  const letters = (text: string) => text.replace(/[\s.?!;…,]+/g, "");
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("a", "bị", " ", ".", ",", "\n", "đánh ", "? "), { maxLength: 400 }),
      (bits) => {
        const text = bits.join("");
        const parts = partsOf(text);
        if (parts.length > 0) expect(letters(parts.join(" "))).toBe(letters(text));
      },
    ),
  );
});
