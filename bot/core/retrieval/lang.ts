/** What each of our languages is searched with. */

import type { Lang } from "../message.ts";
import type { SearchData } from "./tuning.ts";

/** The words, the strangers and the bar that one language is searched with. */
export function dataFor(lang: Lang, data: SearchData): SearchData {
  if (lang === "vi") return data;
  const { words, synonyms, strangers, bar, asked } = data.english;
  // What holds for one Vietnamese syllable, that it means too many things, does not hold for a whole English word.
  const weights = { ...data.weights, rank: { ...data.weights.rank, synonym_alone: 1 } };
  return {
    ...data,
    weights,
    words,
    synonyms,
    strangers,
    kinds: [],
    asked,
    silence: { ...data.silence, knowledge: bar },
  };
}
