/** Trains the ear's linear model from our own phrases: the same phrases and rules always give the same bytes. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LEVELS, rank } from "../core/level.ts";
import { hearRules } from "../core/triage/assess.ts";
import { compile } from "../core/triage/compile.ts";
import { LIGHT, makeFinder } from "../core/triage/features.ts";
import { makeListener } from "../core/triage/listen.ts";
import type { StoredModel } from "../core/triage/model.ts";
import { packWeights } from "../core/weights.ts";
import { joinedText } from "./joined-rules.ts";
import { composeFamilies, joinTellings, readTold, type Told, throwWords } from "./phrase-families.ts";
import { FORMS, inForm, seeded } from "./phrase-forms.ts";
import { readRiskFolder } from "./read-risk.ts";

const FOLDER = "knowledge/risk";
/** So many that a feature which was never learnt shares its number with a learnt one in 2 of 100 cases. */
const BUCKETS = 1 << 24;
const HALF = BUCKETS / 2;
/** What only one family has says more of that family than of danger. */
const FAMILIES = 2;
/** Sentences composed of each family, and lines of thrown words. */
const EACH = 4;
const THROWN = 2000;
const EPOCHS = 20;
const RATE = 0.35;
const DECAY = 1e-4;
/**
 * Squares of steps begin with this, so that what is seen seldom moves slowly: with 0.001 a feature of two families
 * weighed as much as one of two hundred after its first looks.
 */
const BEGIN = 1;
/** This share of a sentence's features is hidden each time it is learnt from, so that none is relied on alone. */
const HIDDEN = 0.35;
/** Learnt several times, in other orders and with other features hidden: their mean depends less on chance than each. */
const RUNS = ["first", "second", "third"];
/** Rare levels weigh more, but not as much as if all were equally frequent. */
const RARITY = 0.5;
/** Composed families and thrown words; the rules were written beside them. */
const HOME = "home";
const CLASSES = LEVELS.length;

/** Everything that the model learns, each sentence with its author. */
export function learningSet(phrases: string): Told[] {
  const ours = [...composeFamilies(phrases, EACH), ...throwWords(phrases, THROWN)];
  const told = readTold(phrases);
  return [...ours.map((s) => ({ ...s, author: HOME })), ...told, ...joinTellings(told)];
}

/** Features that there is room for at first. */
const ROOM = 1 << 26;

/** The features of all sentences in all written forms, one after the other. */
export interface Lessons {
  readonly sentences: readonly Told[];
  /** Of each example: its sentence, and where its features begin. */
  readonly sentence: Int32Array;
  readonly begin: Int32Array;
  readonly worth: Float32Array;
  readonly features: Int32Array;
}

/** Hears every sentence in every form. What rules heard in phrases that they were written beside proves nothing, so it is left out there. */
export function prepare(folder: string, sentences: readonly Told[]): Lessons {
  const { rules } = readRiskFolder(folder);
  const compiled = compile(rules);
  const listener = makeListener(rules, compiled.vocabulary);
  const find = makeFinder(compiled, BUCKETS);
  const worths: number[] = [];
  const sentence: number[] = [];
  const begin: number[] = [0];
  // An array of plain numbers ends at some 130 million; these are nearly as many.
  let features = new Int32Array(ROOM);
  let filled = 0;
  sentences.forEach(({ text, author }, i) => {
    for (const written of new Set(FORMS.map((form) => inForm(text, form)))) {
      const { scene, facts } = hearRules(written, compiled, listener);
      const clues = author.startsWith("told") ? facts : [];
      const { list, count, worth } = find(scene, clues, 0, scene.tokens.length);
      if (filled + count > features.length) features = widened(features);
      features.set(list.subarray(0, count), filled);
      filled += count;
      worths.push(worth);
      sentence.push(i);
      begin.push(filled);
    }
  });
  return {
    sentences,
    sentence: Int32Array.from(sentence),
    begin: Int32Array.from(begin),
    worth: Float32Array.from(worths),
    features: features.subarray(0, filled),
  };
}

function widened(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(2 * numbers.length);
  wider.set(numbers);
  return wider;
}

