/** Asking or telling: few people write a question mark, and most of a story comes in pieces. */

import type { Turn } from "./turn.ts";
import { mentions, plain } from "./understand.ts";
import { withTold } from "./what-now.ts";

/** Shorter words are rather a piece of a story, or an answer begun, than something to look up. */
const MIN_QUESTION_WORDS = 5;
/** "Sao biết máy bị theo dõi", "có phải uống thuốc gì không": a question by its form. */
const ASKED_FORM =
  /^(sao|tai sao|vi sao|lam sao|what|how|where|which|why|are|does|will|should|could) |(^| )(co|duoc|phai|nen|can|dung|bi) (.{0,200} )?(khong|ko|k|hong|hok)( a| vay| nhi| ta| em| chi)?$/;
/** "Không biết tòa giao con cho ai" asks; "không biết phải làm sao", "không biết đây là đâu" tell. */
const WONDERS =
  /khong biet (?!(phai|nen|lam|noi|ke|em|minh|toi|con|day|cho) )(\S+ ){3,40}(ai|gi|sao|dau|nao|khong|bao nhieu|bao lau|the nao)$/;
/** Who is in it tells; "đơn ly hôn", "delete Telegram messages" name what is wanted. */
const SOMEBODY =
  /(^| )(em|e|con|chau|toi|tui|minh|no|ck|chong|vo|vk|anh|ong|ba|me|bo|han|ho|i|he|she|my|me|they|we)( |$)/;
const SAYS_NO = /^(khong|ko|k|hong|chua|dung|no|not|don t) /;

/** A question, with its mark or without: few people write one. Her own "không biết phải làm sao" is none. */
export function asks(turn: Turn, words: string): boolean {
  if (/[?？]/.test(words) || withTold(turn, words) !== words) return true;
  const last =
    words
      .split(/[.!,;\n]/)
      .filter((part) => plain(part) !== "")
      .at(-1) ?? "";
  if (plain(last).includes("khong biet")) return WONDERS.test(plain(last));
  return ASKED_FORM.test(plain(last)) || mentions(turn.world.settings, "asking", last);
}

/** While she waits for a human she tells it to them: "em không muốn ba mẹ biết", "không gọi công an đâu". */
export function isStory(words: string): boolean {
  return isPiece(words) || SOMEBODY.test(plain(words)) || SAYS_NO.test(plain(words));
}

/** A piece of what she is telling: what would be found for "con em 3 tuổi" is about courts. */
export function isPiece(words: string): boolean {
  return isBrief(words) && (SOMEBODY.test(plain(words)) || !plain(words).includes(" "));
}

/** "Chị ơi sao im rồi": little more than the call. */
export function isCry(words: string): boolean {
  return plain(words).split(" ").length <= MIN_QUESTION_WORDS;
}

export function isBrief(words: string): boolean {
  return plain(words).split(" ").length < MIN_QUESTION_WORDS;
}
