/** "Cho em gặp lại chị Mai", "chị Mai ơi": the counsellor with whom she has talked here, called by name. */

import type { Turn } from "./turn.ts";
import { DENIALS, plain } from "./understand.ts";

/** A denial so many syllables before a wish makes it none. */
const DENIED_WITHIN = 5;
/** A name called is little more than it: "chị Mai ơi chị đâu rồi". */
const MAX_CALL = 7;
const TO =
  "(?:gap|noi|noi chuyen|nhan|nhan tin|tam su|ket noi|goi|talk|speak|chat|see)(?: (?:lai|tiep|voi|cho|to|with))*";
const TITLE = "(?:chi|co|anh|chu|bac|o|ba|em|ban|di|thay|tu van vien)";
/** "Mai em nói chuyện với chị Mai", "em nói với chị Mai rồi". */
const NOT_NOW = /(^| )(mai|ngay mai|hom khac|khi khac|lat nua|toi mai) (em|toi|tui|minh|con|chau|se) | roi$/;

/** Does she wish to talk with whom she talked with before? */
export function wishesByName(turn: Turn, words: string): boolean {
  const name = nameOf(turn);
  if (name === "") return false;
  const said = plain(words);
  const wish = new RegExp(`(^| )(${TO} (${TITLE} )+${name}|(talk|speak|chat) (to|with) ${name})( |$)`);
  const at = said.search(wish);
  if (at < 0 || NOT_NOW.test(said)) return false;
  const before = said.slice(0, at).split(" ").slice(-DENIED_WITHIN);
  return !before.some((word) => DENIALS.has(word));
}

/** Does she call by name, and say little else? */
export function callsByName(turn: Turn, words: string): boolean {
  const name = nameOf(turn);
  const said = plain(words);
  if (name === "" || said.split(" ").length > MAX_CALL) return false;
  // "Mai" alone is tomorrow.
  const isBare = new RegExp(`^(?:hi |hello |hey )?${name}(?: oi| are you there| you there)?$`).test(said);
  if (isBare && (said !== name || turn.state.lang === "en")) return true;
  return new RegExp(`(^| )${TITLE} ${name}( |$)`).test(said);
}

/** Folded, without a title of its own; "": there was nobody. */
function nameOf({ state }: Turn): string {
  return plain(state.remembered.with ?? "").replace(new RegExp(`^(${TITLE} )+(?=\\S)`), "");
}
