/** By what it is learned who asks what: syllables, pairs, synonyms, marks, and how a question begins. */

import type { Numbers, Postings } from "./index.ts";
import type { Asked } from "./query.ts";
import type { Rows } from "./rows.ts";
import type { Weights } from "./tuning.ts";

/** Features are numbers in a row: syllables without marks, groups of synonyms, pairs, syllables as written, first syllables. */
export interface Features {
  readonly groupBase: number;
  readonly pairBase: number;
  readonly markBase: number;
  readonly firstBase: number;
  /** What a feature counts in a question that has it, before the question is brought to length 1. */
  readonly value: Float32Array;
}

/** The features of a collection, and who has each. */
export interface Terms extends Features {
  readonly count: number;
  /** Passages that have each feature. */
  readonly from: Uint32Array;
  readonly passages: Uint32Array;
}

/** `rows`: what the index was made of. */
export function featureTerms(
  index: Postings & Numbers,
  { stream, begin }: Rows,
  weights: Weights["features"],
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
  const { groupBase, pairBase } = index;
  return { count, groupBase, pairBase, markBase, firstBase, value, from, passages };
}

/** The features that a question has, each with the highest weight of the words that it stands for. */
export function featuresOf(
  asked: Asked,
  pairs: Numbers["pairs"],
  { groupBase, pairBase, markBase, firstBase }: Features,
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
    const pair = before && before.folded !== 0 ? pairs.find(before.folded, s.folded) : -1;
    if (before && pair >= 0 && pairBase + pair < markBase) {
      want(pairBase + pair, Math.min(before.weight, s.weight));
    }
  });
  for (const { value, weight } of asked.groups) want(groupBase + value, weight);
  return wanted;
}

/** What only one way of asking has, teaches nothing about others. */
const LEAST = 2;

/** Each way of asking as a row of features of length 1. */
export interface FeatureRows {
  readonly from: Uint32Array;
  readonly term: Uint32Array;
  readonly value: Float32Array;
  /** Those that have any. */
  readonly used: readonly number[];
}

export function featureRows({ count, value, from, passages }: Terms, size: number): FeatureRows {
  const teaches = (t: number) => (from[t + 1] ?? 0) - (from[t] ?? 0) >= LEAST && (value[t] ?? 0) > 0;
  const begin = new Uint32Array(size + 1);
  const square = new Float64Array(size);
  for (let t = 0; t < count; t++) {
    if (!teaches(t)) continue;
    for (let i = from[t] ?? 0, end = from[t + 1] ?? 0; i < end; i++) {
      const d = passages[i] ?? 0;
      begin[d + 1] = (begin[d + 1] ?? 0) + 1;
      square[d] = (square[d] ?? 0) + (value[t] ?? 0) ** 2;
    }
  }
  for (let d = 0; d < size; d++) begin[d + 1] = (begin[d + 1] ?? 0) + (begin[d] ?? 0);
  const next = begin.slice(0, size);
  const term = new Uint32Array(begin[size] ?? 0);
  const row = new Float32Array(term.length);
  for (let t = 0; t < count; t++) {
    if (!teaches(t)) continue;
    for (let i = from[t] ?? 0, end = from[t + 1] ?? 0; i < end; i++) {
      const d = passages[i] ?? 0;
      const at = next[d] ?? 0;
      next[d] = at + 1;
      term[at] = t;
      row[at] = (value[t] ?? 0) / Math.sqrt(square[d] ?? 1);
    }
  }
  const used: number[] = [];
  for (let d = 0; d < size; d++) if ((begin[d + 1] ?? 0) > (begin[d] ?? 0)) used.push(d);
  return { from: begin, term, value: row, used };
}
