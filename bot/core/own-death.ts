/** Whose death is spoken of: "ảnh dọa tự tử" is his, and no card for who wants to die herself; "em cũng muốn chết" is hers. */

import { higher, type Reason } from "./level.ts";
import type { Heard } from "./triage/ear.ts";
import { plain } from "./understand.ts";

const DIES =
  "(?:doa |doi |bao |noi |noi la |hay |cung |se |muon |sap |cu )*(?:tu tu|tu sat|chet|nhay (?:lau|cau|song)|rach tay|cat tay|treo co|uong thuoc (?:sau|ngu|doc))";
const HIS = new RegExp(
  `(?:^| )(?:anh|anh ay|anh ta|ck|chong|chong em|chong toi|no|han|ong ay|nguoi yeu|nguoi yeu em|ban trai|ban trai em) (?:${DIES}|(?:\\S+ ){0,4}(?:rach|cat|cua) tay)(?: |$)`,
);
/** "Nó dọa giết em rồi tự tử": he would, and who writes is a danger to nobody. */
const HE_KILLS =
  /(?:^| )(?:anh|anh ay|anh ta|ck|chong|chong em|chong toi|no|han|ong ay|nguoi yeu|nguoi yeu em|ban trai|ban trai em|bo|bo con|ba|ba con|cha) (?:cam (?:dao|bua|gay|sung) )?(?:(?:doa|doi|bao|noi|la|hay|cung|se|muon|sap|cu|dinh|dang|van) )+giet (?:chet |het |luon |ca )*(?:em|e|toi|tui|minh|con|chau|me con|hai me con|nha|ba me|bo me|gia dinh)(?: |$)/;
/** "… giết em xong nó tự tử": that death is his too. */
const THEN_HE_DIES =
  /(^| )giet (?:\S+ ){1,4}(?:roi|xong|va) (?:(?:roi|no|anh|ta|ay|han|ong|ck|se|cung|doi) )*(?:tu tu|tu sat|chet)(?= |$)/;
/** "Em muốn giết nó trước". */
const SHE_KILLS =
  /(?:^| )(?:em|e|toi|tui|minh|tao) (?:\S+ ){0,2}(?:muon|se|dinh|phai|sap) (?:\S+ ){0,2}(?:giet|dam|chem)(?: |$)/;
const TO_OTHERS = "threat_to_others";
const ENGLISH_HIS =
  /\b(?:he|my (?:husband|boyfriend|ex|partner)) (?:will|would|says he will|said he would|threatens to|threatened to|is threatening to|wants to) (?:kill himself|commit suicide|end his life|die)\b/;
const HERS =
  /(?:^| )(?:em|e|toi|tui|minh|con|chau|tao) (?:\S+ ){0,2}(?:muon chet|tu tu|tu sat|chet|khong muon song|het muon song)(?: |$)|\b(?:kill myself|i want to die|end my life)\b/;
/** "Chồng em" is he. */
const OF_HERS = /(chong|ck|nguoi yeu|ban trai|vo) (?:em|e|toi|minh)(?= |$)/g;
/** What is heard of somebody's wish or way to die. */
export const OWN_LIFE: ReadonlySet<string> = new Set(["suicide", "death_wish", "self_harm"]);
const HE_THREATENS: Reason = { category: "separation", evidence: "người kia dọa tự tử để giữ lại" };

/**
 * Nothing else said: of so few words the ear takes most for a way of speaking ("nóng muốn chết"), and with a laugh behind
 * them for a joke. A joke is no "no danger" (domain.md C3.14).
 */
const CRY =
  /^(?:(?:da|u|thi|chac|nhieu (?:luc|khi)|co luc|gio|bay gio) )?(?:em|e|toi|tui|minh|con|chau|tao|chi|t|i) (?:(?:cung|dang|rat|chi|lai|that su|van|hay|toan|da|thay) )*muon chet(?: (?:qua|roi|thoi|lam|luon|di|that|a|ma|day|ha(?:ha)+|hi(?:hi)+|he(?:he)+|lol|kk+))*$/;
const ENGLISH_CRY =
  /^(?:(?:honestly|so|well|ugh|lol|ha(?:ha)*|i guess|sometimes|maybe) )*i (?:(?:just|really|honestly|kinda|also|still) )*(?:want to|wanna|am going to|am gonna|m going to|m gonna|gonna|will) (?:die|kill myself|end it all|end my life|unalive myself)(?: (?:lol|lmao|ha(?:ha)+|he(?:he)+|jk|just kidding|today|now|rn|so bad|honestly|sometimes))*$/;
