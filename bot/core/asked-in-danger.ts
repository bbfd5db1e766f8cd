/** What is asked in danger and stands in no article that is shown there: where to go, and that nobody is told. */

import { callsIn } from "./answer.ts";
import { atLeast } from "./level.ts";
import { say, type Turn, text } from "./turn.ts";
import { plain } from "./understand.ts";

/** "Mình nên đi đâu", "tối nay ngủ ở đâu", "where do I go". */
const WHERE =
  /^(?:(?:gio|bay gio|toi nay|dem nay|vay|the|em|toi|minh|con|chau|tui|hai me con|me con|chi oi|ban oi) )*(?:(?:nen|phai|biet|co the|se|tron) )*(?:di|tron|chay|o|ngu|den|toi|lanh|qua) (?:tam |nho |o )*(?:dau|cho nao)(?: (?:day|bay gio|gio|duoc|toi nay|dem nay|a|vay|ha chi|chi|ban))*$|^(?:but |so |and )?where (?:should|can|do|could|will) (?:i|we) (?:go|run|hide|stay|sleep)(?: (?:now|tonight))?$/;
/** "Đừng báo công an", "đừng nói với mẹ em", "don't call anyone": of us. "Nó dọa đừng báo công an" is his. */
const TELL_NOBODY =
  /^(?:(?:nhung|ma|da|a|chi|ban|ad|xin|lam on|oi|khong|no|please|but) )*(?:(?:chi|ban|ad|cac ban|minh) )?(?:(?:dung|khoan) (?:co )?(?:bao|goi|noi|ke|lien lac)(?: (?:cho|voi|toi))?|(?:don ?t|do not) (?:call|tell|contact|report)|i (?:don ?t|do not) want you to (?:call|tell|contact)|(?:em|toi|minh|con|chau) (?:khong|ko|k|hong) muon (?:ban|chi|ai|cac ban) (?:bao|goi|noi|ke)(?: (?:cho|voi))?) (?:cong an|canh sat|113|111|me|ba|bo|gia dinh|bo me|ba me|nha truong|co giao|thay|truong|ai|chong|xa|phuong|anyone|anybody|the police|police|my (?:mom|mother|dad|parents|family|school|husband)|111|113)(?: (?:em|toi|minh|con|chau|ca|het|nha|nhe|a|biet|voi|nua|please))*$/;

export function asksWhere(words: string): boolean {
  return WHERE.test(plain(words));
}

/** Where to go, for who is in danger now; true: it was said. */
export function saysWhere(turn: Turn, words: string): boolean {
  if (!atLeast(turn.state.level, "high") || turn.state.remembered.about === "other" || !asksWhere(words))
    return false;
  return saySafety(turn, "where_to_go");
}

/** Is all that she says that nobody should be told? */
export function forbidsTelling(words: string): boolean {
  return TELL_NOBODY.test(plain(words));
}

/** What happens with her words, to who fears that somebody is told; true: it was said. */
export function saysWhoIsTold(turn: Turn, words: string): boolean {
  return forbidsTelling(words) && saySafety(turn, "tells_nobody");
}

function saySafety(turn: Turn, key: "where_to_go" | "tells_nobody"): boolean {
  const words = text(turn, key);
  if (words === "") return false;
  say(turn, words, { phones: callsIn(turn, words), safety: true });
  return true;
}
