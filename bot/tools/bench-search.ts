/** `npm run bench:search`: our ranking beside the peers', in one run, on the same passages and questions: finding and time. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { readCorpus } from "../core/retrieval/corpus.ts";
import { buildIndex, type Passage } from "../core/retrieval/index.ts";
import { makeCorpusSearch } from "../core/retrieval/make-search.ts";
import { makeReader, readQuestion } from "../core/retrieval/query.ts";
import type { SearchData } from "../core/retrieval/tuning.ts";
import { mixedPassages, officialPassages } from "./bench-collection.ts";
import { measurable } from "./knowledge-files.ts";
import { PEERS, type ReadyQuestion } from "./search-peers.ts";
import { FORMS, type Form, inForm } from "./written-forms.ts";

interface Asked {
  readonly question: string;
  /** Right passages, or right articles of ours. */
  readonly ids: readonly string[];
}

interface Collection {
  readonly name: string;
  readonly passages: readonly Passage[];
  readonly questions: readonly Asked[];
}

const { values } = parseArgs({
  options: {
    knowledge: { type: "string", multiple: true, default: ["knowledge"] },
    corpus: { type: "string" },
    questions: { type: "string" },
    size: { type: "string", default: "10000" },
    only: { type: "string" },
    sample: { type: "string", default: "300" },
  },
});
const root = values.knowledge[0] ?? "knowledge";
const { articles, golden: asked, data } = await measurable(values.knowledge);
for (const collection of collections()) await compare(collection, data);

function text(file: string): string {
  const bytes = readFileSync(file);
  return (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString("utf8");
}

function collections(): Collection[] {
  if (values.corpus) {
    const { passages } = readCorpus(text(values.corpus).split("\n"), values.corpus);
    const questions = text(values.questions ?? "")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Asked);
    return [{ name: values.corpus, passages, questions }];
  }
  const official = officialPassages(text(join(root, "..", "test/core/retrieval/official.txt")));
  const own = articles.flatMap((article) =>
    article.passages.map(
      (p): Passage => ({ id: p.id, title: `${article.title.vi}. ${p.heading.vi}`, text: p.text.vi }),
    ),
  );
  const golden = asked.filter(({ ids }) => own.some(({ id }) => ids.includes(id.replace(/#.*/, ""))));
  const all = [...official.passages, ...own];
  const size = Number(values.size);
  const mixed = mixedPassages(all, Math.max(0, size - all.length));
  return [
    { name: "official text, lay questions", passages: official.passages, questions: official.questions },
    { name: "our passages without their alias questions", passages: own, questions: golden },
    {
      name: `both among ${size} mixed`,
      passages: [...all, ...mixed],
      questions: [...official.questions, ...golden],
    },
  ];
}

async function compare({ name, passages, questions }: Collection, tuning: SearchData): Promise<void> {
  console.log(`\n${name}: ${passages.length} passages, ${questions.length} questions`);
  console.log("engine            build s   p50 ms  form      R@1    R@3    R@10   MRR@10");
  const reader = makeReader(tuning);
  const plainIndex = buildIndex(passages, tuning.weights.index, reader.synonyms);
  const ready = (line: string): ReadyQuestion => {
    const { syllables, marked } = readQuestion(line, reader, plainIndex);
    const mark = (s: { fold: string; mark: string }) => s.mark;
    return { folded: syllables.map((s) => s.fold), marked: marked ? syllables.map(mark) : [] };
  };
  const started = performance.now();
  const search = makeCorpusSearch(passages, tuning);
  const built = performance.now() - started;
  if (!values.only || values.only.includes("ours")) {
    await report("ours", built, questions, (line) =>
      search({ text: line, limit: 10 }).hits.map(({ id }) => id),
    );
  }
  for (const peer of PEERS) {
    if (values.only && !values.only.includes(peer.name)) continue;
    await comparePeer(peer, passages, questions, ready);
  }
}

async function comparePeer(
  peer: (typeof PEERS)[number],
  passages: readonly Passage[],
  questions: readonly Asked[],
  ready: (line: string) => ReadyQuestion,
): Promise<void> {
  const started = performance.now();
  let rank: Awaited<ReturnType<typeof peer.build>>;
  try {
    rank = await peer.build(passages);
  } catch (error) {
    console.log(
      `${peer.name.padEnd(16)} left out: ${error instanceof Error ? error.message.split("\n")[0] : error}`,
    );
    return;
  }
  await report(peer.name, performance.now() - started, questions, (line) => rank(ready(line), 10));
}

/** Every engine gets the same sample, so that shares can be compared; the slow ones take a tenth of a second a question. */
function sampleOf(questions: readonly Asked[]): readonly Asked[] {
  const most = Number(values.sample);
  return questions.length <= most
    ? questions
    : questions.filter((_, i) => i % Math.ceil(questions.length / most) === 0);
}

async function report(
  name: string,
  built: number,
  questions: readonly Asked[],
  rank: (line: string) => Promise<string[]> | string[],
): Promise<void> {
  const times: number[] = [];
  const rows: string[] = [];
  const asked = sampleOf(questions);
  for (const form of FORMS) {
    let [r1, r3, r10, mrr] = [0, 0, 0, 0];
    for (const { question, ids } of asked) {
      const line = inForm(question, form as Form);
      const start = performance.now();
      const found = await rank(line);
      times.push(performance.now() - start);
      const place = found.findIndex((id) => ids.includes(id) || ids.includes(id.replace(/#\d+$/, "")));
      if (place < 0) continue;
      r1 += place === 0 ? 1 : 0;
      r3 += place < 3 ? 1 : 0;
      r10 += 1;
      mrr += 1 / (place + 1);
    }
    const share = (n: number) => ((100 * n) / asked.length).toFixed(1).padStart(6);
    rows.push(`${form.padEnd(9)}${share(r1)} ${share(r3)} ${share(r10)} ${share(mrr)}`);
  }
  times.sort((a, b) => a - b);
  const p50 = times[times.length >> 1] ?? 0;
  const sampled = asked.length < questions.length ? ` (${asked.length} asked)` : "";
  rows.forEach((row, i) => {
    const head =
      i === 0
        ? `${name.padEnd(16)} ${(built / 1000).toFixed(2).padStart(7)} ${p50.toFixed(3).padStart(8)}`
        : " ".repeat(33);
    console.log(`${head}  ${row}${i === 0 ? sampled : ""}`);
  });
}
