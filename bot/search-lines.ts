/** The `search` verb of the command line: questions in, one a line; answers out, one JSON a line, in order. */

import { readFileSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { gunzipSync } from "node:zlib";
import { langOf } from "./core/language.ts";
import type { Problem } from "./core/problem.ts";
import { readCorpus } from "./core/retrieval/corpus.ts";
import { makeCorpusSearch } from "./core/retrieval/make-search.ts";
import type { Search } from "./core/retrieval/search.ts";
import type { SearchData } from "./core/retrieval/tuning.ts";
import { outlet } from "./tools/outlet.ts";

export interface SearchLinesOptions {
  /** Hits for each question. */
  readonly k: number;
  /** A `.jsonl` or `.jsonl.gz` file to search instead of our knowledge. */
  readonly corpus?: string;
  /** Today, "2026-11-22": what has expired is not shown. */
  readonly today: string;
}

/** Our own knowledge, made only when it is asked: with `--corpus` nothing else is read. */
export interface OwnKnowledge {
  readonly data: SearchData;
  readonly search: () => Search;
}

/**
 * Answers every line of `input` on `output`. Ends early when nobody reads the answers any more. Gives back the faults of the
 * corpus file, if any; throws only when the file cannot be read at all.
 */
export async function searchLines(
  options: SearchLinesOptions,
  own: OwnKnowledge,
  input: Readable,
  output: Writable,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const ask = options.corpus
    ? corpusAsker(options.corpus, options.k, own.data, problems)
    : knowledgeAsker(own.search(), options);
  const out = outlet(output);
  for await (const query of questionsOf(input)) {
    const { answered, hits } = ask(query);
    const line = `${JSON.stringify({ query, answered, hits: hits.map(shown) })}\n`;
    if (!(await out.write(line))) break;
  }
  return problems;
}

/** Lines of a stream. Only a line feed ends one: readline would also cut at U+2028, and answers would no longer match. */
async function* questionsOf(input: Readable): AsyncGenerator<string> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of input) {
    rest += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield line.replace(/\r$/, "");
  }
  rest += decoder.decode();
  if (rest !== "") yield rest;
}

type Ask = (text: string) => ReturnType<Search>;

function knowledgeAsker(search: Search, { k, today }: SearchLinesOptions): Ask {
  return (text) => search({ text, lang: langOf(text), limit: k, today });
}

function corpusAsker(file: string, k: number, data: SearchData, problems: Problem[]): Ask {
  const bytes = readFileSync(file);
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const text = (zipped ? gunzipSync(bytes) : bytes).toString("utf8");
  const read = readCorpus(linesOf(text), file);
  problems.push(...read.problems);
  const search = makeCorpusSearch(read.passages, data);
  return (question) => search({ text: question, limit: k });
}

function* linesOf(text: string): Generator<string> {
  let from = 0;
  while (from <= text.length) {
    const end = text.indexOf("\n", from);
    yield text.slice(from, end < 0 ? text.length : end).replace(/^\uFEFF/, "");
    if (end < 0) return;
    from = end + 1;
  }
}

function shown({ id, title, text, score }: ReturnType<Search>["hits"][number]) {
  return { id, title, text, score: Math.round(score * 1000) / 1000 };
}
