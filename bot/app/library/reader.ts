/** What was read and made is kept as long as what it was made of is the same. */

import type { Cache } from "../../ports/cache.ts";
import type { Indexes } from "../../ports/indexes.ts";
import type { Source } from "../../ports/sources.ts";
import { readContent } from "../read-content.ts";
import { keepContent, keptContent } from "./kept.ts";
import { keyOf } from "./key.ts";

/** Remembers what was read from which text: a publish re-reads one document, not two hundred. */
export interface Reader {
  /** What was kept by an earlier process; a draft's reader has none. */
  readonly cache?: Cache;
  /** Where indexes are kept; without it each is made at the first question. */
  readonly indexes?: Indexes;
  read(source: Source): ReturnType<typeof readContent>;
  /** Heavy parts by the identity of what they are made of. */
  readonly memo: Map<string, { made: unknown; from: readonly unknown[] }>;
}

export function makeReader(cache?: Cache, indexes?: Indexes): Reader {
  const kept = new Map<string, { source: string; read: ReturnType<typeof readContent> }>();
  return {
    ...(cache ? { cache } : {}),
    ...(indexes ? { indexes } : {}),
    memo: new Map(),
    read(source) {
      const key = keyOf(source);
      const last = kept.get(key);
      if (last?.source === source.source) return last.read;
      const read = cache ? readKept(cache, source) : readContent(source);
      kept.set(key, { source: source.source, read });
      return read;
    },
  };
}

function readKept(cache: Cache, source: Source): ReturnType<typeof readContent> {
  const value = keptContent(cache, source);
  if (value) return { value, problems: [] };
  const read = readContent(source);
  if (read.value && read.problems.length === 0) keepContent(cache, source, read.value);
  return read;
}

/** Makes a heavy thing again only when one of the things it is made of is another. */
export function remember<T>(reader: Reader, name: string, from: readonly unknown[], make: () => T): T {
  const last = reader.memo.get(name);
  if (last && last.from.length === from.length && last.from.every((f, i) => f === from[i]))
    return last.made as T;
  const made = make();
  reader.memo.set(name, { made, from });
  return made;
}
