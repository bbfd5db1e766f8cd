/** Message → tokens: disguises off, short writings spelt out, slips mended, each with what it may mean. */

import { hash } from "../hash.ts";
import { unmask } from "../text.ts";
import type { RiskRules } from "./rules.ts";
import { cutWord, isSyllable, mayMean, type Syllable, syllable, undoKeys } from "./syllable.ts";

/** A syllable that may be meant, with what hearing asks of it for every message: found out once for each word. */
export interface Meaning extends Syllable {
  /** Its number in the vocabulary of the rules; -1: no rule listens for it. */
  readonly number: number;
  /** The model's hashes of it without marks, and with them. */
  readonly foldHash: number;
  readonly markHash: number;
}

/** One place in the message: what may stand there. */
export interface Token {
  readonly meanings: readonly Meaning[];
  /** Place on the line of syllables; punctuation adds to it, so that "gần" also means "in the same breath". */
  readonly at: number;
  /** Counts sentences, so that a question or a joke is known by where it stands. */
  readonly sentence: number;
}

export interface Listener {
  tokens(text: string): Token[];
  /** May these typed syllables be this phrase? `marked`: the writer uses marks, so a bare word is mostly meant bare. */
  isMeant(typed: readonly Syllable[], meant: readonly Syllable[], marked: boolean): boolean;
  /** Does the writer use marks with care? */
  isMarked(tokens: readonly Token[]): boolean;
}

/** Where a sentence ends is farther than where a comma stands. */
const SENTENCE_GAP = 3;
const COMMA_GAP = 2;
const MEMORY = 6_000;
/** A longer "word" is a held key or a message without spaces: squeezed before all else, and not remembered. */
const LONGEST_WORD = 120;

