import { expect, test } from "vitest";
import { dayInWords, dayOf } from "../../bot/core/day.ts";

test("a day is that of Viet Nam, and is written as people write it", () => {
  expect(dayOf(Date.parse("2026-11-21T18:00:00Z"))).toBe("2026-11-22");
  expect(dayInWords("2026-11-02", "vi")).toBe("2/11/2026");
  expect(dayInWords("2026-11-02", "en")).toBe("2 November 2026");
  expect(dayInWords("2025-09", "vi")).toBe("2025-09");
});
