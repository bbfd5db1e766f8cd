/** `npm run bench:search`: our ranking beside the peers', in one run, on the same passages and questions: finding, time and memory. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { gunzipSync } from "node:zlib";
import { readCorpus } from "../core/retrieval/corpus.ts";
import { buildIndex } from "../core/retrieval/index.ts";
import { makeCorpusSearch } from "../core/retrieval/make-search.ts";
import { makeReader, readQuestion } from "../core/retrieval/query.ts";
import { type Asked, type Collection, collections } from "./bench-collection.ts";
import { measurable } from "./knowledge-files.ts";
import { PEERS, type ReadyQuestion } from "./search-peers.ts";
import { FORMS, type Form, inForm } from "./written-forms.ts";

const { values } = parseArgs({
  options: {
    knowledge: { type: "string", multiple: true, default: ["knowledge"] },
    /** A collection of one's own, `{"id","title"?,"text"}` a line, with its questions, `{"question","ids"}` a line. */
    corpus: { type: "string" },
    questions: { type: "string" },
    /** Passages of the largest collections. */
    size: { type: "string", default: "10000" },
    /** Engines, parted by commas. */
    only: { type: "string" },
    /** Collections whose name has this. */
    collection: { type: "string" },
    sample: { type: "string", default: "300" },
  },
});
const root = values.knowledge[0] ?? "knowledge";
const { articles, golden, data } = await measurable(values.knowledge);
const chosen = values.only?.split(",").map((name) => name.trim());
setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;
/** Twice: what the engine before held goes only with the second. */
const collectGarbage = () => {
  gc();
  gc();
};

type Ask = (line: string) => Promise<string[]> | string[];

interface Contender {
  readonly name: string;
  readonly build: () => Promise<Ask>;
}

/** What one engine reached in one form; shares of the questions. */
interface Found {
  readonly form: Form;
  readonly first: number;
  readonly three: number;
  readonly ten: number;
  readonly reciprocal: number;
}

interface Measured {
  readonly name: string;
  readonly found: readonly Found[];
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
}

for (const collection of values.corpus
  ? [ownCollection(values.corpus, values.questions ?? "")]
  : collections(join(root, "..", "test/core/retrieval"), articles, golden, Number(values.size))) {
  if (!collection.name.includes(values.collection ?? "")) continue;
  await compare(collection);
}

function ownCollection(corpus: string, questions: string): Collection {
  return {
    name: corpus,
    passages: readCorpus(text(corpus).split("\n"), corpus).passages,
    questions: text(questions)
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Asked),
  };
}

function text(file: string): string {
  const bytes = readFileSync(file);
  return (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString("utf8");
}

async function compare({ name, passages, questions }: Collection): Promise<void> {
  console.log(`\n${name}: ${passages.length} passages, ${questions.length} questions`);
  console.log("engine            build s      MB   p50 ms   p95 ms  form        R@1    R@3   R@10 MRR@10");
  // Without our synonyms: what is part of one is not repaired, and a peer has no use for it.
  const reader = makeReader({ ...data, synonyms: [] });
  const plainIndex = buildIndex(passages, data.weights.index, reader.synonyms);
  const ready = (line: string): ReadyQuestion => {
    const { syllables, marked } = readQuestion(line, reader, plainIndex);
    const mark = (s: { fold: string; mark: string }) => s.mark;
    return { folded: syllables.map((s) => s.fold), marked: marked ? syllables.map(mark) : [] };
  };
  const contenders: Contender[] = [
    {
      name: "ours",
      build: async () => {
        const search = makeCorpusSearch(passages, data);
        return (line) => search({ text: line, limit: 10 }).hits.map(({ id }) => id);
      },
    },
    ...PEERS.map(({ name, build }) => ({
      name,
      build: async () => {
        const rank = await build(passages);
        // To read the question counts for each: ours does it itself.
        return (line: string) => rank(ready(line), 10);
      },
    })),
  ];
  const all: Measured[] = [];
  for (const { name, build } of contenders) {
    if (chosen && !chosen.includes(name)) continue;
    collectGarbage();
    const before = held();
    const started = performance.now();
    let ask: Ask;
    try {
      ask = await build();
    } catch (error) {
      console.log(
        `${name.padEnd(16)} left out: ${error instanceof Error ? error.message.split("\n")[0] : error}`,
      );
      continue;
    }
    const built = performance.now() - started;
    collectGarbage();
    const memory = (held() - before) / 2 ** 20;
    all.push(print(built, memory, await measure(name, sampleOf(questions), ask)));
  }
  sayWhereAhead(all);
}

function held(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Every engine gets the same sample, so that shares can be compared; the slow ones take a tenth of a second a question. */
function sampleOf(questions: readonly Asked[]): readonly Asked[] {
  const most = Number(values.sample);
  return questions.length <= most
    ? questions
    : questions.filter((_, i) => i % Math.ceil(questions.length / most) === 0);
}

async function measure(name: string, questions: readonly Asked[], ask: Ask): Promise<Measured> {
  // Code that has not run is not compiled yet: that is no engine's own time.
  for (const { question } of questions.slice(0, 60)) await ask(question);
  const times: number[] = [];
  const found: Found[] = [];
  for (const form of FORMS) {
    let [first, three, ten, reciprocal] = [0, 0, 0, 0];
    for (const { question, ids } of questions) {
      const line = inForm(question, form);
      const start = performance.now();
      const ranked = await ask(line);
      times.push(performance.now() - start);
      const place = ranked.findIndex((id) => ids.includes(id) || ids.includes(id.replace(/#\d+$/, "")));
      if (place < 0) continue;
      if (place === 0) first++;
      if (place < 3) three++;
      ten++;
      reciprocal += 1 / (place + 1);
    }
    const n = Math.max(1, questions.length);
    found.push({ form, first: first / n, three: three / n, ten: ten / n, reciprocal: reciprocal / n });
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? 0;
  return { name, found, p50: at(0.5), p95: at(0.95) };
}

function print(built: number, memory: number, measured: Measured): Measured {
  measured.found.forEach(({ form, first, three, ten, reciprocal }, i) => {
    const head = [
      measured.name.padEnd(16),
      (built / 1000).toFixed(2).padStart(8),
      memory.toFixed(1).padStart(7),
      measured.p50.toFixed(3).padStart(8),
      measured.p95.toFixed(3).padStart(8),
    ].join(" ");
    const shares = [first, three, ten, reciprocal].map((x) => (100 * x).toFixed(1).padStart(6)).join(" ");
    console.log(`${i === 0 ? head : " ".repeat(head.length)}  ${form.padEnd(9)}${shares}`);
  });
  return measured;
}

/** In how many of the twelve cells (three forms, four figures) a peer stands ahead of us, and how its time compares. */
function sayWhereAhead(all: readonly Measured[]): void {
  const ours = all.find(({ name }) => name === "ours");
  if (!ours) return;
  const figures = ["first", "three", "ten", "reciprocal"] as const;
  for (const peer of all) {
    if (peer === ours) continue;
    const ahead = peer.found.flatMap((theirs, i) =>
      figures
        .filter((figure) => theirs[figure] > (ours.found[i]?.[figure] ?? 0) + 1e-9)
        .map((f) => `${theirs.form} ${f}`),
    );
    const time = `${(ours.p50 / peer.p50).toFixed(2)} of its median time`;
    const cells =
      ahead.length === 0
        ? "ahead in every cell"
        : `behind in ${ahead.length} of 12 cells: ${ahead.join(", ")}`;
    console.log(`  ours beside ${peer.name}: ${cells}; ${time}`);
  }
}
