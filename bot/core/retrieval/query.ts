/** Reads a question against a collection: short forms undone, slips repaired, question words quietened, synonyms joined. */

import { isMarked } from "../text.ts";
import { foldKey, markKey, plainQuestion, scan } from "./cut.ts";
import type { Index } from "./index.ts";
import {
  type Found,
  makePhrases,
  type Phrases,
  type ShortForms,
  type Syllable,
  syllablesOf,
  type WrittenSyllable,
} from "./phrases.ts";
import { candidates } from "./repair.ts";
import type { SearchData } from "./tuning.ts";

/** Longest question that is read; what comes after adds nothing to finding. */
export const MAX_SYLLABLES = 80;

export interface AskedSyllable extends Syllable {
  /** Number of the folded spelling; 0: the collection does not have it. */
  readonly folded: number;
  /** Number as written; 0: not in the collection, or not to be looked at because no marks were typed. */
  readonly marked: number;
  /** 1, or less for a question word. */
  readonly weight: number;
  /** Parted from the syllable before by more than a space. */
  readonly parted: boolean;
}

export interface Asked {
  /** What was typed, short forms written out, before any repair: names of places are no slips. */
  readonly typed: readonly Syllable[];
  readonly syllables: readonly AskedSyllable[];
  /** Groups of synonyms that the question speaks of, and where. */
  readonly groups: readonly (Found<number> & { readonly weight: number })[];
  /** Marks were typed. */
  readonly marked: boolean;
}

/** What reading needs of the data, prepared once. */
export interface Reader {
  readonly short: ShortForms;
  readonly shortIfUnknown: ReadonlyMap<string, WrittenSyllable[]>;
  readonly questionWords: Phrases<true>;
  readonly synonyms: Phrases<number>;
  readonly questionWeight: number;
}

export function makeReader(data: Pick<SearchData, "weights" | "words" | "synonyms">): Reader {
  const prepare = (words: Record<string, string>) =>
    new Map(
      Object.entries(words).map(([typed, meant]) => [
        typed.toLowerCase().normalize("NFC"),
        syllablesOf(meant),
      ]),
    );
  return {
    short: withNumbers(prepare(data.words.short), prepare(data.words.after_number)),
    shortIfUnknown: prepare(data.words.short_if_unknown),
    questionWords: makePhrases(data.words.question_words.map((text) => [text, true] as const)),
    synonyms: makePhrases(
      data.synonyms.flatMap((group, number) => group.map((text) => [text, number] as const)),
    ),
    questionWeight: data.weights.rank.question_word,
  };
}

interface Typed extends Syllable {
  readonly parted: boolean;
}

/** Reads one question. Never throws; linear in the text for each of its first 80 syllables. */
export function readQuestion(text: string, reader: Reader, index: Index): Asked {
  const marked = isMarked(text);
  const typed = longhand(text, reader, index);
  const row = repaired(typed, index);
  const quiet = new Array<boolean>(row.length).fill(false);
  for (const { at, length } of reader.questionWords.find(row, marked)) quiet.fill(true, at, at + length);
  // A question made of nothing but question words is asked with them.
  const all = quiet.every(Boolean);
  const syllables = row.map((s, i): AskedSyllable => {
    const folded = index.vocabulary.folded(s.fold);
    return {
      ...s,
      folded,
      marked: marked ? index.vocabulary.byMark(s.mark) : 0,
      weight: quiet[i] && !all ? reader.questionWeight : 1,
    };
  });
  // One syllable without its marks may be another word: it counts by how often the collection means this one.
  const groups = reader.synonyms.find(row, marked).map((found) => {
    const only = found.length === 1 && !marked ? found.phrase[0] : undefined;
    return { ...found, weight: only ? (index.markedShare[index.vocabulary.byMark(only.mark)] ?? 0) : 1 };
  });
  return { typed, syllables, groups, marked };
}

