/** The second look at the best passages: what of the question each has, as it is written there or in other words. */

import type { Index } from "./index.ts";
import { type Asked, MAX_SYLLABLES } from "./query.ts";
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

/** Of which passages it is asked what a synonym in them stands for: of all that are looked at, of the best one, of none. */
export type Thorough = boolean | "best";

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
export function makeSecondLook(
  index: Index,
  weights: Weights["rank"],
  thorough: Thorough,
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
    for (let n = 0; n < wide.length; n++) found.push(look(wide[n] ?? 0, thorough === true));
    if (thorough === "best" && groups.length > 0) {
      const top = highest(found);
      if (top >= 0) found[top] = look(wide[top] ?? 0, true);
    }
    for (const s of asked.syllables) if (s.folded !== 0) put(s.folded, -1);
    return found;

    function look(d: number, synonymsToo: boolean): Ranked {
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
      if (synonymsToo && groups.length > 0) had += SYNONYM_COVERS * covered(d);
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

/** Where the highest score stands, of those that score alike the one that comes first in the collection; -1: nowhere. */
function highest(found: readonly Ranked[]): number {
  let top = -1;
  let best: Ranked | undefined;
  found.forEach((one, n) => {
    if (best && (one.score < best.score || (one.score === best.score && one.at > best.at))) return;
    best = one;
    top = n;
  });
  return top;
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
