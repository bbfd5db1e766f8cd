/** A sign after a strangling is an emergency, also when it comes as a line of its own (domain.md B2). */

import { describe, expect, test } from "vitest";
import { withSign } from "../../bot/core/signs.ts";
import type { Heard } from "../../bot/core/triage/ear.ts";

const nothing: Heard = { level: "none", reasons: [] };
const told = [{ category: "strangulation", evidence: "bị bóp cổ hoặc làm ngạt" }];
const level = (words: string, reasons = told) => withSign(nothing, words, reasons).heard.level;

describe("after she told of a strangling", () => {
  test.each([
    "giờ em khó thở",
    "em nuot dau qua",
    "sáng nay em khan tieng",
    "em chóng mặt, buồn",
    "em bị ngất một lần",
    "em xỉu mấy lần",
    "thấy choáng",
    "nôn hoài không hết",
    "em bi xiu",
    "buon non qua",
    "em chưa hết chóng mặt",
    "vẫn chưa đỡ khó thở",
    "k thấy bớt đau họng nhiều",
    "my throat hurts to swallow",
    "i feel dizzy",
    "tự nhiên thấy nghẹn thở",
    "em ngộp quá",
    "thở không nổi",
    "em hụt hơi",
    "tôi tiểu ra quần lúc đó, ngượng quá",
    "giọng em nghe lạ lắm",
    "my voice is weird today",
  ])('"%s" is an emergency', (words) => expect(level(words)).toBe("emergency"));
  test.each([
    "em không khó thở",
    "hết chóng mặt rồi",
    "khó thở thì làm sao?",
    "em buồn quá",
    "đợi em xíu",
    "doi em xiu",
    "chut xiu nua em nhan",
    "em đội nón đi chợ cái",
    "em ngắt máy nha",
    "nó ôm choàng em",
    "bé tè ra quần",
    "có giọng lạ gọi điện",
  ])('"%s" is none', (words) => expect(level(words)).toBe("none"));
  test("bleeding after a blow while pregnant is one too", () => {
    const pregnant = [{ category: "pregnancy", evidence: "bị bạo lực khi mang thai" }];
    expect(level("em ra máu rồi", pregnant)).toBe("emergency");
    expect(level("em chưa hết ra máu", pregnant)).toBe("emergency");
    expect(level("em không ra máu", pregnant)).toBe("none");
    expect(level("em hết ra máu rồi", pregnant)).toBe("none");
  });
  test("and without one it is left to the ear", () => expect(level("giờ em khó thở", [])).toBe("none"));
});
