/** Finding, made of the articles, the directory and what `knowledge/search` says of how people ask. */

import { parse } from "yaml";
import type { Article } from "../../core/knowledge/article.ts";
import type { Province, Service } from "../../core/knowledge/service.ts";
import { LANGS, type Lang } from "../../core/message.ts";
import type { Problem } from "../../core/problem.ts";
import { isAsked } from "../../core/retrieval/asked.ts";
import { readSearchData, SEARCH_FILE_NAMES, type SearchFile } from "../../core/retrieval/data.ts";
import { makeSearch } from "../../core/retrieval/make-search.ts";
import { seemsMeaning, wrongMeaning } from "../../core/retrieval/meaning.ts";
import type { Search } from "../../core/retrieval/search.ts";
import type { SearchData } from "../../core/retrieval/tuning.ts";
import type { Cache } from "../../ports/cache.ts";
import type { SourceFiles } from "../../ports/sources.ts";
import { indexesOf } from "./indexes.ts";
import { keepSearchData, keptSearchData } from "./kept.ts";
import { type Reader, remember } from "./reader.ts";

export interface Finding {
  readonly search: Search;
  /**
   * Resolves when no question has to wait for an index. Never rejects; false: it could not be made beside, and until that is
   * tried again a lesser one answers, which is made at the first question and holds everything else up for two seconds. While
   * it is being made only the directory is searched: nobody in danger waits for what another asks.
   */
  readonly prepare: () => Promise<boolean>;
  /** Whether such a lesser one answers now. */
  readonly isLesser: () => boolean;
  /** What our test writers asked unaided, by language: it teaches what is found. No person's words. */
  readonly asked: Readonly<Record<Lang, SearchData["asked"]>>;
}

/** Finding in what may be shown, or undefined with the problems of its data. */
export function makeSearchOf(
  articles: readonly Article[],
  services: readonly Service[],
  provinces: readonly Province[],
  files: Pick<SourceFiles, "searchFiles" | "meanings">,
  reader: Reader,
  problems: Problem[],
): Finding | undefined {
  const { data, problems: faults } = remember(reader, "search data", [files.searchFiles], () =>
    readSearchFiles(files, reader.cache),
  );
  problems.push(...faults, ...meaningFaults(files.meanings));
  if (!data) return undefined;
  return remember(reader, "finding", [data, files.meanings, ...articles, ...services, ...provinces], () => {
    let made: Search | undefined;
    let places: Search | undefined;
    let isLesser = false;
    let making = 0;
    let isPrepared = false;
    const { indexFor, prepare } = indexesOf(articles, data, files.meanings, reader.indexes, () => {
      isLesser = true;
    });
    return {
      search: (query) => {
        if (!made && making > 0 && !isPrepared) {
          places ??= makeSearch([], services, provinces, data);
          return places(query);
        }
        places = undefined;
        made ??= makeSearch(articles, services, provinces, data, indexFor);
        return made(query);
      },
      async prepare() {
        making += 1;
        const ready = await prepare();
        making -= 1;
        isPrepared ||= ready;
        if (ready && isLesser) {
          made = undefined;
          isLesser = false;
        }
        return ready;
      },
      isLesser: () => isLesser,
      asked: { vi: data.asked, en: data.english.asked },
    };
  });
}

/** What cannot be used is left out of the index, and less is found: nobody would know. */
function meaningFaults(meanings: SourceFiles["meanings"]): Problem[] {
  return LANGS.flatMap((lang) => {
    const text = meanings?.[lang];
    return text === undefined || seemsMeaning(text, lang) ? [] : [wrongMeaning(lang)];
  });
}

/** Parses `knowledge/search/*.yaml` and what was asked. */
export function readSearchFiles(
  files: Pick<SourceFiles, "searchFiles">,
  cache?: Cache,
): { readonly data?: SearchData; readonly problems: readonly Problem[] } {
  const kept = cache && keptSearchData(cache, files);
  if (kept) return { data: kept, problems: [] };
  const raw = Object.fromEntries(
    SEARCH_FILE_NAMES.flatMap((name): [SearchFile, unknown][] => {
      const text = files.searchFiles[name];
      return text === undefined ? [] : [[name, dataOf(text)]];
    }),
  );
  const asked = Object.entries(files.searchFiles).filter(([name]) => isAsked(name));
  const read = readSearchData(raw, Object.fromEntries(asked));
  if (cache && read.data && read.problems.length === 0) keepSearchData(cache, files, read.data);
  return read;
}

/** What is no YAML is missing: that is said with the file's name. */
function dataOf(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
