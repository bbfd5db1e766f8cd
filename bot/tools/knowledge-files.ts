/** Reads `knowledge/` folders for the tools, with the reader that the service itself uses. */

import { readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { fileSources } from "../adapters/files/sources.ts";
import { gather, type Knowledge, keyOf, makeReader, readSearchFiles } from "../app/library.ts";
import { openContentCache } from "../content-cache.ts";
import { type GoldenQuestion, readGolden } from "../core/knowledge/golden.ts";
import type { Lang } from "../core/message.ts";
import type { Problem } from "../core/problem.ts";
import { readAsked } from "../core/retrieval/asked.ts";
import { indexKnowledge, type KnowledgeIndex, textsOf } from "../core/retrieval/knowledge-index.ts";
import { dataFor } from "../core/retrieval/lang.ts";
import { readMeaning } from "../core/retrieval/meaning.ts";
import type { SearchData } from "../core/retrieval/tuning.ts";
import type { SourceFiles } from "../ports/sources.ts";

export interface LoadedKnowledge extends Knowledge {
  readonly golden: readonly GoldenQuestion[];
  readonly goldenFiles: readonly { readonly file: string; readonly text: string }[];
  readonly files: SourceFiles;
  /** As files are named in problems: the folder's own name. */
  readonly name: string;
}

/** Never throws for what stands in the folder: what is wrong is left out and named, the rest is there. */
export async function loadKnowledge(folder: string): Promise<LoadedKnowledge> {
  const from = fileSources(join(folder, "no-flows"), resolve(folder));
  const files = await from.read("knowledge");
  const problems: Problem[] = [...files.problems];
  const cache = openContentCache();
  const reader = makeReader(cache);
  const parsed = new Map(
    files.sources.flatMap((source) => {
      const read = reader.read(source);
      problems.push(...read.problems);
      return read.value ? [[keyOf(source), read.value] as const] : [];
    }),
  );
  cache.close();
  const knowledge = gather(files.sources, parsed);
  const goldenFiles = await from.golden();
  return {
    ...knowledge,
    problems: [...problems, ...knowledge.problems],
    files,
    goldenFiles,
    golden: goldenFiles.flatMap(({ text }) => readGolden(text)),
    name: basename(resolve(folder)),
  };
}

export interface Measurable extends Pick<Knowledge, "articles" | "services" | "provinces"> {
  readonly golden: readonly GoldenQuestion[];
  readonly heldOut: readonly HeldOut[];
  readonly unaided: SearchData["asked"];
  readonly unaidedEnglish: SearchData["asked"];
  /** Of the first folder. */
  readonly data: SearchData;
  /** As the service makes it, for `makeSearch`; made anew at each call. */
  readonly indexFor: (lang: Lang) => KnowledgeIndex;
}

/** A way of asking that a stranger wrote for one passage, and that no article may learn; others may answer it too. */
export interface HeldOut {
  readonly passage: string;
  readonly question: string;
}

/** `golden/held-out.tsv` of a folder: passage TAB question; none where there is no such file. */
async function readHeldOut(folder: string): Promise<HeldOut[]> {
  const text = await readFile(join(resolve(folder), "golden", "held-out.tsv"), "utf8").catch(() => "");
  return text.split("\n").flatMap((line) => {
    const [passage, question] = line.split("\t");
    return passage && question ? [{ passage, question }] : [];
  });
}

/** `golden/unaided.tsv` and `unaided-en.tsv` of a folder: what people asked before they had seen any passage, and nobody learns. */
async function readUnaided(folder: string, name: string): Promise<SearchData["asked"]> {
  const file = join(resolve(folder), "golden", name);
  return readAsked(await readFile(file, "utf8").catch(() => ""), file).asked;
}

/** Several folders as one, for the tools that measure finding. What has faults is named on stderr and left out. */
export async function measurable(folders: readonly string[]): Promise<Measurable> {
  const all = await Promise.all(folders.map(loadKnowledge));
  const problems = all.flatMap((one) => one.problems);
  const read = all[0] && readSearchFiles(all[0].files);
  problems.push(...(read?.problems ?? []));
  for (const p of problems)
    console.error(`left out: ${p.file ?? ""}:${p.line ?? ""} ${p.field ?? ""} ${p.message}`);
  if (!read?.data) throw new Error(`${folders[0] ?? "knowledge"}/search cannot be used`);
  const { data } = read;
  const articles = all.flatMap((one) => one.articles);
  return {
    articles,
    services: all.flatMap((one) => one.services),
    provinces: all.flatMap((one) => one.provinces),
    golden: all.flatMap((one) => one.golden),
    heldOut: (await Promise.all(folders.map(readHeldOut))).flat(),
    unaided: (await Promise.all(folders.map((folder) => readUnaided(folder, "unaided.tsv")))).flat(),
    unaidedEnglish: (
      await Promise.all(folders.map((folder) => readUnaided(folder, "unaided-en.tsv")))
    ).flat(),
    data,
    indexFor(lang) {
      const text = all[0]?.files.meanings?.[lang];
      const meaning = text === undefined ? null : readMeaning(text);
      return indexKnowledge(textsOf(articles, lang), dataFor(lang, data), { meaning });
    },
  };
}
