/** Reads `knowledge/` folders for the tools, with the reader that the service itself uses. */

import { basename, join, resolve } from "node:path";
import { fileSources, readOptional } from "../adapters/files/sources.ts";
import { gather, type Knowledge, keyOf, makeReader, readSearchFiles } from "../app/library.ts";
import { openContentCache } from "../content-cache.ts";
import { type GoldenQuestion, readGolden } from "../core/knowledge/golden.ts";
import type { Lang } from "../core/message.ts";
import type { Problem } from "../core/problem.ts";
import { type AskedFile, readAsked } from "../core/retrieval/asked.ts";
import { indexKnowledge, type KnowledgeIndex, textsOf } from "../core/retrieval/knowledge-index.ts";
import { dataFor } from "../core/retrieval/lang.ts";
import { readMeaning } from "../core/retrieval/meaning.ts";
import type { SearchData } from "../core/retrieval/tuning.ts";
import type { SourceFiles } from "../ports/sources.ts";

export interface LoadedKnowledge extends Knowledge, MeasuredWith {
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
  const measuredWith = await readMeasuredWith(folder, problems);
  return {
    ...knowledge,
    ...measuredWith,
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
  /** Long messages, the passages of all wishes in them together. */
  readonly tellings: SearchData["asked"];
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

/** What finding is measured with and nobody learns, beside the golden questions. */
interface MeasuredWith {
  /** What was asked by authors who had seen no passage. */
  readonly unaidedFiles: readonly (AskedFile & { readonly of: Unaided })[];
  readonly heldOut: readonly HeldOut[];
}

/** In `golden/` of a folder. */
const UNAIDED_FILES = {
  unaided: { name: "unaided.tsv", lang: "vi" },
  unaidedEnglish: { name: "unaided-en.tsv", lang: "en" },
  tellings: { name: "tellings.tsv", lang: "vi" },
} as const satisfies Record<string, { name: string; lang: Lang }>;
type Unaided = keyof typeof UNAIDED_FILES;
const UNAIDED = Object.keys(UNAIDED_FILES) as Unaided[];

/** Of a folder's `golden/`; it may be without each of the files. */
async function readMeasuredWith(folder: string, problems: Problem[]): Promise<MeasuredWith> {
  const read = (name: string) =>
    readOptional(join(resolve(folder), "golden", name), goldenFile(folder, name), problems);
  const unaidedFiles: (AskedFile & { of: Unaided })[] = [];
  for (const of of UNAIDED) {
    const { name, lang } = UNAIDED_FILES[of];
    const text = await read(name);
    if (text !== null) unaidedFiles.push({ of, file: goldenFile(folder, name), text, lang });
  }
  return { unaidedFiles, heldOut: heldOutIn((await read("held-out.tsv")) ?? "") };
}

/** As problems name it. */
function goldenFile(folder: string, name: string): string {
  return `${basename(resolve(folder))}/golden/${name}`;
}

/** `golden/held-out.tsv`: passage TAB question. */
function heldOutIn(text: string): HeldOut[] {
  return text.split("\n").flatMap((line) => {
    const [passage, question] = line.split("\t");
    return passage && question ? [{ passage, question }] : [];
  });
}

/** Several folders as one, for the tools that measure finding. What has faults is named on stderr and left out. */
export async function measurable(folders: readonly string[]): Promise<Measurable> {
  const all = await Promise.all(folders.map(loadKnowledge));
  const problems = all.flatMap((one) => one.problems);
  const read = all[0] && readSearchFiles(all[0].files);
  problems.push(...(read?.problems ?? []));
  const unaidedFiles = all
    .flatMap((one) => one.unaidedFiles)
    .map(({ file, text, of }) => ({ of, ...readAsked(text, file) }));
  problems.push(...unaidedFiles.flatMap((one) => one.problems));
  for (const p of problems)
    console.error(`left out: ${p.file ?? ""}:${p.line ?? ""} ${p.field ?? ""} ${p.message}`);
  if (!read?.data) throw new Error(`${folders[0] ?? "knowledge"}/search cannot be used`);
  const { data } = read;
  const asked = (which: Unaided) => unaidedFiles.flatMap((one) => (one.of === which ? one.asked : []));
  const articles = all.flatMap((one) => one.articles);
  return {
    articles,
    services: all.flatMap((one) => one.services),
    provinces: all.flatMap((one) => one.provinces),
    golden: all.flatMap((one) => one.golden),
    heldOut: all.flatMap((one) => one.heldOut),
    unaided: asked("unaided"),
    unaidedEnglish: asked("unaidedEnglish"),
    tellings: asked("tellings"),
    data,
    indexFor(lang) {
      const text = all[0]?.files.meanings?.[lang];
      const meaning = text === undefined ? null : readMeaning(text, lang);
      return indexKnowledge(textsOf(articles, lang), dataFor(lang, data), { meaning });
    },
  };
}
