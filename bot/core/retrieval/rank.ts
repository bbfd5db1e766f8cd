/** Ranks the passages of an index for a question: rarity over syllables and pairs first, then a second look at the best. */

import type { Index } from "./index.ts";
import type { Asked, AskedSyllable } from "./query.ts";
import type { Weights } from "./tuning.ts";

export interface Ranked {
  /** Position of the passage in what was indexed. */
  readonly at: number;
  readonly score: number;
  /** Share of what the question asks, by rarity, that the passage has; in its words or in a synonym's. */
  readonly coverage: number;
  /** Share of what the passage says, by rarity, that the question has: for alias questions, how much of them was asked. */
  readonly reach: number;
}

type Scored = Pick<Ranked, "at" | "score">;

/** Ranks; keeps one array of scores, so that a question makes no garbage of the collection's size. */
export function makeRanker(
  index: Index,
  weights: Weights["rank"],
): (asked: Asked, limit: number) => Ranked[] {
  const scores = new Float32Array(index.size);
  const slots = new Int16Array(index.vocabulary.spelling.length).fill(-1);
  const groupsIn = new Uint32Array(index.size);
  const frequent = frequentTerms(index);
  return (asked, limit) => {
    const terms = termsOf(asked, index, weights);
    noteGroups(index, asked, groupsIn);
    const wide = widest(index, terms, frequent, scores, Math.max(limit, weights.second_look));
    const close = secondLook(index, asked, wide, weights, slots, groupsIn);
    close.sort((a, b) => b.score - a.score || a.at - b.at);
    scores.fill(0);
    if (asked.groups.length > 0) groupsIn.fill(0);
    return close.slice(0, limit);
  };
}

/** Weight for each term of the index that the question asks for. */
function termsOf(asked: Asked, index: Index, weights: Weights["rank"]): Map<number, number> {
  const terms = new Map<number, number>();
  const want = (term: number, weight: number) => {
    if (weight > (terms.get(term) ?? 0)) terms.set(term, weight);
  };
  const row = (numbers: readonly { folded: number; weight: number; parted?: boolean }[], scale: number) => {
    numbers.forEach((s, i) => {
      if (s.folded === 0) return;
      want(s.folded, scale * s.weight * weights.syllable);
      const before = s.parted ? undefined : numbers[i - 1];
      if (before && before.folded !== 0)
        pair(before.folded, s.folded, scale * Math.min(before.weight, s.weight) * weights.pair);
      const two = numbers[i - 2];
      if (weights.skip > 0 && two && two.folded !== 0) {
        pair(two.folded, s.folded, scale * Math.min(two.weight, s.weight) * weights.skip);
      }
    });
  };
  const pair = (first: number, second: number, weight: number) => {
    const number = index.pairs.find(first, second);
    if (number >= 0 && index.pairBase + number < index.rarity.length) want(index.pairBase + number, weight);
  };
  row(asked.syllables, 1);
  for (const { value, weight } of asked.groups) want(index.groupBase + value, weight * weights.synonym);
  return terms;
}

/** From this size on it pays not to walk through what nearly every passage has. */
const MANY_PASSAGES = 1000;
/** A syllable is frequent when more than one passage in so many has it. */
const FREQUENT = 8;
/** Passages, the best by their rarer words, for which the frequent ones are looked up. */
const DRAWN = 128;

/** For each frequent syllable what it adds to each passage, so that it can be looked up instead of walked through. */
function frequentTerms({ size, groupBase, from, passages, gain }: Index): ReadonlyMap<number, Uint8Array> {
  const frequent = new Map<number, Uint8Array>();
  if (size < MANY_PASSAGES) return frequent;
  for (let term = 1; term < groupBase; term++) {
    const begin = from[term] ?? 0;
    const end = from[term + 1] ?? 0;
    if ((end - begin) * FREQUENT <= size) continue;
    const dense = new Uint8Array(size);
    for (let i = begin; i < end; i++) dense[passages[i] ?? 0] = gain[i] ?? 0;
    frequent.set(term, dense);
  }
  return frequent;
}

/**
 * The passages to look at again, in no order. Nine tenths of all postings belong to a few syllables that tell little:
 * those only choose among the passages that the rarer words have brought up.
 */
function widest(
  index: Index,
  terms: ReadonlyMap<number, number>,
  frequent: ReadonlyMap<number, Uint8Array>,
  scores: Float32Array,
  count: number,
): Scored[] {
  const later: { worth: number; dense: Uint8Array }[] = [];
  for (const [term, weight] of terms) {
    const dense = frequent.get(term);
    if (dense) later.push({ worth: worthOf(index, term, weight), dense });
    else addUp(index, term, weight, scores);
  }
  if (later.length === 0) return scored(best(scores, count), scores);
  const most = Math.max(DRAWN, count);
  const drawn = best(scores, most);
  if (drawn.length < most) {
    for (const [term, weight] of terms) if (frequent.has(term)) addUp(index, term, weight, scores);
    return scored(best(scores, count), scores);
  }
  for (const { worth, dense } of later) {
    for (let i = 0; i < drawn.length; i++) {
      const d = drawn[i] ?? 0;
      scores[d] = (scores[d] ?? 0) + worth * (dense[d] ?? 0);
    }
  }
  drawn.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  return scored(drawn.subarray(0, count), scores);
}

