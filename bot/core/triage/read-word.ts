/** One typed word → what may stand there: short writings spelt out, slips mended, words without spaces cut. */

import type { RiskRules } from "./rules.ts";
import { cutWord, isSyllable, type Syllable, syllable, undoKeys } from "./syllable.ts";

/** For each place in the word the syllables that may be meant. */
export type WordReader = (word: string) => readonly (readonly Syllable[])[];

/** A longer "word" is a held key or a message without spaces: squeezed before all else, and worth remembering to nobody. */
export const LONGEST_WORD = 120;

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

/** `vocabulary`: every syllable that some rule listens for, without marks; `foreign`: words that are no misspelt Vietnamese. */
export function makeWordReader(
  { typing }: Pick<RiskRules, "typing">,
  vocabulary: ReadonlyMap<string, number>,
  foreign: ReadonlySet<string>,
): WordReader {
  const short = new Map(
    Object.entries(typing).map(([k, v]) => [k.normalize("NFC").toLowerCase(), readAlternatives(v)]),
  );
  let made: ReadonlyMap<string, string> | undefined;
  // Few writers star their vowels, so this waits for the first who does.
  const slips = (): ReadonlyMap<string, string> => {
    made ??= makeSlips(vocabulary);
    return made;
  };
  const isKnown = (fold: string): boolean => vocabulary.has(fold) || foreign.has(fold);
  const isWord = ({ fold }: Syllable): boolean => foreign.has(fold) || isSyllable(fold);
  const readPiece = (piece: string): readonly (readonly Syllable[])[] =>
    short.get(piece) ?? [[syllable(piece)]];

  return (typed) => {
    const word = typed.length > LONGEST_WORD ? squeeze(typed) : typed;
    const squeezed = squeeze(word);
    const written = short.get(word) ?? short.get(squeezed);
    if (written) return written;
    const s = syllable(word);
    if (isWord(s)) return [[s]];
    const t = syllable(squeezed);
    if (isWord(t)) return [[t]];
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
  const once = word.replace(/(\p{L})\1{2,}/gu, "$1");
  const last = once.charAt(once.length - 1);
  // "Xoong" has two of them, and "100" is a number.
  if (/[o\d]/.test(last)) return once;
  let end = once.length;
  while (end > 1 && once.charAt(end - 2) === last) end -= 1;
  return once.slice(0, end);
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
