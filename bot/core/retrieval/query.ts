/** Reads a question against a collection: short forms undone, slips repaired, question words quietened, synonyms joined. */

import { isMarked } from "../text.ts";
import { foldKey, markKey, plainQuestion, scan } from "./cut.ts";
import type { ReadingIndex } from "./index.ts";
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
import { type Likely, likeliestSpelling, mayBePair } from "./spelling.ts";
import type { SearchData } from "./tuning.ts";

/** Longest question that is read; what comes after adds nothing to finding. */
export const MAX_SYLLABLES = 80;

export interface AskedSyllable extends Syllable {
  /** Number of the folded spelling; 0: the collection does not have it. */
  readonly folded: number;
  /** Number as written, or as it is most likely written when no marks were typed; 0: not in the collection. */
  readonly marked: number;
  /** How sure that is: 1 when the marks were typed. */
  readonly sure: number;
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
  /** The writer says that violence is done to them. */
  readonly suffers: boolean;
  /** The writer speaks of what they do or did to somebody, or fear to do. */
  readonly does: boolean;
  /** The writer speaks of a spouse, of in-laws or of children of their own: no child asks. */
  readonly grownUp: boolean;
}

/** What reading needs of the data, prepared once. */
export interface Reader {
  readonly short: ShortForms;
  readonly shortIfUnknown: ReadonlyMap<string, WrittenSyllable[]>;
  readonly questionWords: Phrases<true>;
  readonly synonyms: Phrases<number>;
  /** From this group on a phrase counts only as far as the collection does not have it itself. */
  readonly officialFrom: number;
  readonly doneToMe: Phrases<true>;
  readonly doneByMe: Phrases<true>;
  readonly grownUp: Phrases<true>;
  readonly questionWeight: number;
}

/** `official`: more groups, for what is not written in our words (`synonymsSchema`). */
export function makeReader(
  data: Pick<SearchData, "weights" | "words" | "synonyms">,
  official: SearchData["official"] = [],
): Reader {
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
      [...data.synonyms, ...official].flatMap((group, number) =>
        group.map((text) => [text, number] as const),
      ),
    ),
    officialFrom: data.synonyms.length,
    doneToMe: makePhrases(data.words.done_to_me.map((text) => [text, true] as const)),
    doneByMe: makePhrases(data.words.done_by_me.map((text) => [text, true] as const)),
    grownUp: makePhrases(data.words.grown_up.map((text) => [text, true] as const)),
    questionWeight: data.weights.rank.question_word,
  };
}

interface Typed extends Syllable {
  /** Numbers of its spelling without marks and as written; 0: the collection does not have it. */
  readonly folded: number;
  readonly written: number;
  readonly parted: boolean;
}

/** What a guessed spelling counts beside a typed one. */
const GUESSED = 0.5;

/** Reads one question. Never throws; linear in the text for each of its first 80 syllables. */
export function readQuestion(text: string, reader: Reader, index: ReadingIndex): Asked {
  const marked = isMarked(text);
  const typed = longhand(text, reader, index);
  const row = repaired(typed, marked, reader, index);
  const quiet = new Array<boolean>(row.length).fill(false);
  for (const { at, length } of reader.questionWords.find(row, marked)) quiet.fill(true, at, at + length);
  // A question made of nothing but question words is asked with them.
  const all = quiet.every(Boolean);
  const spelled = row.map((s, i) => spellingOf(row, s, i, marked, index));
  const syllables = row.map((s, i): AskedSyllable => {
    const { number, sure } = spelled[i] ?? NO_SPELLING;
    return {
      fold: s.fold,
      mark: s.mark,
      parted: s.parted,
      folded: s.folded,
      marked: number,
      sure: marked ? sure : GUESSED * sure,
      weight: quiet[i] && !all ? reader.questionWeight : 1,
    };
  });
  const groups = reader.synonyms
    .find(row, marked && "some")
    .map((found) => {
      const unsaid = found.value < reader.officialFrom ? 1 : unsaidShare(found, row, index);
      return { ...found, weight: unsaid * mayBe(found, row, spelled, index) };
    })
    .filter(({ weight }) => weight > 0);
  const says = (phrases: Phrases<true>) => phrases.find(row, marked && "some").length > 0;
  return {
    typed,
    syllables,
    groups,
    marked,
    suffers: says(reader.doneToMe),
    does: says(reader.doneByMe),
    grownUp: says(reader.grownUp),
  };
}

