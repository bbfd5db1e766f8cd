/** The silence rule: whether what was found is good enough to be an answer, and what is never answered. */

import { type Found, makePhrases, type Phrases, type Syllable } from "./phrases.ts";
import type { Asked } from "./query.ts";
import type { Bar, SearchData } from "./tuning.ts";

/** What the bar weighs; each from 0 to about 1. */
export interface Measures {
  readonly coverage: number;
  readonly likeness: number;
  readonly margin: number;
  readonly unknown: number;
  readonly length: number;
  readonly total: number;
  readonly learned: number;
  readonly stranger: number;
  readonly stranger_coverage: number;
  readonly stranger_learned: number;
  readonly size: number;
  readonly marked: number;
}

/** Is the best passage good enough? Never where nothing like the question was ever asked for it. */
export function overBar(bar: Bar, measures: Measures): boolean {
  return (measures.likeness > 0 || measures.coverage > 0) && barSum(bar, measures) >= 0;
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
    bar.total * m.total +
    bar.learned * m.learned +
    bar.stranger * m.stranger +
    bar.stranger_coverage * m.stranger_coverage +
    bar.stranger_learned * m.stranger_learned +
    bar.size * m.size +
    bar.marked * m.marked
  );
}

/**
 * Whether somebody or something is only named ("chồng em", "husband"): some passage always comes first for it, and none is what
 * was asked. What was asked just before counts: "còn con thì sao?" may name and mean something all the same.
 */
export function makeOnlyNamed({
  silence,
  words,
}: Pick<SearchData, "silence" | "words">): (asked: Pick<Asked, "syllables" | "marked">) => boolean {
  const list = (texts: readonly string[]) => makePhrases(texts.map((text) => [text, true] as const));
  const [named, quiet] = [list(silence.named), list(words.question_words)];
  return ({ syllables, marked }) => {
    const names = placesOf(named.find(syllables, marked && "some"));
    // Two that stand apart say something: "chồng em là công an".
    const isOne = names.size > 0 && Math.max(...names) - Math.min(...names) < names.size;
    const said = placesOf(quiet.find(syllables, marked && "some"));
    return isOne && syllables.every((_, at) => names.has(at) || said.has(at));
  };
}

function placesOf(found: readonly Found<true>[]): ReadonlySet<number> {
  return new Set(found.flatMap(({ at, length }) => Array.from({ length }, (_, n) => at + n)));
}

/** How many words may stand between who does something and what is done ("chồng [em hay] đánh"). */
const MOST_BETWEEN = 2;

/**
 * Why a question is never answered (doses, other people's messages, orders to the machine …), or undefined. Neither a slip
 * of the finger, a forgotten mark nor a second message hides it: it is read as typed, and as repaired with what was asked
 * just before. Phrases of the rules may be written as people say them ("ổng"): they are read as questions are.
 */
export function makeNever({
  silence,
  words,
}: Pick<SearchData, "silence" | "words">): (
  asked: Pick<Asked, "typed" | "syllables" | "marked">,
) => string | undefined {
  const list = (texts: readonly string[]) =>
    makePhrases(
      texts.flatMap((text) =>
        [...new Set([text, writtenOut(text, words.short)])].map((t) => [t, true] as const),
      ),
    );
  const rules = silence.never.map(({ why, strict, all, unless }) => ({
    why,
    strict,
    all: all.map(list),
    unless: list(unless),
  }));
  const [who, between, does] = [silence.others.who, silence.others.between, silence.others.does].map(list);
  return ({ typed, syllables, marked }) => {
    const rows = [typed, syllables];
    const find = (phrases: Phrases<true> | undefined, row: readonly Syllable[]) =>
      phrases?.find(row, marked && "some") ?? [];
    const stands = (phrases: Phrases<true>, row: readonly Syllable[]) => find(phrases, row).length > 0;
    const done = (row: readonly Syllable[]) => {
      const doing = new Set(find(does, row).map(({ at }) => at));
      const next = find(between, row);
      let ends = new Set(find(who, row).map(({ at, length }) => at + length));
      for (let words = 0; ends.size > 0; words++) {
        if ([...ends].some((at) => doing.has(at))) return true;
        if (words === MOST_BETWEEN) break;
        const before = ends;
        ends = new Set(next.filter(({ at }) => before.has(at)).map(({ at, length }) => at + length));
      }
      return false;
    };
    const met = rules.filter(
      ({ all, unless }) =>
        rows.some((row) => all.every((phrases) => stands(phrases, row))) &&
        !rows.some((row) => stands(unless, row)),
    );
    if (met.length === 0) return undefined;
    const byOthers = rows.some(done);
    return met.find(({ strict }) => strict || !byOthers)?.why;
  };
}

function writtenOut(text: string, short: Readonly<Record<string, string>>): string {
  return text
    .split(" ")
    .map((word) => short[word] ?? word)
    .join(" ");
}
