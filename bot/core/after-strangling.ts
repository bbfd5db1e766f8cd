/** "Giờ em khó thở", said after she told of being choked: the signs of domain.md B2, hours or days later, also without a mark. */

import { higher, type Reason } from "./level.ts";
import type { Heard } from "./triage/ear.ts";
import { plain } from "./understand.ts";

const SIGN =
  /(^| )(kho tho|tho kho|kho nuot|nuot (dau|kho|khong duoc|ko duoc)|khan (tieng|giong|co)|mat tieng|dau (hong|co|dau) (nhieu|qua|lam|du)|chong mat|choang|hoa mat|mo mat|nhin mo|u tai|ngat|xiu|non|te (tay|chan|nguoi|mat|nua nguoi)|lu lan|tieu (khong|ko) tu chu)( |$)|\b(hard to breathe|can ?t breathe|trouble breathing|can ?t swallow|hard to swallow|hurts to swallow|hoarse|lost my voice|dizzy|faint|fainted|passed out|vomit\w*|threw up|blurr\w*|numb)\b/;
/** "Em không khó thở", "hết chóng mặt rồi", "mẹ em khó thở". */
const NOT_SO =
  /(^| )(khong|ko|k|hong|chua|het|do|bot|not|no longer|me em|ba em|bo em|con em|no) (bi |con |thay |any )*(?=kho |nuot |khan |mat |dau |chong |choang |hoa |mo |u |ngat |xiu |non |te |hoarse|dizzy|faint|numb)/;
const EVIDENCE: Reason = { category: "medical", evidence: "có dấu hiệu nguy hiểm sau khi bị đánh" };

/** What was heard; an emergency where such a sign follows a strangling that she has told of. */
export function withSign(heard: Heard, words: string, told: readonly Reason[]): Heard {
  if (!told.some((r) => r.category === "strangulation")) return heard;
  const said = words.split(/[.,;!\n]/).map(plain);
  if (/[?？]/.test(words) || !said.some((c) => SIGN.test(c) && !NOT_SO.test(c))) return heard;
  const others = heard.reasons.filter((r) => r.evidence !== EVIDENCE.evidence);
  return { ...heard, level: higher(heard.level, "emergency"), reasons: [EVIDENCE, ...others] };
}
