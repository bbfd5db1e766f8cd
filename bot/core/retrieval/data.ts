/** Reads the search data from parsed YAML: a list of problems, never a throw. */

import type { z } from "zod";
import type { Lang } from "../message.ts";
import type { Problem } from "../problem.ts";
import { langOfAsked, readAsked } from "./asked.ts";
import {
  englishSchema,
  kindsSchema,
  placesSchema,
  type SearchData,
  searchDataSchema,
  silenceSchema,
  strangersSchema,
  synonymsSchema,
  weightsSchema,
  wordsSchema,
} from "./tuning.ts";

/** The files of `knowledge/search/`, and what each must hold. */
export const SEARCH_FILES = {
  "weights.yaml": weightsSchema,
  "words.yaml": wordsSchema,
  "synonyms.yaml": synonymsSchema,
  "silence.yaml": silenceSchema,
  "strangers.yaml": strangersSchema,
  "places.yaml": placesSchema,
  "kinds.yaml": kindsSchema,
  "english.yaml": englishSchema,
} as const satisfies Record<string, z.ZodType>;
export type SearchFile = keyof typeof SEARCH_FILES;
export const SEARCH_FILE_NAMES = Object.keys(SEARCH_FILES) as SearchFile[];

/**
 * Puts the parsed files together. `files` holds what the YAML reader gave for each name; `undefined` is a file
 * that is missing or could not be parsed (the shell has reported why). `askedFiles` are texts by name. `data` is there only
 * when all of `files` is right; a line of what was asked that is none is left out and named.
 */
export function readSearchData(
  files: Readonly<Partial<Record<SearchFile, unknown>>>,
  askedFiles: Readonly<Record<string, string>> = {},
): {
  data?: SearchData;
  problems: Problem[];
} {
  const problems: Problem[] = [];
  for (const name of SEARCH_FILE_NAMES) {
    const read = SEARCH_FILES[name].safeParse(files[name]);
    for (const issue of read.error?.issues ?? []) {
      problems.push({
        code: files[name] === undefined ? "search.missing_file" : "search.wrong_data",
        message: files[name] === undefined ? "the file is missing or is no YAML" : issue.message,
        file: `knowledge/search/${name}`,
        field: issue.path.join("."),
        severity: "error",
      });
    }
  }
  if (problems.length > 0) return { problems };
  // In the order of their names: the same files teach the same.
  const read = Object.keys(askedFiles)
    .sort()
    .map((name) => ({
      lang: langOfAsked(name),
      ...readAsked(askedFiles[name] ?? "", `knowledge/search/${name}`),
    }));
  problems.push(...read.flatMap((file) => file.problems));
  const asked = (of: Lang) => read.flatMap((file) => (file.lang === of ? file.asked : []));
  const whole = searchDataSchema.parse({
    weights: files["weights.yaml"],
    words: files["words.yaml"],
    ...synonymsSchema.parse(files["synonyms.yaml"]),
    silence: files["silence.yaml"],
    strangers: strangersSchema.parse(files["strangers.yaml"]).strangers,
    places: files["places.yaml"],
    kinds: kindsSchema.parse(files["kinds.yaml"]).kinds,
    asked: asked("vi"),
    english: { ...englishSchema.parse(files["english.yaml"]), asked: asked("en") },
  });
  return { data: whole, problems };
}
