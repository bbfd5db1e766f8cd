/**
 * What words mean to who asks: each word, and each pair of words, as a point in a room of some dimensions, learned so that
 * questions for the same passage lie near each other (the linear bag of words of Joulin et al., "Bag of Tricks for Efficient
 * Text Classification", EACL 2017). A question is the sum of its words. A passage lies in the middle of the ways of asking for it, and
 * wherever one of them lies, so that a new way of asking counts at once and nothing has to be learned again.
 */

import { hash, mix } from "../hash.ts";
import type { Lang } from "../message.ts";
import type { Problem } from "../problem.ts";
import { rowOf, unpackWeights, type Weights } from "../weights.ts";
import type { FeatureRows, Features } from "./features.ts";
import type { Numbers } from "./index.ts";
import type { Labels } from "./passage-model.ts";

/** Files of `knowledge/search`, by language: made by `npm run knowledge:learn`. */
export const MEANING_FILES = { vi: "meaning.json", en: "meaning-en.json" } as const satisfies Record<
  Lang,
  string
>;

/** As it is learned. */
export interface LearnedWords {
  readonly width: number;
  /** Rows of that width (`weights.ts`), by the words' numbers. */
  readonly rows: string;
}

/** As such a file holds it, in this order. */
export interface StoredMeaning extends LearnedWords {
  readonly lang: Lang;
  readonly version: number;
}

/**
 * Which number a word has: to be raised whenever `hash.ts`, `wordNumbers` or MEANING_BUCKETS give a word another one. A file of
 * an older numbering would say of each word what some other one means, and nothing else would show it.
 */
export const MEANING_VERSION = 1;

export function storedMeaning(lang: Lang, { width, rows }: LearnedWords): StoredMeaning {
  return { lang, version: MEANING_VERSION, width, rows };
}

/** The same, to be looked up by a word's number. */
export interface KnownWords {
  readonly width: number;
  readonly weights: Weights;
}

const MOST_WIDTH = 512;

/** So much of a file's millions of characters tells what it is. */
const LOOKED_AT = 100;

/**
 * Whether a text begins and ends as such a file of this language and numbering: cheap enough for every start. What it does
 * not see, damage between the two ends, `readMeaning` does.
 */
export function seemsMeaning(text: string, lang: Lang): boolean {
  const tight = (part: string) => part.replace(/[ \r\n\t]/g, "");
  return (
    tight(text.slice(0, LOOKED_AT)).startsWith(`{"lang":"${lang}","version":${MEANING_VERSION},"width":`) &&
    tight(text.slice(-LOOKED_AT)).endsWith('"}')
  );
}

/** What is said of a file that is none, by `knowledge check` and at the start. `folder`: as it is called in problems. */
export function wrongMeaning(lang: Lang, folder = "knowledge"): Problem {
  return {
    code: "search.wrong_meaning",
    message: "is damaged, or of another language or edition; run npm run knowledge:learn",
    file: `${folder}/search/${MEANING_FILES[lang]}`,
    severity: "error",
  };
}

/** Reads such a file; null for what is none, or is of another language or numbering. */
export function readMeaning(text: string, lang: Lang): KnownWords | null {
  if (!seemsMeaning(text, lang)) return null;
  try {
    const { width, rows } = JSON.parse(text);
    const isOne = Number.isInteger(width) && width >= 1 && width <= MOST_WIDTH && typeof rows === "string";
    return isOne ? unpackMeaning({ width, rows }) : null;
  } catch {
    return null;
  }
}

/** Null for damaged rows. */
export function unpackMeaning({ width, rows }: LearnedWords): KnownWords | null {
  const weights = unpackWeights(rows, MEANING_BUCKETS, width);
  return weights ? { width, weights } : null;
}

/** Words are numbered by hashes below this: two of 40,000 share one in one of 400 cases. */
export const MEANING_BUCKETS = 1 << 24;

/** What was asked unaided says so much more of where a passage lies. */
const UNAIDED = 4;

/** What an index keeps of it: rows of numbers. */
export interface Meaning {
  readonly width: number;
  /** Of each feature its row, or -1. */
  readonly rowOf: Int32Array;
  readonly rows: Int8Array;
  /** Where each passage lies, as a direction (length 1); all 0 where nobody asked for it. */
  readonly passages: Float32Array;
  /** Where each way of asking lies, likewise, in steps of 1/127. */
  readonly ways: Int8Array;
  /** Where the ways of each passage begin, and behind the last where they end. */
  readonly from: Uint32Array;
  readonly way: Uint32Array;
  /** How much each of them says for the passage. */
  readonly counts: Float32Array;
}

/** Of each feature the number that is the same in every collection; -1 for what has none: groups of synonyms, which are numbered anew with every edition. */
export function wordNumbers(
  { count, groupBase, pairBase, markBase, firstBase }: Features & { readonly count: number },
  { vocabulary, pairs }: Numbers,
): Int32Array {
  const numbers = new Int32Array(count).fill(-1);
  const bucket = (h: number, kind: number) => mix(h, kind) & (MEANING_BUCKETS - 1);
  const { spelling, markOf } = vocabulary;
  const folded = spelling.map(hash);
  const { firsts, seconds } = pairs.kept();
  for (let t = 1; t < groupBase; t++) numbers[t] = bucket(folded[t] ?? 0, 1);
  for (let t = pairBase; t < markBase; t++) {
    const [a, b] = [firsts[t - pairBase] ?? 0, seconds[t - pairBase] ?? 0];
    numbers[t] = bucket(mix(folded[a] ?? 0, folded[b] ?? 0), 2);
  }
  for (let t = markBase; t < firstBase; t++) numbers[t] = bucket(hash(markOf[t - markBase] ?? ""), 3);
  for (let t = firstBase; t < count; t++) numbers[t] = bucket(folded[t - firstBase] ?? 0, 4);
  return numbers;
}