/** "Tao sợ mình sẽ làm điều dại", "em nghĩ quẩn rồi": her own, not "con em". */
const DESPERATE =
  /(?:^|(?<!(?:^| )(?:chong|ck|vo|vk|me|ma|ba|bo|cha|anh|chi|em|con|trai|gai|yeu|ban|cua|nha)) )(?:em|e|toi|tui|minh|tao|t|con|chau) (?:(?:se|lai|co the|suyt|dinh|muon|da|cu|hay|bat dau) )*(?:lam (?:dieu|chuyen|viec) dai(?: dot)?|nghi quan)(?: (?:mat|thoi|roi|qua|lam|a|day))*$|^so (?:(?:em|e|toi|tui|minh|tao|con) )?(?:(?:se|lai) )*(?:lam (?:dieu|chuyen) dai(?: dot)?|nghi quan)$/;
/** "Vĩnh biệt": nobody says it to a machine for another reason. "Vĩnh biệt thằng đó" is an end of something else. */
const FAREWELL =
  /(?:^|(?<!(?:^| )(?:nhan|loi|noi|bao|gui|cau|thu|tin)) )vinh biet(?: (?:nhe|nha|moi nguoi|tat ca|ban|chi|ca nha|the gian|cuoc doi|cac ban|bo me|ba me|me|con))*$/;
const GOODBYE: Reason = { category: "suicide", evidence: "lời từ biệt" };
const WISH: Reason = { category: "death_wish", evidence: "không muốn sống" };

/**
 * Said quietly, of what comes after her or of going together: in so few words the ear takes it for a family's or a lawyer's
 * question, and what would be found is about custody. "Chồng em mất" is somebody else.
 */
const QUIETLY: readonly RegExp[] = [
  /(?:^| )ai (?:\S+ ){0,2}(?:thap nhang|thap huong|cung gio|lo gio|huong khoi) cho (?:em|e|toi|tui|minh)(?! (?:trai|gai|re|dau|ho|be|ut|ruot|chong))(?: |$)/,
  /(?:^|(?<!(?:^| )(?:chong|ck|vo|vk|me|ma|ba|bo|cha|anh|chi|ong|ngoai|noi|trai|gai|yeu|ban|cua)) )(?:em|e|toi|tui|minh) (?:ma )?(?:mat (?:roi|di|thi)|chet|khong con (?:nua )?thi|k con (?:nua )?thi)(?: roi| di)?(?: thi)? (?:\S+ ){0,3}(?:con|may dua|tui nho) (?:\S+ ){0,4}(?:nuoi|nha nuoc|trai tre|mo coi)(?: |$)/,
  /(?:^| )con (?:\S+ ){0,3}mat me (?:thi )?(?:co )?sao(?: |$)/,
  /(?:^| )(?:om nhau|dat nhau|om con|be con|dat con|me con|hai me con)(?: (?:em|e|toi|tui|minh))? (?:\S+ ){0,3}nhay (?:song|cau|lau|gieng|ho)(?! boi)(?: |$)/,
  /(?:^| )(?:nhay (?:cau|lau|song)|treo co|that co) (?:\S+ ){0,1}co (?:chet|dau)(?: |$)/,
  /(?:^| )song (?:\S+ ){0,4}(?:tha )?chet (?:con |quach |di |cho )*(?:hon|suong hon|xong|khoe|roi)(?: |$)/,
];

/** "Em vừa uống", "em mới uống hết lọ": of what, comes with the next line. */
const TOOK =
  /(?:^| )(?:em|e|toi|tui|minh|con|chau|t|i) (?:(?:vua|moi|da|lo|trot|just) )*(?:uong|nuot|took|swallowed)(?: (?:het|ca|xong|roi|vao|luon|moi|mot|1|nguyen|all|the|a))*(?: (?:vi|lo|chai|hop|nam|goi|whole|bottle|pack))?$/;
