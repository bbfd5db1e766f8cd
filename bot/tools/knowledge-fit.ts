/**
 * `npm run knowledge:fit`: learns what each sign of a passage counts and where the silence bar stands. From what people asked
 * unaided and from what is not ours to answer, each block of it asked of an index that has not learned it, and from the
 * golden questions that are not marked "unseen". Prints the lines for `knowledge/search/weights.yaml`, `silence.yaml` and
 * `english.yaml`; the unseen questions stay for `npm run knowledge:eval`. What words mean is learned anew for each block, else it
 * would know the block's questions. Takes about half an hour, reckoned from what `knowledge:learn` takes.
 */

import { parseArgs } from "node:util";
import { langOf } from "../core/language.ts";
import type { Lang } from "../core/message.ts";
import { featureRows } from "../core/retrieval/features.ts";
import { type Evidence, makeEvidence, makeKnowledgeFinder, SIGNS } from "../core/retrieval/knowledge.ts";
import { AS_WELL, indexKnowledge, lessonsOf, textsOf } from "../core/retrieval/knowledge-index.ts";
import { dataFor } from "../core/retrieval/lang.ts";
import { learnMeaning } from "../core/retrieval/learn-meaning.ts";
import { unpackMeaning } from "../core/retrieval/meaning.ts";
import { type Measures, makeNever } from "../core/retrieval/silence.ts";
import type { SearchData } from "../core/retrieval/tuning.ts";
import { measurable } from "./knowledge-files.ts";
import { FORMS, type Form, inForm } from "./written-forms.ts";

const { values } = parseArgs({
  options: {
    knowledge: { type: "string", multiple: true, default: ["knowledge"] },
    folds: { type: "string", default: "5" },
    /** Of a hundred questions that are not ours, so many may be answered: each is unlike all that the bar knows, which few are. */
    "false-answers": { type: "string", default: "7" },
    /** Fits the bars beside the weights of today, whatever was learned. */
    bars: { type: "boolean", default: false },
  },
});
const folds = Number(values.folds);
const { articles, data, golden: all } = await measurable(values.knowledge);
const passageIds = articles.flatMap(({ passages }) => passages.map(({ id }) => id));

/** One question: for each candidate passage its signs, and how right it is. */
interface Example {
  readonly rows: readonly Float64Array[];
  readonly right: readonly number[];
}

const seen = all.filter(({ split }) => split !== "unseen");
const goldenIn = (lang: Lang) => seen.filter(({ question }) => langOf(question) === lang);

const CANDIDATES = 40;
/** What a sign counts against a passage. */
const AGAINST = new Set(["other_role"]);

/** Blocks of what was asked: an author's questions stand together, so that hardly one of them is in two. */
const blockOf = (i: number, of: readonly unknown[]) => Math.floor((i * folds) / of.length);

/** For each block of what was asked in a language: an index that has not learned it, and what it is asked. */
function blocksOf(lang: Lang) {
  const own = dataFor(lang, data);
  const texts = textsOf(articles, lang);
  return Array.from({ length: folds }, (_, block) => {
    const unaware = {
      ...own,
      asked: own.asked.filter((_, i) => blockOf(i, own.asked) !== block),
      strangers: own.strangers.filter((_, i) => i % folds !== block),
    };
    const { terms, labels, words } = lessonsOf(texts, unaware);
    const meaning = unpackMeaning(learnMeaning(featureRows(terms, labels.unaided.length), labels, words));
    return {
      unaware,
      index: indexKnowledge(texts, unaware, { meaning }),
      asked: own.asked.filter((_, i) => blockOf(i, own.asked) === block),
      strangers: own.strangers.filter((_, i) => i % folds === block),
    };
  });
}

const blocks = blocksOf("vi");

function exampleOf({ signs, isThere }: Evidence, right: readonly string[]): Example | undefined {
  const w = data.weights.knowledge;
  const row = (p: number) =>
    Float64Array.from(SIGNS, (sign) => (AGAINST.has(sign) ? -1 : 1) * signs[sign](p));
  const rough = (p: number) =>
    SIGNS.reduce((sum, s) => sum + (AGAINST.has(s) ? -1 : 1) * w[s] * signs[s](p), 0);
  const rightness = (p: number) => {
    const place = right.indexOf(passageIds[p] ?? "");
    return place < 0 ? 0 : place === 0 ? 1 : AS_WELL;
  };
  const chosen = passageIds
    .map((_, p) => p)
    .filter(isThere)
    .sort((a, b) => rough(b) - rough(a))
    .filter((p, place) => place < CANDIDATES || rightness(p) > 0);
  if (!chosen.some((p) => rightness(p) > 0)) return undefined;
  return { rows: chosen.map(row), right: chosen.map(rightness) };
}

