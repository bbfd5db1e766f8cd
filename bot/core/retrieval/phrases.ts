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

/** What a word that people write short means; undefined for any other. Asked with what `plain` has prepared. */
export interface ShortForms {
  readonly get: (raw: string) => readonly WrittenSyllable[] | undefined;
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
  /**
   * Every phrase that occurs; longer ones first at the same place. "some": marks were typed on some syllables only, so
   * those without any may be any.
   */
  readonly find: (row: readonly Syllable[], marked: boolean | "some") => Found<T>[];
  /** The phrases themselves, by the key as written of their first syllable. */
  readonly entries: () => Iterable<{ readonly row: readonly Syllable[]; readonly value: T }>;
}

/** The syllables of a phrase of ours. `known` has those of earlier phrases, to be used again: thousands of phrases have few hundred syllables. */
export function syllablesOf(text: string, known = new Map<string, WrittenSyllable>()): WrittenSyllable[] {
  const row: WrittenSyllable[] = [];
  scan(
    plain(text),
    (raw) => {
      const syllable = known.get(raw) ?? { text: raw, fold: foldKey(raw), mark: markKey(raw) };
      known.set(raw, syllable);
      row.push(syllable);
    },
    () => {},
  );
  return row;
}

export function makePhrases<T>(entries: Iterable<readonly [string, T]>): Phrases<T> {
  // By the first two syllables ("": there is one only): a question is short, and few phrases begin as it does.
  const byFirst = new Map<string, Map<string, { row: Syllable[]; value: T }[]>>();
  const known = new Map<string, WrittenSyllable>();
  for (const [text, value] of entries) {
    const row = syllablesOf(text, known);
    const [first, second] = row;
    if (!first) continue;
    const bySecond = byFirst.get(first.fold) ?? new Map<string, { row: Syllable[]; value: T }[]>();
    byFirst.set(first.fold, bySecond);
    const list = bySecond.get(second?.fold ?? "") ?? [];
    bySecond.set(second?.fold ?? "", list);
    list.push({ row, value });
  }
  for (const bySecond of byFirst.values())
    for (const list of bySecond.values()) list.sort((a, b) => b.row.length - a.row.length);

  const find = (row: readonly Syllable[], marked: boolean | "some"): Found<T>[] => {
    const found: Found<T>[] = [];
    const add = (list: readonly { row: Syllable[]; value: T }[] | undefined, at: number) => {
      if (!list) return;
      for (const entry of list) {
        if (!stands(entry.row, row, at, marked)) continue;
        found.push({ value: entry.value, at, length: entry.row.length, phrase: entry.row });
      }
    };
    for (let at = 0; at < row.length; at++) {
      const bySecond = byFirst.get(row[at]?.fold ?? "");
      if (!bySecond) continue;
      const second = row[at + 1];
      if (second) add(bySecond.get(second.fold), at);
      add(bySecond.get(""), at);
    }
    return found;
  };
  return { find, entries: () => [...byFirst.values()].flatMap((bySecond) => [...bySecond.values()].flat()) };
}

/** Does the phrase stand in the row at this place? */
function stands(
  phrase: readonly Syllable[],
  row: readonly Syllable[],
  at: number,
  marked: boolean | "some",
): boolean {
  for (let i = 0; i < phrase.length; i++) {
    const [want, have] = [phrase[i], row[at + i]];
    if (have === undefined || want?.fold !== have.fold) return false;
    const bare = marked === "some" && have.mark === have.fold;
    if (marked && !bare && want.mark !== have.mark) return false;
  }
  return true;
}
