/** What the model looks at in a message: numbered features, the same in training and in hearing. */

import { hash, mix } from "../hash.ts";
import type { Level } from "../level.ts";
import type { Compiled } from "./compile.ts";
import { firstFrom, type Scene } from "./match.ts";

/** Numbers of the features of one message, without repeats. */
export interface Features {
  /** The first `count` are this message's; the rest is room. */
  readonly list: Int32Array;
  readonly count: number;
  /** What one of them is worth: long messages must not win by their length. */
  readonly worth: number;
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
  const seen = new Seen();
  let list = new Int32Array(1024);
  let count = 0;
  let light = 0;
  const put = (bucket: number): boolean => {
    if (!seen.add(bucket)) return false;
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
    seen.clear();
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

/** A set of buckets that is emptied at no cost: a JavaScript Set for each message would cost more than hearing it. */
class Seen {
  #places = new Int32Array(4096);
  /** In which round a place was taken. */
  #rounds = new Uint32Array(4096);
  #round = 1;
  #size = 0;

  clear(): void {
    this.#size = 0;
    this.#round = (this.#round + 1) >>> 0;
    if (this.#round === 0) this.#rounds.fill(this.#round++);
  }

  /** false: it is there. */
  add(bucket: number): boolean {
    const last = this.#places.length - 1;
    let at = Math.imul(bucket, 0x9e3779b1) & last;
    while (this.#rounds[at] === this.#round) {
      if (this.#places[at] === bucket) return false;
      at = (at + 1) & last;
    }
    this.#places[at] = bucket;
    this.#rounds[at] = this.#round;
    if (++this.#size * 2 > this.#places.length) this.#grow();
    return true;
  }

  #grow(): void {
    const held = this.#places.filter((_, at) => this.#rounds[at] === this.#round);
    this.#places = new Int32Array(2 * this.#places.length);
    this.#rounds = new Uint32Array(this.#places.length);
    this.#round = 1;
    this.#size = 0;
    for (const bucket of held) this.add(bucket);
  }
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