function collect(): Example[] {
  return blocks.flatMap(({ unaware, index, asked }) => {
    const evidenceFor = makeEvidence(articles, "vi", unaware, index);
    return asked.flatMap(({ question, passages }) =>
      passages.length === 0
        ? []
        : FORMS.flatMap((form) => exampleOf(evidenceFor({ text: inForm(question, form) }), passages) ?? []),
    );
  });
}

/** Weights, none below 0, under which the right passages together are likeliest among their rivals (a softmax over each list). */
function learnWeights(examples: readonly Example[]): Float64Array {
  const weights = Float64Array.from(SIGNS, (sign) => data.weights.knowledge[sign]);
  const n = weights.length;
  const mean = new Float64Array(n);
  const square = new Float64Array(n);
  for (let step = 1; step <= 300; step++) {
    const gradient = new Float64Array(n);
    for (const { rows, right } of examples) {
      const sums = rows.map((row) => row.reduce((sum, x, i) => sum + x * (weights[i] ?? 0), 0));
      const top = Math.max(...sums);
      const likely = sums.map((s) => Math.exp(s - top));
      const whole = likely.reduce((a, b) => a + b, 0);
      const rightness = right.reduce((a, b) => a + b, 0);
      rows.forEach((row, r) => {
        const off = (likely[r] ?? 0) / whole - (right[r] ?? 0) / rightness;
        for (let i = 0; i < n; i++)
          gradient[i] = (gradient[i] ?? 0) + (off * (row[i] ?? 0)) / examples.length;
      });
    }
    for (let i = 0; i < n; i++) {
      const g = gradient[i] ?? 0;
      mean[i] = 0.9 * (mean[i] ?? 0) + 0.1 * g;
      square[i] = 0.99 * (square[i] ?? 0) + 0.01 * g * g;
      const move =
        (mean[i] ?? 0) / (1 - 0.9 ** step) / (Math.sqrt((square[i] ?? 0) / (1 - 0.99 ** step)) + 1e-9);
      weights[i] = Math.max(0, (weights[i] ?? 0) - 0.05 * move);
    }
  }
  return weights;
}

function firstShare(examples: readonly Example[], weights: Float64Array): { first: number; three: number } {
  let first = 0;
  let three = 0;
  for (const { rows, right } of examples) {
    const sums = rows.map((row) => row.reduce((sum, x, i) => sum + x * (weights[i] ?? 0), 0));
    const best = Math.max(...sums.filter((_, r) => (right[r] ?? 0) > 0));
    const before = sums.filter((s) => s > best).length;
    if (before === 0) first++;
    if (before < 3) three++;
  }
  return { first: first / examples.length, three: three / examples.length };
}

interface Heard {
  readonly ours: Measures[];
  readonly strangers: Measures[];
}

/** What the silence rule measures, for questions with an answer and for those without. */
function collectMeasures(
  lang: Lang,
  of: typeof blocks,
  knowledge: SearchData["weights"]["knowledge"],
  forms: readonly (Form | "English")[],
): Heard {
  const heard: Heard = { ours: [], strangers: [] };
  // The service's own, which is the same in every language: the bar must not stand where it forbids the answer.
  const never = makeNever(data);
  of.forEach(({ unaware, index, asked, strangers }, block) => {
    const tuned = { ...unaware, weights: { ...unaware.weights, knowledge } };
    const find = makeKnowledgeFinder(articles, lang, tuned, index);
    const ours = [
      ...asked.map(({ question, passages }) => ({ question, ids: passages })),
      // No index has learned the golden questions: one is enough.
      ...(block === 0 ? goldenIn(lang) : []),
    ];
    for (const form of forms) {
      const asIn = (question: string) => (form === "English" ? question : inForm(question, form));
      for (const { question, ids } of ours) {
        const { asked, passages, measures } = find({ text: asIn(question), lang });
        // The bar has to hold only where no rule forbids the answer anyway.
        if (ids.length === 0 && never(asked) === undefined) heard.strangers.push(measures);
        // Where the right passage is not near the top, silence is no loss.
        const isRight = ({ passage, article }: (typeof passages)[number]) =>
          ids.includes(passage.id) || ids.includes(article.id);
        if (passages.slice(0, 3).some(isRight)) heard.ours.push(measures);
      }
      for (const question of strangers) {
        const { asked, measures } = find({ text: asIn(question), lang });
        if (never(asked) === undefined) heard.strangers.push(measures);
      }
    }
  });
  return heard;
}

