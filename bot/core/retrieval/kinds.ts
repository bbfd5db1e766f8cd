/** What a question asks for (whom to call, what to say, what it costs …), and which passages answer such a question. */

import { makePhrases, type Syllable, syllablesOf } from "./phrases.ts";
import type { Asked } from "./query.ts";
import type { SearchData } from "./tuning.ts";

export interface Kinds {
  /** A bit for each kind that the question is of. */
  readonly askedBy: (asked: Pick<Asked, "syllables" | "marked">) => number;
  /** A bit for each kind of question that the passage answers. */
  readonly answeredBy: (heading: string, text: string) => number;
  /** A bit for each kind that is who asks, not what is asked for. */
  readonly roles: number;
}

/** Up to 31 kinds (`knowledge/search/kinds.yaml`). */
export function makeKinds(kinds: SearchData["kinds"]): Kinds {
  const list = (of: (kind: SearchData["kinds"][number]) => readonly string[]) =>
    makePhrases(kinds.flatMap((kind, bit) => of(kind).map((text) => [text, 1 << bit] as const)));
  const asks = list((kind) => kind.asks);
  const heading = list((kind) => kind.heading);
  const text = list((kind) => kind.text);
  const bits = (phrases: typeof asks, row: readonly Syllable[], marked: boolean | "some") =>
    phrases.find(row, marked).reduce((sum, { value }) => sum | value, 0);
  return {
    askedBy: ({ syllables, marked }) => bits(asks, syllables, marked && "some"),
    answeredBy: (title, body) =>
      bits(heading, syllablesOf(title), true) | bits(text, syllablesOf(body), true),
    roles: kinds.reduce((sum, { role }, bit) => (role ? sum | (1 << bit) : sum), 0),
  };
}

/** How many kinds two have in common. */
export function kindsShared(a: number, b: number): number {
  let count = 0;
  for (let rest = a & b; rest !== 0; rest &= rest - 1) count++;
  return count;
}