const NINE = "9".charCodeAt(0);

/** The short forms, and those behind a number ("13t" is "13 tuổi"). */
function withNumbers(
  short: ReadonlyMap<string, WrittenSyllable[]>,
  afterNumber: ReadonlyMap<string, WrittenSyllable[]>,
): ShortForms {
  const counted = (raw: string) => {
    if (raw.charCodeAt(0) > NINE) return undefined;
    const [, number, unit] = /^(\d{1,3})(\D+)$/u.exec(raw) ?? [];
    const meant = unit === undefined ? undefined : afterNumber.get(unit);
    return meant && [...syllablesOf(number ?? ""), ...meant];
  };
  return { get: (raw) => short.get(raw) ?? counted(raw) };
}

const NO_SPELLING: Likely = { number: 0, sure: 0 };

/** The spelling of one syllable: as typed, or the likeliest. */
function spellingOf(
  row: readonly Typed[],
  s: Typed,
  at: number,
  marked: boolean,
  index: ReadingIndex,
): Likely {
  const typed = marked ? s.written : 0;
  if (s.mark !== s.fold) return { number: typed, sure: 1 };
  if (s.folded === 0) return NO_SPELLING;
  const next = row[at + 1];
  return likeliestSpelling(index, {
    folded: s.folded,
    before: s.parted ? 0 : (row[at - 1]?.folded ?? 0),
    after: !next || next.parted ? 0 : next.folded,
    typed,
  });
}

/**
 * How likely a phrase is meant where it stands without (all) its marks: as far as the collection does not write these
 * syllables otherwise. One syllable alone may be many words.
 */
function mayBe(
  { at, length, phrase }: Found<number>,
  row: readonly Typed[],
  spelled: readonly Likely[],
  index: ReadingIndex,
): number {
  const isBare = (n: number) => row[at + n]?.mark === row[at + n]?.fold;
  const wanted = (n: number) => index.vocabulary.byMark(phrase[n]?.mark ?? "");
  if (length === 1) {
    if (!isBare(0)) return 1;
    const { number, sure } = spelled[at] ?? NO_SPELLING;
    const share = index.markedShare[wanted(0)] ?? 0;
    return number === wanted(0) ? Math.max(sure, share) : Math.min(share, 1 - sure);
  }
  let weight = 1;
  for (let n = 1; n < length; n++) {
    if (!isBare(n - 1) && !isBare(n)) continue;
    const folded = [row[at + n - 1]?.folded ?? 0, row[at + n]?.folded ?? 0] as const;
    weight *= mayBePair(index, folded, wanted(n - 1), wanted(n));
  }
  return weight;
}

/**
 * Of the passages that speak of a group, the share that does not do so in the asked phrase. Who asks in a collection's own
 * words needs no others: they would only bring up its neighbours.
 */
