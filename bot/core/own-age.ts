/** "Con 13 tuổi", "em học lớp 7", "I'm 11": a child is writing (domain.md B4; a child is under 16). */

import { plain } from "./understand.ts";

const AGE =
  /(?:^| )(?:con|chau|em|e|minh|toi|tui)(?: moi| nam nay| duoc| dang| chi| co)* (\d{1,2}) ?t(?:uoi)?\b/;
const GRADE = /(?:^| )(?:con|chau|em|minh)(?: moi| dang| nam nay| hoc)* lop (\d{1,2})\b/;
const ENGLISH = /\bi (?:am|m)(?: only| just)? (\d{1,2})(?= years? old| yo\b| and\b|$)/;
/** "Con em 9 tuổi", "con gái tôi 13 tuổi": before the pronoun stands whose age it is. */
const OF_ANOTHER = new Set("con be chau gai trai dau ut bo me ba ma cua hoc ban".split(" "));

const YOUNGEST = 6;
const CHILD_UNDER = 16;
const GRADE_UNDER = 10;

/** Does whoever writes say to be a child? */
export function saysChild(words: string): boolean {
  return words.split(/[,.;!?\n]/).some((clause) => isChild(plain(clause)));
}

function isChild(said: string): boolean {
  const age = ownNumber(AGE, said) || Number(ENGLISH.exec(said)?.[1] ?? 0);
  const grade = ownNumber(GRADE, said);
  return (age >= YOUNGEST && age < CHILD_UNDER) || (grade > 0 && grade < GRADE_UNDER);
}

function ownNumber(pattern: RegExp, said: string): number {
  const found = pattern.exec(said);
  const before = said.slice(0, found?.index).split(" ").at(-1) ?? "";
  return found && !OF_ANOTHER.has(before) ? Number(found[1]) : 0;
}
