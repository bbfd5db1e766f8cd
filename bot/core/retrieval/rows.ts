/** Texts as rows of numbers of syllables: each text is cut once, in however many indexes it stands. */

import { plain, scan } from "./cut.ts";
import type { ShortForms } from "./phrases.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Numbers of syllables as written; 0 where two are parted by more than a space. */
export type Row = Uint32Array;

/** Passages as one row of numbers: heading, 0, text, 0; and where each begins and its heading ends. */
export interface Rows {
  readonly stream: Row;
  /** One more than passages. */
  readonly begin: Uint32Array;
  readonly headingEnd: Uint32Array;
}

/** Makes rows of texts; with `short`, short forms stand as what they mean ("ck" as "chồng"). */
export function makeRowReader(vocabulary: Vocabulary, short?: ShortForms): (text: string) => Row {
  return (text) => {
    const numbers: number[] = [];
    scan(
      plain(text),
      (raw) => {
        const meant = short?.get(raw);
        if (!meant) numbers.push(vocabulary.add(raw));
        else for (const syllable of meant) numbers.push(vocabulary.add(syllable.text));
      },
      () => numbers.push(0),
    );
    return Uint32Array.from(numbers);
  };
}

/** The row of the texts written one after the other as sentences of their own. */
export function joinRows(rows: readonly Row[]): Row {
  const joined = new Uint32Array(rows.reduce((sum, row) => sum + row.length + 1, 0));
  let at = 0;
  for (const row of rows) {
    if (row.length === 0) continue;
    if (at > 0 && row[0] !== 0) joined[at++] = 0;
    joined.set(row, at);
    at += row.length;
  }
  return joined.subarray(0, at);
}

/** Lays out passages one after the other. */
export function layOut(passages: readonly { readonly heading?: Row; readonly text: Row }[]): Rows {
  let length = 0;
  for (const { heading, text } of passages) length += (heading?.length ?? 0) + text.length + 2;
  const stream = new Uint32Array(length);
  const begin = new Uint32Array(passages.length + 1);
  const headingEnd = new Uint32Array(passages.length);
  let at = 0;
  passages.forEach(({ heading, text }, i) => {
    begin[i] = at;
    if (heading) stream.set(heading, at);
    at += heading?.length ?? 0;
    headingEnd[i] = at;
    stream.set(text, at + 1);
    at += text.length + 2;
  });
  begin[passages.length] = at;
  return { stream, begin, headingEnd };
}
