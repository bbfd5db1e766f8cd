/** The silence rule: whether what was found is good enough to be an answer, and what is never answered. */

import { makePhrases, type Syllable } from "./phrases.ts";
import type { Bar, SearchData } from "./tuning.ts";

/** What the bar weighs; each from 0 to about 1. */
export interface Measures {
  readonly coverage: number;
  readonly likeness: number;
  readonly margin: number;
  readonly unknown: number;
  readonly length: number;
  readonly stranger: number;
  readonly total: number;
  readonly bayes: number;
  readonly stranger_bayes: number;
  readonly marked: number;
}

/** Is the best passage good enough? */
export function overBar(bar: Bar, measures: Measures): boolean {
  return barSum(bar, measures) >= 0;
}

/** The weighted sum; 0 is the bar. */
export function barSum(bar: Bar, m: Measures): number {
  return (
    bar.base +
    bar.coverage * m.coverage +
    bar.likeness * m.likeness +
    bar.margin * m.margin +
    bar.unknown * m.unknown +
    bar.length * m.length +
    bar.stranger * m.stranger +
    bar.total * m.total +
    bar.bayes * m.bayes +
    bar.stranger_bayes * m.stranger_bayes +
    bar.marked * m.marked
  );
}

/** Why a question is never answered (doses, other people's messages, orders to the machine …), or undefined. */
export function makeNever(
  rules: SearchData["silence"]["never"],
): (row: readonly Syllable[], marked: boolean) => string | undefined {
  const list = (texts: readonly string[]) => makePhrases(texts.map((text) => [text, true] as const));
  const ready = rules.map(({ why, all, unless }) => ({ why, all: all.map(list), unless: list(unless) }));
  return (row, marked) =>
    ready.find(
      ({ all, unless }) =>
        all.every((phrases) => phrases.find(row, marked).length > 0) && unless.find(row, marked).length === 0,
    )?.why;
}