const PART = /[\p{L}\p{M}\p{N}@$*]+|[.!?\n\r…。]+|[,;:()"“”–—/|-]+/gu;
const SPELT_OUT =
  /(?<![\p{L}\p{M}\p{N}])(?:[\p{L}]\p{M}*[ .\-_·~|*]{1,2}){2,11}\p{L}\p{M}*(?![\p{L}\p{M}\p{N}])/gu;
const DOTTED = /(?<![\p{L}\p{M}])\p{L}[\p{L}\p{M}]*(?:[.\-_·*|~'][\p{L}\p{M}]+)+/gu;
/** Cheap looks that spare most messages the two searches above. */
const LONE_LETTERS =
  /(?:^|[^\p{L}\p{M}\p{N}])\p{L}\p{M}*[ .\-_·~|*]{1,2}\p{L}\p{M}*(?:[^\p{L}\p{M}\p{N}]|$)/u;
const INNER_DOT = /\p{L}[.\-_·*|~']\p{L}/u;
const LEET: Readonly<Record<string, string>> = {
  "4": "a",
  "@": "a",
  "3": "e",
  "1": "i",
  "0": "o",
  "5": "s",
  $: "s",
  "7": "t",
  "9": "g",
};
/** How teenagers respell, end and beginning of a syllable. */
const RESPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/^f/, "ph"],
  [/^j/, "gi"],
  [/^z/, "gi"],
  [/^z/, "d"],
  [/^j/, "d"],
  [/^dz/, "d"],
  [/^k(?=[aouăâôơư])/, "c"],
  [/^c(?=[eiêy])/, "k"],
  [/^w/, "qu"],
  [/^w/, "h"],
  [/^ng(?=[eiê])/, "ngh"],
  [/^n(?=g?h?[^aeiouyăâêôơư]*$)/, "n"],
  [/nk$/, "nh"],
  [/k$/, "ch"],
  [/k$/, "c"],
  [/q$/, "c"],
  [/h$/, "nh"],
  [/g$/, "ng"],
  [/gn$/, "ng"],
  [/hn$/, "nh"],
  [/^hc/, "ch"],
  [/^ht/, "th"],
  [/^rt/, "tr"],
  [/^gn/, "ng"],
  [/^pop$/, "bop"],
  [/it$/, "iet"],
  [/ít$/, "iết"],
];

/** Makes the listener of one edition; `vocabulary`: every syllable that some rule listens for, without marks. */
export function makeListener(rules: RiskRules, vocabulary: ReadonlyMap<string, number>): Listener {
  const half = new Set((rules.half_marked ?? "").split(/\s+/));
  const plain = new Set((rules.plain_words ?? "").split(/\s+/));
  const always = new Set((rules.always_marked ?? "").split(/\s+/));
  const foreign = new Set((rules.foreign_words ?? "").split(/\s+/));
  const short = new Map(
    Object.entries(rules.typing).map(([k, v]) => [k.normalize("NFC").toLowerCase(), readAlternatives(v)]),
  );
  const signs = new Map(Object.entries(rules.signs));
  const sign =
    signs.size > 0
      ? new RegExp(
          [...signs.keys()]
            .sort((a, b) => b.length - a.length)
            .map(escapeRegExp)
            .join("|"),
          "gu",
        )
      : undefined;
  let made: ReadonlyMap<string, string> | undefined;
  // Few writers star their vowels, so this waits for the first who does.
  const slips = (): ReadonlyMap<string, string> => {
    made ??= makeSlips(vocabulary);
    return made;
  };
  const remembered = new Map<string, readonly (readonly Meaning[])[]>();

  const isKnown = (fold: string): boolean => vocabulary.has(fold) || foreign.has(fold);

  const numbered = ({ fold, base, tone, spelt = false }: Syllable): Meaning => ({
    fold,
    base,
    tone,
    spelt,
    number: vocabulary.get(fold) ?? -1,
    foldHash: hash(fold),
    markHash: hash(base + tone),
  });

  const questionMark = numbered({ fold: "?", base: "?", tone: 0 });

  const readWord = (word: string): readonly (readonly Meaning[])[] => {
    const seen = remembered.get(word);
    if (seen) return seen;
    const isLong = word.length > LONGEST_WORD;
    const read = interpret(isLong ? squeeze(word) : word).map((meanings) => meanings.map(numbered));
    if (isLong) return read;
    if (remembered.size >= MEMORY) remembered.clear();
    remembered.set(word, read);
    return read;
  };

  const interpret = (word: string): readonly (readonly Syllable[])[] => {
    const short1 = short.get(word) ?? short.get(squeeze(word));
    if (short1) return short1;
    const s = syllable(word);
    if (foreign.has(s.fold) || isSyllable(s.fold)) return [[s]];
    const squeezed = squeeze(word);
    if (squeezed !== word) {
      const again = short.get(squeezed);
      if (again) return again;
      const t = syllable(squeezed);
      if (isSyllable(t.fold) || foreign.has(t.fold)) return [[t]];
    }
    const keys = undoKeys(word) ?? undoKeys(squeezed);
    if (keys && isKnown(syllable(keys).fold)) return [[syllable(keys)]];
    const mended = mend(squeezed, vocabulary, slips);
    if (mended) return [[syllable(mended)]];
    if (vocabulary.has(s.fold)) return [[s]];
    if (squeezed.length >= 5 && /^\p{L}+$/u.test(squeezed)) {
      const cut = cutWord(squeezed, isKnown);
      if (cut && cut.length > 1) return cut.flatMap((piece) => readPiece(piece));
    }
    return keys ? [[syllable(keys)]] : [[s]];
  };
  const readPiece = (piece: string): readonly (readonly Syllable[])[] =>
    short.get(piece) ?? [[syllable(piece)]];

  return {
    tokens(text) {
      let s = unmask(text).toLowerCase();
      if (sign) s = s.replace(sign, (c) => ` ${signs.get(c) ?? ""} `);
      if (LONE_LETTERS.test(s)) s = s.replace(SPELT_OUT, (run) => joinSpelt(run, isKnown));
      if (INNER_DOT.test(s)) s = s.replace(DOTTED, (run) => joinDotted(run, vocabulary));
      return place(s, readWord, questionMark);
    },
    isMeant(typed, meant, marked) {
      for (let i = 0; i < meant.length; i++) {
        const t = typed[i];
        const m = meant[i];
        if (!t || !m || !mayMean(t, m)) return false;
        // In careful writing a bare word that is a word of its own is meant bare: "tung" is not a forgotten "từng".
        if (marked && (t.tone !== m.tone || t.base !== m.base) && plain.has(t.base)) return false;
      }
      return true;
    },
    isMarked(tokens) {
      let marked = 0;
      let bare = 0;
      for (const { meanings } of tokens) {
        const m = meanings[0];
        if (!m) continue;
        if (m.spelt) continue;
        if (m.tone !== 0 || m.base !== m.fold) marked++;
        else if (always.has(m.fold) || isUnfinished(m, half)) bare++;
      }
      return marked > 0 && bare * 8 <= marked;
    },
  };
}

/** A syllable that ends in a stop has a tone in Vietnamese; without one its mark was forgotten. */
function isUnfinished(s: Syllable, half: ReadonlySet<string>): boolean {
  if (s.tone !== 0) return false;
  const last = s.base.charAt(s.base.length - 1);
  const stops = last === "c" || last === "p" || last === "t" || s.base.endsWith("ch");
  return half.has(s.base) || (stops && isSyllable(s.fold));
}

function place(
  s: string,
  readWord: (word: string) => readonly (readonly Meaning[])[],
  questionMark: Meaning,
): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let sentence = 0;
  for (const part of s.match(PART) ?? []) {
    const first = part.codePointAt(0) ?? 0;
    if (isSeparator(first)) {
      const ends = ".!?\n\r…。".includes(part[0] ?? "");
      at += ends ? SENTENCE_GAP : COMMA_GAP;
      if (ends) sentence++;
      if (part.includes("?")) tokens.push({ meanings: [questionMark], at, sentence });
      continue;
    }
    for (const meanings of readWord(part)) tokens.push({ meanings, at: at++, sentence });
  }
  return tokens;
}

function isSeparator(code: number): boolean {
  return code < 0x80
    ? !(
        (code >= 0x30 && code <= 0x39) ||
        (code >= 0x61 && code <= 0x7a) ||
        code === 0x40 ||
        code === 0x24 ||
        code === 0x2a
      )
    : /[…。“”–—]/u.test(String.fromCodePoint(code));
}

/** "chồng|ck" or "người yêu": one list of meanings per place; alternatives only where both are one syllable. */
function readAlternatives(value: string): readonly (readonly Syllable[])[] {
  const ways = value.split("|").map((way) =>
    way
      .trim()
      .normalize("NFC")
      .split(/\s+/)
      .map((word) => ({ ...syllable(word), spelt: true })),
  );
  const [first = []] = ways;
  return first.map((one, i) =>
    i === 0 ? [one, ...ways.slice(1).flatMap((way) => (way.length === 1 && way[0] ? [way[0]] : []))] : [one],
  );
}

/** Stretched letters: "cứuuuu" → "cứu", "đauuu" → "đau". */
function squeeze(word: string): string {
  return word
    .replace(/(\p{L})\1{2,}/gu, "$1")
    .replace(/([^aeiou\d])\1+$/u, "$1")
    .replace(/([aeiuyăâêôơư])\1+$/u, "$1");
}

function joinSpelt(run: string, isKnown: (fold: string) => boolean): string {
  const joined = run.replace(/[^\p{L}\p{M}]/gu, "");
  return isKnown(syllable(joined).fold) || joined.length > 5 ? ` ${joined} ` : run;
}

function joinDotted(run: string, vocabulary: ReadonlyMap<string, number>): string {
  const joined = run.replace(/[^\p{L}\p{M}]/gu, "");
  if (run.includes("*")) return run;
  const parts = run.split(/[^\p{L}\p{M}]+/u);
  const broken = parts.some((part) => !isSyllable(syllable(part).fold) || part.length < 2);
  return broken && vocabulary.has(syllable(joined).fold) ? joined : run;
}

/** A word that is no syllable, made into one that we listen for; undefined if nothing fits. */
function mend(
  word: string,
  vocabulary: ReadonlyMap<string, number>,
  slips: () => ReadonlyMap<string, string>,
): string | undefined {
  if (word.length > 9 || word.length < 2) return undefined;
  const known = (w: string): boolean => vocabulary.has(syllable(w).fold) && isSyllable(syllable(w).fold);
  const plainLetters =
    /[\d@$]/.test(word) && /\p{L}/u.test(word) ? word.replace(/[\d@$]/g, (c) => LEET[c] ?? c) : word;
  if (plainLetters !== word && known(plainLetters)) return plainLetters;
  if (plainLetters.includes("*")) return slips().get(plainLetters.replace(/\*+/g, "*"));
  for (const [pattern, better] of RESPELLINGS) {
    const once = plainLetters.replace(pattern, better);
    if (once === plainLetters) continue;
    if (known(once)) return once;
    for (const [pattern2, better2] of RESPELLINGS) {
      const twice = once.replace(pattern2, better2);
      if (twice !== once && known(twice)) return twice;
    }
  }
  return mendSwap(plainLetters, known);
}

/** Two neighbouring letters swapped, or one letter struck twice or too much. */
function mendSwap(word: string, known: (w: string) => boolean): string | undefined {
  if (word.length < 4) return undefined;
  for (let i = 0; i < word.length - 1; i++) {
    const swapped = word.slice(0, i) + word.charAt(i + 1) + word.charAt(i) + word.slice(i + 2);
    if (known(swapped)) return swapped;
  }
  for (let i = 0; i < word.length; i++) {
    const shorter = word.slice(0, i) + word.slice(i + 1);
    if (shorter.length > 2 && known(shorter)) return shorter;
  }
  return undefined;
}

/** "gi*t" → "giet": each vocabulary word with its vowels starred, when only one word fits. */
function makeSlips(vocabulary: ReadonlyMap<string, number>): ReadonlyMap<string, string> {
  const slips = new Map<string, string>();
  for (const word of [...vocabulary.keys()].sort()) {
    if (word.length < 3) continue;
    for (let from = 1; from < word.length; from++) {
      for (let to = from + 1; to <= Math.min(word.length, from + 3); to++) {
        const starred = `${word.slice(0, from)}*${word.slice(to)}`;
        if (starred.length > 2 && !slips.has(starred)) slips.set(starred, word);
      }
    }
  }
  return slips;
}

function escapeRegExp(s: string): string {
  return s.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
