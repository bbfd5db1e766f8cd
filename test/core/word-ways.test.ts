/** One line of words for many messages. */

import { expect, test } from "vitest";
import { wordsSchema } from "../../bot/core/settings.ts";
import { countWays, MAX_WAYS, waysOf } from "../../bot/core/word-ways.ts";

test.each([
  ["hotline", ["hotline"]],
  ["số (công an|cấp cứu)", ["số công an", "số cấp cứu"]],
  [
    "[xin] số (113|115) [là gì]",
    [
      "số 113",
      "số 113 là gì",
      "số 115",
      "số 115 là gì",
      "xin số 113",
      "xin số 113 là gì",
      "xin số 115",
      "xin số 115 là gì",
    ],
  ],
  ["thoát :)", ["thoát :)"]],
])("%s", (line, ways) => {
  expect(waysOf(line)).toEqual(ways);
  expect(countWays(line)).toBe(ways.length);
});

test("a line that stands for too many messages is named, not made", () => {
  const line = "(a|b|c|d|e|f|g|h|i|j)".repeat(4);
  expect(countWays(line)).toBeGreaterThan(MAX_WAYS);
  const read = wordsSchema.shape.numbers.safeParse([line]);
  expect(read.error?.issues[0]?.message).toContain(String(MAX_WAYS));
});