/** What no headache needs: "2 vỉ", "20 viên", "hết lọ", "thuốc chuột". */
const MUCH =
  /^(?:(?:\d+|mot|hai|ba|may|ca|het|nguyen) (?:vi|lo|hop|chai|nam|goi)|(?:[5-9]|\d{2,}|nam|sau|bay|tam|chin|muoi|hai muoi|may chuc) (?:vien|pills|tablets)|(?:\S+ )?thuoc (?:ngu|an than|chuot|sau|diet co|tru sau|diet chuot)|(?:a|the|two|2) (?:whole )?(?:bottle|pack|strip)s?)(?: |$)/;
/** What such a number may be of, once she has spoken of dying and of pills: "tao để sẵn thuốc rồi", a line or two later "60 viên". */
const PILLS = /(?:^| )(?:thuoc|pills?|tablets?)(?: |$)/;
/** The same of a way: "actually i have a plan", "có sẵn dây rồi". */
const WAY =
  /^(?:(?:that ra|ma|nhung|actually|and|but|honestly|em|e|toi|tui|minh|con|tao|t|i) )*(?:(?:da|van|dang) )*(?:(?:co|chuan bi|lo|mua|de) (?:san |xong )?(?:ke hoach|cach|thuoc|day|dao|gia treo|moi thu)|have (?:a|the|my|got a) (?:plan|rope|way|pills|knife|blade|gun|date)|have pills|got the (?:pills|rope))(?: (?:roi|san|ca roi|het roi|san roi|here|ready|already|now|with me|next to me))*$/;
const PLAN: Reason = { category: "suicide", evidence: "đã có cách hoặc kế hoạch" };
const POISON: Reason = { category: "suicide", evidence: "đã uống thuốc, chất độc (kể thành nhiều tin)" };

/** What was heard, with each death given to whom it is. `before`: her last lines; `known`: what was heard of before. */
export function withDeath(
  all: Heard,
  words: string,
  before: readonly string[] = [],
  known: readonly Reason[] = [],
): Heard {
  const said = plain(words);
  const heard = withoutHisThreat(all, said);
  const isHeard = heard.reasons.some((r) => r.category === "suicide");
  if (!isHeard && MUCH.test(said) && (TOOK.test(plain(before.at(-1) ?? "")) || isOfPills(before, known)))
    return { level: "emergency", reasons: [POISON, ...heard.reasons] };
  if (!isHeard && WAY.test(said) && known.some((r) => OWN_LIFE.has(r.category)))
    return { level: higher(heard.level, "high"), reasons: [PLAN, ...heard.reasons] };
  const isNamed = heard.reasons.some((r) => OWN_LIFE.has(r.category));
  if (!isNamed && FAREWELL.test(said))
    return { level: higher(heard.level, "high"), reasons: [GOODBYE, ...heard.reasons] };
  if (!isNamed && isOwnWish(said))
    return { ...heard, level: higher(heard.level, "medium"), reasons: [WISH, ...heard.reasons] };
  const isBoth = HE_KILLS.test(said) && THEN_HE_DIES.test(said);
  const rest = isBoth ? said.replace(THEN_HE_DIES, "") : said;
  const isHis =
    (isBoth || HIS.test(said) || ENGLISH_HIS.test(said)) && !HERS.test(rest.replace(OF_HERS, "$1"));
  if (!isHis || !heard.reasons.some((r) => OWN_LIFE.has(r.category))) return heard;
  const others = heard.reasons.filter((r) => !OWN_LIFE.has(r.category));
  const isTold = others.some((r) => r.category === HE_THREATENS.category);
  return { ...heard, reasons: isTold ? others : [...others, HE_THREATENS] };
}

function isOwnWish(said: string): boolean {
  return (
    CRY.test(said) || ENGLISH_CRY.test(said) || DESPERATE.test(said) || QUIETLY.some((s) => s.test(said))
  );
}

function isOfPills(before: readonly string[], known: readonly Reason[]): boolean {
  return known.some((r) => OWN_LIFE.has(r.category)) && before.some((line) => PILLS.test(plain(line)));
}

/** Who is threatened never reads what is for who is about to strike. */
function withoutHisThreat(heard: Heard, said: string): Heard {
  const others = heard.reasons.filter((r) => r.category !== TO_OTHERS);
  const isHis = HE_KILLS.test(said) && !SHE_KILLS.test(said.replace(OF_HERS, "$1"));
  return isHis && others.length > 0 ? { ...heard, reasons: others } : heard;
}
