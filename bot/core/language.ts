/** Which of our languages something is written in, when nothing else says so. */

import type { Lang } from "./message.ts";
import { nfc } from "./text.ts";
import { isSyllable, syllable } from "./triage/syllable.ts";

/** Words that are frequent in English and are no Vietnamese syllable, with or without marks. */
const ENGLISH = new Set(
  `and any are because been being cannot could did does for from girl had has have her hers his how i
  i'm if is isn't just know leave left live lives living many much must my need needs never of off or our out should
  she someone somebody stop take tell their there these they this those told us want wants was we were what wat
  when where which who why will with without won't work working would you your yours
  abuse abused abusive address afraid after again angry answer ask baby bank beaten beating beats boss boy boyfriend brother bruise
  bruises call called calls charge child children clothes cops counsellor counselor court coworker cry custody daughter
  dating divorce doctor drinks drunk embassy employer english ex evidence father feel foreign foreigner free friend friends
  girlfriend government happens harass harassed harassing harassment help helpline hide hits hitting home hospital hotline house
  how's hurt hurts hurting husband illegal interpreter jealous job kid kids kill landlord law lawyer legal line listen locked
  lonely married marriage marry messages mother neighbour neighbor number partner passport phone photos pictures please
  police pregnant problem protection raped rape rent report sad safe scared school sexual sexually shelter sister sleep
  slap slapped slaps somewhere speak stalker stalking student teacher threat threaten threatens threatened threatening touch touched
  touches touching trafficked trafficking violence violent visa wife woman women worried yelling yells`.split(
    /\s+/,
  ),
);

/** English words that are Vietnamese syllables too once the marks are gone: "me" is "mẹ", "can" is "cần", "them" is "thêm". */
const EITHER = new Set(
  "a am an at be but can do don get go he hi him hit im in it its let me men man mum no not now o ok on pay say so than that the them then to too up".split(
    " ",
  ),
);

/** UTF-16 units: more tell nothing new. */
const LOOKED_AT = 1000;
/** Letters that Vietnamese writes and English does not, but in names and in words like "fiancé". */
const MARKED = /[^a-z']/;
/** A word of letters that Vietnamese does not write ("über", "Мой", "나"): of neither language. */
const OTHER_LETTERS = /[^a-z'àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵç]/;
/** Quotation marks around a word. */
const QUOTES = /^'+|'+$/g;
/** "don't", "he's", "I'll". */
const CONTRACTED = /^[a-z]+'[a-z]{1,2}$/;
/** What English borrowed with its marks: "fiancé", "café", "déjà vu". */
const BORROWED = /^[a-z]*[éèêàç][a-zéèêàç]*$/;
/** A shorter word that is no syllable may be a short writing ("dc", "vs", "ntn"). */
const SHORTEST_FOREIGN = 4;

/** How much a word speaks for English when it is not plainly English. */
const FOREIGN = 0.75;
const MAY_BE_ENGLISH = 0.5;

/** The words of a text by what they can be. */
interface Words {
  readonly all: number;
  /** Plainly English; English or Vietnamese; no Vietnamese syllable, but a slip it might be. */
  readonly english: number;
  readonly either: number;
  readonly foreign: number;
  /** Vietnamese or short writings: with marks, and without. */
  readonly marked: number;
  readonly bare: number;
}

function wordsOf(text: string): Words {
  const found =
    nfc(text.slice(0, LOOKED_AT))
      .toLowerCase()
      .replaceAll("’", "'")
      .match(/[\p{L}']+/gu) ?? [];
  const words = found
    .map((word) => word.replace(QUOTES, ""))
    .filter((word) => word !== "" && !OTHER_LETTERS.test(word));
  const count = { all: words.length, english: 0, either: 0, foreign: 0, marked: 0, bare: 0 };
  for (const word of words) {
    const isForeign = () => !isSyllable(syllable(word).fold);
    if (ENGLISH.has(word) || CONTRACTED.test(word)) count.english++;
    else if (MARKED.test(word) && !(BORROWED.test(word) && isForeign())) count.marked++;
    else if (EITHER.has(word)) count.either++;
    else if (word.length >= SHORTEST_FOREIGN && isForeign()) count.foreign++;
    else count.bare++;
  }
  return count;
}

/**
 * English where its words outweigh those that can be Vietnamese: words that are plainly English, words that no Vietnamese
 * syllable can be, and, for less, words that may be either. Names with their marks inside a sentence do not make it Vietnamese.
 */
export function langOf(text: string): Lang {
  const words = wordsOf(text);
  // Slips look foreign too: they alone prove nothing.
  const isSure = words.english > 0 || (words.foreign > 0 && words.either > 1);
  return isSure && forEnglish(words) > 1.5 * words.marked + words.bare ? "en" : "vi";
}

function forEnglish({ english, foreign, either }: Words): number {
  return english + FOREIGN * foreign + MAY_BE_ENGLISH * either;
}

/** From so many words on a message shows what its writer speaks: "ok", "hello" and "help me" are everybody's. */
const SHOWS = 3;

/** The language that a message shows its writer to speak; null where it might be either. */
export function plainLangOf(text: string): Lang | null {
  const words = wordsOf(text);
  const { all, english, foreign, marked, bare } = words;
  if (all < SHOWS) return null;
  if (english > 0 && english + foreign > 1 && forEnglish(words) > 2 * (marked + bare)) return "en";
  // Slips look foreign, and so do words that Vietnamese borrowed ("clip").
  const vietnamese = marked > 1 || (bare >= SHOWS && english === 0);
  return vietnamese && marked + bare > 2 * forEnglish(words) ? "vi" : null;
}

/** The language that a message is likely written in, though it need not be its writer's; null where it says too little. */
export function likelyLangOf(text: string): Lang | null {
  const { all, english, foreign, marked } = wordsOf(text);
  // "Help me" is everybody's; "I'm bleeding" is not.
  if ((all >= SHOWS || english + foreign > 1) && langOf(text) === "en") return "en";
  return marked > 0 && english === 0 ? "vi" : null;
}