function scored(positions: Int32Array, scores: Float32Array): Scored[] {
  return Array.from(positions, (at) => ({ at, score: scores[at] ?? 0 }));
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

/** A bit for each of the question's groups of synonyms, set in the passages that have it. */
function noteGroups(index: Index, asked: Asked, groupsIn: Uint32Array): void {
  const { from, passages, groupBase } = index;
  asked.groups.slice(0, 32).forEach(({ value }, bit) => {
    for (let i = from[groupBase + value] ?? 0, end = from[groupBase + value + 1] ?? 0; i < end; i++) {
      const d = passages[i] ?? 0;
      groupsIn[d] = (groupsIn[d] ?? 0) | (1 << bit);
    }
  });
}

/** The positions of the `count` highest scores above 0, in no order: a heap whose root is the lowest of them. */
function best(scores: Float32Array, count: number): Int32Array {
  const heap = new Int32Array(count);
  let size = 0;
  let floor = 0;
  for (let at = 0; at < scores.length; at++) {
    // Nearly every passage ends here.
    if ((scores[at] ?? 0) <= floor) continue;
    if (size < count) {
      heap[size] = at;
      siftUp(heap, scores, size++);
    } else {
      heap[0] = at;
      siftDown(heap, scores, size);
    }
    if (size === count) floor = scores[heap[0] ?? 0] ?? 0;
  }
  return heap.subarray(0, size);
}

function siftUp(heap: Int32Array, scores: Float32Array, from: number): void {
  let i = from;
  const at = heap[i] ?? 0;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    const above = heap[parent] ?? 0;
    if ((scores[above] ?? 0) <= (scores[at] ?? 0)) break;
    heap[i] = above;
    i = parent;
  }
  heap[i] = at;
}

function siftDown(heap: Int32Array, scores: Float32Array, size: number): void {
  const at = heap[0] ?? 0;
  const score = scores[at] ?? 0;
  let i = 0;
  for (let child = 1; child < size; child = 2 * i + 1) {
    const other = child + 1;
    if (other < size && (scores[heap[other] ?? 0] ?? 0) < (scores[heap[child] ?? 0] ?? 0)) child = other;
    if ((scores[heap[child] ?? 0] ?? 0) >= score) break;
    heap[i] = heap[child] ?? 0;
    i = child;
  }
  heap[i] = at;
}

/** The share of a question, by rarity, that nothing in the collection speaks of; and how many syllables say something. */
export function askedOf(index: Index, asked: Asked): { unknown: number; telling: number; ideal: number } {
  let whole = 0;
  let unknown = 0;
  let telling = 0;
  let ideal = 0;
  for (const s of asked.syllables) {
    const worth = s.weight * rarityOfSyllable(index, s.folded);
    whole += worth;
    if (s.folded === 0) unknown += worth;
    if (s.weight >= 1) telling++;
    ideal += worth * index.peak;
  }
  return { unknown: whole === 0 ? 1 : unknown / whole, telling, ideal };
}

/** What a syllable that the whole collection lacks counts when coverage is measured: as much as the rarest. */
function rarityOfSyllable(index: Index, folded: number): number {
  return folded === 0 ? Math.log(1 + 2 * index.size) : (index.rarity[folded] ?? 0);
}

function secondLook(
  index: Index,
  asked: Asked,
  wide: readonly Scored[],
  weights: Weights["rank"],
  slots: Int16Array,
  groupsIn: Uint32Array,
): Ranked[] {
  const unique: AskedSyllable[] = [];
  let unknown = 0;
  for (const s of asked.syllables) {
    if (s.folded === 0) unknown += s.weight * rarityOfSyllable(index, 0);
    else if ((slots[s.folded] ?? 0) < 0) slots[s.folded] = unique.push(s) - 1;
  }
  // For each syllable, the groups that speak for it.
  const spoken = unique.map(() => 0);
  asked.groups.slice(0, 32).forEach(({ at, length }, bit) => {
    for (let q = at; q < at + length; q++) {
      const slot = slots[asked.syllables[q]?.folded ?? 0] ?? -1;
      if (slot >= 0) spoken[slot] = (spoken[slot] ?? 0) | (1 << bit);
    }
  });
  const worth = unique.map((s) => s.weight * rarityOfSyllable(index, s.folded));
  const whole = worth.reduce((sum, w) => sum + w, 0) + unknown || 1;
  const writtenAs = Uint32Array.from(unique, (s) => s.marked);
  const seen = new Uint8Array(unique.length);
  const asWritten = new Uint8Array(unique.length);
  const looked = wide.map(({ at, score }) => look(at, score));
  for (const s of unique) slots[s.folded] = -1;
  return looked;

  function look(d: number, score: number): Ranked {
    const { markedRarity, rarity } = index;
    const { marked, folded, times, begin } = index.once;
    seen.fill(0);
    asWritten.fill(0);
    const said = index.said[d] ?? 0;
    let met = 0;
    for (let i = begin[d] ?? 0, end = begin[d + 1] ?? 0; i < end; i++) {
      // Most syllables were not asked for: this line is nearly all that a look costs.
      const slot = slots[folded[i] ?? 0] ?? -1;
      if (slot < 0) continue;
      met += (times[i] ?? 0) * (rarity[folded[i] ?? 0] ?? 0);
      seen[slot] = 1;
      if (writtenAs[slot] === marked[i]) asWritten[slot] = 1;
    }
    let bonus = 0;
    let had = 0;
    unique.forEach((s, slot) => {
      const w = worth[slot] ?? 0;
      if (seen[slot] === 0) {
        if (((spoken[slot] ?? 0) & (groupsIn[d] ?? 0)) !== 0) had += w * SYNONYM_COVERS;
        return;
      }
      had += w;
      if (asWritten[slot] === 1) bonus += weights.marked * s.weight * (markedRarity[s.marked] ?? 0);
    });
    const coverage = had / whole;
    return {
      at: d,
      score: score + bonus,
      coverage,
      reach: said === 0 ? 0 : met / said,
    };
  }
}

/** How much of a syllable counts as covered when only a synonym of it is there. */
const SYNONYM_COVERS = 0.8;
