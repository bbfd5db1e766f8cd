/** His threat to die is his, hers is hers: the card, and what the counsellor reads. */

import { describe, expect, test } from "vitest";
import { withDeath } from "../../bot/core/own-death.ts";
import type { Heard } from "../../bot/core/triage/ear.ts";

const suicide: Heard = { level: "high", reasons: [{ category: "suicide", evidence: "có ý nghĩ tự tử" }] };
const nothing: Heard = { level: "none", reasons: [] };
const categories = (heard: Heard) => heard.reasons.map((r) => r.category);

describe("whose death", () => {
  test.each([
    "em đòi ly hôn ảnh dọa tự tử",
    "chồng em đòi chết",
    "anh ta nói giết em xong sẽ tự tử",
    "nó bảo giết em xong nó tự tử",
    "ảnh gửi hình cầm dao rạch tay",
    "he says he will kill himself if i leave",
  ])('"%s" is his, and as grave', (words) => {
    expect(categories(withDeath(suicide, words))).toEqual(["separation"]);
    expect(withDeath(suicide, words).level).toBe("high");
  });
  test.each([
    "em muốn tự tử",
    "ảnh dọa tự tử làm em cũng muốn chết",
    "nó dọa giết em rồi tự tử, em cũng muốn chết",
    "nó giết em rồi em chết",
    "con muốn chết",
    "he hits me, i want to die",
  ])('"%s" stays hers', (words) => expect(categories(withDeath(suicide, words))).toEqual(["suicide"]));
  test.each([
    "em cũng muốn chết",
    "tôi rất muốn chết",
    "nhiều lúc em chỉ muốn chết thôi",
    "em dang muon chet",
    "sống thế này chết còn hơn",
    "song vay tha chet con suong hon",
  ])('"%s" alone is heard', (words) => expect(withDeath(nothing, words).level).toBe("medium"));
  test.each([
    ["em vừa nuốt", "2 vỉ"],
    ["em mới uống hết", "20 viên thuốc ngủ"],
    ["em uống rồi", "thuốc chuột"],
    ["i just took", "a whole bottle"],
  ])('"%s", "%s": poison, told in two lines', (before, words) => {
    expect(withDeath(nothing, words, [before]).level).toBe("emergency");
    expect(categories(withDeath(nothing, words, [before]))).toEqual(["suicide"]);
  });
  test.each([
    ["em đau đầu quá em vừa uống", "2 viên panadol"],
    ["tối qua chồng em nhậu", "2 chai"],
    ["nó uống hết", "3 lon bia"],
  ])('"%s", "%s": none', (before, words) => expect(withDeath(nothing, words, [before]).level).toBe("none"));
  test.each([
    "i wanna kill myself lol",
    "i want to die haha",
    "em muốn chết haha",
    "t muốn chết quá",
    "tao sợ mình sẽ làm điều dại",
    "em nghĩ quẩn rồi",
    "sợ mình làm chuyện dại dột",
  ])('"%s" is hers, also with a laugh', (words) => {
    expect(withDeath(nothing, words).level).toBe("medium");
    expect(categories(withDeath(nothing, words))).toEqual(["death_wish"]);
  });
  test.each(["vĩnh biệt", "cảm ơn mọi người, vĩnh biệt", "thôi vinh biet nhe"])(
    '"%s" is a farewell',
    (words) => {
      expect(withDeath(nothing, words).level).toBe("high");
      expect(categories(withDeath(nothing, words))).toEqual(["suicide"]);
    },
  );
  test.each([
    "vĩnh biệt thằng chồng cũ",
    "tôi sợ nó làm điều dại",
    "em sợ con em làm điều dại",
    "mẹ em nghĩ quẩn",
    "i want to kill him",
    "cười muốn chết haha",
    "em phải làm việc dài hạn",
  ])('"%s" is not', (words) => expect(withDeath(nothing, words).level).toBe("none"));
  test.each(["actually i have a plan", "i have the rope", "em có cách rồi", "thật ra em chuẩn bị thuốc rồi"])(
    '"%s" after a wish to die is a way',
    (words) => {
      expect(categories(withDeath(nothing, words, [], suicide.reasons))).toEqual(["suicide"]);
      expect(withDeath(nothing, words).level).toBe("none");
    },
  );
  test("pills that lie ready, and their number two lines later", () => {
    const before = ["tao để sẵn thuốc rồi", "tao chỉ muốn ngủ thôi"];
    expect(withDeath(nothing, "60 viên", before, suicide.reasons).level).toBe("emergency");
    expect(withDeath(nothing, "60 viên", before).level).toBe("none");
    expect(withDeath(nothing, "60 viên", ["em mệt"], suicide.reasons).level).toBe("none");
  });
  test.each(["nóng muốn chết", "em đói muốn chết", "em cười muốn chết", "em chờ muốn chết"])(
    '"%s" is a way of speaking',
    (words) => expect(withDeath(nothing, words).level).toBe("none"),
  );
  test.each([
    ["nó dọa giết em rồi tự tử", ["threat_to_kill"]],
    ["chồng em nói sẽ giết cả nhà em, rồi tự tử", ["threat_to_kill"]],
    ["chồng em cầm dao đòi giết em rồi tự tử", ["threat_to_kill"]],
    ["bố dọa giết con rồi tự tử", ["threat_to_kill"]],
    ["ck bao se giet me con roi chet chung", ["threat_to_kill"]],
    ["nó dọa giết em, em muốn giết nó trước", ["threat_to_others", "threat_to_kill"]],
    ["tôi sẽ giết nó rồi tự tử", ["threat_to_others", "threat_to_kill"]],
  ])('"%s": whose threat it is', (words, meant) => {
    const reasons = ["threat_to_others", "threat_to_kill"].map((category) => ({ category, evidence: "" }));
    expect(categories(withDeath({ level: "high", reasons }, words))).toEqual(meant);
  });
  test.each([
    "sau này ai thắp nhang cho em",
    "có ai lo giỗ cho tui không",
    "em chết rồi thì con em ai nuôi",
    "tôi mất đi rồi con tôi có phải vào trại trẻ mồ côi không",
    "con mất mẹ thì có sao không chị",
    "mẹ con em ôm nhau nhảy sông được không",
    "nhảy cầu có chết liền không",
    "treo cổ có đau không",
  ])('"%s" is said quietly of her own', (words) => {
    expect(withDeath(nothing, words).level).toBe("medium");
    expect(categories(withDeath(nothing, words))).toEqual(["death_wish"]);
  });
  test.each([
    "vợ tôi mất rồi con tôi ai nuôi",
    "chồng em chết rồi thì con em ai nuôi",
    "em mất việc rồi thì con em ai nuôi",
    "em mất con, tòa giao cho chồng nuôi",
    "ai thắp nhang cho em gái tôi",
    "con mất mẹ từ nhỏ",
    "mẹ con em dắt nhau đi bơi sông",
    "em mất điện thoại rồi",
  ])('"%s" is somebody else, or something else', (words) =>
    expect(withDeath(nothing, words).level).toBe("none"),
  );
});
