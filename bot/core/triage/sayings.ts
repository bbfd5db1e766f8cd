/** Short things that a person says about what was heard: "only joking", "I am not safe any more". Pure. */

import { fold, unmask } from "../text.ts";

const RETRACTIONS =
  /\b(noi dua|dua thoi|dua day|dua ma|noi choi|gion thoi|gion choi|noi gion|khong phai vay|khong phai the|khong phai dau|nham roi|gui nham|nham tin|go nham|hieu nham|hieu lam|em on|minh on|toi on|con on|khong sao dau|khong co gi dau|khong co chuyen gi|just kidding|only joking|i was joking|just joking|im fine|i am fine|wrong chat)\b/;
const UNSAFE =
  /\b((khong|ko|k|kg|hong|hok|chang|het) (con )?(duoc )?an toan|dang gap nguy|dang nguy hiem|gap nguy hiem|nguy hiem lam|nguy hiem roi|khong on roi|co chuyen roi|no (ve|toi|den|vao|vo|len) roi|(anh ay|ong ay|chong em|han|ong|anh ta) (ve|toi|den|vao) roi|not safe|unsafe|in danger|he is (here|back)|hes (here|back))\b/;
const STILL_DANGER = /\b(khong|ko|chua|dau co|not)( \S+){0,3} (dua|gion|joking|kidding)\b/;

/** "không, em chỉ nói đùa": she takes back what was heard. The level stays; the talk goes on without arguing. */
export function isRetraction(text: string): boolean {
  const plain = readable(text);
  return RETRACTIONS.test(plain) && !STILL_DANGER.test(plain) && !UNSAFE.test(plain);
}

/** "em không còn an toàn nữa", "nó về rồi": said while she waits, it cuts to the front. */
export function saysUnsafeNow(text: string): boolean {
  return UNSAFE.test(readable(text));
}

/** Only the beginning counts, so that a long text costs no more. */
function readable(text: string): string {
  return fold(unmask(text.slice(0, 2000))).replace(/['’]/g, "").replace(/[^a-z0-9]+/g, " ");
}
