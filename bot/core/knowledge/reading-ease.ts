/**
 * How hard a text is to read, by the longest sentence in syllables.
 *
 * Measure: a sentence ends at . ? … : ; (also before a closing quote) or a new line; Vietnamese is written one syllable per word,
 * so words split at spaces are syllables; for English words are counted. A sentence of more than 32 Vietnamese
 * syllables or 30 English words is reported. Limits of the measure: it knows nothing of hard words, of officialese or of
 * clauses; a short sentence can still be hard. It only catches what is certainly too long for a frightened reader on a phone.
 */

import type { Lang } from "../message.ts";

export const MAX_SENTENCE: Readonly<Record<Lang, number>> = { vi: 32, en: 30 };

/** The longest sentence and its count of syllables (words in English). */
export function longestSentence(text: string): { count: number; sentence: string } {
  let longest = { count: 0, sentence: "" };
  for (const sentence of sentencesOf(text)) {
    const count = sentence.split(/\s+/u).filter((word) => /[\p{L}\d]/u.test(word)).length;
    if (count > longest.count) longest = { count, sentence };
  }
  return longest;
}

/** Sentences, without splitting inside "30.000" or "13/2022". */
export function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.?!…:;]["”’)]?)\s+|\n+/u)
    .map((s) => s.trim())
    .filter((s) => s !== "");
}
