/** A linear model beside the rules: from the wording, and from what the rules heard, how probable each level is. */

import { LEVELS, type Level } from "../level.ts";
import type { Problem } from "../problem.ts";
import type { Compiled } from "./compile.ts";
import { hash, mix } from "./hash.ts";
import { firstFrom, type Scene } from "./match.ts";

/** The four questions it answers: at least low? medium? high? emergency? */
export const CUTS = ["low", "medium", "high", "emergency"] as const satisfies readonly Level[];
type Cut = (typeof CUTS)[number];

const CLASSES = LEVELS.length;

export interface Threshold {
  /** From this probability on the model says so where no rule heard anything. */
  readonly alone: number;
  /** The same where a rule heard something less grave. */
  readonly beside: number;
  /** From this probability on a rule that says so is believed. */
  readonly heard: number;
}

interface Numbers {
  readonly version: string;
  /** How many weights one level has; a power of two. The upper half is for people and kinds, which weigh less. */
  readonly buckets: number;
  /** One for each level. */
  readonly bias: readonly number[];
  /** One step of a stored weight, for each level. */
  readonly scale: readonly number[];
  readonly thresholds: Readonly<Record<Cut, Threshold>>;
}

/** As it lies in `knowledge/risk/model.json`. */
export interface StoredModel extends Numbers {
  /** Int8, base64: for each bucket one weight for every level. */
  readonly weights: string;
}

export interface LinearModel extends Numbers {
  readonly weights: Int8Array;
}

/**
 * Reads a stored model; a broken one is a problem, and the ear then works without it. Checked by hand: the schema
 * library would cost a start more than everything else here.
 */
export function readModel(data: unknown, file: string): { model?: LinearModel; problems: Problem[] } {
  const { version, buckets, bias, scale, thresholds, weights } = (
    typeof data === "object" && data !== null ? data : {}
  ) as Partial<Record<keyof StoredModel, unknown>>;
  const wrong = (field: string, message: string) => ({
    problems: [{ code: "risk.model", message, file, field, severity: "error" as const }],
  });
  if (typeof version !== "string") return wrong("version", "is missing");
  if (typeof buckets !== "number" || !(buckets > 1) || !Number.isInteger(Math.log2(buckets)))
    return wrong("buckets", "must be a power of two");
  if (!areNumbers(bias)) return wrong("bias", `must be ${CLASSES} numbers`);
  if (!areNumbers(scale)) return wrong("scale", `must be ${CLASSES} numbers`);
  if (!areThresholds(thresholds))
    return wrong(
      "thresholds",
      "each of low, medium, high, emergency needs alone, beside and heard from 0 to 1",
    );
  const bytes = typeof weights === "string" ? bytesOf(weights) : undefined;
  if (bytes?.length !== buckets * CLASSES)
    return wrong("weights", `must be ${CLASSES} bytes for each of ${buckets} buckets, as base64`);
  return { model: { version, buckets, bias, scale, thresholds, weights: bytes }, problems: [] };
}

function areNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.length === CLASSES && value.every((n) => Number.isFinite(n));
}

function areThresholds(value: unknown): value is Record<Cut, Threshold> {
  if (typeof value !== "object" || value === null) return false;
  const given = value as Partial<Record<string, Partial<Threshold>>>;
  const isShare = (n: unknown): boolean => typeof n === "number" && n >= 0 && n <= 1;
  return CUTS.every((cut) => [given[cut]?.alone, given[cut]?.beside, given[cut]?.heard].every(isShare));
}

function bytesOf(base64: string): Int8Array | undefined {
  try {
    const binary = atob(base64);
    const bytes = new Int8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
  } catch {
    return undefined;
  }
}

/** Numbers of the features of one message, without repeats. */
export interface Features {
  /** The first `count` are this message's; the rest is room. */
  readonly list: Int32Array;
  readonly count: number;
  /** What one of them is worth: long messages must not win by their length. */
  readonly worth: number;
}

/** How probable it is that the message is at least low, medium, high, and an emergency: each from 0 to 1, falling. */
export function probabilities(model: LinearModel, { list, count, worth }: Features): number[] {
  const { weights, scale, bias } = model;
  let none = 0;
  let low = 0;
  let medium = 0;
  let high = 0;
  let emergency = 0;
  for (let i = 0; i < count; i++) {
    const at = (list[i] ?? 0) * CLASSES;
    none += weights[at] ?? 0;
    low += weights[at + 1] ?? 0;
    medium += weights[at + 2] ?? 0;
    high += weights[at + 3] ?? 0;
    emergency += weights[at + 4] ?? 0;
  }
  const sums = [none, low, medium, high, emergency];
  return atLeastEach(sums.map((sum, c) => (bias[c] ?? 0) + sum * (scale[c] ?? 0) * worth));
}

/** Scores of the five levels → the probabilities of the four cuts. */
export function atLeastEach(scores: readonly number[]): number[] {
  const most = Math.max(...scores);
  const each = scores.map((s) => Math.exp(s - most));
  const all = each.reduce((sum, e) => sum + e, 0);
  const cuts: number[] = [];
  let above = 0;
  for (let c = CLASSES - 1; c > 0; c--) {
    above += (each[c] ?? 0) / all;
    cuts.unshift(above);
  }
  return cuts;
}

