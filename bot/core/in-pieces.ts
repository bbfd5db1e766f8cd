/** Danger told a few words a line: "lấy cái gối", "đè lên", "mặt tôi" says nothing line by line. */

import { atLeast, higher } from "./level.ts";
import type { Ear, Heard } from "./triage/ear.ts";
import { plain } from "./understand.ts";

/** A longer line says by itself what it tells, and the ear knows it as context. */
const MAX_PIECE_WORDS = 5;
/** What is done with the hands or said. Of a child, a pregnancy, an illness one line tells: "nó đánh em", "con em 3 tuổi" are two. */
const ACTS: ReadonlySet<string> = new Set(
  "strangulation weapon sexual suicide threat_to_kill captivity".split(" "),
);

/**
 * What was heard in `words`, and what a rule hears of grave danger in it and the short lines just `before` it, read as one
 * sentence that this line completes. The wording of such a sentence counts for nothing: calm pieces put together sound like
 * anything.
 */
export function withPieces(heard: Heard, words: string, before: readonly string[], ear: Ear): Heard {
  if (!isPiece(words)) return heard;
  const first = before.findLastIndex((line) => !isPiece(line)) + 1;
  // From each line on: pieces of another matter may stand before those of this one.
  for (let from = before.length - 1; from >= first; from -= 1) {
    const pieces = before.slice(from);
    const all = ear([...pieces, words].join(" "), []);
    const without = ear(pieces.join(" "), []);
    const known = [...heard.reasons, ...(atLeast(without.level, "high") ? without.reasons : [])];
    const fresh = all.reasons.filter(
      ({ category }) => ACTS.has(category) && !known.some((r) => r.category === category),
    );
    if (atLeast(all.level, "high") && fresh.length > 0)
      return { level: higher(heard.level, all.level), reasons: [...fresh, ...heard.reasons] };
  }
  return heard;
}

/** Not "5" or "?": an answer by number is no piece of a story. */
function isPiece(line: string): boolean {
  const said = plain(line);
  return /\p{L}/u.test(said) && said.split(" ").length <= MAX_PIECE_WORDS && !/[?？]/.test(line);
}