/** Makes the stored model from the lessons whose author is not `without`. */
export function train(lessons: Lessons, without?: string): StoredModel {
  const chosen = [...lessons.sentence.keys()].filter(
    (i) => lessons.sentences[lessons.sentence[i] ?? 0]?.author !== without,
  );
  const learnt = learntFeatures(lessons, chosen);
  const { weights, bias } = average(RUNS.map((run) => regress(lessons, chosen, learnt, run)));
  // Stored as they are used: with what a feature of their half is worth.
  for (let at = learnt.light * CLASSES; at < weights.length; at++) weights[at] = (weights[at] ?? 0) * LIGHT;
  const scale = Array.from({ length: CLASSES }, () => 1e-6);
  weights.forEach((w, i) => {
    scale[i % CLASSES] = Math.max(scale[i % CLASSES] ?? 0, Math.abs(w) / 127);
  });
  const rounded = scale.map((s) => Number(s.toPrecision(8)));
  const rows = Int8Array.from(weights, (w, i) => Math.round(w / (rounded[i % CLASSES] ?? 1)));
  const speaking = [...learnt.buckets.keys()].filter((row) => rowAt(rows, row).some((w) => w !== 0));
  return {
    version: `${lessons.sentences.length} sentences, ${chosen.length} written forms`,
    buckets: BUCKETS,
    bias: [...bias].map((b) => Number(b.toFixed(6))),
    scale: rounded,
    weights: packWeights(
      Int32Array.from(speaking, (row) => learnt.buckets[row] ?? 0),
      Int8Array.from(speaking.flatMap((row) => [...rowAt(rows, row)])),
    ),
  };
}

function rowAt(rows: Int8Array, row: number): Int8Array {
  return rows.subarray(row * CLASSES, (row + 1) * CLASSES);
}

/** The features that are learnt, numbered anew without gaps. */
interface LearntFeatures {
  /** In rising order. */
  readonly buckets: Int32Array;
  /** From this number on they are of the upper half. */
  readonly light: number;
  /** Number of each bucket, or -1. */
  readonly numbers: Int32Array;
}

function learntFeatures(
  { sentences, sentence, begin, features }: Lessons,
  chosen: readonly number[],
): LearntFeatures {
  const families = new Map<string, number>();
  const last = new Int32Array(BUCKETS).fill(-1);
  const seen = new Uint8Array(BUCKETS);
  for (const i of chosen) {
    const name = sentences[sentence[i] ?? 0]?.family ?? "";
    const family = families.get(name) ?? families.size;
    families.set(name, family);
    for (let p = begin[i] ?? 0; p < (begin[i + 1] ?? 0); p++) {
      const bucket = features[p] ?? 0;
      if (last[bucket] === family) continue;
      last[bucket] = family;
      seen[bucket] = Math.min((seen[bucket] ?? 0) + 1, FAMILIES);
    }
  }
  const numbers = new Int32Array(BUCKETS).fill(-1);
  const buckets: number[] = [];
  seen.forEach((n, bucket) => {
    if (n >= FAMILIES) numbers[bucket] = buckets.push(bucket) - 1;
  });
  return { buckets: Int32Array.from(buckets), light: buckets.filter((b) => b < HALF).length, numbers };
}

/** What each example weighs: every family the same in all, rare levels more. */
function importance(lessons: Lessons, chosen: readonly number[]): Float64Array {
  const sentenceOf = (i: number): Told | undefined => lessons.sentences[lessons.sentence[i] ?? 0];
  const forms = new Map<string, number>();
  for (const i of chosen) {
    const family = sentenceOf(i)?.family ?? "";
    forms.set(family, (forms.get(family) ?? 0) + 1);
  }
  const own = chosen.map((i) => FORMS.length / (forms.get(sentenceOf(i)?.family ?? "") ?? 1));
  const perLevel = new Array<number>(CLASSES).fill(0);
  const levelOf = (i: number): number => rank(sentenceOf(i)?.level ?? "none");
  chosen.forEach((i, k) => {
    perLevel[levelOf(i)] = (perLevel[levelOf(i)] ?? 0) + (own[k] ?? 0);
  });
  const all = perLevel.reduce((sum, n) => sum + n, 0);
  return Float64Array.from(
    chosen,
    (i, k) => (own[k] ?? 0) * (all / (CLASSES * (perLevel[levelOf(i)] ?? 1))) ** RARITY,
  );
}

interface Learnt {
  readonly weights: Float32Array;
  readonly bias: Float64Array;
}

function average(runs: readonly Learnt[]): Learnt {
  const mean = (at: (run: Learnt) => number): number =>
    runs.reduce((sum, run) => sum + at(run), 0) / runs.length;
  return {
    weights: Float32Array.from({ length: runs[0]?.weights.length ?? 0 }, (_, i) =>
      mean((run) => run.weights[i] ?? 0),
    ),
    bias: Float64Array.from({ length: CLASSES }, (_, c) => mean((run) => run.bias[c] ?? 0)),
  };
}

