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
}

export function makeVocabulary(): Vocabulary {
  const byRaw = new Map<string, number>();
  const byMark = new Map<string, number>();
  const byFold = new Map<string, number>();
  const foldOf = [0];
  const markOf = [""];
  const spelling = [""];
  const slips = makeNear();

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
  };
}