function unsaidShare(
  { value, at, length, phrase }: Found<number>,
  row: readonly Typed[],
  index: ReadingIndex,
): number {
  const { pairs, from } = index;
  const having = (term: number) => (from[term + 1] ?? 0) - (from[term] ?? 0);
  const group = having(index.groupBase + value);
  if (group === 0) return 0;
  let said = Infinity;
  if (length === 1) {
    const share = index.markedShare[index.vocabulary.byMark(phrase[0]?.mark ?? "")] ?? 0;
    said = share * having(row[at]?.folded ?? 0);
  }
  for (let i = at + 1; i < at + length; i++) {
    const pair = pairs.find(row[i - 1]?.folded ?? 0, row[i]?.folded ?? 0);
    said = Math.min(said, pair < 0 ? 0 : having(index.pairBase + pair));
  }
  return Math.max(0, 1 - said / group);
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
  index: ReadingIndex,
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
function longhand(text: string, reader: Reader, index: ReadingIndex): Typed[] {
  const { vocabulary } = index;
  const row: Typed[] = [];
  let parted = false;
  const write = (meant: readonly WrittenSyllable[]) => {
    meant.forEach(({ fold, mark }, i) => {
      const written = vocabulary.byMark(mark);
      row.push({ fold, mark, folded: vocabulary.folded(fold), written, parted: parted && i === 0 });
    });
  };
  // A message can have 10,000 characters: what lies far behind is not cut at all.
  scan(
    plainQuestion(text.slice(0, MAX_SYLLABLES * 12)),
    (raw) => {
      if (row.length >= MAX_SYLLABLES) return;
      const meant = reader.short.get(raw);
      const written = meant ? 0 : vocabulary.read(raw);
      if (meant) write(meant);
      else if (written !== 0) {
        const folded = vocabulary.foldOf[written] ?? 0;
        row.push({
          fold: vocabulary.spelling[folded] ?? "",
          mark: vocabulary.markOf[written] ?? "",
          folded,
          written,
          parted,
        });
      } else {
        const fold = foldKey(raw);
        const folded = vocabulary.folded(fold);
        const perhaps = folded === 0 ? reader.shortIfUnknown.get(raw) : undefined;
        if (perhaps) write(perhaps);
        else {
          const mark = markKey(raw);
          row.push({ fold, mark, folded, written: vocabulary.byMark(mark), parted });
        }
      }
      parted = false;
    },
    () => {
      parted = true;
    },
  );
  return row;
}

/**
 * Puts the likeliest known spelling for each syllable that the collection does not have. Not within a phrase that has
 * synonyms: "vọp bẻ" is no slip where only "chuột rút" is written. One syllable alone may be a slip all the same.
 */
function repaired(
  row: readonly Typed[],
  marked: boolean,
  reader: Reader,
  index: ReadingIndex,
): readonly Typed[] {
  if (row.every(({ folded }) => folded !== 0)) return row;
  const meant = new Set<number>();
  for (const { at, length } of reader.synonyms.find(row, marked && "some"))
    for (let i = at; length > 1 && i < at + length; i++) meant.add(i);
  const out: Typed[] = [];
  row.forEach((s, i) => {
    const better =
      s.folded === 0 && !meant.has(i)
        ? likeliest(s.fold, out.at(-1)?.folded, row[i + 1]?.folded, index)
        : undefined;
    if (!better) out.push(s);
    else {
      better.split(" ").forEach((fold, n) => {
        out.push({
          fold,
          mark: fold,
          folded: index.vocabulary.folded(fold),
          written: index.vocabulary.byMark(fold),
          parted: s.parted && n === 0,
        });
      });
    }
  });
  return out;
}

function likeliest(
  key: string,
  before: number | undefined,
  after: number | undefined,
  index: ReadingIndex,
): string | undefined {
  const { vocabulary, pairs, rarity } = index;
  let best: string | undefined;
  let bestScore = -Infinity;
  for (const { key: spelling, cost } of candidates(key, (k) => vocabulary.folded(k) !== 0, vocabulary.near)) {
    const parts = spelling.split(" ").map(vocabulary.folded);
    let rarest = 0;
    let met = 0;
    let last = before;
    for (const part of parts) {
      rarest = Math.max(rarest, rarity[part] ?? 20);
      if (last && pairs.find(last, part) >= 0) met++;
      last = part;
    }
    if (after && last && pairs.find(last, after) >= 0) met++;
    const score = 2 * met - cost * 1.5 - 0.4 * rarest;
    if (score > bestScore) [best, bestScore] = [spelling, score];
  }
  return best;
}
