/** "Em đòi ly hôn ảnh dọa tự tử": he says that he will die; the card for who wants to die herself is not hers. */

import { WORDING, type Reason } from "./level.ts";
import { plain } from "./understand.ts";

const DIES =
  "(?:doa |doi |bao |noi |noi la |hay |cung |se |muon |sap |cu )*(?:tu tu|tu sat|chet|nhay (?:lau|cau|song)|rach tay|cat tay|treo co|uong thuoc (?:sau|ngu|doc))";
const HIS = new RegExp(
  `(?:^| )(?:anh|anh ay|anh ta|ck|chong|chong em|chong toi|no|han|ong ay|nguoi yeu|nguoi yeu em|ban trai|ban trai em) ${DIES}(?: |$)`,
);
const ENGLISH_HIS =
  /\b(?:he|my (?:husband|boyfriend|ex|partner)) (?:will|would|says he will|said he would|threatens to|threatened to|is threatening to|wants to) (?:kill himself|commit suicide|end his life|die)\b/;
const HERS =
  /(?:^| )(?:em|e|toi|tui|minh|con|chau|tao) (?:\S+ ){0,2}(?:muon chet|tu tu|tu sat|chet|khong muon song|het muon song)(?: |$)|\b(?:kill myself|i want to die|end my life)\b/;
const DEATHS: ReadonlySet<string> = new Set(["suicide", "death_wish", "self_harm"]);
const HE_THREATENS: Reason = { category: "separation", evidence: "người kia dọa tự tử để giữ lại" };

/** The reasons, with what he says of his own death named as his. */
export function withHisDeath(reasons: readonly Reason[], words: string): readonly Reason[] {
  const said = plain(words);
  const isHis = (HIS.test(said) || ENGLISH_HIS.test(said)) && !HERS.test(said);
  if (!isHis || !reasons.some((r) => DEATHS.has(r.category))) return reasons;
  const others = reasons.filter((r) => !DEATHS.has(r.category));
  return others.some((r) => r.category !== WORDING && r.category === HE_THREATENS.category)
    ? others
    : [...others, HE_THREATENS];
}
