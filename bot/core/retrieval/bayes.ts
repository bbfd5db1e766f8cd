/**
 * Which class a question belongs to, learned from the questions of each class: complement naive Bayes (Rennie et al.,
 * "Tackling the poor assumptions of naive Bayes text classifiers", ICML 2003) over syllables, pairs, synonyms and marks.
 * Where BM25 asks how rare a word is, this asks how much more this class speaks so than all the others.
 */

import type { Index, Numbers, Postings } from "./index.ts";
import type { Asked } from "./query.ts";
import type { Rows } from "./rows.ts";
import type { Weights } from "./tuning.ts";

/** What was learned: rows of numbers only, so that it can be kept in a file. */
export interface BayesModel {
  /** Features in a row: the terms of the index, from here on syllables as written, and from there on first syllables. */
  readonly markBase: number;
  readonly firstBase: number;
  /** What a feature counts in a question that has it, before the question is brought to length 1. */
  readonly value: Float32Array;
  /** Where the classes of each feature begin. */
  readonly from: Uint32Array;
  readonly classes: Uint16Array;
  /** What the feature adds for the class, beside a class that never has it. */
  readonly gain: Float32Array;
  /** What every feature adds for each class by its size alone. */
  readonly bias: Float64Array;
}

/** Learns from the features of an index of `size` passages, of which d is a question of class `classOf[d]`. */
export function learnBayes(
  terms: Terms,
  size: number,
  classOf: ArrayLike<number>,
  classes: number,
  smoothing: number,
): BayesModel {
  const { markBase, firstBase, value } = terms;
  const worth = passageWorth(size, terms);
  return { markBase, firstBase, value, ...learn(terms, worth, classOf, classes, smoothing) };
}

/** Scores one for each class, comparable within a question. */
export function makeBayes(index: Index, learned: BayesModel): (asked: Asked) => Float64Array {
  const { value, bias } = learned;
  const classes = bias.length;
  return (asked) => {
    const scores = new Float64Array(classes);
    const wanted = featuresOf(asked, index, learned);
    let square = 0;
    for (const [term, weight] of wanted) square += (weight * (value[term] ?? 0)) ** 2;
    if (square === 0) return scores;
    const unit = 1 / Math.sqrt(square);
    let sum = 0;
    for (const [term, weight] of wanted) {
      const x = weight * (value[term] ?? 0) * unit;
      sum += x;
      for (let i = learned.from[term] ?? 0, end = learned.from[term + 1] ?? 0; i < end; i++) {
        const c = learned.classes[i] ?? 0;
        scores[c] = (scores[c] ?? 0) + x * (learned.gain[i] ?? 0);
      }
    }
    for (let c = 0; c < classes; c++) scores[c] = (scores[c] ?? 0) + sum * (bias[c] ?? 0);
    return scores;
  };
}

/** The features of a collection, and who has each. */
export interface Terms extends Pick<BayesModel, "markBase" | "firstBase" | "value"> {
  readonly count: number;
  /** Passages that have each feature. */
  readonly from: Uint32Array;
  readonly passages: Uint32Array;
}

/** `rows`: what the index was made of. */
export function featureTerms(
  index: Postings & Numbers,
  { stream, begin }: Rows,
  weights: Weights["bayes"],
): Terms {
  const { size, once, vocabulary } = index;
  const markBase = index.rarity.length;
  const firstBase = markBase + index.markedRarity.length;
  const count = firstBase + vocabulary.spelling.length;
  const from = new Uint32Array(count + 1);
  for (let t = 0; t < markBase; t++) from[t + 1] = (index.from[t + 1] ?? 0) - (index.from[t] ?? 0);
  const firsts = new Uint32Array(size);
  for (let d = 0; d < size; d++) {
    let i = begin[d] ?? 0;
    for (const end = begin[d + 1] ?? 0; i < end && stream[i] === 0; ) i++;
    const first = i < (begin[d + 1] ?? 0) ? firstBase + (vocabulary.foldOf[stream[i] ?? 0] ?? 0) : 0;
    firsts[d] = first;
    if (first > 0) from[first + 1] = (from[first + 1] ?? 0) + 1;
  }
  for (let i = 0; i < once.marked.length; i++) {
    const t = markBase + (once.marked[i] ?? 0);
    from[t + 1] = (from[t + 1] ?? 0) + 1;
  }
  for (let t = 0; t < count; t++) from[t + 1] = (from[t + 1] ?? 0) + (from[t] ?? 0);
  const passages = new Uint32Array(from[count] ?? 0);
  passages.set(index.passages.subarray(0, from[markBase] ?? 0));
  const next = from.slice(0, count);
  const has = (t: number, d: number) => {
    passages[next[t] ?? 0] = d;
    next[t] = (next[t] ?? 0) + 1;
  };
  for (let d = 0; d < size; d++) {
    for (let i = once.begin[d] ?? 0, end = once.begin[d + 1] ?? 0; i < end; i++)
      has(markBase + (once.marked[i] ?? 0), d);
    if ((firsts[d] ?? 0) > 0) has(firsts[d] ?? 0, d);
  }
  const value = new Float32Array(count);
  for (let t = 0; t < count; t++) {
    const kind =
      t < index.groupBase
        ? weights.syllable
        : t < index.pairBase
          ? weights.synonym
          : t < markBase
            ? weights.pair
            : t < firstBase
              ? weights.marked
              : weights.first;
    const having = (from[t + 1] ?? 0) - (from[t] ?? 0);
    value[t] = having === 0 ? 0 : kind * Math.log(1 + size / having);
  }
  return { count, markBase, firstBase, value, from, passages };
}

