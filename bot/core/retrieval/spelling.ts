/** What stands behind a syllable that was typed without its marks: how the collection itself writes it beside the same neighbours. */

import type { ReadingIndex } from "./index.ts";

/** For each pair of folded syllables the spelling that most of its places share. Numbers are those as written. */
export interface PairSpellings {
  readonly first: Uint16Array | Uint32Array;
  readonly second: Uint16Array | Uint32Array;
  /** How far this spelling leads over all others together, 0 to 255 for all its places. */
  readonly lead: Uint8Array;
  /** Places, up to 255. */
  readonly places: Uint8Array;
}

export interface PairVotes {
  readonly vote: (pair: number, first: number, second: number) => void;
  /** `written`: how many syllables as written there are. */
  readonly spellings: (written: number) => PairSpellings;
}

/** Finds each pair's most usual spelling in one pass (Boyer and Moore's majority vote), in any order of places. */
export function makePairVotes(): PairVotes {
  let firsts = new Uint32Array(1 << 12);
  let seconds = new Uint32Array(1 << 12);
  let leads = new Uint32Array(1 << 12);
  let places = new Uint32Array(1 << 12);
  let size = 0;
  const wider = (old: Uint32Array<ArrayBuffer>, least: number) => {
    const next = new Uint32Array(Math.max(least, old.length * 2));
    next.set(old);
    return next;
  };
  return {
    vote: (pair, first, second) => {
      if (pair >= leads.length) {
        [firsts, seconds] = [wider(firsts, pair + 1), wider(seconds, pair + 1)];
        [leads, places] = [wider(leads, pair + 1), wider(places, pair + 1)];
      }
      if (pair >= size) size = pair + 1;
      places[pair] = (places[pair] ?? 0) + 1;
      const lead = leads[pair] ?? 0;
      if (lead === 0) {
        firsts[pair] = first;
        seconds[pair] = second;
        leads[pair] = 1;
      } else leads[pair] = firsts[pair] === first && seconds[pair] === second ? lead + 1 : lead - 1;
    },
    spellings: (written) => {
      const kept = (all: Uint32Array) =>
        written < 0x10000 ? Uint16Array.from(all.subarray(0, size)) : all.slice(0, size);
      const lead = new Uint8Array(size);
      for (let p = 0; p < size; p++) lead[p] = Math.round((255 * (leads[p] ?? 0)) / (places[p] || 1));
      return {
        first: kept(firsts),
        second: kept(seconds),
        lead,
        places: Uint8Array.from(places.subarray(0, size), (n) => Math.min(255, n)),
      };
    },
  };
}

/** From so many places on a pair is as good a witness as any. */
const ENOUGH_PLACES = 5;
/** What it counts that the syllable stands there without marks, when other words of the question have theirs. */
const TYPED_SO = 2;

export interface Likely {
  /** Number as written; 0: none. */
  readonly number: number;
  /** 0 to 1. */
  readonly sure: number;
}

/** A syllable of a question, as far as its spelling is asked for. */
interface Bare {
  /** Number of the folded spelling, not 0. */
  readonly folded: number;
  /** Folded numbers of its neighbours; 0: none. */
  readonly before: number;
  readonly after: number;
  /** Its number as typed, when other words of the question have marks; else 0. */
  readonly typed: number;
}

/** The likeliest spelling of a syllable that was typed without marks. */
export function likeliestSpelling(index: ReadingIndex, { folded, before, after, typed }: Bare): Likely {
  const { pairs, pairSpellings: known, usual, markedShare } = index;
  const left = before === 0 ? -1 : pairs.find(before, folded);
  const right = after === 0 ? -1 : pairs.find(folded, after);
  const often = usual[folded] ?? 0;
  const byLeft = left < 0 ? 0 : (known.second[left] ?? 0);
  const byRight = right < 0 ? 0 : (known.first[right] ?? 0);
  const leftWeight = Math.min(ENOUGH_PLACES, known.places[left] ?? 0);
  const rightWeight = Math.min(ENOUGH_PLACES, known.places[right] ?? 0);
  const all = leftWeight + rightWeight + 1 + (typed === 0 ? 0 : TYPED_SO);
  const share = (number: number) =>
    ((number === byLeft ? (leftWeight * (known.lead[left] ?? 0)) / 255 : 0) +
      (number === byRight ? (rightWeight * (known.lead[right] ?? 0)) / 255 : 0) +
      (number === often ? (markedShare[often] ?? 0) : 0) +
      (number === typed ? TYPED_SO : 0)) /
    all;
  let [number, sure] = [often, share(often)];
  for (const other of [byLeft, byRight, typed]) {
    if (other === 0 || other === number || share(other) <= sure) continue;
    [number, sure] = [other, share(other)];
  }
  return { number, sure };
}

/**
 * How far the collection lets two neighbouring syllables, typed without marks, be these ones (numbers as written, 0: it has
 * not got them): 1 when it never writes them otherwise.
 */
export function mayBePair(
  index: ReadingIndex,
  folded: readonly [number, number],
  first: number,
  second: number,
): number {
  const { pairs, pairSpellings: known } = index;
  const pair = folded[0] === 0 || folded[1] === 0 ? -1 : pairs.find(folded[0], folded[1]);
  const places = known.places[pair] ?? 0;
  if (places === 0 || (known.first[pair] === first && known.second[pair] === second)) return 1;
  return 1 - (((known.lead[pair] ?? 0) / 255) * places) / (places + 1);
}