/** The short forms, and those behind a number ("13t" is "13 tuổi"). */
function withNumbers(
  short: ReadonlyMap<string, WrittenSyllable[]>,
  afterNumber: ReadonlyMap<string, WrittenSyllable[]>,
): ShortForms {
  const counted = (raw: string) => {
    const [, number, unit] = /^(\d{1,3})(\D+)$/u.exec(raw) ?? [];
    const meant = unit === undefined ? undefined : afterNumber.get(unit);
    return meant && [...syllablesOf(number ?? ""), ...meant];
  };
  return { get: (raw) => short.get(raw) ?? counted(raw) };
}

/** Up to so many telling syllables a question leans on the one before it. */
const LEANS_BELOW = 5;

/**
 * Reads a question that may lean on the one before it ("còn con thì sao?"): when it says little by itself, the
 * earlier one's words are asked too, `worth` as much.
 */
export function readInContext(
  text: string,
  before: string | undefined,
  worth: number,
  reader: Reader,
  index: Index,
): Asked {
  const now = readQuestion(text, reader, index);
  const telling = now.syllables.filter(({ weight }) => weight >= 1).length;
  if (!before || telling >= LEANS_BELOW || now.syllables.length === 0) return now;
  const then = readQuestion(before, reader, index);
  const shift = now.syllables.length;
  return {
    ...now,
    syllables: [
      ...now.syllables,
      ...then.syllables.map((s, i) => ({ ...s, weight: s.weight * worth, parted: s.parted || i === 0 })),
    ],
    groups: [
      ...now.groups,
      ...then.groups.map((found) => ({ ...found, at: found.at + shift, weight: found.weight * worth })),
    ],
  };
}

/** Cuts the question and writes its short forms out. */
function longhand(text: string, reader: Reader, index: Index): Typed[] {
  const row: Typed[] = [];
  let parted = false;
  // A message can have 10,000 characters: what lies far behind is not cut at all.
  scan(
    plainQuestion(text.slice(0, MAX_SYLLABLES * 12)),
    (raw) => {
      if (row.length >= MAX_SYLLABLES) return;
      const fold = foldKey(raw);
      const meant =
        reader.short.get(raw) ??
        (index.vocabulary.folded(fold) === 0 ? reader.shortIfUnknown.get(raw) : undefined);
      if (meant) row.push(...meant.map((s, i) => ({ ...s, parted: parted && i === 0 })));
      else row.push({ fold, mark: markKey(raw), parted });
      parted = false;
    },
    () => {
      parted = true;
    },
  );
  return row;
}

/** Puts the likeliest known spelling for each syllable that the collection does not have. */
function repaired(row: readonly Typed[], index: Index): Typed[] {
  const { vocabulary } = index;
  const known = (key: string) => vocabulary.folded(key) !== 0;
  const out: Typed[] = [];
  row.forEach((s, i) => {
    const better = known(s.fold)
      ? undefined
      : likeliest(s.fold, out.at(-1)?.fold, row[i + 1]?.fold, index, known);
    if (!better) out.push(s);
    else out.push(...better.split(" ").map((fold, n) => ({ fold, mark: fold, parted: s.parted && n === 0 })));
  });
  return out;
}

function likeliest(
  key: string,
  before: string | undefined,
  after: string | undefined,
  index: Index,
  known: (key: string) => boolean,
): string | undefined {
  let best: string | undefined;
  let bestScore = -Infinity;
  for (const { key: spelling, cost } of candidates(key, known)) {
    const parts = spelling.split(" ");
    const rarest = Math.max(...parts.map((p) => index.rarity[index.vocabulary.folded(p)] ?? 20));
    const neighbours = [before, ...parts, after];
    let met = 0;
    for (let i = 1; i < neighbours.length; i++) {
      const [a, b] = [neighbours[i - 1], neighbours[i]];
      if (a && b && index.pairs.find(index.vocabulary.folded(a), index.vocabulary.folded(b)) >= 0) met++;
    }
    const score = 2 * met - cost * 1.5 - 0.4 * rarest;
    if (score > bestScore) [best, bestScore] = [spelling, score];
  }
  return best;
}
