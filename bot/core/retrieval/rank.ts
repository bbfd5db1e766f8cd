/** Ranks the passages of an index for a question: rarity over syllables and pairs first, then a second look at the best. */

import type { Index } from "./index.ts";
import { type Asked, type AskedSyllable, MAX_SYLLABLES } from "./query.ts";
import type { Weights } from "./tuning.ts";

export interface Ranked {
  /** Position of the passage in what was indexed. */
  readonly at: number;
  readonly score: number;
  /** Share of what the question asks, by rarity, that the passage has; in its words or, for a thorough ranker, in a synonym's. */
  readonly coverage: number;
  /** Share of what the passage says, by rarity, that the question has: for alias questions, how much of them was asked. */
  readonly reach: number;
}

/**
 * Ranks; keeps its arrays, so that a question makes no garbage of the collection's size. Only a `thorough` one looks for
 * synonyms in each passage again to say what it covers: the ranks are the same.
 */
export function makeRanker(
  index: Index,
  weights: Weights["rank"],
  thorough = true,
): (asked: Asked, limit: number) => Ranked[] {
  const scores = new Float32Array(index.size);
  const frequent = frequentTerms(index);
  const look = makeSecondLook(index, weights, thorough);
  const terms: Terms = { count: 0, term: new Uint32Array(MOST_TERMS), weight: new Float64Array(MOST_TERMS) };
  return (asked, limit) => {
    fillTerms(terms, asked, index, weights);
    const wide = widest(index, terms, frequent, scores, Math.max(limit, weights.second_look));
    const close = look(asked, wide, scores);
    order(close);
    scores.fill(0);
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

/** One score in so many is looked at to see about where the highest begin. */
const SAMPLED = 16;

/** The positions of the `count` highest scores above 0, in no order. */
function best(scores: Float32Array, count: number): Int32Array {
  const heap = new Int32Array(count);
  // A floor that nearly every score lies under makes going through them several times faster; too high a one is seen.
  const expected = Math.ceil((1.5 * count) / SAMPLED) + 3;
  if (scores.length > 4 * SAMPLED * expected) {
    const sampled = fillHeap(heap.subarray(0, expected), scores, SAMPLED, 0);
    const floor = sampled < expected ? 0 : (scores[heap[0] ?? 0] ?? 0);
    if (floor > 0 && fillHeap(heap, scores, 1, floor) === count) return heap;
  }
  return heap.subarray(0, fillHeap(heap, scores, 1, 0));
}

/** Fills a heap, whose root is the lowest, with the positions of the highest scores above `floor`, of every `step`-th; how many it has. */
function fillHeap(heap: Int32Array, scores: Float32Array, step: number, floor: number): number {
  let size = 0;
  let low = floor;
  for (let at = 0; at < scores.length; at += step) {
    // Nearly every passage ends here.
    if ((scores[at] ?? 0) <= low) continue;
    if (size < heap.length) {
      heap[size] = at;
      siftUp(heap, scores, size++);
    } else {
      heap[0] = at;
      siftDown(heap, scores, size);
    }
    if (size === heap.length) low = scores[heap[0] ?? 0] ?? 0;
  }
  return size;
}

/** The same among some positions only; each score stands above 0. */
function bestOf(positions: Int32Array, scores: Float32Array, count: number): Int32Array {
  if (positions.length <= count) return positions;
  const heap = positions.slice(0, count);
  for (let i = 1; i < count; i++) siftUp(heap, scores, i);
  for (let i = count; i < positions.length; i++) {
    const at = positions[i] ?? 0;
    if ((scores[at] ?? 0) <= (scores[heap[0] ?? 0] ?? 0)) continue;
    heap[0] = at;
    siftDown(heap, scores, count);
  }
  return heap;
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

/** Different syllables of a question, and of the one before, that are looked at. */
const MOST_SLOTS = 2 * MAX_SYLLABLES;

/** Looks at the best passages again: at the syllables that were asked, as they are written there. */
function makeSecondLook(
  index: Index,
  weights: Weights["rank"],
  thorough: boolean,
): (asked: Asked, wide: Int32Array, scores: Float32Array) => Ranked[] {
  const { markedRarity, rarity, said } = index;
  const { marked, times, begin } = index.once;
  const spellings = spellingsOf(index);
  // Where each syllable as written stands among those that were asked; -1: it was not.
  const slots = new Int16Array(index.vocabulary.foldOf.length).fill(-1);
  const put = (folded: number, slot: number) => {
    for (let i = spellings.from[folded] ?? 0, end = spellings.from[folded + 1] ?? 0; i < end; i++)
      slots[spellings.written[i] ?? 0] = slot;
  };
  const slotOf = (folded: number) => slots[spellings.written[spellings.from[folded] ?? 0] ?? 0] ?? -1;
  const written = new Uint32Array(MOST_SLOTS);
  const worth = new Float64Array(MOST_SLOTS);
  const bonus = new Float64Array(MOST_SLOTS);
  const syllableRarity = new Float64Array(MOST_SLOTS);
  // For each syllable the groups of synonyms that speak for it, a bit for each.
  const spoken = new Uint32Array(MOST_SLOTS);
  // The last passage that had it, counted over all questions.
  const seen = new Float64Array(MOST_SLOTS);
  let looks = 0;

  return (asked, wide, scores) => {
    let count = 0;
    let whole = 0;
    for (const s of asked.syllables) {
      if (s.folded === 0) whole += s.weight * rarityOfSyllable(index, 0);
      else if (slotOf(s.folded) < 0 && count < MOST_SLOTS) {
        put(s.folded, count);
        written[count] = s.marked;
        syllableRarity[count] = rarity[s.folded] ?? 0;
        worth[count] = s.weight * (rarity[s.folded] ?? 0);
        bonus[count] = weights.marked * s.sure * s.weight * (markedRarity[s.marked] ?? 0);
        spoken[count] = 0;
        whole += worth[count++] ?? 0;
      }
    }
    const groups = asked.groups.slice(0, 32);
    groups.forEach(({ at, length }, bit) => {
      for (let q = at; q < at + length; q++) {
        const folded = asked.syllables[q]?.folded ?? 0;
        const slot = folded === 0 ? -1 : slotOf(folded);
        if (slot >= 0) spoken[slot] = (spoken[slot] ?? 0) | (1 << bit);
      }
    });
    const found: Ranked[] = [];
    for (let n = 0; n < wide.length; n++) found.push(look(wide[n] ?? 0));
    for (const s of asked.syllables) if (s.folded !== 0) put(s.folded, -1);
    return found;

    function look(d: number): Ranked {
      looks++;
      let met = 0;
      let had = 0;
      let score = scores[d] ?? 0;
      for (let i = begin[d] ?? 0, end = begin[d + 1] ?? 0; i < end; i++) {
        // Most syllables were not asked for: this line is nearly all that a look costs.
        const slot = slots[marked[i] ?? 0] ?? -1;
        if (slot < 0) continue;
        met += (times[i] ?? 0) * (syllableRarity[slot] ?? 0);
        if (seen[slot] !== looks) {
          seen[slot] = looks;
          had += worth[slot] ?? 0;
        }
        if (written[slot] === marked[i]) score += bonus[slot] ?? 0;
      }
      if (thorough && groups.length > 0) had += SYNONYM_COVERS * covered(d);
      const says = said[d] ?? 0;
      return { at: d, score, coverage: had / (whole || 1), reach: says === 0 ? 0 : met / says };
    }

    /** What of the question only a synonym stands for in the passage. */
    function covered(d: number): number {
      let asked = 0;
      let inPassage = 0;
      let sum = 0;
      for (let slot = 0; slot < count; slot++) {
        if (seen[slot] === looks) continue;
        const speaking = spoken[slot] ?? 0;
        for (let rest = speaking & ~asked; rest !== 0; rest &= rest - 1) {
          const bit = 31 - Math.clz32(rest & -rest);
          if (hasTerm(index, index.groupBase + (groups[bit]?.value ?? 0), d)) inPassage |= 1 << bit;
        }
        asked |= speaking;
        if ((speaking & inPassage) !== 0) sum += worth[slot] ?? 0;
      }
      return sum;
    }
  };
}

/** For each folded syllable its spellings: number f has `written` from `from[f]` up to `from[f + 1]`. */
function spellingsOf({ vocabulary }: Index): { from: Uint32Array; written: Uint32Array } {
  const { foldOf, spelling } = vocabulary;
  const from = new Uint32Array(spelling.length + 1);
  for (const folded of foldOf) from[folded + 1] = (from[folded + 1] ?? 0) + 1;
  for (let f = 0; f < spelling.length; f++) from[f + 1] = (from[f + 1] ?? 0) + (from[f] ?? 0);
  const next = from.slice();
  const written = new Uint32Array(foldOf.length);
  foldOf.forEach((folded, number) => {
    const at = next[folded] ?? 0;
    written[at] = number;
    next[folded] = at + 1;
  });
  return { from, written };
}

/** Does the passage have the term? Its postings stand in the passages' order. */
function hasTerm({ from, passages }: Index, term: number, d: number): boolean {
  let low = from[term] ?? 0;
  let high = from[term + 1] ?? 0;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((passages[middle] ?? 0) < d) low = middle + 1;
    else high = middle;
  }
  return low < (from[term + 1] ?? 0) && passages[low] === d;
}

/** How much of a syllable counts as covered when only a synonym of it is there. */
const SYNONYM_COVERS = 0.8;
