/** "Học sinh của tôi bị bố đánh", "my sister is being beaten": who writes is not who is hurt (the helper's door, domain.md B5). */

import { plain } from "./understand.ts";

/** Whom a helper speaks of; not mother, father or a child at home: who tells of them mostly lives in that house. */
const NEIGHBOUR =
  /(^| )(nha (ben canh|ke ben|ben kia|doi dien)|(ben|nha) hang xom|(ong|ba|co|chu|anh|chi|vo chong|nguoi|em) hang xom)( |$)/;
const SOMEBODY =
  /(^| )(hoc (sinh|tro)|(co |thang |con |dua |nguoi |mot )?ban (than|hoc|cung (lop|phong|lam)|gai|minh|toi|em|chau|cua (em|toi|minh|con|chau))|dong nghiep|benh nhan|nguoi benh|khach hang|cong nhan|(chi|em) gai|nguoi quen|chi (ho|dau|toi)|em (ho|toi)|con gai( (toi|co|bac|ba|minh))?(?= bi (chong|ck|nguoi yeu|ban trai|nha chong))|chau (gai|be|toi)|(chi|co|ba|em) (do|ay|nay))( |$)/;
/** That it is done to them. */
const DONE = /(^| )(bi|bi ep|la cuu|keu cuu|doa)( |$)/;
/** To her who writes, by somebody of hers: then it is her own story. */
const HERS =
  /(^| )((danh|dap|tat|bop co|doa|chui|nem|ep|nhot|hanh) (em|e|toi|minh|con|chau|tao|tui)|(chong|ck|vo|nguoi yeu|ban trai|chong cu) (em|e|toi|tui|minh|con|tao)|(em|toi|minh|con|chau) (cung )?bi)( |$)/;
const ENGLISH =
  /\b(?:my|a) (?:best |good |close )?(?:friend|sister|neighbou?r|co ?worker|colleague|student|pupil|patient|client|cousin|aunt|niece|employee|roommate|flatmate)\b.*\b(?:beaten|hit|hurt|abused|attacked|choked|strangled|raped|threatened|bruises?|black eye|(?:her|his) (?:husband|wife|boyfriend|girlfriend|partner|father|dad|ex))\b/;
const ENGLISH_HERS =
  /\b(?:my (?:husband|boyfriend|wife|girlfriend|partner|ex|father|dad)|(?:hit|beat|hurt|slap|kick|touch|lock|rape|threaten|chok|strangl|abus)\w* me|to me)\b/;
/** A child, where a grown-up tells of one that is not hers. */
const PUPIL =
  /(^| )(hoc (sinh|tro)|(chau|dua|con|em) be|be (gai|trai)|dua (tre|nho))( |$)|\bmy (student|pupil)\b/;

/** "Không phải em, chị em", "not me, my sister". */
const NOT_ME =
  /(^| )khong phai (em|toi|minh|con|chau|cua em|cua toi) ma( |$)|^(da )?khong phai (em|toi|minh|con|chau)$|\bnot me\b/;

/** Whose story is it? undefined: these words do not show it. */
export function whose(words: string): "other" | "self" | undefined {
  const clauses = words.split(/[,.;!?\n]/).map(plain);
  if (clauses.some((c) => NOT_ME.test(c))) return "other";
  if (
    clauses.some((c) => HERS.test(c.replace(OWNER, "")) && !isOfAnother(c)) ||
    ENGLISH_HERS.test(plain(words))
  )
    return "self";
  return clauses.some(isOfAnother) || ENGLISH.test(plain(words)) ? "other" : undefined;
}

/** "Của tôi", "em gái em": whose sister she is, not who is hurt. */
const OWNER = / cua (em|toi|minh|con|chau|tao|tui)(?= |$)/g;
const OWNER_FIRST = /^ (em|toi|minh|con|chau|tao|tui)(?= |$)/;

function isOfAnother(said: string): boolean {
  const clause = said.replace(OWNER, "");
  if (NEIGHBOUR.test(clause)) return !HERS.test(clause);
  const who = SOMEBODY.exec(clause);
  if (!who) return false;
  const after = clause.slice(who.index + who[0].trimEnd().length).replace(OWNER_FIRST, "");
  return DONE.test(after) && !HERS.test(after);
}

/** A pupil, a little girl next door: 111 is told of, whatever else is. */
export function isOfChild(words: string): boolean {
  return PUPIL.test(plain(words));
}
