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
    "ảnh gửi hình cầm dao rạch tay",
    "he says he will kill himself if i leave",
  ])('"%s" is his, and as grave', (words) => {
    expect(categories(withDeath(suicide, words))).toEqual(["separation"]);
    expect(withDeath(suicide, words).level).toBe("high");
  });
  test.each([
    "em muốn tự tử",
    "ảnh dọa tự tử làm em cũng muốn chết",
    "con muốn chết",
    "he hits me, i want to die",
  ])('"%s" stays hers', (words) => expect(categories(withDeath(suicide, words))).toEqual(["suicide"]));
  test.each([
    "em cũng muốn chết",
    "tôi rất muốn chết",
    "nhiều lúc em chỉ muốn chết thôi",
    "em dang muon chet",
  ])('"%s" alone is heard', (words) => expect(withDeath(nothing, words).level).toBe("medium"));
  test.each(["nóng muốn chết", "em đói muốn chết", "em cười muốn chết", "em chờ muốn chết"])(
    '"%s" is a way of speaking',
    (words) => expect(withDeath(nothing, words).level).toBe("none"),
  );
});