/** One over the length of each passage's row of features: a long question teaches no more than a short one. */
function passageWorth(size: number, { count, value, from, passages }: Terms): Float64Array {
  const square = new Float64Array(size);
  for (let t = 0; t < count; t++) {
    const v = (value[t] ?? 0) ** 2;
    for (let i = from[t] ?? 0, end = from[t + 1] ?? 0; i < end; i++) {
      square[passages[i] ?? 0] = (square[passages[i] ?? 0] ?? 0) + v;
    }
  }
  return square.map((s) => (s === 0 ? 0 : 1 / Math.sqrt(s)));
}

function learn(
  { count, value, from, passages }: Terms,
  worth: Float64Array,
  classOf: ArrayLike<number>,
  classes: number,
  smoothing: number,
): Pick<BayesModel, "from" | "classes" | "gain" | "bias"> {
  const start = new Uint32Array(count + 1);
  const ofClass = new Uint16Array(passages.length);
  const gain = new Float32Array(passages.length);
  const whole = new Float64Array(classes);
  const mass = new Float64Array(classes);
  const met = new Uint16Array(classes);
  let at = 0;
  let all = 0;
  for (let t = 0; t < count; t++) {
    start[t] = at;
    let classesMet = 0;
    let total = 0;
    for (let i = from[t] ?? 0, end = from[t + 1] ?? 0; i < end; i++) {
      const d = passages[i] ?? 0;
      const c = classOf[d] ?? 0;
      const add = (value[t] ?? 0) * (worth[d] ?? 0);
      if (add === 0) continue;
      if (mass[c] === 0) met[classesMet++] = c;
      mass[c] = (mass[c] ?? 0) + add;
      total += add;
    }
    for (let i = 0; i < classesMet; i++) {
      const c = met[i] ?? 0;
      const own = mass[c] ?? 0;
      ofClass[at] = c;
      gain[at++] = Math.log(1 + own / smoothing) + Math.log((total + smoothing) / (total - own + smoothing));
      whole[c] = (whole[c] ?? 0) + own;
      mass[c] = 0;
    }
    all += total;
  }
  start[count] = at;
  const floor = smoothing * count;
  const bias = whole.map((own) => Math.log(all - own + floor) - Math.log(own + floor));
  return { from: start, classes: ofClass.slice(0, at), gain: gain.slice(0, at), bias };
}

/** The features that a question has, each with the highest weight of the words that it stands for. */
export function featuresOf(
  asked: Asked,
  index: Index,
  { markBase, firstBase }: Pick<BayesModel, "markBase" | "firstBase">,
): Map<number, number> {
  const wanted = new Map<number, number>();
  const want = (term: number, weight: number) => {
    if (weight > (wanted.get(term) ?? 0)) wanted.set(term, weight);
  };
  asked.syllables.forEach((s, i) => {
    if (s.folded === 0) return;
    if (i === 0) want(firstBase + s.folded, s.weight);
    want(s.folded, s.weight);
    if (s.marked !== 0) want(markBase + s.marked, s.weight);
    const before = s.parted ? undefined : asked.syllables[i - 1];
    const pair = before && before.folded !== 0 ? index.pairs.find(before.folded, s.folded) : -1;
    if (before && pair >= 0 && index.pairBase + pair < markBase) {
      want(index.pairBase + pair, Math.min(before.weight, s.weight));
    }
  });
  for (const { value, weight } of asked.groups) want(index.groupBase + value, weight);
  return wanted;
}
