/** Finds phrases of a list in a row of syllables, with marks when the person typed marks, folded when not. */

import { foldKey, markKey, plain, scan } from "./cut.ts";

/** One syllable of a question. */
export interface Syllable {
  readonly fold: string;
  readonly mark: string;
}

/** One syllable of a phrase of ours. */
export interface WrittenSyllable extends Syllable {
  readonly text: string;
}

export interface Found<T> {
  readonly value: T;
  /** First syllable, and how many. */
  readonly at: number;
  readonly length: number;
  /** The phrase as it stands in the list. */
  readonly phrase: readonly Syllable[];
}

export interface Phrases<T> {
  /** Every phrase that occurs; longer ones first at the same place. */
  readonly find: (row: readonly Syllable[], marked: boolean) => Found<T>[];
  /** The phrases themselves, by the key as written of their first syllable. */
  readonly entries: () => Iterable<{ readonly row: readonly Syllable[]; readonly value: T }>;
}

/** The syllables of a phrase of ours. */
export function syllablesOf(text: string): WrittenSyllable[] {
  const row: WrittenSyllable[] = [];
  scan(
    plain(text),
    (raw) => row.push({ text: raw, fold: foldKey(raw), mark: markKey(raw) }),
    () => {},
  );
  return row;
}

export function makePhrases<T>(entries: Iterable<readonly [string, T]>): Phrases<T> {
  const byFirst = new Map<string, { row: Syllable[]; value: T }[]>();
  for (const [text, value] of entries) {
    const row = syllablesOf(text);
    const first = row[0];
    if (!first) continue;
    const list = byFirst.get(first.fold) ?? [];
    list.push({ row, value });
    byFirst.set(first.fold, list);
  }
  for (const list of byFirst.values()) list.sort((a, b) => b.row.length - a.row.length);

  const find = (row: readonly Syllable[], marked: boolean) => {
    const same = (a: Syllable, b: Syllable | undefined) =>
      b !== undefined && (marked ? a.mark === b.mark : a.fold === b.fold);
    return row.flatMap((first, at) =>
      (byFirst.get(first.fold) ?? [])
        .filter((entry) => entry.row.every((s, i) => same(s, row[at + i])))
        .map(({ row: phrase, value }) => ({ value, at, length: phrase.length, phrase })),
    );
  };
  return { find, entries: () => [...byFirst.values()].flat() };
}
