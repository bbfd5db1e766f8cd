/** Asking or telling: few people write a question mark, and most of a story comes in pieces. */

import type { Turn } from "./turn.ts";
import { mentions, plain } from "./understand.ts";
import { withTold } from "./what-now.ts";

/** Shorter words are rather a piece of a story, or an answer begun, than something to look up. */
const MIN_QUESTION_WORDS = 5;
/** "Sao biết máy bị theo dõi", "có phải uống thuốc gì không": a question by its form. */
const ASKED_FORM =
  /(^| )1\d\d hay (la )?1\d\d( |$)|^(sao|tai sao|vi sao|lam sao|what|how|where|which|why|are|does|will|should|could) |(^| )(co|duoc|phai|nen|can|dung|bi) (.{0,200} )?(khong|ko|k|hong|hok)( a| vay| nhi| ta| em| chi)?$/;
/** "Không biết tòa giao con cho ai" asks; "không biết phải làm sao", "không biết đây là đâu" tell. */
const WONDERS =
  /khong biet (?!(phai|nen|lam|noi|ke|em|minh|toi|con|day|cho) )(\S+ ){3,40}(ai|gi|sao|dau|nao|khong|bao nhieu|bao lau|the nao)$/;
/** Who is in it tells; "đơn ly hôn", "delete Telegram messages" name what is wanted. */
const SOMEBODY =
  /(^| )(em|e|con|chau|toi|tui|tao|minh|no|ck|chong|vo|vk|anh|ong|ba|me|bo|han|ho|i|he|she|my|me|they|we)( |$)/;
/** A question anywhere in an English message: "who do I call, I don't speak Vietnamese". */
const ENGLISH_ASKED =
  /^(?:(?:and|but|so|also|please|then|ok) )*(?:(?:who|what|how|where|which|when|why) (?:do|does|did|is|are|can|could|should|will|would|about|much|many|long|else|happens|number)|(?:can|could|should|may|will|do|does|is|are|am) (?:i|you|he|she|it|we|they|there|this|that|my)) /;
/** "Nó để súng lên bàn rồi hỏi tôi có muốn nói lại không": his question. */
const REPORTED =
  /(^| )(no|anh|anh ay|anh ta|ck|chong|ong|ong ay|ba ay|han|bo|ho|nguoi ta|roi|xong|cu|lai) (\S+ ){0,1}hoi (toi|em|e|minh|con|tui|chau|vo|me con) /;
/** "Cho em hỏi chút", "bà hỏi cái này": what is asked comes next. */
const OPENER =
  /^(?:(?:da|thua|chao|a lo|alo|ad|chi|anh|ban|co|oi|em|cho|xin|lam on|hello|hi) )*(?:(?:em|toi|tui|minh|con|chau|ba|ong|co|chu|bac|chi|anh|t) )?(?:(?:xin|muon|can|co chuyen|dinh|phep) )*hoi(?: (?:chut|ti|ty|xiu|ty xiu|mot|1|it|cai|chuyen|cau|dieu|nay|voi|tham|nho|thoi|han|gap|ve|viec))*(?: (?:a|ah|nha|nhe|nghen|duoc khong|dc khong|dc ko|duoc ko))*$|^(?:(?:hi|hello|please) )*(?:can|may|could) i ask (?:you )?(?:something|a question|smth)(?: please)?$|^i have a question(?: please)?$/;
/** "Có, nó bảo …", "em không muốn công an": said to us, and no name of a text. */
const REPLY = /^\s*(dạ\s+)?(có|không|ko|yes|no|yeah)\s*,/iu;
const WANTS_NOT = /^(i (don t|do not) want|(em|toi|tui|minh|con|chau) (khong|ko|k|hong|chua) muon) /;
/** "Nhà tạm lánh ở Nghệ An", "thủ tục ly hôn": a topic, although nobody asks. */
const TOPIC =
  /^(thu tuc|don (ly hon|xin|to cao)|mau don|nha tam lanh|noi tam lanh|cho tam lanh|so dien thoai|dia chi|luat (phong|ve)|chi phi|le phi|an phi|muc phat|quyen (nuoi|loi)|dang ky tam tru) /;
/** "Sợ quá", "mệt lắm rồi": how she feels. */
const FEELS =
  /^(so|lo|run|met|met moi|buon|dau|khoc|tui|tui than|chan|hoang|roi|bat an|kho|kho chiu|nan|cang thang|ap luc|lo lang|hoi hop|so hai|co don)( (qua|lam|ghe|that|thiet|roi|luon|muon|hoai|khong|ngu|duoc|chet|di|nua))+$/;
