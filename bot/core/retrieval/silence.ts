/** The silence rule: whether what was found is good enough to be an answer, and what is never answered. */

import { makePhrases, type Phrases, type Syllable } from "./phrases.ts";
import type { Asked } from "./query.ts";
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
  readonly size: number;
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
    bar.size * m.size +
    bar.marked * m.marked
  );
}

/**
 * Why a question is never answered (doses, other people's messages, orders to the machine …), or undefined. Neither a slip
 * of the finger, a forgotten mark nor a second message hides it: it is read as typed, and as repaired with what was asked
 * just before.
 */
export function makeNever(
  rules: SearchData["silence"]["never"],
): (asked: Pick<Asked, "typed" | "syllables" | "marked">) => string | undefined {
  const list = (texts: readonly string[]) => makePhrases(texts.map((text) => [text, true] as const));
  const ready = rules.map(({ why, all, unless }) => ({ why, all: all.map(list), unless: list(unless) }));
  return ({ typed, syllables, marked }) => {
    const rows = [typed, syllables];
    const stands = (phrases: Phrases<true>, row: readonly Syllable[]) =>
      phrases.find(row, marked && "some").length > 0;
    return ready.find(
      ({ all, unless }) =>
        rows.some((row) => all.every((phrases) => stands(phrases, row))) &&
        !rows.some((row) => stands(unless, row)),
    )?.why;
  };
}
