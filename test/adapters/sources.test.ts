/** The files of a build as sources: what beside the edited ones is read, for whom, and what may be missing. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { fileSources } from "../../bot/adapters/files/sources.ts";

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A build with these files of `knowledge/search`. */
function buildWith(search: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), "sources-"));
  made.push(folder);
  for (const name of [
    "flows",
    "knowledge/articles",
    "knowledge/directory",
    "knowledge/risk",
    "knowledge/search",
  ])
    mkdirSync(join(folder, name), { recursive: true });
  for (const [name, text] of Object.entries(search)) {
    const file = join(folder, "knowledge/search", name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return fileSources(join(folder, "flows"), join(folder, "knowledge"));
}

const EN = { "meaning-en.json": "English" };
const MEANINGS = { "meaning.json": "Vietnamese", ...EN };

it("gives what words mean in both languages, as text and apart from what people edit", async () => {
  const { meanings, searchFiles, problems } = await buildWith({
    ...MEANINGS,
    "words.yaml": "short: {}",
  }).read();
  expect(meanings).toEqual({ vi: "Vietnamese", en: "English" });
  expect(searchFiles).toEqual({ "words.yaml": "short: {}" });
  expect(problems).toEqual([]);
});

it("gives it to who judges articles, and spares its millions of letters who needs them not", async () => {
  const build = buildWith(MEANINGS);
  expect((await build.read("knowledge")).meanings).toEqual({ vi: "Vietnamese", en: "English" });
  for (const only of ["risk", "search"] as const) expect((await build.read(only)).meanings).toBeUndefined();
});

it("names what is there and cannot be read", async () => {
  const { meanings, problems } = await buildWith({ "meaning.json/a": "a folder", ...EN }).read();
  expect(meanings).toEqual({ en: "English" });
  expect(problems).toMatchObject([{ code: "file.unreadable", file: "knowledge/search/meaning.json" }]);
});

it("may be without it, in one language or in both", async () => {
  const one = await buildWith(EN).read();
  expect([one.meanings, one.problems]).toEqual([{ en: "English" }, []]);
  const none = await buildWith({}).read();
  expect([none.meanings, none.problems]).toEqual([{}, []]);
});
