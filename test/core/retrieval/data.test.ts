/** The search data: read whole or refused with the place of the fault; and no golden question among what the searcher has seen. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { readSearchData, SEARCH_FILE_NAMES } from "../../../bot/core/retrieval/data.ts";
import { fold } from "../../../bot/core/text.ts";
import { searchData } from "./fixtures.ts";

const data = searchData();

test("what is missing or wrong is named by file and field", () => {
  const { data: none, problems } = readSearchData({
    "synonyms.yaml": { synonyms: [["một mình"]] },
    "strangers.yaml": { strangers: [] },
  });
  expect(none).toBeUndefined();
  expect(problems.map(({ file, field, code }) => `${file} ${field} ${code}`)).toEqual([
    "knowledge/search/weights.yaml  search.missing_file",
    "knowledge/search/words.yaml  search.missing_file",
    "knowledge/search/synonyms.yaml synonyms.0 search.wrong_data",
    "knowledge/search/silence.yaml  search.missing_file",
    "knowledge/search/places.yaml  search.missing_file",
    "knowledge/search/kinds.yaml  search.missing_file",
    "knowledge/search/english.yaml  search.missing_file",
  ]);
});

test("a line of what was asked that is none is named, and silences nothing else", () => {
  const folder = join(import.meta.dirname, "../../../knowledge/search");
  const files = Object.fromEntries(
    SEARCH_FILE_NAMES.map((name) => [name, parse(readFileSync(join(folder, name), "utf8"))]),
  );
  const read = readSearchData(files, {
    "asked/b.tsv": "chồng giữ hết tiền\n",
    "asked/a.tsv": "chồng đánh em\tact-beating#1\n",
    "asked/en/a.tsv": "he hits me\tact-beating#2\n",
  });
  expect(read.data?.asked).toEqual([{ question: "chồng đánh em", passages: ["act-beating#1"] }]);
  expect(read.data?.english.asked).toEqual([{ question: "he hits me", passages: ["act-beating#2"] }]);
  expect(read.problems.map(({ file, line, code }) => [file, line, code])).toEqual([
    ["knowledge/search/asked/b.tsv", 1, "search.wrong_asked"],
  ]);
});

test("no short form stands for itself, and none has two readings", () => {
  for (const [typed, meant] of Object.entries(data.words.short)) {
    expect(fold(meant), typed).not.toBe(typed);
    expect(data.words.short_if_unknown, typed).not.toHaveProperty(typed);
  }
});

test("the questions that must stay unanswered are at least a hundred, and none is in the list of strangers", () => {
  const file = join(import.meta.dirname, "../../../knowledge/golden/unanswerable.jsonl");
  const questions = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { question: string; ids: string[] });
  expect(questions.length).toBeGreaterThanOrEqual(100);
  expect(questions.every(({ ids }) => ids.length === 0)).toBe(true);
  const seen = new Set(data.strangers.map(fold));
  expect(questions.filter(({ question }) => seen.has(fold(question)))).toEqual([]);
});
