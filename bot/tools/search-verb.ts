/** The `search` verb over the files of this folder, loading nothing that finding does not need. */

import { fileSources } from "../adapters/files/sources.ts";
import { indexesOf } from "../app/library/indexes.ts";
import { keptContent, keptSearchData } from "../app/library/kept.ts";
import { keyOf } from "../app/library/key.ts";
import { gather } from "../app/library/knowledge.ts";
import type { Parsed } from "../app/read-content.ts";
import { openContentCache, openContentIndexes } from "../content-cache.ts";
import { dayOf } from "../core/day.ts";
import type { Problem } from "../core/problem.ts";
import { makeSearch } from "../core/retrieval/make-search.ts";
import type { SearchData } from "../core/retrieval/tuning.ts";
import type { Cache } from "../ports/cache.ts";
import type { Source, SourceFiles } from "../ports/sources.ts";
import { searchLines } from "../search-lines.ts";
import { option, tell } from "./told.ts";

/** Answers standard input line by line; 0, 1 when something could not be read, or 2 when asked wrongly. */
export async function search(flows: string, knowledge: string, args: readonly string[]): Promise<number> {
  const corpus = option(args, "corpus");
  const k = Number(option(args, "k") ?? 5);
  if (!Number.isInteger(k) || k < 1 || k > 1_000) {
    process.stderr.write("--k is a whole number from 1 to 1000\n");
    return 2;
  }
  const files = await fileSources(flows, knowledge).read(corpus ? "search" : "knowledge");
  const cache = openContentCache();
  const { data, problems } = await searchDataOf(files, cache);
  if (!data) return tell(problems);
  const own = corpus ? null : await read(files, cache);
  cache.close();
  const { indexFor, prepare } = indexesOf(own?.articles ?? [], data, files.meanings, openContentIndexes());
  if (own && !(await prepare()))
    process.stderr.write(
      "the index could not be made by another process: what each passage is asked for is not learned\n",
    );
  const today = dayOf(Date.now());
  try {
    const faults = await searchLines(
      { k, today, ...(corpus ? { corpus } : {}) },
      {
        data,
        search: () =>
          makeSearch(own?.articles ?? [], own?.services ?? [], own?.provinces ?? [], data, indexFor),
      },
      process.stdin,
      process.stdout,
    );
    return tell([...files.problems, ...(own?.problems ?? []), ...faults]);
  } catch (error) {
    process.stderr.write(
      `${corpus ?? "knowledge"} cannot be read: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return 1;
  }
}

/** The parsers are loaded only where an earlier run has not left what they would say. */
async function searchDataOf(
  files: SourceFiles,
  cache: Cache,
): Promise<{ readonly data?: SearchData; readonly problems: readonly Problem[] }> {
  const kept = keptSearchData(cache, files);
  if (kept) return { data: kept, problems: [] };
  return (await import("../app/library/finding.ts")).readSearchFiles(files, cache);
}

async function read({ sources }: SourceFiles, cache: Cache) {
  const parsed = new Map<string, Parsed>();
  const unknown: Source[] = [];
  for (const source of sources) {
    const kept = keptContent(cache, source);
    if (kept) parsed.set(keyOf(source), kept);
    else unknown.push(source);
  }
  const problems: Problem[] = [];
  if (unknown.length > 0) {
    const reader = (await import("../app/library/reader.ts")).makeReader(cache);
    for (const source of unknown) {
      const { value, problems: faults } = reader.read(source);
      problems.push(...faults);
      if (value) parsed.set(keyOf(source), value);
    }
  }
  const knowledge = gather(sources, parsed);
  return { ...knowledge, problems: [...problems, ...knowledge.problems] };
}
