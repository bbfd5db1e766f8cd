/** "Giờ em khó thở" after she told of being choked (domain.md B2: hours or days later, also without a mark); "em ra máu" after a blow while pregnant. */

import { atLeast, higher, type Level, type Reason } from "./level.ts";
import type { Heard } from "./triage/ear.ts";
import { plain } from "./understand.ts";

const SIGN =
  /(^| )(kho tho|tho kho|nghen (tho|hong|co|lai)|ngop( tho)?|hut hoi|tho (khong|ko|k) (noi|duoc|ra hoi|ra)|tuc nguc|(noi|keu) (khong|ko) ra (tieng|hoi)|mat giong|khan dac|kho nuot|nuot (dau|kho|khong duoc|ko duoc)|khan (tieng|giong|co)|mat tieng|dau (hong|co|dau) (nhieu|qua|lam|du)|chong mat|choang vang|hoa mat|mo mat|nhin mo|u tai|(bi|muon|sap|suyt|gan|lai|vua|cu) (ngat|xiu)|(ngat|xiu) (di|may lan|luon|lan)|(buon|muon|hay|cu) non|non (oi|mua|ra|hoai)|te (tay|chan|nguoi|mat|nua nguoi)|lu lan|tieu (khong|ko) tu chu|(tieu|dai|te) (ra|uot) quan|giong (em|toi|minh|con|tui) (nghe )?(la|khac|yeu))( |$)|\b(voice (is|sounds|got) (weird|different|strange|gone|raspy|off)|peed myself|wet myself|hard to breathe|can ?t breathe|trouble breathing|can ?t swallow|hard to swallow|hurts to swallow|hoarse|lost my voice|dizzy|faint|fainted|passed out|vomit\w*|threw up|blurr\w*|numb)\b/;
/** Folded these are also "chút xíu", "đội nón", "ngắt máy", "ôm choàng": alone they count with their marks only. */
const MARKED_SIGN = /(?<!\p{L})(ngất|xỉu|nôn|choáng)(?!\p{L})/u;
/** "Em không khó thở", "hết chóng mặt rồi", "mẹ em khó thở"; "chưa hết", "không đỡ" say that it goes on. */
const NOT_SO =
  /(^| )(khong|ko|k|hong|chua|(?<!(^| )(khong|ko|k|hong|chua|chang|cha) (thay )?)(het|do|bot)|not|no longer|me em|ba em|bo em|con em|con toi|be|no) (bi |con |thay |any )*(?=ra mau|chay mau|kho |nghen |ngop|hut |tuc |nuot |khan |mat |dau |chong |choang |hoa |mo |u |ngat |xiu |non |te |tieu |dai |hoarse|dizzy|faint|numb)/;
const BLEEDS =
  /(^| )(ra mau|ra huyet|chay mau|dau bung|vo oi|vo nuoc|go bung|bung cung|thai (khong|ko) (may|dap|cu dong))( |$)|\b(bleeding|cramps?|contractions?|water broke|stopped moving)\b/;
const EVIDENCE: Reason = { category: "medical", evidence: "có dấu hiệu nguy hiểm sau khi bị đánh" };

/** "Bỏng tay", "gãy tay", "ra chút máu": she needs a hospital whatever it came from. */
const HURT =
  /(^| )(ra (chut |it |nhieu |mot it )?(mau|huyet)|chay mau|mau chay|bong (tay|mat|nguoi|chan|lung)|(gay|bi gay) (tay|chan|rang|suon|mui|xuong)|bat tinh|rach (dau|mat|da|tran|moi)|khau (may|\d+) mui)( |$)|\b(bleeding|broke my|broken (arm|rib|bone|nose|jaw)|unconscious|burn(ed|t) my)\b/;
const HURT_EVIDENCE: Reason = { category: "injury", evidence: "có thương tích, cần khám" };
/** Of whose body the line for injuries is known already. */
const BODILY: ReadonlySet<string> = new Set(["injury", "medical", "pregnancy"]);

/** What was heard; where danger is known (`level`), with an injury that is only named. */
export function withInjury(heard: Heard, words: string, level: Level): Heard {
  const said = plain(words);
  const isNamed = HURT.test(said) && !NOT_SO.test(said) && !/(^| )(khong|ko|k|chua|hong|not|no) /.test(said);
  if (!isNamed || !atLeast(higher(heard.level, level), "high") || /[?？]/.test(words)) return heard;
  if (heard.reasons.some((r) => BODILY.has(r.category))) return heard;
  return { level: higher(heard.level, "medium"), reasons: [HURT_EVIDENCE, ...heard.reasons] };
}

/** After what was told, which sign makes an emergency of it. */
const AFTER = [
  { told: "strangulation", sign: SIGN, marked: MARKED_SIGN, said: "said_strangled" },
  { told: "pregnancy", sign: BLEEDS, marked: null, said: "said_hurt" },
] as const;

/** What was heard; an emergency where a sign follows what she has told of, and which line she needs to read again. */
export function withSign(
  heard: Heard,
  words: string,
  told: readonly Reason[],
): { readonly heard: Heard; readonly again?: string } {
  if (/[?？]/.test(words)) return { heard };
  const clauses = words
    .normalize("NFC")
    .toLowerCase()
    .split(/[.,;!\n]/);
  const shows = (clause: string, { sign, marked }: (typeof AFTER)[number]) =>
    (sign.test(plain(clause)) || (marked?.test(clause) ?? false)) && !NOT_SO.test(plain(clause));
  const hit = AFTER.find(
    (after) => told.some((r) => r.category === after.told) && clauses.some((c) => shows(c, after)),
  );
  if (!hit) return { heard };
  const others = heard.reasons.filter((r) => r.evidence !== EVIDENCE.evidence);
  const level = higher(heard.level, "emergency");
  return { heard: { ...heard, level, reasons: [EVIDENCE, ...others] }, again: hit.said };
}
