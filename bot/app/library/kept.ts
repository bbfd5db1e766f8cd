/**
 * What was read from documents, kept for the next start: reading YAML and checking it takes longer than everything
 * else at a start. Only what was read without a fault is kept, and only if it comes back as it was. It loads neither
 * the YAML parser nor the schema library, so that a script with everything at hand needs neither.
 */

import { isDeepStrictEqual } from "node:util";
import type { SearchData } from "../../core/retrieval/tuning.ts";
import type { Cache } from "../../ports/cache.ts";
import type { Source, SourceFiles } from "../../ports/sources.ts";
import type { Parsed } from "../read-content.ts";
import { keyOf } from "./key.ts";

export function keptContent(cache: Cache, source: Source): Parsed | undefined {
  const json = cache.get(keyOf(source), source.source);
  return json === undefined ? undefined : parsedFrom(json);
}

export function keepContent(cache: Cache, source: Source, parsed: Parsed): void {
  const json = JSON.stringify(parsed, (_, value) => (value instanceof Map ? [...value] : value));
  if (isDeepStrictEqual(parsedFrom(json), parsed)) cache.put(keyOf(source), source.source, json);
}

function parsedFrom(json: string): Parsed {
  const parsed = JSON.parse(json);
  return "lines" in parsed ? { ...parsed, lines: new Map(parsed.lines) } : parsed;
}

type SearchFiles = Pick<SourceFiles, "searchFiles">;

export function keptSearchData(cache: Cache, files: SearchFiles): SearchData | undefined {
  const json = cache.get("search", textOf(files));
  return json === undefined ? undefined : JSON.parse(json);
}

export function keepSearchData(cache: Cache, files: SearchFiles, data: SearchData): void {
  const json = JSON.stringify(data);
  if (isDeepStrictEqual(JSON.parse(json), data)) cache.put("search", textOf(files), json);
}

function textOf({ searchFiles }: SearchFiles): string {
  return JSON.stringify(Object.entries(searchFiles).sort(([a], [b]) => (a < b ? -1 : 1)));
}
