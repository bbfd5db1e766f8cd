/** What an unknown syllable may have been meant to be. */

import { expect, test } from "vitest";
import { candidates, looksVietnamese, telexUndone } from "../../../bot/core/retrieval/repair.ts";

const words = new Set("danh nguoi khong hom nay bi cong an chong ly hon tiep xuc".split(" "));
const offered = (key: string) => candidates(key, (k) => words.has(k)).map((c) => c.key);

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
