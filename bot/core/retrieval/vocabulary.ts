/** Numbers for the syllables of a collection: one for each spelling with marks, one for each folded spelling. */

import { foldKey, markKey } from "./cut.ts";
import { makeNear, type Near } from "./repair.ts";

export interface Vocabulary {
  /** Number of a syllable as written; made if new. 0 is kept for "parted". */
  readonly add: (raw: string) => number;
  /** Number of a syllable that has been added just so, or 0: spares making its keys. */
  readonly read: (raw: string) => number;
  /** Number of a syllable as written, by its `markKey`, or 0. */
  readonly byMark: (key: string) => number;
  /** Number of a folded spelling, or 0. */
  readonly folded: (key: string) => number;
  /** Folded number of each number as written. */
  readonly foldOf: readonly number[];
  /** `markKey` of each number as written. */
  readonly markOf: readonly string[];
  /** Folded spelling of each folded number. */
  readonly spelling: readonly string[];
  /** Folded spellings that one slip turns into a key. */
  readonly near: Near;
  /** All that is known by now, to be kept. */
  readonly kept: () => KeptVocabulary;
}

/** A vocabulary as it can be kept in a file. */
export interface KeptVocabulary {
  readonly raw: readonly string[];
  /** Number of each of `raw`. */
  readonly rawNumber: Uint32Array;
  readonly foldOf: Uint32Array;
  readonly markOf: readonly string[];
  readonly spelling: readonly string[];
}

/** An empty one, or one that was kept. */
export function makeVocabulary(kept?: KeptVocabulary): Vocabulary {
  const byRaw = new Map<string, number>();
  const byMark = new Map<string, number>();
  const byFold = new Map<string, number>();
  const foldOf = kept ? Array.from(kept.foldOf) : [0];
  const markOf = kept ? [...kept.markOf] : [""];
  const spelling = kept ? [...kept.spelling] : [""];
  const slips = makeNear();
  kept?.raw.forEach((raw, i) => {
    byRaw.set(raw, kept.rawNumber[i] ?? 0);
  });
  // 0 is no syllable.
  for (let number = 1; number < markOf.length; number++) byMark.set(markOf[number] ?? "", number);
  for (let number = 1; number < spelling.length; number++) {
    byFold.set(spelling[number] ?? "", number);
    slips.add(spelling[number] ?? "");
  }

  const foldedNumber = (raw: string): number => {
    const key = foldKey(raw);
    const known = byFold.get(key);
    if (known !== undefined) return known;
    byFold.set(key, spelling.length);
    slips.add(key);
    return spelling.push(key) - 1;
  };
  const add = (raw: string): number => {
    const seen = byRaw.get(raw);
    if (seen !== undefined) return seen;
    const key = markKey(raw);
    let number = byMark.get(key);
    if (number === undefined) {
      number = foldOf.push(foldedNumber(raw)) - 1;
      markOf.push(key);
      byMark.set(key, number);
    }
    byRaw.set(raw, number);
    return number;
  };
  return {
    add,
    read: (raw) => byRaw.get(raw) ?? 0,
    byMark: (key) => byMark.get(key) ?? 0,
    folded: (key) => byFold.get(key) ?? 0,
    foldOf,
    markOf,
    spelling,
    near: slips.near,
    kept: () => ({
      raw: [...byRaw.keys()],
      rawNumber: Uint32Array.from(byRaw.values()),
      foldOf: Uint32Array.from(foldOf),
      markOf,
      spelling,
    }),
  };
}
