/** What an unknown syllable may have been meant to be. */

import { expect, test } from "vitest";
import { candidates, looksVietnamese, makeNear, telexUndone } from "../../../bot/core/retrieval/repair.ts";

const words = new Set("danh nguoi khong hom nay bi cong an chong ly hon tiep xuc".split(" "));
const { add, near } = makeNear();
for (const word of words) add(word);
const offered = (key: string) => candidates(key, (k) => words.has(k), near).map((c) => c.key);

test.each([
  ["ddanhs", "danh"],
  ["nguwowif", "nguoi"],
  ["khoong", "khong"],
  ["khonggg", "khong"],
  ["homnay", "hom nay"],
  ["congan", "cong an"],
  ["chogn", "chong"],
  ["ngoui", "nguoi"],
  ["tiwp", "tiep"],
])("%s may be %s", (typed, meant) => expect(offered(typed)).toContain(meant));

test.each([["zzzzzz"], ["12345"], ["a".repeat(200)], [""]])("nothing for %s", (typed) =>
  expect(offered(typed)).toEqual([]),
);

test.each([
  ["a letter too many", "chhong", "chong", 1.5],
  ["a letter lost", "chng", "chong", 1.5],
  ["two letters swapped", "hcong", "chong", 1],
  ["another key", "dhong", "chong", 1.7],
  ["the last letter", "chonf", "chong", 1.7],
  ["two slips", "dhonf", "chong", undefined],
  ["a letter moved", "hongc", "chong", undefined],
  ["nothing", "chong", "chong", undefined],
])("%s: %s for %s costs %s", (_, typed, meant, cost) => {
  let found: number | undefined;
  near(typed, (spelling, its) => {
    if (spelling === meant) found = its;
  });
  expect(found).toBe(cost);
});

test("Telex keys that were left are taken off", () => {
  expect(telexUndone("ddanhs")).toContain("danh");
  expect(telexUndone("vowis")).toContain("voi");
});

test.each([
  ["nghieng", true],
  ["chuyen", true],
  ["oai", true],
  ["strong", false],
  ["zalo", false],
])("%s has the shape of a syllable: %s", (key, is) => expect(looksVietnamese(key)).toBe(is));
