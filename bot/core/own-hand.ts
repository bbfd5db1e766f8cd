/** "Hôm qua tôi tát bà ấy": who tells of his own hand is met as who fears it (domain.md C3.13), and never comforted for it. */

import { higher, type Reason } from "./level.ts";
import type { Heard } from "./triage/ear.ts";
import { plain } from "./understand.ts";

const HIT = "(?:tat|danh|dap|dam|da|bop co|xo nga|xo|quat)";
/** "Chồng tôi đánh", "mẹ mình đánh": "tôi" behind one of these is not who does it. */
const NOT_ALONE =
  "(?<!(?:^| )(?:chong|ck|vo|vk|bo|ba|ma|me|cha|anh|chi|em|con|trai|gai|yeu|ong|co|chu|bac|cau|di|cua|ho)) ";
const HOW = "(?:(?:da|lo|co|vua|moi|lai|hay|thuong|cung|tung|trot|nong qua|say|gian) )*";
const WIFE = "vo|vk|ba xa|ba nha";
/** By whom and to whom; "nó" and "chồng" are left out: who is beaten strikes back at them. "Anh đánh con" may be said of him. */
const OWN = new RegExp(
  `(?:^|${NOT_ALONE})(?:(?:toi|tui|tao|minh|t) ${HOW}${HIT} (?:(?:tay|vao mat|cho) )*(?:${WIFE}|ba ay|co ay|ban gai|nguoi yeu|con|con trai|con gai|me|bo|cha)|(?:anh|chu|bac|ong) ${HOW}${HIT} (?:${WIFE}))(?! (?:em|minh|toi|tui)? ?(?:danh|dap|bi))(?: |$)`,
);
const AGAIN =
  /(?:^| )(?:toi|tui|tao|minh|anh|chu|bac|ong) so (?:la )?(?:(?:toi|tui|tao|minh|anh) )?(?:lai |se |con )*(?:lam|danh|tat|danh vo|ra tay) (?:nua|lai|lan nua|tiep)(?: |$)/;
/** Done to who writes, denied, or only said of others. */
const NOT_OWN =
  /(?:^| )(?:bi|khong|ko|chua|dung|khuyen|cam) (?:\S+ ){0,2}(?:tat|danh|dap|dam|da|bop|xo|quat)(?: |$)|(?:^| )danh (?:bai|rang|vang|gia|may|giay|thuc|nhau)(?: |$)/;
/** What is done to who writes: then it is not only his own hand. */
const TO_HER: ReadonlySet<string> = new Set(
  "violence weapon strangulation threat threat_to_kill sexual harassment captivity trafficking pregnancy control stalking own_violence".split(
    " ",
  ),
);
const REASON: Reason = { category: "own_violence", evidence: "người viết kể mình đã đánh người khác" };

/** What was heard, with his own hand in it; `known`: what was heard of before. */
export function withOwnHand(heard: Heard, words: string, known: readonly Reason[]): Heard {
  const said = plain(words);
  if (!(OWN.test(said) || AGAIN.test(said)) || NOT_OWN.test(said)) return heard;
  if ([...heard.reasons, ...known].some((r) => TO_HER.has(r.category) && r.category !== REASON.category))
    return heard;
  if (heard.reasons.some((r) => r.category === REASON.category)) return heard;
  return { level: higher(heard.level, "medium"), reasons: [REASON, ...heard.reasons] };
}
