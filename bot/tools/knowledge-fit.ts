/**
 * `npm run knowledge:fit`: learns what each sign of an article counts and where the silence bar stands. From the golden
 * questions that are not marked "unseen", and from what is not ours to answer, each line of it asked of an index that
 * does not have it. Prints the lines for `knowledge/search/weights.yaml` and `silence.yaml`; the unseen questions stay
 * for `npm run knowledge:eval`. Of English there are too few golden questions: the bar of `english.yaml` is learned from
 * the alias questions, each asked of an index that does not have it.
 */

import { parseArgs } from "node:util";
import { type Evidence, makeEvidence, makeKnowledgeFinder, SIGNS } from "../core/retrieval/knowledge.ts";
import { dataFor, langOf } from "../core/retrieval/lang.ts";
import { type Measures, makeNever } from "../core/retrieval/silence.ts";
import type { SearchData } from "../core/retrieval/tuning.ts";
import { measurable } from "./knowledge-files.ts";
import { FORMS, inForm } from "./written-forms.ts";

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

/** One question: for each candidate article its signs, and whether it is a right one. */
interface Example {
  readonly rows: readonly Float64Array[];
  readonly right: readonly boolean[];
}

const seen = all.filter(({ split }) => split !== "unseen");
const golden = seen.filter(({ question }) => langOf(question) === "vi");
const foreign = seen.filter(({ question, ids }) => ids.length === 0 && langOf(question) === "en");
const answerable = golden.filter(({ ids }) => articles.some(({ id }) => ids.includes(id)));
const unanswerable = golden.filter(({ ids }) => ids.length === 0);

const CANDIDATES = 20;

function exampleOf({ signs }: Evidence, ids: readonly string[]): Example {
  const row = (at: number) => Float64Array.from(SIGNS, (sign) => signs[sign][at] ?? 0);
  const w = data.weights.knowledge;
  const rough = articles.map((_, at) => SIGNS.reduce((sum, s) => sum + w[s] * (signs[s][at] ?? 0), 0));
  const isRight = (at: number) => ids.includes(articles[at]?.id ?? "");
  const best = articles.map((_, at) => at).sort((a, b) => (rough[b] ?? 0) - (rough[a] ?? 0));
  const chosen = best.filter((at, place) => place < CANDIDATES || isRight(at));
  return { rows: chosen.map(row), right: chosen.map(isRight) };
}

function collect(): Example[] {
  const evidenceFor = makeEvidence(articles, "vi", data);
  return answerable.flatMap(({ question, ids }) =>
    FORMS.map((form) => exampleOf(evidenceFor({ text: inForm(question, form) }), ids)),
  );
}

/** Weights, none below 0, under which the right articles together are likeliest among their rivals (a softmax over each list). */
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
      const all = likely.reduce((a, b) => a + b, 0);
      const allRight = likely.reduce((sum, l, r) => sum + (right[r] ? l : 0), 0) || 1;
      rows.forEach((row, r) => {
        const off = (likely[r] ?? 0) / all - (right[r] ? (likely[r] ?? 0) / allRight : 0);
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
    const best = Math.max(...sums.filter((_, r) => right[r]));
    const before = sums.filter((s) => s > best).length;
    if (before === 0) first++;
    if (before < 3) three++;
  }
  return { first: first / examples.length, three: three / examples.length };
}

/** What the silence rule measures, for questions with an answer and for those without. */
function collectMeasures(tuned: SearchData): { ours: Measures[]; strangers: Measures[] } {
  const ours: Measures[] = [];
  const strangers: Measures[] = [];
  const never = makeNever(data);
  const finder = (list: readonly string[]) =>
    makeKnowledgeFinder(articles, "vi", { ...tuned, strangers: [...list] });
  const find = finder(data.strangers);
  for (const form of FORMS) {
    for (const { question, ids } of answerable) {
      const { passages, measures } = find({ text: inForm(question, form), lang: "vi" });
      // Where the right article is not near the top, silence is no loss.
      if (passages.slice(0, 3).some(({ article }) => ids.includes(article.id))) ours.push(measures);
    }
    for (const { question } of unanswerable) {
      addStranger(find, inForm(question, form));
    }
  }
  for (let fold = 0; fold < folds; fold++) {
    const unaware = finder(data.strangers.filter((_, i) => i % folds !== fold));
    data.strangers.forEach((question, i) => {
      if (i % folds !== fold) return;
      for (const form of FORMS) {
        addStranger(unaware, inForm(question, form));
      }
    });
  }
  return { ours, strangers };

  /** The bar has to hold only where no rule forbids the answer anyway. */
  function addStranger(ask: typeof find, text: string): void {
    const { asked, measures } = ask({ text, lang: "vi" });
    if (never(asked) === undefined) strangers.push(measures);
  }
}

/** The same for English: every fold's alias questions and strangers are asked of an index that lacks them. */
function collectEnglish(tuned: SearchData): { ours: Measures[]; strangers: Measures[] } {
  const ours: Measures[] = [];
  const strangers: Measures[] = [];
  const own = dataFor("en", tuned);
  const never = makeNever(own);
  for (let fold = 0; fold < folds; fold++) {
    const isHeld = (_: string, i: number) => i % folds === fold;
    const isKept = (_: string, i: number) => i % folds !== fold;
    const fewer = articles.map((article, at) => ({
      ...article,
      // Most articles have only a few: which of them is held differs from article to article.
      questions: { ...article.questions, en: article.questions.en.filter((q, i) => isKept(q, i + at)) },
    }));
    const unaware = { ...own, strangers: own.strangers.filter(isKept) };
    const find = makeKnowledgeFinder(fewer, "en", unaware);
    articles.forEach(({ id, questions }, at) => {
      for (const text of questions.en.filter((q, i) => isHeld(q, i + at))) {
        const { passages, measures } = find({ text, lang: "en" });
        if (passages.slice(0, 3).some(({ article }) => article.id === id)) ours.push(measures);
      }
    });
    const others = fold === 0 ? foreign.map(({ question }) => question) : [];
    for (const text of [...own.strangers.filter(isHeld), ...others]) {
      const { asked, measures } = find({ text, lang: "en" });
      if (never(asked) === undefined) strangers.push(measures);
    }
  }
  return { ours, strangers };
}

const MEASURES = [
  "coverage",
  "likeness",
  "margin",
  "unknown",
  "length",
  "stranger",
  "total",
  "bayes",
  "stranger_bayes",
  "learned",
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
  `# ${examples.length} questions; right first ${percent(now.first)}, in three ${percent(now.three)}`,
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
const tuned = { ...data, weights: { ...data.weights, knowledge } };
const { ours, strangers } = collectMeasures(tuned);
printBar("knowledge", learnBar(ours, strangers));
const english = collectEnglish(tuned);
printBar("english", learnBar(english.ours, english.strangers));

function printBar(name: string, bar: Record<string, number>): void {
  const rounded = Object.entries(bar).map(([sign, weight]) => [sign, round(weight)]);
  console.log(`${name}: ${JSON.stringify(Object.fromEntries(rounded))}`);
}
