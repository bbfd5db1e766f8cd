/**
 * "Em phải làm sao", "what should I do": the first question after something was told, and it names nothing. It is about what
 * she told just before.
 */

import { atLeast } from "./level.ts";
import type { Heard } from "./triage/ear.ts";
import type { Turn } from "./turn.ts";
import { plain } from "./understand.ts";

const CORE =
  /(^| )((lam|man|mam|tinh|xu ly|giai quyet)( duoc)? (sao|gi|j|rang|the nao|cach nao)|(phai|gio|bay gio) (sao|the nao)|sao (day|gio|bay gio)|what (should|shall|can|could|do|must|would|am) (i|we)( supposed to)? do|what do i do|what (now|to do|next)|wat (now|do i do|should i do))(?= |$)/;
/** Beside those it says nothing more. ("Không biết phải làm sao" is none: it tells how she feels.) */
const BESIDE = new Set(
  "em e con chau toi tui t minh rua hi chu bay m mik chi anh co chu bac ban ad ba ong oi a ah ha hay nhi nha nhe voi vay zay z ha ho hu huhu troi day nay kia gio bay luc nay tiep theo truoc tien thi roi la dau phai nen can co the duoc k gi nua that su hay noi chi giup i we now please pls plz me just really t so then and help tell ok okay oh god next here to in this situation about it first".split(
    " ",
  ),
);
const MAX_WORDS = 14;
/** "Chào bạn" tells nothing; "bị hiếp" does, as the ear hears. */
const MIN_TOLD = 4;
/** She tells in pieces. */
const MAX_PIECES = 3;

/** Does it ask what to do, and not about what? */
export function asksWhatNow(words: string): boolean {
  const whole = plain(words);
  if (whole.split(" ").length > MAX_WORDS || !CORE.test(whole)) return false;
  return whole
    .replace(CORE, " ")
    .split(" ")
    .every((word) => word === "" || BESIDE.has(word));
}

/** The question with what she told before it; as it is where it names something, or nothing was told. */
export function withTold({ state, world }: Pick<Turn, "state" | "world">, question: string): string {
  if (!asksWhatNow(question)) return question;
  const told = state.recent.filter(
    (words) =>
      words !== question &&
      !asksWhatNow(words) &&
      (plain(words).split(" ").length >= MIN_TOLD || world.ear(words, []).level !== "none"),
  );
  return [...told.slice(-MAX_PIECES), question].join(". ");
}

/** What the ear made of such a question: it tells of nothing, and what she told before it was heard then. */
export function heardWhatNow(turn: Pick<Turn, "state" | "world">, question: string): Heard {
  if (withTold(turn, question) !== question) return { level: "none", reasons: [] };
  const heard = turn.world.ear(question, []);
  return atLeast(heard.level, "medium") ? { ...heard, level: "medium" } : heard;
}