/** Logistic regression over the five levels by AdaGrad; `run` decides its chance. */
function regress(
  lessons: Lessons,
  chosen: readonly number[],
  { buckets, light, numbers }: LearntFeatures,
  run: string,
): Learnt {
  const { begin, features } = lessons;
  const weights = new Float32Array(buckets.length * CLASSES);
  const squares = new Float32Array(buckets.length * CLASSES).fill(BEGIN);
  const bias = new Float64Array(CLASSES);
  const biasSquares = new Float64Array(CLASSES).fill(1e-3);
  const weight = importance(lessons, chosen);
  const next = seeded(`order ${run}`);
  const order = chosen.map((_, k) => k);
  const chance = seeded(`hidden ${run}`);
  const shown = new Int32Array(longest(begin));
  const error = new Float64Array(CLASSES);
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    shuffle(order, next);
    for (const k of order) {
      const i = chosen[k] ?? 0;
      let count = 0;
      for (let p = begin[i] ?? 0; p < (begin[i + 1] ?? 0); p++) {
        const number = numbers[features[p] ?? 0] ?? -1;
        if (number >= 0 && chance() >= HIDDEN) shown[count++] = number;
      }
      const x = (lessons.worth[i] ?? 1) / (1 - HIDDEN);
      predict(weights, bias, shown.subarray(0, count), light, x, error);
      const label = rank(lessons.sentences[lessons.sentence[i] ?? 0]?.level ?? "none");
      error[label] = (error[label] ?? 0) - 1;
      for (let c = 0; c < CLASSES; c++) {
        const e = (error[c] ?? 0) * (weight[k] ?? 0);
        for (let p = 0; p < count; p++) {
          const feature = shown[p] ?? 0;
          const at = feature * CLASSES + c;
          const gradient = e * x * (feature < light ? 1 : LIGHT) + DECAY * (weights[at] ?? 0);
          squares[at] = (squares[at] ?? 0) + gradient * gradient;
          weights[at] = (weights[at] ?? 0) - (RATE * gradient) / Math.sqrt(squares[at] ?? 1);
        }
        biasSquares[c] = (biasSquares[c] ?? 0) + e * e;
        bias[c] = (bias[c] ?? 0) - (RATE * e) / Math.sqrt(biasSquares[c] ?? 1);
      }
    }
  }
  return { weights, bias };
}

/** The most features that one example has. */
function longest(begin: Int32Array): number {
  return begin.reduce((most, from, i) => Math.max(most, (begin[i + 1] ?? from) - from), 0);
}

/** Fills `out` with the probability of each level. */
function predict(
  weights: Float32Array,
  bias: Float64Array,
  features: Int32Array,
  light: number,
  x: number,
  out: Float64Array,
): void {
  let most = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < CLASSES; c++) {
    let sum = 0;
    for (const feature of features) {
      sum += (weights[feature * CLASSES + c] ?? 0) * (feature < light ? 1 : LIGHT);
    }
    out[c] = (bias[c] ?? 0) + sum * x;
    most = Math.max(most, out[c] ?? 0);
  }
  let all = 0;
  for (let c = 0; c < CLASSES; c++) {
    out[c] = Math.exp((out[c] ?? 0) - most);
    all += out[c] ?? 0;
  }
  for (let c = 0; c < CLASSES; c++) out[c] = (out[c] ?? 0) / all;
}

function shuffle(list: number[], next: () => number): void {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    const a = list[i] ?? 0;
    list[i] = list[j] ?? 0;
    list[j] = a;
  }
}

/** Says whether a stored file is what our phrases and rules give, or writes it. */
function keep(file: string, text: string, check: boolean): void {
  if (!check) {
    writeFileSync(file, text);
    process.stdout.write(`${file}: ${text.length} bytes\n`);
    return;
  }
  const same = existsSync(file) && readFileSync(file, "utf8") === text;
  process.stdout.write(
    same ? `${file} is what our phrases and rules give\n` : `${file} differs: run npm run triage:train\n`,
  );
  if (!same) process.exitCode = 1;
}

if (process.argv[1] && import.meta.filename === process.argv[1]) {
  const check = process.argv.includes("--check");
  const model = train(prepare(FOLDER, learningSet(join(FOLDER, "phrases"))));
  keep(join(FOLDER, "model.json"), `${JSON.stringify(model, null, 1)}\n`, check);
  keep(join(FOLDER, "joined.json"), joinedText(FOLDER, readRiskFolder(FOLDER).rules), check);
}
