/** Finds the provinces that a person names: the 34 of today, the old ones, usual spellings, with or without marks. */

import type { Province } from "../knowledge/service.ts";
import { foldKey, markKey, plainQuestion, scan } from "./cut.ts";
import { type Found, makePhrases, type Syllable } from "./phrases.ts";
import type { SearchData } from "./tuning.ts";

export interface PlaceFound extends Found<Province> {
  /** The name that was recognised, as the directory writes it ("Trà Vinh" for the province Vĩnh Long). */
  readonly named: string;
}

/**
 * Finds places in a row of syllables; the longest name wins where two overlap. A name that is an ordinary word too is
 * a place after a word such as "ở", alone, or where a place is `expected`.
 */
export type FindPlaces = (row: readonly Syllable[], expected?: boolean) => PlaceFound[];

export function makePlaceFinder(provinces: readonly Province[], data: SearchData["places"]): FindPlaces {
  const names = makePhrases(
    provinces.flatMap((province) =>
      [province.name, ...province.aliases].flatMap((named) =>
        spellings(named).map((written) => [written, { province, named }] as const),
      ),
    ),
  );
  const cues = makePhrases(data.cues.map((text) => [text, true] as const));
  const doubtful = new Set(data.doubtful.map((name) => foldedRow(readRow(name))));

  return (row, expected = false) => {
    const cueEnds = new Set(cues.find(row, false).map(({ at, length }) => at + length));
    const found = names
      .find(row.map(lettersUndone), false)
      .filter(({ at, length, phrase }) => {
        const part = row.slice(at, at + length);
        if (!marksAgree(part, phrase)) return false;
        return expected || !doubtful.has(foldedRow(part)) || cueEnds.has(at) || length === row.length;
      })
      .sort((a, b) => b.length - a.length || a.at - b.at);
    const taken = new Set<number>();
    const places: PlaceFound[] = [];
    for (const { at, length, value, phrase } of found) {
      const places_ = Array.from({ length }, (_, i) => at + i);
      if (places_.some((i) => taken.has(i))) continue;
      for (const i of places_) taken.add(i);
      places.push({ at, length, phrase, value: value.province, named: value.named });
    }
    return places.sort((a, b) => a.at - b.at);
  };
}

/** The syllables of what a person typed. */
export function readRow(text: string): Syllable[] {
  const row: Syllable[] = [];
  scan(
    plainQuestion(text),
    (raw) => row.push({ fold: foldKey(raw), mark: markKey(raw) }),
    () => {},
  );
  return row;
}

/** Shorter names written as one word are too often other words ("lagi"). */
const SHORTEST_JOINED = 5;

/** A name as it stands, and as one word: many leave the spaces out ("gialai"). */
function spellings(name: string): string[] {
  const row = readRow(name);
  const joined = row.map(({ fold }) => fold).join("");
  return row.length > 1 && joined.length >= SHORTEST_JOINED ? [name, joined] : [name];
}

/** Letters that no Vietnamese name has, as what they stand for where people play with spelling ("kien jang", "hai fong"). */
function lettersUndone(syllable: Syllable): Syllable {
  const fold = syllable.fold
    .replace(/^j(?=[aeou])/, "gi")
    .replace(/j/, "i")
    .replace(/^f/, "ph")
    .replace(/^w/, "qu");
  return fold === syllable.fold ? syllable : { fold, mark: fold };
}

function foldedRow(row: readonly Syllable[]): string {
  return row.map((s) => s.fold).join(" ");
}

/** People leave marks out of names in the middle of a marked line; marks that were typed must be the right ones. */
function marksAgree(typed: readonly Syllable[], name: readonly Syllable[]): boolean {
  return typed.every((s, i) => s.mark === s.fold || s.mark === name[i]?.mark);
}