/** People, by what they are to the writer, stand for themselves whatever they are called. */
const ROLES = [
  "childref",
  "helper",
  "ex",
  "family",
  "partner",
  "self",
  "outsider",
  "pronoun",
  "knife",
  "hit",
  "strangle",
  "neg",
  "habit",
  "past",
  "now",
];
/** What puts a message into another world, or into the writer's own. */
const SIGNS = [
  "fiction",
  "hyperbole",
  "joke",
  "info",
  "self_only",
  "home_perp",
  "sos",
  "recent",
  "strangers_talk",
  "news_ctx",
  "sport_words",
];
/** Where a line begins and ends. */
const START = 17;
const END = 31;

/** What a rule heard, as far as the model looks at it. */
export interface Clue {
  readonly category: string;
  readonly level: Level;
}

/** What a feature of people and kinds is worth beside a word. */
export const LIGHT = 0.45;

/**
 * Finds the features of the tokens `from` up to and without `to`, one message after the other; each result holds until
 * the next is asked for.
 */
export type Finder = (scene: Scene, clues: readonly Clue[], from: number, to: number) => Features;

/**
 * Makes the finder of one edition. Features are the syllables and their neighbours, without marks and, where the
 * writer uses marks, with them; what the rules heard; and, in the upper half of the buckets, people, fields of meaning
 * and which of them stand together.
 */
export function makeFinder(compiled: Compiled, buckets: number): Finder {
  const half = buckets / 2;
  // When a bucket was last counted: cheaper than a set for each message.
  const turns = new Uint32Array(buckets);
  let turn = 0;
  let list = new Int32Array(1024);
  let count = 0;
  let light = 0;
  const put = (bucket: number): boolean => {
    if (turns[bucket] === turn) return false;
    turns[bucket] = turn;
    if (count === list.length) {
      const wider = new Int32Array(2 * list.length);
      wider.set(list);
      list = wider;
    }
    list[count++] = bucket;
    return true;
  };
  const word = (h: number): void => void put(h & (half - 1));
  const kind = (h: number): void => {
    if (put(half + (h & (half - 1)))) light++;
  };
  const kinds = new Map<number, number>();
  compiled.concepts.slice(0, compiled.firstLiteral).forEach((name, concept) => {
    if (name.startsWith("f_") || ROLES.includes(name) || SIGNS.includes(name)) kinds.set(concept, hash(name));
  });
  const roles = ROLES.map((name) => [compiled.byName.get(name) ?? -1, hash(`<${name}>`)] as const);

  return (scene, clues, from, to) => {
    turn = (turn + 1) >>> 0;
    if (turn === 0) turns.fill(turn++);
    count = 0;
    light = 0;
    const tokens = scene.tokens.slice(from, to);
    addNeighbours(
      tokens.map(({ meanings }) => meanings[0]?.foldHash ?? 0),
      21,
      22,
      word,
    );
    if (scene.marked)
      addNeighbours(
        tokens.map(({ meanings }) => meanings[0]?.markHash ?? 0),
        23,
        24,
        word,
      );
    for (const { category, level } of clues) {
      word(mix(hash(category), 11));
      word(mix(hash(category + level), 12));
      word(mix(hash(level), 13));
    }
    addSymbols(symbolsOf(scene, from, to, roles), kind);
    const found: number[] = [];
    for (const [concept, spans] of scene.spans) {
      const h = kinds.get(concept);
      if (h !== undefined && (spans[firstFrom(spans, from)]?.from ?? to) < to) found.push(h);
    }
    found.sort((a, b) => a - b);
    for (let i = 0; i < found.length; i++) {
      const a = found[i] ?? 0;
      kind(mix(a, 7));
      for (let j = i + 1; j < found.length; j++) kind(mix(mix(a, found[j] ?? 0), 8));
    }
    const weight = count - light + LIGHT * LIGHT * light;
    return { list, count, worth: 1 / Math.sqrt(Math.max(8, weight) / 8) };
  };
}

function addNeighbours(hashes: readonly number[], one: number, two: number, add: (h: number) => void): void {
  for (let i = 0; i < hashes.length; i++) {
    const a = hashes[i] ?? 0;
    add(mix(a, one));
    const b = hashes[i + 1];
    if (b !== undefined) add(mix(mix(a, b), two));
  }
}

function addSymbols(hashes: readonly number[], add: (h: number) => void): void {
  for (let i = 0; i < hashes.length; i++) {
    const a = hashes[i] ?? START;
    add(mix(a, 1));
    add(mix(mix(a, hashes[i + 1] ?? END), 2));
    add(mix(mix(a, hashes[i + 2] ?? END), 4));
    const far = hashes[i + 3];
    if (far !== undefined) add(mix(mix(a, far), 14));
    if (i === 0) add(mix(a, 5));
  }
}

const EMPTY = hash("");

/** The line of syllables, with people named by what they are to the writer; as hashes. */
function symbolsOf(
  scene: Scene,
  from: number,
  to: number,
  roles: readonly (readonly [concept: number, hash: number])[],
): number[] {
  const covered: ({ hash: number; to: number } | undefined)[] = [];
  for (const [concept, of] of roles) {
    const spans = scene.spans.get(concept) ?? [];
    for (let i = firstFrom(spans, from); i < spans.length; i++) {
      const span = spans[i];
      if (!span || span.from >= to) break;
      const other = covered[span.from - from];
      if (!other || span.to > other.to) covered[span.from - from] = { hash: of, to: span.to };
    }
  }
  const symbols: number[] = [];
  for (let i = from; i < to; ) {
    const role = covered[i - from];
    symbols.push(role ? role.hash : (scene.tokens[i]?.meanings[0]?.foldHash ?? EMPTY));
    i = role ? Math.max(role.to, i + 1) : i + 1;
  }
  return symbols;
}
