/** A child that says it is struck again ("bố lại đánh con nữa") is in danger now until a human knows better: what is unknown counts for more (domain.md B). */

import { atLeast } from "./level.ts";
import type { Heard } from "./triage/ear.ts";
import { plain } from "./understand.ts";

/** Not "con lại đánh em": there a child strikes. */
const STRUCK =
  /(?:^|(?<!(?:^| )(?:con|chau|em|minh|toi|tui|tao|t)) )(?:lai|dang) (?:danh|dap|dam|tat|da|oanh|uynh|quat|bop|nem|lot|lam dau)(?: dap)? (?:con|chau|em|minh)(?= |$)|\b(?:hitting|beating|hurting|hits|beats) me again\b/;
const BEFORE_NOW =
  /(?:^| )(?:hom qua|hom kia|toi qua|sang qua|tuan truoc|thang truoc|hom truoc|hoi|yesterday|last)(?= |$)/;
/** What is done to somebody; not what only sounds like it. */
const DONE: ReadonlySet<string> = new Set(["violence", "child"]);

/** What was heard of a child's words; an emergency where they say that it is struck again or just now. */
export function withStruckAgain(heard: Heard, words: string): Heard {
  const said = plain(words);
  const isStruck = atLeast(heard.level, "medium") && heard.reasons.some((r) => DONE.has(r.category));
  return isStruck && STRUCK.test(said) && !BEFORE_NOW.test(said) ? { ...heard, level: "emergency" } : heard;
}
