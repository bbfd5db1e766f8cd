/** "Con 13 tuổi", "em học lớp 7", "I'm 11": a child is writing (domain.md B4; a child is under 16). */

import { plain } from "./understand.ts";

const AGE =
  /(?:^| )(con|chau|em|e|minh|toi|tui)(?: moi| nam nay| duoc| dang| chi| co| tron| vua| hien)* (\d{1,2}) ?t(?:uoi)?\b/;
const GRADE = /(?:^| )(con|chau|em|minh)(?: moi| dang| nam nay| hoc| la| sinh| hs)* lop (\d{1,2})\b(?! cua)/;
const ENGLISH = /\b(?:i (?:am|m)|im)(?: only| just| a| an)? (\d{1,2})(?= years? old| yo\b| and\b|$)/;
/** "Con em 9 tuổi", "con gái tôi 13 tuổi": before the pronoun stands whose age it is. */
const OF_ANOTHER = new Set("con be chau gai trai dau ut bo me ba ma cua hoc ban lop".split(" "));
/** "Con" and "cháu" are also what a mother calls hers: "em có con 8 tuổi", "hai con 8 tuổi và 10 tuổi"; "thưa cô con 13 tuổi" is a child's. */
const MAY_BE_HERS = new Set(["con", "chau"]);
const OF_HERS =
  /(^| )(nuoi|voi|va|mot|hai|bon|may|nhung|cac|dua|thang|om|cho|thuong|kem|(em|e|toi|tui|minh|chi|nha|vi|moi|dang) co)$/;
/** "Chồng em đánh con 8 tuổi", "tôi có hai con, con 9 tuổi": a mother writes. */
const MOTHER =
  /(^| )((chong|ck) (em|e|toi|tui|minh)|(em|e|toi|tui|minh) (dang )?(co|nuoi) (\S+ ){0,2}con)( |$)/;

const YOUNGEST = 6;
const CHILD_UNDER = 16;
const GRADE_UNDER = 10;

/** What is done to a child that is told of in the same clause. */
const DONE = /(^| )(bi|danh|dap|tat|dam|bop|so|hiep|xam hai|bao hanh)( |$)/;

/** "Cháu 8 tuổi", after "chồng tôi đánh con tôi". */
const HER_CHILD = /(^| )con (toi|tui|minh|em|gai|trai)( |$)/;
/** "À em nói nhầm, 15 tuổi". */
const CORRECTED = /(?:^| )(?:nham|lon)(?: roi| la)* (\d{1,2}) ?t(?:uoi)?(?: |$)/;

/** Does whoever writes say to be a child? `before`: her last lines; who has spoken of her own child goes on about it. */
export function saysChild(words: string, before: readonly string[] = []): boolean {
  const isMother = MOTHER.test(plain(words)) || before.some((line) => HER_CHILD.test(plain(line)));
  const corrected = isMother ? 0 : Number(CORRECTED.exec(plain(words))?.[1] ?? 0);
  if (corrected >= YOUNGEST && corrected < CHILD_UNDER) return true;
  return words.split(/[,.;!?\n]/).some((clause) => isChild(plain(clause), isMother));
}

/** "Em có con 13 tuổi bị chú sờ", "chồng em đánh con 8 tuổi": a child is hurt, and does not write. */
export function tellsOfHers(words: string): boolean {
  const isMother = MOTHER.test(plain(words));
  return words.split(/[,.;!?\n]/).some((clause) => {
    const said = plain(clause);
    const found = find(AGE, said) ?? find(GRADE, said);
    return found !== null && found.number < CHILD_UNDER && DONE.test(said) && isOfHers(found, isMother);
  });
}

function isChild(said: string, isMother: boolean): boolean {
  const age = ownNumber(AGE, said, isMother) || Number(ENGLISH.exec(said)?.[1] ?? 0);
  const grade = ownNumber(GRADE, said, isMother);
  return (age >= YOUNGEST && age < CHILD_UNDER) || (grade > 0 && grade < GRADE_UNDER);
}

function ownNumber(pattern: RegExp, said: string, isMother: boolean): number {
  const found = find(pattern, said);
  return found === null || isOfHers(found, isMother) ? 0 : found.number;
}

interface Found {
  readonly pronoun: string;
  readonly number: number;
  readonly before: string;
  readonly said: string;
}

function find(pattern: RegExp, said: string): Found | null {
  const [whole, pronoun = "", number] = pattern.exec(said) ?? [];
  if (whole === undefined) return null;
  const before = said.slice(0, said.indexOf(whole));
  return OF_ANOTHER.has(before.split(" ").at(-1) ?? "")
    ? null
    : { pronoun, number: Number(number), before, said };
}

/** "Con học lớp 3 chuyển trường cần giấy gì": asked by who looks after the child. */
const OF_PARENT =
  /(^| )(chuyen truong|nhap hoc|hoc phi|giay (gi|to|khai sinh)|khai sinh|thu tuc|ly hon|toa|nuoi con|ai nuoi|theo (ai|me|cha|bo)|o voi ai|ho khau|cap duong|bao hiem)( |$)/;

function isOfHers({ pronoun, before, said }: Found, isMother: boolean): boolean {
  return MAY_BE_HERS.has(pronoun) && (isMother || OF_HERS.test(before) || OF_PARENT.test(said));
}
