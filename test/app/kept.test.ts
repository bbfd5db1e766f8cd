/** What an earlier start has read: the same as read anew, for every document of this build, and never for another text. */

import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fileSources } from "../../bot/adapters/files/sources.ts";
import { keptContent, keptSearchData } from "../../bot/app/library/kept.ts";
import { makeReader, readSearchFiles } from "../../bot/app/library.ts";
import { readContent } from "../../bot/app/read-content.ts";
import { openContentCache } from "../../bot/content-cache.ts";
import type { Source } from "../../bot/ports/sources.ts";

const root = join(import.meta.dirname, "..", "..");
const files = await fileSources(join(root, "flows"), join(root, "knowledge")).read();
const folder = () => mkdtempSync(join(tmpdir(), "kept-"));

const FLOW = files.sources.find(({ kind, key }) => kind === "flow" && key === "menu") as Source;

/** Reads through a cache in this folder, as one start does. */
function startWith(where: string, sources: readonly Source[]) {
  const cache = openContentCache(where);
  const reader = makeReader(cache);
  const read = sources.map((source) => reader.read(source));
  cache.close();
  return read;
}

describe("a second start", () => {
  it("finds every document of this build, and each as it is read anew", () => {
    const where = folder();
    startWith(where, files.sources);
    const cache = openContentCache(where);
    for (const source of files.sources) {
      const fresh = readContent(source);
      expect(fresh.problems).toEqual([]);
      expect(keptContent(cache, source)).toStrictEqual(fresh.value);
    }
  });

  it("finds the data of finding as it is read anew", () => {
    const where = folder();
    const cache = openContentCache(where);
    const { data } = readSearchFiles(files, cache);
    cache.close();
    expect(data).toBeDefined();
    expect(keptSearchData(openContentCache(where), files)).toStrictEqual(data);
    const others = { searchFiles: { ...files.searchFiles, "words.yaml": "short: {}\n" } };
    expect(keptSearchData(openContentCache(where), others)).toBeUndefined();
  });

  it("reads anew what was changed by one letter", () => {
    const where = folder();
    startWith(where, [FLOW]);
    const changed = { ...FLOW, source: `${FLOW.source}# another\n` };
    expect(keptContent(openContentCache(where), changed)).toBeUndefined();
    expect(startWith(where, [changed])).toEqual([readContent(changed)]);
  });

  it("says what is wrong each time, with its line, and keeps nothing of it", () => {
    const where = folder();
    const wrong = { ...FLOW, source: FLOW.source.replace(/^id: .*/m, "id: 7") };
    const first = startWith(where, [wrong]);
    expect(first[0]?.problems).toMatchObject([{ severity: "error", file: "flows/menu.yaml" }]);
    expect(startWith(where, [wrong])).toEqual(first);
  });

  it("does not take one document for another with the same text", () => {
    const where = folder();
    startWith(where, [FLOW]);
    expect(keptContent(openContentCache(where), { ...FLOW, key: "danger" })).toBeUndefined();
  });

  it("reads everything anew where the libraries that read stand elsewhere, and says nothing of it", () => {
    const where = folder();
    const cache = openContentCache(where, folder());
    const read = makeReader(cache).read(FLOW);
    cache.close();
    expect(read).toEqual(readContent(FLOW));
    expect(readdirSync(where)).toEqual([]);
  });
});
