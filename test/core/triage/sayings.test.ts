/** "Only joking" and "not safe any more", in several forms. */

import { describe, expect, it } from "vitest";
import { isRetraction, saysUnsafeNow } from "../../../bot/core/triage/sayings.ts";

describe("isRetraction", () => {
  it.each([
    "không, em chỉ nói đùa",
    "khong em noi dua thoi",
    "em giỡn thôi mà",
    "nhầm rồi ạ",
    "I was joking",
  ])("%s", (t) => expect(isRetraction(t)).toBe(true));
  it.each(["em không nói đùa đâu", "nó đánh em", "ok", "", "không phải đùa, em không an toàn"])(
    "not: %s",
    (t) => expect(isRetraction(t)).toBe(false),
  );
});

describe("saysUnsafeNow", () => {
  it.each(["em không còn an toàn nữa", "em k an toan", "nó về rồi", "I'm not safe"])("%s", (t) =>
    expect(saysUnsafeNow(t)).toBe(true),
  );
  it.each(["em an toàn", "cảm ơn chị", ""])("not: %s", (t) => expect(saysUnsafeNow(t)).toBe(false));
});
