/** The ways of asking of an article. Apart from its form: who searches needs no schema library. */

import type { Lang } from "../message.ts";
import type { Article } from "./article.ts";

/** All ways of asking that an article has in one language: for the whole of it, then for each passage. */
export function waysOfAsking({ questions, passages }: Article, lang: Lang): string[] {
  return [...questions[lang], ...passages.flatMap(({ asks }) => asks[lang])];
}
