/** Message → tokens: disguises off, cut into words, each with what it may mean (`read-word.ts`). */

import { hash } from "../hash.ts";
import { unmask } from "../text.ts";
import { LONGEST_WORD, makeWordReader } from "./read-word.ts";
import type { RiskRules } from "./rules.ts";
import { isSyllable, mayMean, type Syllable, syllable } from "./syllable.ts";

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

/** To the model one number is like another, or "phòng 12" would be an emergency because a girl of 12 told of one. */
const ANY_NUMBER = "0";
const isAnyNumber = (fold: string): boolean => /^\d+$/.test(fold) && !/^11[1345]$/.test(fold);

const PART = /[\p{L}\p{M}\p{N}@$*]+|[.!?\n\r…。]+|[,;:()"“”–—/|-]+/gu;
const SPELT_OUT =
  /(?<![\p{L}\p{M}\p{N}])(?:[\p{L}]\p{M}*[ .\-_·~|*]{1,2}){2,11}\p{L}\p{M}*(?![\p{L}\p{M}\p{N}])/gu;
const DOTTED = /(?<![\p{L}\p{M}])\p{L}[\p{L}\p{M}]*(?:[.\-_·*|~'][\p{L}\p{M}]+)+/gu;
/** Cheap looks that spare most messages the two searches above. */
const LONE_LETTERS =
  /(?:^|[^\p{L}\p{M}\p{N}])\p{L}\p{M}*[ .\-_·~|*]{1,2}\p{L}\p{M}*(?:[^\p{L}\p{M}\p{N}]|$)/u;
const INNER_DOT = /\p{L}[.\-_·*|~']\p{L}/u;
/** Makes the listener of one edition; `vocabulary`: every syllable that some rule listens for, without marks. */
export function makeListener(rules: RiskRules, vocabulary: ReadonlyMap<string, number>): Listener {
  const half = new Set((rules.half_marked ?? "").split(/\s+/));
  const plain = new Set((rules.plain_words ?? "").split(/\s+/));
  const always = new Set((rules.always_marked ?? "").split(/\s+/));
  const foreign = new Set((rules.foreign_words ?? "").split(/\s+/));
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
  const interpret = makeWordReader(rules, vocabulary, foreign);
  const remembered = new Map<string, readonly (readonly Meaning[])[]>();

  const isKnown = (fold: string): boolean => vocabulary.has(fold) || foreign.has(fold);

  const numbered = ({ fold, base, tone, spelt = false }: Syllable): Meaning => ({
    fold,
    base,
    tone,
    spelt,
    number: vocabulary.get(fold) ?? -1,
    foldHash: hash(isAnyNumber(fold) ? ANY_NUMBER : fold),
    markHash: hash(isAnyNumber(fold) ? ANY_NUMBER : base + tone),
  });

  const questionMark = numbered({ fold: "?", base: "?", tone: 0 });

  const readWord = (word: string): readonly (readonly Meaning[])[] => {
    const seen = remembered.get(word);
    if (seen) return seen;
    const read = interpret(word).map((meanings) => meanings.map(numbered));
    if (word.length > LONGEST_WORD) return read;
    if (remembered.size >= MEMORY) remembered.clear();
    remembered.set(word, read);
    return read;
  };

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

function escapeRegExp(s: string): string {
  return s.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
