/**
 * Which class a question belongs to, learned from the questions of each class: complement naive Bayes (Rennie et al.,
 * "Tackling the poor assumptions of naive Bayes text classifiers", ICML 2003) over syllables, pairs, synonyms and marks.
 * Where BM25 asks how rare a word is, this asks how much more this class speaks so than all the others.
 */

import type { Index } from "./index.ts";
import type { Asked } from "./query.ts";
import type { Weights } from "./tuning.ts";

/** Learns from `index`, whose passage d is a question of class `classOf[d]`; scores are one for each class, comparable within a question. */
export function makeBayes(
  index: Index,
  classOf: ArrayLike<number>,
  classes: number,
  weights: Weights["bayes"],
): (asked: Asked) => Float64Array {
  const terms = featureTerms(index, weights);
  const worth = passageWorth(index, terms);
  const learned = learn(terms, worth, classOf, classes, weights.smoothing);
  return (asked) => {
    const scores = new Float64Array(classes);
    const wanted = featuresOf(asked, index, terms);
    let square = 0;
    for (const [term, weight] of wanted) square += (weight * (terms.value[term] ?? 0)) ** 2;
    if (square === 0) return scores;
    const unit = 1 / Math.sqrt(square);
    let sum = 0;
    for (const [term, weight] of wanted) {
      const x = weight * (terms.value[term] ?? 0) * unit;
      sum += x;
      for (let i = learned.from[term] ?? 0, end = learned.from[term + 1] ?? 0; i < end; i++) {
        const c = learned.classes[i] ?? 0;
        scores[c] = (scores[c] ?? 0) + x * (learned.gain[i] ?? 0);
      }
    }
    for (let c = 0; c < classes; c++) scores[c] = (scores[c] ?? 0) + sum * (learned.bias[c] ?? 0);
    return scores;
  };
}

/** All features as one row of numbers: the terms of the index, then syllables as written, then first syllables. */
interface Terms {
  readonly count: number;
  readonly markBase: number;
  readonly firstBase: number;
  /** What a feature counts in a question that has it, before the question is brought to length 1. */
  readonly value: Float32Array;
  /** Passages that have each feature. */
  readonly from: Uint32Array;
  readonly passages: Uint32Array;
}

function featureTerms(index: Index, weights: Weights["bayes"]): Terms {
  const { stream, begin, size, vocabulary } = index;
  const markBase = index.rarity.length;
  const firstBase = markBase + index.markedRarity.length;
  const count = firstBase + index.vocabulary.spelling.length;
  // Term and passage, one after the other: a pair of its own for each would be many thousand small things.
  const had: number[] = [];
  const last = new Int32Array(index.markedRarity.length).fill(-1);
  for (let d = 0; d < size; d++) {
    let first = true;
    for (let i = begin[d] ?? 0, end = begin[d + 1] ?? 0; i < end; i++) {
      const number = stream[i] ?? 0;
      if (number === 0) continue;
      if (first) had.push(firstBase + (vocabulary.foldOf[number] ?? 0), d);
      first = false;
      if (last[number] === d) continue;
      last[number] = d;
      had.push(markBase + number, d);
    }
  }
  const from = new Uint32Array(count + 1);
  for (let t = 0; t < markBase; t++) from[t + 1] = (index.from[t + 1] ?? 0) - (index.from[t] ?? 0);
  for (let i = 0; i < had.length; i += 2) {
    const t = had[i] ?? 0;
    from[t + 1] = (from[t + 1] ?? 0) + 1;
  }
  for (let t = 0; t < count; t++) from[t + 1] = (from[t + 1] ?? 0) + (from[t] ?? 0);
  const passages = new Uint32Array(from[count] ?? 0);
  passages.set(index.passages.subarray(0, from[markBase] ?? 0));
  const next = from.slice(0, count);
  for (let i = 0; i < had.length; i += 2) {
    const t = had[i] ?? 0;
    passages[next[t] ?? 0] = had[i + 1] ?? 0;
    next[t] = (next[t] ?? 0) + 1;
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
function passageWorth({ size }: Index, { count, value, from, passages }: Terms): Float64Array {
  const square = new Float64Array(size);
  for (let t = 0; t < count; t++) {
    const v = (value[t] ?? 0) ** 2;
    for (let i = from[t] ?? 0, end = from[t + 1] ?? 0; i < end; i++) {
      square[passages[i] ?? 0] = (square[passages[i] ?? 0] ?? 0) + v;
    }
  }
  return square.map((s) => (s === 0 ? 0 : 1 / Math.sqrt(s)));
}

interface Learned {
  readonly from: Uint32Array;
  readonly classes: Uint16Array;
  /** What the feature adds for the class, beside a class that never has it. */
  readonly gain: Float32Array;
  /** What every feature adds for the class by its size alone. */
  readonly bias: Float64Array;
}

function learn(
  { count, value, from, passages }: Terms,
  worth: Float64Array,
  classOf: ArrayLike<number>,
  classes: number,
  smoothing: number,
): Learned {
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
function featuresOf(asked: Asked, index: Index, { markBase, firstBase }: Terms): Map<number, number> {
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
