/** Indexes are made by another process and kept in files; what is damaged or cannot be kept costs time and nothing else. */

import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { bytesOf, fileOf, writeIndex } from "../../bot/adapters/files/index-file.ts";
import { openIndexes } from "../../bot/adapters/files/indexes.ts";
import { featureRows } from "../../bot/core/retrieval/features.ts";
import { indexKnowledge, lessonsOf } from "../../bot/core/retrieval/knowledge-index.ts";
import { learnMeaning } from "../../bot/core/retrieval/learn-meaning.ts";
import { readMeaning, storedMeaning } from "../../bot/core/retrieval/meaning.ts";
import type { IndexInput } from "../../bot/ports/indexes.ts";
import { searchData } from "../core/retrieval/fixtures.ts";

const folders: string[] = [];
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), "indexes-"));
  folders.push(made);
  return made;
};
afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true, force: true });
});

function inputOf(...ways: string[]): IndexInput {
  const passage = { id: "beaten#1", heading: "Gọi ai", text: "Gọi 113 khi nguy hiểm.", asks: ways };
  return {
    texts: { articles: [{ title: "Bị đánh", questions: ["bị đánh"], passages: [passage] }] },
    data: searchData(),
    lang: "vi",
    meaning: null,
  };
}

/** What words mean as `npm run knowledge:learn` would write it, learned from these ways of asking. */
function meaningOf(...ways: string[]): string {
  const { texts, data, lang } = inputOf(...ways);
  const { terms, labels, words } = lessonsOf(texts, { ...data, asked: [], strangers: [] });
  return JSON.stringify(
    storedMeaning(lang, learnMeaning(featureRows(terms, labels.unaided.length), labels, words)),
  );
}

