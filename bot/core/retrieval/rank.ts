/** Ranks the passages of an index for a question: rarity over syllables and pairs first, then a second look at the best. */

import { best, bestOf } from "./highest.ts";
import type { Index } from "./index.ts";
import type { Asked, AskedSyllable } from "./query.ts";
import { makeSecondLook, type Ranked, type Thorough } from "./second-look.ts";
import type { Weights } from "./tuning.ts";

export interface RankerOptions {
  /** Looks for synonyms in each passage again, to say what it covers; the ranks are the same. */
  readonly thorough?: Thorough;
  /** The best first; false: in any order, for who looks at all that are given. */
  readonly ordered?: boolean;
}

/** Ranks; keeps its arrays, so that a question makes no garbage of the collection's size. */
export function makeRanker(
  index: Index,
  weights: Weights["rank"],
  { thorough = true, ordered = true }: RankerOptions = {},
): (asked: Asked, limit: number) => Ranked[] {
  const scores = new Float32Array(index.size);
  const frequent = frequentTerms(index);
  const look = makeSecondLook(index, weights, thorough);
  const terms: Terms = { count: 0, term: new Uint32Array(MOST_TERMS), weight: new Float64Array(MOST_TERMS) };
  return (asked, limit) => {
    fillTerms(terms, asked, index, weights);
    const wide = widest(index, terms, frequent, scores, Math.max(limit, weights.second_look));
    const close = look(asked, wide, scores);
    scores.fill(0);
    if (!ordered && close.length <= limit) return close;
    order(close);
    return close.length > limit ? close.slice(0, limit) : close;
  };
}

/** A handful is put in order quicker by hand than by a sort that calls back. */
const HANDFUL = 32;

/** The best first; those that score alike as they stand in the collection. */
function order(found: Ranked[]): void {
  if (found.length > HANDFUL) {
    found.sort((a, b) => b.score - a.score || a.at - b.at);
    return;
  }
  for (let i = 1; i < found.length; i++) {
    const one = found[i];
    if (!one) continue;
    let to = i;
    for (let before = found[to - 1]; before && isBehind(before, one); before = found[to - 1])
      found[to--] = before;
    found[to] = one;
  }
}

function isBehind(a: Ranked, b: Ranked): boolean {
  return a.score < b.score || (a.score === b.score && a.at > b.at);
}

/** The terms of the index that a question asks for, each once, with its weight: the first `count` places. */
interface Terms {
  count: number;
  readonly term: Uint32Array;
  readonly weight: Float64Array;
}

/** Terms of a question that are asked for; few questions have a tenth of them. */
const MOST_TERMS = 512;

function fillTerms(terms: Terms, asked: Asked, index: Index, weights: Weights["rank"]): void {
  terms.count = 0;
  const row = asked.syllables;
  for (let i = 0; i < row.length; i++) {
    const s = row[i];
    if (!s || s.folded === 0) continue;
    want(terms, s.folded, s.weight * weights.syllable);
    const before = s.parted ? undefined : row[i - 1];
    if (before) wantPair(terms, index, before, s, weights.pair);
    const two = weights.skip > 0 ? row[i - 2] : undefined;
    if (two) wantPair(terms, index, two, s, weights.skip);
  }
  for (const { value, weight, length } of asked.groups) {
    const alone = length === 1 ? weights.synonym_alone : 1;
    want(terms, index.groupBase + value, weight * weights.synonym * alone);
  }
}

function wantPair(
  terms: Terms,
  { pairs, pairBase, rarity }: Index,
  first: AskedSyllable,
  second: AskedSyllable,
  worth: number,
): void {
  if (first.folded === 0) return;
  const number = pairs.find(first.folded, second.folded);
  if (number >= 0 && pairBase + number < rarity.length)
    want(terms, pairBase + number, Math.min(first.weight, second.weight) * worth);
}

function want(terms: Terms, term: number, weight: number): void {
  for (let i = 0; i < terms.count; i++) {
    if (terms.term[i] !== term) continue;
    if (weight > (terms.weight[i] ?? 0)) terms.weight[i] = weight;
    return;
  }
  if (weight <= 0 || terms.count === MOST_TERMS) return;
  terms.term[terms.count] = term;
  terms.weight[terms.count++] = weight;
}

/** From this size on it pays not to walk through what nearly every passage has. */
const MANY_PASSAGES = 1000;
/** A syllable is frequent when more than one passage in so many has it. */
const FREQUENT = 8;
/** Passages, the best by their rarer words, for which the frequent ones are looked up. */
const DRAWN = 64;

/** What the frequent terms add to each passage, so that it can be looked up instead of walked through. */
interface Frequent {
  /** Which of the `count` each one is. */
  readonly which: ReadonlyMap<number, number>;
  readonly count: number;
  /** Passage after passage, so that all that a question asks of one passage lies together in memory. */
  readonly gain: Uint8Array;
}

function frequentTerms({ size, rarity, from, passages, gain }: Index): Frequent {
  const which = new Map<number, number>();
  if (size >= MANY_PASSAGES) {
    for (let term = 1; term < rarity.length; term++)
      if (((from[term + 1] ?? 0) - (from[term] ?? 0)) * FREQUENT > size) which.set(term, which.size);
  }
  const count = which.size;
  const rows = new Uint8Array(count * size);
  for (const [term, n] of which) {
    for (let i = from[term] ?? 0, end = from[term + 1] ?? 0; i < end; i++)
      rows[(passages[i] ?? 0) * count + n] = gain[i] ?? 0;
  }
  return { which, count, gain: rows };
}

/**
 * The passages to look at again, in no order. Nine tenths of all postings belong to a few terms that tell little: those
 * only choose among the passages that the rarer ones have brought up.
 */
function widest(
  index: Index,
  terms: Terms,
  frequent: Frequent,
  scores: Float32Array,
  count: number,
): Int32Array {
  const later: number[] = [];
  const worth: number[] = [];
  for (let i = 0; i < terms.count; i++) {
    const term = terms.term[i] ?? 0;
    const weight = terms.weight[i] ?? 0;
    const which = frequent.count === 0 ? undefined : frequent.which.get(term);
    if (which === undefined) addUp(index, term, weight, scores);
    else {
      later.push(which);
      worth.push(worthOf(index, term, weight));
    }
  }
  if (later.length === 0) return best(scores, count);
  const drawn = best(scores, Math.max(DRAWN, count));
  if (drawn.length < count) {
    for (let i = 0; i < terms.count; i++) {
      const term = terms.term[i] ?? 0;
      if (frequent.which.has(term)) addUp(index, term, terms.weight[i] ?? 0, scores);
    }
    return best(scores, count);
  }
  for (const d of drawn) {
    const row = d * frequent.count;
    let sum = 0;
    for (let n = 0; n < later.length; n++)
      sum += (worth[n] ?? 0) * (frequent.gain[row + (later[n] ?? 0)] ?? 0);
    scores[d] = (scores[d] ?? 0) + sum;
  }
  return bestOf(drawn, scores, count);
}

/** What one step of a term's gain adds to a score. */
function worthOf(index: Index, term: number, weight: number): number {
  return (weight * (index.rarity[term] ?? 0) * index.peak) / 255;
}

function addUp(index: Index, term: number, weight: number, scores: Float32Array): void {
  const { passages, gain } = index;
  const worth = worthOf(index, term, weight);
  const end = index.from[term + 1] ?? 0;
  for (let i = index.from[term] ?? 0; i < end; i++) {
    const d = passages[i] ?? 0;
    scores[d] = (scores[d] ?? 0) + worth * (gain[i] ?? 0);
  }
}
