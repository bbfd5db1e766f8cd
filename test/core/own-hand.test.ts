/** Who tells of his own hand is met behind his own door, and who strikes back is not. */

import { describe, expect, test } from "vitest";
import { withOwnHand } from "../../bot/core/own-hand.ts";
import type { Heard } from "../../bot/core/triage/ear.ts";

const nothing: Heard = { level: "none", reasons: [] };
const own = (words: string, known: Heard["reasons"] = []) =>
  withOwnHand(nothing, words, known).reasons.some((r) => r.category === "own_violence");

describe("his own hand", () => {
  test.each([
    "hôm qua tôi tát bà ấy",
    "tôi lỡ đánh vợ",
    "tôi sợ tôi làm nữa",
    "anh có tát vợ mấy cái",
    "tui danh con trai tui hoai",
  ])('"%s" is his', (words) => {
    expect(own(words)).toBe(true);
    expect(withOwnHand(nothing, words, []).level).toBe("medium");
  });
  test.each([
    "tôi bị vợ đánh",
    "tôi không đánh vợ",
    "tôi đánh nó lại",
    "em tát chồng em một cái",
    "mình đánh răng cho con",
    "tôi sợ nó làm nữa",
    "chồng tôi đánh con",
    "ba tôi đánh mẹ tôi",
    "em bị anh đánh con",
    "hôm qua anh đánh con",
  ])('"%s" is not', (words) => expect(own(words)).toBe(false));
  test("who has told of being beaten strikes back", () =>
    expect(own("tôi tát bà ấy", [{ category: "violence", evidence: "bị đánh" }])).toBe(false));
});
