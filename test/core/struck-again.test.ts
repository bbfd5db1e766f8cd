/** "Bố lại đánh con nữa", from a child: now, as far as anybody can tell. */

import { describe, expect, test } from "vitest";
import { withStruckAgain } from "../../bot/core/struck-again.ts";

describe("a child that is struck again", () => {
  const heard = { level: "high", reasons: [{ category: "violence", evidence: "bị đánh" }] } as const;

  test.each(["bố lại đánh con nữa", "ba dang danh con", "dượng lại tát em", "he's hitting me again"])(
    "%s: is in danger now",
    (words) => expect(withStruckAgain(heard, words)).toEqual({ ...heard, level: "emergency" }),
  );

  test.each([
    "hôm qua bố lại đánh con",
    "bố hay đánh con",
    "bố không đánh con nữa",
    "con lại đánh em",
    "bố lại đánh bài",
  ])("%s: is as it was heard", (words) => expect(withStruckAgain(heard, words)).toBe(heard));

  test("is not made of what the ear took for nothing, or for something else", () => {
    const film = { level: "none", reasons: [] } as const;
    expect(withStruckAgain(film, "trong phim bố lại đánh con")).toBe(film);
    const own = { level: "high", reasons: [{ category: "own_violence", evidence: "lỡ đánh" }] } as const;
    expect(withStruckAgain(own, "mẹ ơi lại đánh em rồi")).toBe(own);
  });
});
