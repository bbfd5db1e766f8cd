/** What of the library and the directory may be shown to her now. */

import { dayOf } from "./day.ts";
import type { Article, Passage } from "./knowledge/article.ts";
import type { Service } from "./knowledge/service.ts";
import { atLeast } from "./level.ts";
import type { Turn } from "./turn.ts";

/** Something found that can be an answer by itself. */
export type Place =
  | { readonly kind: "passage"; readonly article: Article; readonly passage: Passage }
  | { readonly kind: "service"; readonly service: Service };

/** By a hit's id, or by an article's own, which means its first passage; undefined: gone, or not for her now. */
export function placeOf(turn: Turn, id: string): Place | undefined {
  if (id.startsWith("service:")) {
    const service = turn.world.services.get(id.slice("service:".length));
    return service && service.expires_on >= dayOf(turn.event.at) ? { kind: "service", service } : undefined;
  }
  const article = turn.world.articles.get(articleIn(id));
  if (!article || !isShowable(turn, article)) return undefined;
  const passage = id.includes("#") ? article.passages.find((p) => p.id === id) : article.passages[0];
  if (!passage || comfortsHim(turn, article, passage)) return undefined;
  return { kind: "passage", article, passage };
}

/** "It is not your fault" is for who is hurt; who has hurt, or fears to, never reads it (domain.md C3.13). */
function comfortsHim({ state }: Turn, article: Article, passage: Passage): boolean {
  if (state.remembered.door !== "own_violence" || article.audience.includes("own_violence")) return false;
  return COMFORT.test(`${passage.heading[state.lang]}\n${passage.text[state.lang]}`);
}

const COMFORT =
  /không (?:có|phải|phải là|hề có) lỗi|không đáng bị|(?:not|never) (?:your fault|to blame|at fault)|no fault of yours|one who \w+ is at fault/i;

/** Of a passage's id its article's. */
export function articleIn(id: string): string {
  return id.split("#")[0] ?? id;
}

/**
 * Some texts are not for somebody in danger now, staff guides are for staff, and what has passed its review is shown to
 * nobody, even while an older library is still in force.
 */
export function isShowable(turn: Turn, article: Article): boolean {
  return (
    isOffered(turn, article) && (isForHelper(turn, article) || atLeast(article.max_level, turn.state.level))
  );
}

/** The danger is somebody else's: who helps from another town may read what is for helpers. */
function isForHelper({ state }: Turn, article: Article): boolean {
  return state.remembered.about === "other" && article.audience.every((a) => a === "helper" || a === "staff");
}

/** For people, and still within its review: what is left to ask is only how she is. */
export function isOffered(turn: Turn, article: Article): boolean {
  return article.review_by >= dayOf(turn.event.at) && article.audience.some((a) => a !== "staff");
}