const MEASURES = [
  "coverage",
  "likeness",
  "margin",
  "unknown",
  "length",
  "total",
  "learned",
  "stranger",
  "stranger_coverage",
  "stranger_learned",
  "marked",
] as const;

/** Logistic regression; the two kinds count the same however many there are of each. */
function learnBar(ours: readonly Measures[], strangers: readonly Measures[]): Record<string, number> {
  const rows = [
    ...ours.map((m) => ({ m, is: 1, weight: 0.5 / ours.length })),
    ...strangers.map((m) => ({ m, is: 0, weight: 0.5 / strangers.length })),
  ].map(({ m, is, weight }) => ({ x: [1, ...MEASURES.map((name) => m[name])], is, weight }));
  const n = MEASURES.length + 1;
  const weights = new Float64Array(n);
  const mean = new Float64Array(n);
  const square = new Float64Array(n);
  for (let step = 1; step <= 1500; step++) {
    const gradient = new Float64Array(n);
    for (const { x, is, weight } of rows) {
      const sum = x.reduce((s, v, i) => s + v * (weights[i] ?? 0), 0);
      const off = weight * (1 / (1 + Math.exp(-sum)) - is);
      for (let i = 0; i < n; i++) gradient[i] = (gradient[i] ?? 0) + off * (x[i] ?? 0);
    }
    for (let i = 0; i < n; i++) {
      const g = (gradient[i] ?? 0) + 2e-4 * (i === 0 ? 0 : (weights[i] ?? 0));
      mean[i] = 0.9 * (mean[i] ?? 0) + 0.1 * g;
      square[i] = 0.99 * (square[i] ?? 0) + 0.01 * g * g;
      const move =
        (mean[i] ?? 0) / (1 - 0.9 ** step) / (Math.sqrt((square[i] ?? 0) / (1 - 0.99 ** step)) + 1e-9);
      weights[i] = (weights[i] ?? 0) - 0.05 * move;
    }
  }
  const sums = (list: readonly Measures[]) =>
    list
      .map((m) => MEASURES.reduce((s, name, i) => s + m[name] * (weights[i + 1] ?? 0), 0))
      .sort((a, b) => b - a);
  const allowed = Math.floor((strangers.length * Number(values["false-answers"])) / 100);
  const base = -(sums(strangers)[allowed] ?? 0) - 1e-6;
  const silent = sums(ours).filter((s) => s + base < 0).length / ours.length;
  console.log(
    `# silent though right: ${(100 * silent).toFixed(1)} % of ${ours.length}; strangers ${strangers.length}`,
  );
  return { base, ...Object.fromEntries(MEASURES.map((name, i) => [name, weights[i + 1] ?? 0])) };
}

const round = (x: number, digits = 2) => Number(x.toFixed(digits));
const examples = collect();
const learned = learnWeights(examples);
const percent = (x: number) => `${(100 * x).toFixed(1)} %`;
const now = firstShare(
  examples,
  Float64Array.from(SIGNS, (sign) => data.weights.knowledge[sign]),
);
const then = firstShare(examples, learned);
console.log(
  `# ${examples.length} questions and forms; right passage first ${percent(now.first)}, in three ${percent(now.three)}`,
);
console.log(`# with what was learned ${percent(then.first)}, ${percent(then.three)}`);
const knowledge = {
  ...data.weights.knowledge,
  // What is not clearly better on the very questions it learned from does not replace the numbers of today.
  ...(!values.bars && then.first > now.first + 0.005
    ? Object.fromEntries(SIGNS.map((sign, i) => [sign, round(learned[i] ?? 0)]))
    : {}),
};
console.log(`knowledge: ${JSON.stringify(knowledge)}`);
const { ours, strangers } = collectMeasures("vi", blocks, knowledge, FORMS);
printBar("knowledge", learnBar(ours, strangers));
const english = collectMeasures("en", blocksOf("en"), knowledge, ["English"]);
printBar("english", learnBar(english.ours, english.strangers));

function printBar(name: string, bar: Record<string, number>): void {
  const rounded = Object.entries(bar).map(([sign, weight]) => [sign, round(weight)]);
  console.log(`${name}: ${JSON.stringify(Object.fromEntries(rounded))}`);
}