/** `rows`: the ways of asking that `labels` speak of. */
export function placePassages(
  { width, weights }: KnownWords,
  numbers: Int32Array,
  rows: FeatureRows,
  labels: Labels,
): Meaning {
  const taken: number[] = [];
  const rowOfFeature = numbers.map((number) => {
    const row = number < 0 ? -1 : rowOf(weights, number);
    return row < 0 ? -1 : taken.push(row) - 1;
  });
  const own = new Int8Array(taken.length * width);
  taken.forEach((row, at) => {
    own.set(weights.rows.subarray(row * width, (row + 1) * width), at * width);
  });
  const words = { width, rowOf: rowOfFeature, rows: own };
  const ways = new Int8Array(rows.used.length * width);
  const passages = new Float32Array((labels.classes - 1) * width);
  const votes: { passage: number; way: number; counts: number }[] = [];
  rows.used.forEach((d, way) => {
    const [begin, end] = [rows.from[d] ?? 0, rows.from[d + 1] ?? 0];
    const point = pointOf(words, rows.term.subarray(begin, end), rows.value.subarray(begin, end));
    if (!point) return;
    for (let k = 0; k < width; k++) ways[way * width + k] = Math.round(127 * (point[k] ?? 0));
    for (let i = labels.from[d] ?? 0, last = labels.from[d + 1] ?? 0; i < last; i++) {
      const passage = labels.meant[i] ?? 0;
      const at = passage * width;
      if (at >= passages.length) continue;
      const counts = (labels.unaided[d] === 1 ? UNAIDED : 1) * (labels.share[i] ?? 0);
      votes.push({ passage, way, counts });
      for (let k = 0; k < width; k++) passages[at + k] = (passages[at + k] ?? 0) + counts * (point[k] ?? 0);
    }
  });
  for (let at = 0; at < passages.length; at += width) toLengthOne(passages.subarray(at, at + width));
  votes.sort((a, b) => a.passage - b.passage || a.way - b.way);
  const from = new Uint32Array(labels.classes);
  for (const { passage } of votes) from[passage + 1] = (from[passage + 1] ?? 0) + 1;
  for (let p = 1; p < from.length; p++) from[p] = (from[p] ?? 0) + (from[p - 1] ?? 0);
  return {
    ...words,
    passages,
    ways,
    from,
    way: Uint32Array.from(votes, (vote) => vote.way),
    counts: Float32Array.from(votes, (vote) => vote.counts),
  };
}

/** What is known of words. */
type Words = Pick<Meaning, "width" | "rowOf" | "rows">;

/** Where a question lies, as a direction; undefined where no word of it is known. `terms`: its features, `worth`: what each counts. */
export function pointOf(
  { width, rowOf, rows }: Words,
  terms: ArrayLike<number>,
  worth: ArrayLike<number>,
): Float32Array | undefined {
  const point = new Float32Array(width);
  for (let i = 0; i < terms.length; i++) {
    const row = rowOf[terms[i] ?? 0] ?? -1;
    if (row < 0) continue;
    const times = worth[i] ?? 0;
    for (let k = 0, at = row * width; k < width; k++)
      point[k] = (point[k] ?? 0) + times * (rows[at + k] ?? 0);
  }
  return toLengthOne(point) ? point : undefined;
}

/** How near the middle of each passage's ways of asking lies to a question's point, from -1 to 1. */
export function nearnessTo({ width, passages }: Meaning, point: Float32Array): Float32Array {
  const near = new Float32Array(passages.length / width);
  for (let p = 0; p < near.length; p++) {
    let sum = 0;
    for (let k = 0, at = p * width; k < width; k++) sum += (point[k] ?? 0) * (passages[at + k] ?? 0);
    near[p] = sum;
  }
  return near;
}

/** How fast a way of asking says less with its distance: at an angle of 16 degrees a quarter of what it says where the question lies. */
const REACH = 35;

/**
 * How densely a passage's ways of asking lie around a question's point (Parzen, "On Estimation of a Probability Density Function
 * and Mode", 1962): many passages are asked for in several quite different ways, and their middle is like none of them.
 */
export function densityAt(
  { width, ways, from, way, counts }: Meaning,
  passage: number,
  point: Float32Array,
): number {
  let density = 0;
  for (let i = from[passage] ?? 0, end = from[passage + 1] ?? 0; i < end; i++) {
    let sum = 0;
    for (let k = 0, at = (way[i] ?? 0) * width; k < width; k++) sum += (point[k] ?? 0) * (ways[at + k] ?? 0);
    density += (counts[i] ?? 0) * Math.exp(REACH * (sum / 127 - 1));
  }
  return density;
}

/** False where there is no direction. */
function toLengthOne(point: Float32Array): boolean {
  let square = 0;
  for (const x of point) square += x * x;
  if (square === 0) return false;
  const unit = 1 / Math.sqrt(square);
  for (let k = 0; k < point.length; k++) point[k] = (point[k] ?? 0) * unit;
  return true;
}
