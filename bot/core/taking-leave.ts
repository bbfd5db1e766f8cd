/**
 * "Thôi bà đi đón cháu", "ok bye bạn", "thôi cảm ơn, chào nhé": she goes, and nothing is to be looked up or asked again. Beside
 * the words of `goodbye` that an editor lists: here any number of small words may stand before and behind.
 */

import { plain } from "./understand.ts";

const WHO = "(?:em|toi|minh|ba|ong|co|bac|con|chau|chi|tui|tao|to|chu)";
/** What may stand before the word of leaving. */
const LEAD =
  "(?:thoi|vay|the|ok|okay|oke|okie|da|roi|u|uh|um|vang|cam on|cam on (?:ban|chi|ad|nhieu|nha|nhe|em|moi nguoi)|em cam on|tks|thanks|thank you)";
const BYE = new RegExp(
  `^(?:${LEAD} )*(?:bye|bye bye|byebye|bai|bai bai|pp|tam biet|good ?bye|hen gap lai|chuc (?:ban |chi |moi nguoi )?ngu ngon)(?: (?:ban|chi|ad|em|nha|nhe|a|moi nguoi|ca nha|now|for now|then))*$`,
);
/** "Chào bạn" by itself is a greeting. */
const CHAO = new RegExp(
  `^(?:${LEAD} )+(?:em |toi |minh |con )?chao(?: (?:ban|chi|ad|em|nha|nhe|a|moi nguoi))*$`,
);
const ERRAND = new RegExp(
  `^(?:${LEAD} )+(?:${WHO} )?(?:phai |xin phep )*(?:(?:di|vo|vao|ve|ra) )+(?:don|ruoc|nau|ngu|lam|hoc|tam|cho|an|ban|don dep|giat|coi|lo|cong chuyen|rua|mua|tho|nha|truoc|nghi)(?: (?:con|chau|be|em|bai|com|hang|do|chen|bat|quan ao|cong chuyen|viec|nha|o truong|day|da|nhe|roi|cai|chut|xiu|mai|hoc|lam|cho chong|cho con|luon))*$`,
);
const ENGLISH =
  /^(?:(?:ok|okay|thanks|thank you|alright|well|anyway|sorry|so) )*(?:bye|goodbye|good night|(?:i )?(?:gotta|got to|have to|need to|must) (?:go|run|leave)|i (?:ve|have) got to go|talk (?:to you )?later|see you)(?: (?:now|bye|then|for now|thanks|later))*$/;

const BUSY = new RegExp(
  `^(?:${LEAD} )*(?:${WHO} )?(?:phai )?di (?:lam|hoc|hoc bai|don con|ruoc con|nau com|cho|tam|cong chuyen)(?: (?:day|da|nha|nhe|cai|roi|thoi))*$`,
);

/** "Em đi làm đây": daily life, whatever was told before it. */
export function goesOnErrand(words: string): boolean {
  return ERRAND.test(plain(words)) || BUSY.test(plain(words));
}

/** Does she take her leave, and say nothing else? */
export function takesLeave(words: string): boolean {
  const said = plain(words);
  return [BYE, CHAO, ERRAND, ENGLISH].some((way) => way.test(said));
}
