/** Which of our languages a question is written in, when nothing else says so. */

import type { Lang } from "../message.ts";
import { isMarked } from "../text.ts";

/** Words that are frequent in English and are no Vietnamese syllable, with or without marks. */
const ENGLISH = new Set(
  "the is are was were what which who how my your he she they his her him them we you of and for with from this that does did can should will if when where why not it in me about husband wife boyfriend help police law children".split(
    " ",
  ),
);

/** English when no mark was typed and at least two words, and a quarter of all, are plainly English. */
export function langOf(text: string): Lang {
  if (isMarked(text)) return "vi";
  const words =
    text
      .slice(0, 1000)
      .toLowerCase()
      .match(/[a-z']+/g) ?? [];
  const english = words.filter((word) => ENGLISH.has(word)).length;
  return english >= 2 && english * 4 >= words.length ? "en" : "vi";
}
