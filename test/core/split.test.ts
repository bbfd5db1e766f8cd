/** Long texts in pieces: nothing lost, no letter cut from its marks. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Choice } from "../../bot/core/message.ts";
import { choiceLines, shorten, splitText } from "../../bot/core/split.ts";

const bare = (text: string) => text.normalize("NFC").replace(/\s+/gu, "");

describe("splitText", () => {
  it("leaves a short text as it is, normalised", () => {
    expect(splitText("  cứu em với  ".normalize("NFD"), 20)).toEqual(["cứu em với"]);
  });

  it("cuts between paragraphs first, then lines, sentences, words", () => {
    expect(splitText("một hai ba\n\nbốn năm", 14)).toEqual(["một hai ba", "bốn năm"]);
    expect(splitText("Bạn ở đâu. Có ai không", 14)).toEqual(["Bạn ở đâu.", "Có ai không"]);
    expect(splitText("aaaa bbbb cccc", 10)).toEqual(["aaaa bbbb", "cccc"]);
  });

  it("never cuts a letter from its marks, nor an emoji family", () => {
    expect(splitText("ế".repeat(50), 20).map((p) => p.length)).toEqual([20, 20, 10]);
    const family = "👩‍👩‍👧‍👦";
    expect(splitText(family.repeat(3), family.length + 3)).toEqual([family, family, family]);
  });

  it("gives nothing for a blank text", () => {
    expect(splitText(" \n ", 10)).toEqual([]);
  });

  it("keeps every sign, in order, within the limit, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 300 }),
        fc.integer({ min: 2, max: 60 }),
        (text, max) => {
          const pieces = splitText(text, max);
          expect(pieces.every((p) => p.length <= max && p.trim() !== "")).toBe(true);
          expect(bare(pieces.join(" "))).toBe(bare(text));
        },
      ),
    );
  });
});

it("shorten says that something was left out", () => {
  expect(shorten("Tôi muốn nói chuyện với người thật", 12)).toBe("Tôi muốn nó…");
  expect(shorten("Thoát", 12)).toBe("Thoát");
});

it("choiceLines numbers answers only, and never hides a phone number", () => {
  const choices: Choice[] = [
    { label: "Gọi 113", kind: "call", value: "113" },
    { label: "Có", kind: "answer", value: "yes" },
    { label: "Bác sĩ", kind: "call", value: "115" },
    { label: "Không", kind: "answer", value: "no" },
  ];
  expect(choiceLines(choices)).toEqual(["Gọi 113", "1. Có", "Bác sĩ: 115", "2. Không"]);
});
