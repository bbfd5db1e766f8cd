/** "Mày bày vợ tao bỏ tao à", "this is her husband": whoever holds the phone now speaks of her, and to us. */

import { plain } from "./understand.ts";

const WIFE = "(?:con )?(?:vo|vk|ban gai|nguoi yeu|ghe)";
const GIRL = `(?:${WIFE}|con gai|con dau|con be|chau gai)`;
const MINE = "(?:nha )?(?:tao|toi|tui|anh|ong|bac|ba|chu)";
const WRITES = "(?:nhan|nhan tin|chat|noi chuyen|ke|ke le|viet|tam su|noi xau|than tho|gui)";

/** Held against the whole and against each clause. */
const SAYS: readonly RegExp[] = [
  // "Sao tự nhiên vợ tao nhắn cái này", "vợ tôi đang nói chuyện với ai đấy". Of a daughter only "here": her mother worries too.
  new RegExp(
    `(?:^| )${WIFE} ${MINE} (?:\\S+ ){0,2}${WRITES} (?:\\S+ ){0,2}(?:gi|cai nay|voi ai|cho ai)(?: |$)`,
  ),
  new RegExp(
    `(?:^| )${GIRL} ${MINE} (?:\\S+ ){0,2}${WRITES} (?:\\S+ ){0,2}gi (?:\\S+ ){0,2}(?:trong nay|o day|tren nay|toi|tao|bac|ba|day|voi may)(?: day| vay| the| a)?$`,
  ),
  // "Cấm nhắn cho vợ tao nữa".
  new RegExp(
    `(?:^| )(?:cam|dung|khong duoc|ngung|thoi) (?:\\S+ ){0,2}(?:${WRITES}|lien lac|tra loi|rep|xui|bay)(?: cho| voi)? ${GIRL} ${MINE}(?: |$)`,
  ),
  // "Mày bày vợ tao bỏ tao à".
  new RegExp(
    `^(?:(?:e|a|ua|nay|the|sao|ai cho|tai sao) )*(?:may|chung may|bon may|tui bay|tui may|dua nao|thang nao|con nao|ai) (?:\\S+ ){0,5}(?:bay|xui|du|giau|${WRITES}(?: cho| voi)?) ${GIRL} ${MINE}(?: |$)`,
  ),
  // "Anh là chồng cô ấy"; "tôi là vợ anh ấy" is hers, and a mother who tells of a child says "tôi là mẹ cháu".
  /^(?:(?:da|a|uh|u|ua|alo|e|nay|chao|xin loi) )*(?:toi|tao|tui|anh|minh|day) (?:la )?(?:chong|ck) (?:cua )?(?:no|co ay|co ta|con nay|chi ay|em ay|con do)(?: |$)/,
  /^(?:chong|ck|bo|ba|cha|me|ong xa|ban trai|nguoi yeu) (?:cua )?(?:no|co ay|con be|chau|be) (?:nghe )?(?:day|ne)$/,
  /^(?:(?:a|u|ua|ha|o|the) )*(?:thi ra|hoa ra|te ra) (?:la )?(?:may|con nay|vo tao|vo toi|co) (?:\S+ ){0,4}(?:ke|nhan|tam su|noi xau|chat)(?: |$)/,
  /^(?:(?:e|nay|a|ua) )*may la (?:ai|thang nao|con nao|dua nao) ma(?: |$)/,
  /^ai (?:day|do|vay|the) (?:tra loi|len tieng|noi|rep)(?: (?:di|coi|xem|mau|ngay))*$/,
  /\b(?:why|what) (?:is|was|did|does|has) my (?:wife|girlfriend|daughter) (?:been )?(?:text|writ|chat|talk|messag|tell|say|said|told|wrote)\w*/,
  /^(?:(?:hi|hello|hey|ok) )*(?:this is|i am|i m|im) her (?:husband|boyfriend|father|dad|man)\b/,
  /\b(?:stop|quit|don ?t|do not) (?:text|writ|chat|talk|messag|contact)\w* (?:to |with )?my (?:wife|girlfriend|daughter)\b|\bleave my (?:wife|girlfriend) alone\b/,
];

/** Is it said by somebody else who has taken the phone, whatever it says besides? */
export function speaksAsAnother(words: string): boolean {
  return [words, ...words.split(/[.,;!?\n]/)].some((part) => {
    const said = plain(part);
    return SAYS.some((way) => way.test(said));
  });
}
