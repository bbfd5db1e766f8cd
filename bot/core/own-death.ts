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

/** Nothing else said: of so few words the ear takes most for a way of speaking ("nóng muốn chết"). */
const CRY =
  /^(?:(?:da|u|thi|chac|nhieu (?:luc|khi)|co luc|gio|bay gio) )?(?:em|e|toi|tui|minh|con|chau|tao|chi|i) (?:(?:cung|dang|rat|chi|lai|that su|van|hay|toan|da|thay) )*muon chet(?: (?:qua|roi|thoi|lam|luon|di|that|a|ma|day))*$/;
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
const POISON: Reason = { category: "suicide", evidence: "đã uống thuốc, chất độc (kể thành nhiều tin)" };

/** What was heard, with each death given to whom it is. `before`: her last line. */
export function withDeath(all: Heard, words: string, before = ""): Heard {
  const said = plain(words);
  const heard = withoutHisThreat(all, said);
  if (MUCH.test(said) && TOOK.test(plain(before)) && !heard.reasons.some((r) => r.category === "suicide"))
    return { level: "emergency", reasons: [POISON, ...heard.reasons] };
  const isWish = CRY.test(said) || QUIETLY.some((saying) => saying.test(said));
  if (isWish && !heard.reasons.some((r) => OWN_LIFE.has(r.category)))
    return { ...heard, level: higher(heard.level, "medium"), reasons: [WISH, ...heard.reasons] };
  const isBoth = HE_KILLS.test(said) && THEN_HE_DIES.test(said);
  const rest = isBoth ? said.replace(THEN_HE_DIES, "") : said;
  const isHis =
    (isBoth || HIS.test(said) || ENGLISH_HIS.test(said)) && !HERS.test(rest.replace(OF_HERS, "$1"));
  if (!isHis || !heard.reasons.some((r) => OWN_LIFE.has(r.category))) return heard;
  const others = heard.reasons.filter((r) => !OWN_LIFE.has(r.category));
  const isNamed = others.some((r) => r.category === HE_THREATENS.category);
  return { ...heard, reasons: isNamed ? others : [...others, HE_THREATENS] };
}

/** Who is threatened never reads what is for who is about to strike. */
function withoutHisThreat(heard: Heard, said: string): Heard {
  const others = heard.reasons.filter((r) => r.category !== TO_OTHERS);
  const isHis = HE_KILLS.test(said) && !SHE_KILLS.test(said.replace(OF_HERS, "$1"));
  return isHis && others.length > 0 ? { ...heard, reasons: others } : heard;
}
