/** Who tells of his own hand is met behind his own door, and who strikes back is not. */

import { describe, expect, test } from "vitest";
import { harmsChild, withOwnHand } from "../../bot/core/own-hand.ts";
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
  test.each([
    "nếu cô ấy bước ra cửa tôi không biết tôi làm gì",
    "vợ tôi mà bỏ đi thì tôi không biết sẽ làm gì",
    "tôi không để cô ấy đi đâu",
    "tao se khong cho vo tao ve ngoai",
  ])('"%s" is what he fears or means to do', (words) => expect(own(words)).toBe(true));
  test.each([
    "nếu nó bỏ đi tôi không biết phải làm gì",
    "vợ tôi hỏi tôi không biết trả lời gì",
    "chồng tôi không cho vợ đi làm",
    "chồng tôi không để cô ấy đi",
    "tôi không cho con đi học",
  ])('"%s" is none of it', (words) => expect(own(words)).toBe(false));
  test.each([
    "hôm nay mình bịt mồm con",
    "nhiều lúc em muốn ném con",
    "em lỡ lắc mạnh bé",
    "tôi sợ tôi ném con",
  ])('"%s" is of a baby in her hands', (words) => expect(harmsChild(words, [])).toBe(true));
  test("it is the baby where one was spoken of", () => {
    expect(harmsChild("mình muốn ném nó", ["bé lại khóc rồi"])).toBe(true);
    expect(harmsChild("em muốn ném nó ra khỏi nhà", ["nó lại say"])).toBe(false);
  });
  test.each(["chồng em ném con", "nó bịt mồm con em", "em không ném con", "mẹ em lắc nôi cho con"])(
    '"%s" is not her hand',
    (words) => expect(harmsChild(words, ["bé khóc"])).toBe(false),
  );
  test("who has told of being beaten strikes back", () =>
    expect(own("tôi tát bà ấy", [{ category: "violence", evidence: "bị đánh" }])).toBe(false));
});
