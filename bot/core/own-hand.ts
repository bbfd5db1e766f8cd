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
/** "Nếu cô ấy bước ra cửa tôi không biết tôi làm gì", "tôi không để vợ đi đâu": nothing is done yet. */
const HER = `${WIFE}|co ay|ba ay|ban gai|nguoi yeu|co ta`;
const WILL = new RegExp(
  `(?:^| )(?:${HER})(?: (?:toi|tui|minh|em))? (?:\\S+ ){0,6}(?:thi )?(?:toi|tui|tao|minh|anh) (?:cung )?(?:khong|ko|k|chang|chua) biet (?:(?:toi|tui|tao|minh|anh) )?(?:se |co the |dam )*lam (?:gi|chuyen gi|ra chuyen gi|toi dau|den dau)(?: nua| day| het| co ay| no)*$`,
);
const HOLDS = new RegExp(
  `(?:^|${NOT_ALONE})(?:toi|tui|tao|minh|anh) (?:(?:se|da|quyet|dang|cung|nhat dinh|nhat quyet) )*(?:khong|ko|k|deo|eo|chang) (?:de|cho) (?:${HER})(?: (?:toi|tui|minh|em))? (?:\\S+ ){0,2}(?:di|ra|ve|bo|thoat|roi)(?: |$)`,
);
/** What may kill a baby in a minute: "mình bịt mồm con", "em muốn ném nó" after "bé khóc suốt". */
const HARMS =
  "(?:bit (?:mom|mieng|mui|mat)|bop (?:mom|mieng|mui|co)|lac(?: manh)?|nem|quang|vut|dim|up goi|de goi)";
const TO_CHILD = new RegExp(
  `(?:^|${NOT_ALONE})(?:toi|tui|tao|minh|em|e|me|t) (?:(?:da|lo|vua|moi|suyt|muon|so|se|dinh|cu|hay|chi|lai|co luc|nhieu luc|hom nay) )*${HARMS} (?:len |vao |cho |chet |mat |luon |het )*(?:con|be|em be|chau|thang be|no)(?: |$)`,
);
/** "Nó" is the child where one was just spoken of. */
const OF_BABY =
  /(?:^| )(?:be|em be|con (?:khoc|quay|so sinh)|so sinh|moi sinh|(?:may|\d+) thang tuoi)(?: |$)/;
const IT = /(?:^| )no$|(?:^| )no (?!\S+ (?:em|toi|minh))/;
/** Done to who writes, denied, or only said of others. */
const NOT_OWN =
  /(?:^| )(?:bi|khong|ko|chua|dung|khuyen|cam) (?:\S+ ){0,2}(?:tat|danh|dap|dam|da|bop|xo|quat)(?: |$)|(?:^| )danh (?:bai|rang|vang|gia|may|giay|thuc|nhau)(?: |$)/;
/** What is done to who writes: then it is not only his own hand. */
export const TO_HER: ReadonlySet<string> = new Set(
  "violence weapon strangulation threat threat_to_kill sexual harassment captivity trafficking pregnancy control stalking".split(
    " ",
  ),
);
const FEARS: Reason = { category: "own_violence", evidence: "người viết sợ mình làm hại người khác" };
const CHILD: Reason = { category: "child", evidence: "người viết sợ mình làm đau con, hoặc đã làm" };
const REASON: Reason = { category: "own_violence", evidence: "người viết kể mình đã đánh người khác" };

/** What was heard, with his own hand in it; `known`: what was heard of before. */
export function withOwnHand(heard: Heard, words: string, known: readonly Reason[]): Heard {
  const said = plain(words);
  if (!(OWN.test(said) || AGAIN.test(said) || WILL.test(said) || HOLDS.test(said))) return heard;
  if (NOT_OWN.test(said)) return heard;
  if ([...heard.reasons, ...known].some((r) => TO_HER.has(r.category))) return heard;
  if (heard.reasons.some((r) => r.category === REASON.category)) return heard;
  const level = WILL.test(said) ? "high" : "medium";
  const reason = OWN.test(said) || AGAIN.test(said) ? REASON : FEARS;
  return { level: higher(heard.level, level), reasons: [reason, ...heard.reasons] };
}

/**
 * Does she tell of what her own hand does to a small child, or that she fears it? That is met whatever is done to
 * herself: a mother who is beaten may be the one who cannot bear the crying. `before`: her last lines.
 */
export function harmsChild(words: string, before: readonly string[]): boolean {
  const said = plain(words);
  if (!TO_CHILD.test(said) || NOT_OWN.test(said)) return false;
  return !IT.test(said) || before.some((line) => OF_BABY.test(plain(line)));
}

/** The same, as what was heard: as grave as a child that is hurt. */
export function withOwnChild(heard: Heard): Heard {
  const others = heard.reasons.filter((r) => r.category !== REASON.category);
  return { level: higher(heard.level, "high"), reasons: [FEARS, CHILD, ...others] };
}
