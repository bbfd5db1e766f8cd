/** "Dạ em cảm ơn chị nhiều lắm", "em xin lỗi": thanks and sorry, which ask nothing. */

import type { Turn } from "./turn.ts";
import { plain } from "./understand.ts";

/** Words around thanks that ask nothing, folded. */
const BESIDE_THANKS = new Set(
  "da em toi minh con chau bac chi anh co chu ban ad cac nhieu lam rat qua vi da nha nhe a oi ok oke vang roi very so much for a lot again all you really your help the de suy nghi them da mai nhan tiep lai gap giup nghe that it this helps helped helpful useful moi nguoi an".split(
    " ",
  ),
);
const MAX_BESIDE_THANKS = 1;
/** "Ảnh xin lỗi rồi": who stands before the word says it. */
const HE_SAYS =
  /(^| )(anh|anh ay|anh ta|no|ck|chong|ong|ong ay|han|ho|ba|ba ay|bo|me|co ay|vo|he|she|they)( (da|co|lai|cung|moi|cu|hay|bi))*$/;

/** "Dạ em cảm ơn chị nhiều lắm", "thank you Mai": thanks (or "sorry"), and little beside it. */
export function isCourtesy(turn: Turn, key: "thanks" | "sorry", words: string): boolean {
  const whole = ` ${plain(words)} `;
  for (const phrase of turn.world.settings.words[key]) {
    const at = whole.indexOf(` ${phrase} `);
    if (at < 0) continue;
    // "Ảnh xin lỗi rồi": his word, not hers.
    if (key === "sorry" && HE_SAYS.test(whole.slice(0, at))) continue;
    const rest = `${whole.slice(0, at)} ${whole.slice(at + phrase.length + 1)}`.split(" ");
    if (rest.filter((w) => w !== "" && !BESIDE_THANKS.has(w)).length <= MAX_BESIDE_THANKS) return true;
  }
  return false;
}