describe("an index", () => {
  it("is made beside, and stands ready for this process and the next", async () => {
    const where = folder();
    const input = inputOf("chồng đánh em");
    const indexes = openIndexes(where, "this code");
    const name = indexes.nameOf(input);
    expect(indexes.kept(name)).toBeUndefined();
    await expect(Promise.all([indexes.prepare(name, input), indexes.prepare(name, input)])).resolves.toEqual([
      true,
      true,
    ]);
    const made = indexKnowledge(input.texts, input.data);
    expect(indexes.kept(name)).toEqual(made);
    expect(openIndexes(where, "this code").kept(name)).toEqual(made);
    expect(readdirSync(where)).toHaveLength(1);
  });

  it("has another name for other texts, other tuning and other code", () => {
    const indexes = openIndexes(folder(), "this code");
    const input = inputOf("chồng đánh em");
    const { data } = input;
    const others = [
      indexes.nameOf(inputOf("chồng đánh em ạ")),
      indexes.nameOf({ ...input, data: { ...data, strangers: ["xổ số"] } }),
      openIndexes(folder(), "other code").nameOf(input),
    ];
    expect(others).not.toContain(indexes.nameOf(input));
    expect(new Set(others).size).toBe(3);
    expect(indexes.nameOf(inputOf("chồng đánh em"))).toBe(indexes.nameOf(input));
  });

  it("knows what words mean, and has another name for another meaning", async () => {
    const meaning = meaningOf("chồng đánh em", "bị chồng đánh");
    const input = { ...inputOf("chồng đánh em"), meaning };
    const indexes = openIndexes(folder(), "this code");
    const name = indexes.nameOf(input);
    expect(await indexes.prepare(name, input)).toBe(true);
    const kept = indexes.kept(name);
    expect(kept).toEqual(indexKnowledge(input.texts, input.data, { meaning: readMeaning(meaning, "vi") }));
    // The passage lies somewhere: words of its ways of asking are known.
    expect(kept?.meaning?.passages.some((x) => x !== 0)).toBe(true);
    const names = [null, meaningOf("chồng giữ tiền")].map((other) =>
      indexes.nameOf({ ...input, meaning: other }),
    );
    expect(new Set([name, ...names]).size).toBe(3);
  });

  it.each([
    ["damaged", (meaning: string) => meaning.replace(/"rows":"[^"]{8}/, '"rows":"????????')],
    ["of the other language", (meaning: string) => meaning.replace('"lang":"vi"', '"lang":"en"')],
    ["of another numbering", (meaning: string) => meaning.replace(/"version":\d+/, '"version":0')],
    ["no such file", () => "version https://git-lfs.github.com/spec/v1"],
  ])("is there without it where what words mean is %s", async (_, spoil) => {
    const meaning = meaningOf("chồng đánh em", "bị chồng đánh");
    expect(spoil(meaning)).not.toBe(meaning);
    const input = { ...inputOf("chồng đánh em"), meaning: spoil(meaning) };
    const indexes = openIndexes(folder(), "this code");
    const name = indexes.nameOf(input);
    expect(await indexes.prepare(name, input)).toBe(true);
    expect(indexes.kept(name)).toEqual(indexKnowledge(input.texts, input.data));
  });

  it.each([
    ["no folder at all", null],
    ["a folder that cannot be written", "/proc/nowhere"],
  ])("with %s, is there all the same, once", async (_, where) => {
    const input = inputOf("chồng đánh em");
    const indexes = openIndexes(where, "this code");
    const name = indexes.nameOf(input);
    expect(await indexes.prepare(name, input)).toBe(true);
    expect(indexes.kept(name)).toEqual(indexKnowledge(input.texts, input.data));
    expect(indexes.kept(name)).toBeUndefined();
  });

  it("that is damaged on disk is not used, and gives way to a new one", async () => {
    const where = folder();
    const input = inputOf("chồng đánh em");
    const indexes = openIndexes(where, "this code");
    const name = indexes.nameOf(input);
    await indexes.prepare(name, input);
    const bytes = readFileSync(fileOf(where, name));
    bytes[bytes.length - 9] = (bytes[bytes.length - 9] ?? 0) ^ 1;
    writeFileSync(fileOf(where, name), bytes);
    expect(indexes.kept(name)).toBeUndefined();
    expect(await indexes.prepare(name, input)).toBe(true);
    expect(indexes.kept(name)).toBeDefined();
  });

  it("that no file keeps stays in memory only as long as two editions are younger", async () => {
    const indexes = openIndexes(null, "this code");
    const inputs = ["một", "hai", "ba", "bốn", "năm"].map((way) => inputOf(way));
    for (const input of inputs) await indexes.prepare(indexes.nameOf(input), input);
    const kept = inputs.map((input) => indexes.kept(indexes.nameOf(input)) !== undefined);
    expect(kept).toEqual([false, true, true, true, true]);
  });

  it("that cannot be made is said, and the next try may succeed", async () => {
    const input = inputOf("chồng đánh em");
    const indexes = openIndexes(folder(), "this code");
    // The texts come as they may not: the other process dies of it.
    const wrong = { ...input, texts: {} } as IndexInput;
    expect(await indexes.prepare("name", wrong)).toBe(false);
    expect(indexes.kept("name")).toBeUndefined();
    expect(await indexes.prepare("name", input)).toBe(true);
    expect(indexes.kept("name")).toBeDefined();
  });

  it("leaves when newer ones need the room", () => {
    const where = folder();
    const { texts, data } = inputOf("chồng đánh em");
    const bytes = bytesOf(indexKnowledge(texts, data));
    // Begun by a process that died.
    writeFileSync(`${fileOf(where, "z")}.half`, bytes);
    utimesSync(`${fileOf(where, "z")}.half`, 999, 999);
    ["a", "b", "c"].forEach((name, n) => {
      writeIndex(fileOf(where, name), bytes, 2.5 * bytes.length);
      if (existsSync(fileOf(where, name))) utimesSync(fileOf(where, name), 1_000 + n, 1_000 + n);
    });
    expect(readdirSync(where).sort()).toEqual(["b.index", "c.index"]);
  });
});
