/** Which of our languages a question is written in, when nothing else says so, and what that language is searched with. */

import type { Lang } from "../message.ts";
import { isMarked } from "../text.ts";
import type { SearchData } from "./tuning.ts";

/** Words that are frequent in English and are no Vietnamese syllable, with or without marks. */
const ENGLISH = new Set(
  `and any are because been being cannot could did does for from girl had has have her hers his how i
  i'm if is isn't just know leave left let live lives living many much must my need needs never of off or our out should
  she someone somebody stop take tell their them there these they this those told us want wants was we were what wat
  when where which who why will with without won't work working would you your yours
  abuse abused abusive address afraid after again angry answer ask baby bank beaten beating beats boss boy boyfriend brother bruise
  bruises call called calls charge child children clothes cops counsellor counselor court coworker cry custody daughter
  dating divorce doctor drinks drunk embassy employer english ex evidence father feel foreign foreigner free friend friends
  girlfriend government happens harass harassed harassing harassment help helpline hide hits hitting home hospital hotline house
  how's hurt hurts hurting husband illegal interpreter jealous job kid kids kill landlord law lawyer legal line listen locked
  lonely married marriage marry messages mother mum neighbour neighbor number partner passport pay phone photos pictures please
  police pregnant problem protection raped rape rent report sad safe scared school sexual sexually shelter sister sleep
  slap slapped slaps somewhere speak stalker stalking student teacher threat threaten threatens threatened threatening touch touched
  touches touching trafficked trafficking violence violent visa wife woman women worried yelling yells`.split(
    /\s+/,
  ),
);

/** English words that are Vietnamese syllables too once the marks are gone: "me" is "mẹ", "can" is "cần", "don" is "đơn". */
const EITHER = new Set(
  "a am an at be but can do don get go he hi him hit im in it its me men man no not now o ok on say so than that the then to too up".split(
    " ",
  ),
);

/** English when no mark was typed, at least two words are plainly English, or one of three, and a third of all could be. */
export function langOf(text: string): Lang {
  if (isMarked(text)) return "vi";
  const words =
    text
      .slice(0, 1000)
      .toLowerCase()
      .match(/[a-z']+/g) ?? [];
  const plainly = words.filter((word) => ENGLISH.has(word)).length;
  const possibly = plainly + words.filter((word) => EITHER.has(word)).length;
  const enough = plainly >= 2 || (plainly === 1 && words.length <= 3);
  return enough && possibly * 3 >= words.length && plainly * 6 >= words.length ? "en" : "vi";
}

/** The words, the strangers and the bar that one language is searched with. */
export function dataFor(lang: Lang, data: SearchData): SearchData {
  if (lang === "vi") return data;
  const { words, synonyms, strangers, bar } = data.english;
  // What holds for one Vietnamese syllable, that it means too many things, does not hold for a whole English word.
  const weights = { ...data.weights, rank: { ...data.weights.rank, synonym_alone: 1 } };
  return {
    ...data,
    weights,
    words,
    synonyms,
    strangers,
    kinds: [],
    asked: [],
    silence: { ...data.silence, knowledge: bar },
  };
}
