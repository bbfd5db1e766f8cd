/** Groups questions that ask the same in other spellings, so that an editor sees one line for twenty people. */

import { fold, syllables } from "../text.ts";

export interface Asked {
  readonly id: string;
  /** Epoch ms. */
  readonly at: number;
  readonly question: string;
}

export interface Group {
  /** The question that is most like the others: what the line shows. */
  readonly question: string;
  readonly ids: readonly string[];
  /** Of the newest one. */
  readonly at: number;
}

/** From here on two questions are one. Of 242 210 pairs of golden questions with different answers, 9 reach it. */
export const MUCH_ALIKE = 0.5;

/** 0 to 1: shared folded syllables and pairs of them (Dice), so that marks, word order and a filler word matter little. */
export function likeness(a: string, b: string): number {
  return likenessTo(a)(b);
}

/** The same for one question and many others: it is read once, which for a long one takes a millisecond. */
export function likenessTo(one: string): (other: string) => number {
  const parts = partsOf(one);
  return (other) => dice(parts, partsOf(other));
}

/** Every question stands in exactly one group; the largest first, then the newest. */
export function groupAlike(questions: readonly Asked[], bar = MUCH_ALIKE): Group[] {
  const groups: { parts: ReadonlyMap<string, number>[]; asked: Asked[] }[] = [];
  for (const asked of questions) {
    const parts = partsOf(asked.question);
    let best: { group: (typeof groups)[number]; like: number } | undefined;
    for (const group of groups) {
      // On average, not to any one: else a chain of small steps joins what has nothing in common.
      const like = group.parts.reduce((sum, p) => sum + dice(p, parts), 0) / group.parts.length;
      if (like >= bar && like > (best?.like ?? 0)) best = { group, like };
    }
    if (best) {
      best.group.parts.push(parts);
      best.group.asked.push(asked);
    } else groups.push({ parts: [parts], asked: [asked] });
  }
  return groups
    .map(
      ({ parts, asked }): Group => ({
        question: asked[middleOf(parts)]?.question ?? "",
        ids: asked.map((a) => a.id),
        at: asked.reduce((newest, a) => Math.max(newest, a.at), 0),
      }),
    )
    .sort((a, b) => b.ids.length - a.ids.length || b.at - a.at);
}

/** Where the one stands that is most like all the others. */
function middleOf(parts: readonly ReadonlyMap<string, number>[]): number {
  let best = 0;
  let most = -1;
  parts.forEach((one, i) => {
    const sum = parts.reduce((s, other) => s + dice(one, other), 0);
    if (sum > most) {
      most = sum;
      best = i;
    }
  });
  return best;
}

/** Words of politeness and questions: shared by what has nothing else in common. */
const EMPTY = new Set(
  "a ah da oi nhe nha vay the thi la gi sao khong ko k hong co cho em minh toi chi anh ban xin hoi voi duoc dc nao lam ntn cua va".split(
    " ",
  ),
);

/** Folded syllables, and pairs which weigh twice. */
function partsOf(question: string): ReadonlyMap<string, number> {
  const all = syllables(fold(question));
  const telling = all.filter((s) => !EMPTY.has(s));
  const words = telling.length > 0 ? telling : all;
  const parts = new Map<string, number>();
  for (const w of words) parts.set(w, 1);
  words.forEach((w, i) => {
    const next = words[i + 1];
    if (next !== undefined) parts.set(`${w} ${next}`, 2);
  });
  return parts;
}

function dice(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let shared = 0;
  let both = 0;
  for (const [part, weight] of a) {
    both += weight;
    if (b.has(part)) shared += weight;
  }
  for (const weight of b.values()) both += weight;
  return both === 0 ? 0 : (2 * shared) / both;
}
