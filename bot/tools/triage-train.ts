/** Trains the ear's linear model from our own phrases: the same phrases and rules always give the same bytes. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LEVELS, rank } from "../core/level.ts";
import { hearRules } from "../core/triage/assess.ts";
import { compile } from "../core/triage/compile.ts";
import { makeListener } from "../core/triage/listen.ts";
import { CUTS, featuresOf, norm, type StoredModel } from "../core/triage/model.ts";
import { composeFamilies, type Labelled, throwWords } from "./phrase-families.ts";
import { FORMS, inForm, seeded } from "./phrase-forms.ts";
import { readRiskFolder } from "./read-risk.ts";

const FOLDER = "knowledge/risk";
const BUCKETS = 1 << 16;
const EACH = 12;
const THROWN = 3000;
const EPOCHS = 8;
const RATE = 0.35;
const DECAY = 2e-5;
/** Chosen on the held-out families and the ordinary lines of our own; see knowledge/risk/README.md. */
const THRESHOLDS = {
  low: [0.65, 0.65],
  medium: [0.6, 0.5],
  high: [0.85, 0.5],
  emergency: [0.6, 0.4],
} as const;

/** Every fifth family is for testing only, by a hash of its words, so that new families do not move old ones. */
export function isHeldOut(family: string): boolean {
  return seeded(`split:${family}`)() < 0.2;
}

/** All families and thrown words; `keepOut` leaves out the families that are held out, for an honest measure. */
export function learningSet(phrases: string, keepOut = false): Labelled[] {
  const families = composeFamilies(phrases, EACH).filter((s) => !keepOut || !isHeldOut(s.family));
  return [...families, ...throwWords(phrases, THROWN)];
}

interface Example {
  readonly features: readonly number[];
  readonly rank: number;
}

/** Makes the stored model from labelled sentences; `forms`: in how many of the written forms each is learnt. */
export function train(folder: string, sentences: readonly Labelled[]): StoredModel {
  const { rules } = readRiskFolder(folder);
  const compiled = compile(rules);
  const listener = makeListener(rules, compiled.vocabulary);
  const examples: Example[] = sentences.flatMap(({ text, level }) =>
    [...new Set(FORMS.map((form) => inForm(text, form)))].map((written) => {
      const { scene } = hearRules(written, compiled, listener);
      return { features: featuresOf(scene, compiled, BUCKETS), rank: rank(level) };
    }),
  );
  const order = shuffled(examples, seeded("order"));
  const cuts = CUTS.map((level) => {
    const { weights, bias } = regress(order, LEVELS.indexOf(level));
    const scale = weights.reduce((most, w) => Math.max(most, Math.abs(w)), 1e-6) / 127;
    const small = Int8Array.from(weights, (w) => Math.round(w / scale));
    return {
      level,
      bias: Number(bias.toFixed(6)),
      scale: Number(scale.toPrecision(8)),
      threshold: THRESHOLDS[level][0],
      threshold_heard: THRESHOLDS[level][1],
      weights: Buffer.from(small.buffer).toString("base64"),
    };
  });
  return {
    version: `${sentences.length} sentences, ${examples.length} written forms`,
    buckets: BUCKETS,
    cuts,
  };
}

/** Logistic regression by AdaGrad; both sides of the cut weigh the same. */
function regress(examples: readonly Example[], cut: number): { weights: Float64Array; bias: number } {
  const weights = new Float64Array(BUCKETS);
  const squares = new Float64Array(BUCKETS).fill(1e-3);
  let bias = 0;
  let biasSquare = 1e-3;
  const above = examples.filter((e) => e.rank >= cut).length;
  const weightOf = [
    examples.length / (2 * (examples.length - above)),
    examples.length / (2 * above),
  ] as const;
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    for (const { features, rank: label } of examples) {
      const y = label >= cut ? 1 : 0;
      const x = 1 / norm(features.length);
      let sum = bias;
      for (const f of features) sum += (weights[f] ?? 0) * x;
      const error = (1 / (1 + Math.exp(-sum)) - y) * weightOf[y];
      for (const f of features) {
        const gradient = error * x + DECAY * (weights[f] ?? 0);
        squares[f] = (squares[f] ?? 0) + gradient * gradient;
        weights[f] = (weights[f] ?? 0) - (RATE * gradient) / Math.sqrt(squares[f]);
      }
      biasSquare += error * error;
      bias -= (RATE * error) / Math.sqrt(biasSquare);
    }
  }
  return { weights, bias };
}

function shuffled<T>(list: readonly T[], next: () => number): T[] {
  const mixed = [...list];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    const a = mixed[i];
    const b = mixed[j];
    if (a !== undefined && b !== undefined) [mixed[i], mixed[j]] = [b, a];
  }
  return mixed;
}

if (process.argv[1] && import.meta.filename === process.argv[1]) {
  const file = join(FOLDER, "model.json");
  const phrases = join(FOLDER, "phrases");
  const learnt = learningSet(phrases);
  const text = `${JSON.stringify(train(FOLDER, learnt), null, 1)}\n`;
  if (process.argv.includes("--check")) {
    const same = readFileSync(file, "utf8") === text;
    process.stdout.write(
      same
        ? "the stored model is the one that these phrases give\n"
        : "the stored model differs: run npm run triage:train\n",
    );
    process.exitCode = same ? 0 : 1;
  } else {
    writeFileSync(file, text);
    process.stdout.write(`${file}: ${learnt.length} sentences, ${text.length} bytes\n`);
  }
}