/** Folded these are other words: "chi phí", "có". */
const MARKED_SOMEBODY = /(?<!\p{L})(chị|cô|bác|bà|ông|dì|ảnh|ổng|bả)(?!\p{L})/iu;
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
  if (REPORTED.test(plain(last))) return false;
  if (words.split(/[.!,;\n]/).some((part) => ENGLISH_ASKED.test(plain(part)))) return true;
  return ASKED_FORM.test(plain(last)) || mentions(turn.world.settings, "asking", last);
}

/** "À quên", "còn một chuyện nữa", "đợi em chút": what she has to say comes next. */
const MORE_COMES =
  /^(?:(?:a|ua|oi|ma|chet|oh|and|ah|da|ok|sorry) )*(?:(?:em|toi|minh|con) )?(?:quen(?: mat)?|con (?:(?:mot|1) )?(?:chuyen|cau|dieu)(?: nay)?(?: nua| khac)?|(?:mot|1) (?:chuyen|cau) nua|khoan(?: da)?|(?:doi|cho) (?:(?:em|toi|minh|con|ti|chut|xiu|mot|1) ?)+|(?:just )?one (?:more|other|last) thing|i forgot(?: something)?|wait(?: a (?:minute|moment|second|sec))?|hold on|one (?:moment|sec|second|minute)|hoi (?:gium|ho|giup|cho) (?:ban|chi|em|nguoi|dua|me|con)(?: \S+){0,2})(?: (?:da|a|nha|nhe|nua|chi|ban|ad|chut|ti|xiu|please))*$/;

/** Does it only announce a question, or that more comes? */
export function announces(words: string): boolean {
  const said = plain(words);
  return OPENER.test(said) || MORE_COMES.test(said);
}

/** "Chồng em không có đánh em đâu", "không có đòi mật khẩu gì đâu": nothing else is said, and nothing of helplessness. */
const DENIES =
  /^(?:(?:da|a|thi|chu|ma|nhung|thuc ra|that ra) )*(?:(?:anh ay|anh|ban ay|ban|no|(?:chong|ck|vo|nguoi yeu|ban trai|ban gai|ba me|bo me|nha|vo chong)(?: (?:em|toi|minh|tui))?|ong xa|co ay|em|toi|minh) )?(?:(?:van|cung|tu truoc gio|truoc gio) )*(?:khong|ko|k|chua|chang|hong)(?: (?:he|co|bao gio|tung|phai))* (?:bi (?:ai )?)?(?:danh|doi|cam|doa|ep|chui|kiem soat|theo doi|bao luc|dung tay|dong tay|lam gi|danh dap|danh nhau|ghen|chuyen gi|van de gi|gi (?:nghiem trong|to tat|ghe gom|lon|dang ke)|bi gi|bi sao)(?: (?!duoc|noi|nua|cuu|giup|ai)\S+){0,6}(?<= (?:gi|dau|het|ca|bao gio|em|minh|toi|nha|nhau|a))$/;

export function deniesAll(words: string): boolean {
  return DENIES.test(plain(words));
}

/** Does it name what is wanted, like a heading? */
export function namesTopic(words: string): boolean {
  return TOPIC.test(plain(words));
}

/** Is it said to us, as an answer or a refusal, rather than something to look up? */
export function repliesToUs(words: string): boolean {
  return REPLY.test(words) || WANTS_NOT.test(plain(words));
}

/** "Khóa rồi", "hình như có", "vẫn đau": by its first or last word something told, and no name of a text. */
const TOLD =
  /^(hinh nhu|chac|gio|bay gio|dang|van|con|moi|vua|lai|roi|nghe|thay|hom|toi qua|bua) | (roi|qua|luon|co|nua|lam|do|hoai|mai|day|het)$/;

export function soundsTold(words: string): boolean {
  return TOLD.test(plain(words));
}

/** While she waits for a human she tells it to them: "em không muốn ba mẹ biết", "không gọi công an đâu". */
export function isStory(words: string): boolean {
  const said = plain(words);
  return isPiece(words) || holdsSomebody(words) || SAYS_NO.test(said) || FEELS.test(said);
}

function holdsSomebody(words: string): boolean {
  return SOMEBODY.test(plain(words)) || MARKED_SOMEBODY.test(words.normalize("NFC"));
}

/** A piece of what she is telling: what would be found for "con em 3 tuổi" is about courts. */
export function isPiece(words: string): boolean {
  return isBrief(words) && (holdsSomebody(words) || !plain(words).includes(" "));
}

/** "Chị ơi sao im rồi": little more than the call. */
export function isCry(words: string): boolean {
  return plain(words).split(" ").length <= MIN_QUESTION_WORDS;
}

export function isBrief(words: string): boolean {
  return plain(words).split(" ").length < MIN_QUESTION_WORDS;
}
