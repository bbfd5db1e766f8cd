/** "Học sinh của tôi bị bố đánh", "my sister is being beaten": who writes is not who is hurt (the helper's door, domain.md B5). */

import { plain } from "./understand.ts";

/** Whom a helper speaks of; not mother, father or a child at home: who tells of them mostly lives in that house. */
const NEIGHBOUR =
  /(^| )(nha (ben canh|ke ben|ben kia|doi dien)|(ben|nha) hang xom|hang xom( nha)? (toi|em|minh|tui|con|chau)|(ong|ba|co|chu|anh|chi|vo chong|nguoi|em) hang xom)( |$)/;
const SOMEBODY =
  /(^| )(hoc (sinh|tro)|(co |thang |con |dua |nguoi |mot )?ban (than|hoc|cung (lop|phong|lam)|gai|minh|toi|em|chau|cua (em|toi|minh|con|chau))|dong nghiep|benh nhan|nguoi benh|khach hang|cong nhan|(chi|em) (gai|ruot)|nguoi quen|chi (ho|dau|toi)|em (ho|dau|toi)|con (dau|re)(?=( (toi|tui|co|bac|ba|minh))? bi )|con gai( (toi|tui|co|bac|ba|minh))?( (nam nay |moi )?\d+ ?t(uoi)?)?(?= bi (chong|ck|nguoi yeu|ban trai|nha chong))|chau (gai|be|toi)|(chi|co|ba|em) (do|ay|nay))( |$)/;
/** That it is done to them, or they would die; "bạn gái cũ dọa đăng ảnh", "cô ấy dọa mang con đi" is done by them. */
const DONE =
  /(^| )(bi|bi ep|(hay |toan |day )?(co )?vet (bam|thuong|roi|danh)|bam (tim|mat|tay)|la cuu|keu cuu|(doa|doi|muon) (tu tu|tu sat|chet|nhay|cat tay))( |$)/;
/** Who helps by profession or office; what they tell is of those whom they help. */
const HELPER =
  /(^| )(toi|tui|minh|em|chau|con|co|chi|ad) (dang |hien |cung )*(la|lam) (mot |1 )?(co giao|giao vien|thay giao|bac si|y ta|dieu duong|nu ho sinh|ho sinh|can bo|cong tac xa hoi|nhan vien (xa hoi|y te|cong tac)|truong (thon|ap|ban|khu)|to truong|luat su|cong an|tinh nguyen vien|cong tac vien|hoi (vien|truong)|chi hoi truong|chu (nha tro|tro)|chu nhiem|giam thi|tong phu trach|quan ly (nhan su|ky tuc xa))( |$)|\bi (?:am|m|work as) (?:a|an|the)(?: \w+){0,2} (?:teacher|nurse|doctor|midwife|social worker|counsell?or|lawyer|police officer|volunteer|tutor|psychologist|landlord|manager)\b/;
/** Of somebody whom a helper has before them; not "tôi", "chồng". */
const HELPED =
  /(^| )((mot|1|co|may|cac|nhieu|hai|nhan|ho tro|giup|gap|thay) (chi|em|co|ba|nguoi|be|chau|benh nhan|hoc sinh|phu nu|nan nhan|truong hop|ca|dua)|nan nhan|benh nhan|hoc (sinh|tro)|than chu|em ay|be ay|chau ay|chi ay|ba con|bo chau|me chau|chau (so|bi|ke|noi|khoc)|be (so|bi|ke|noi|khoc))( |$)|\b(?:student|pupil|patient|client|child|girl|boy|she|he|woman)s?\b/;
/** To her who writes, by somebody of hers: then it is her own story. */
const HERS =
  /(^| )((danh|dap|tat|bop co|doa|chui|nem|ep|nhot|hanh|bo doi|xo|day nga|day|duoi) (em|e|toi|minh|con|chau|tao|tui)|(chong|ck|vo|nguoi yeu|ban trai|chong cu) (em|e|toi|tui|minh|con|tao)|(em|toi|minh|con|chau) (cung )?bi)( |$)/;
const ENGLISH =
  /\b(?:my|a|(?:one|some|two) of my) (?:best |good |close )?(?:friend|sister|neighbou?r|co ?worker|colleague|student|pupil|patient|client|cousin|aunt|niece|employee|roommate|flatmate)s?\b.*\b(?:beaten|hit|hurt|abused|attacked|choked|strangled|raped|threatened|bruises?|black eye|(?:her|his) (?:husband|wife|boyfriend|girlfriend|partner|(?:step ?)?(?:father|dad|mother|mom|brother)|uncle|ex))\b/;
const ENGLISH_HERS =
  /\b(?:my (?:husband|boyfriend|wife|girlfriend|partner|ex|father|dad)|(?:hit|beat|hurt|slap|kick|touch|lock|rape|threaten|chok|strangl|abus|follow|stalk|scare|forc|control|grab|push|punch|kick)\w* me|to me)\b/;
/** "Con trai tôi đánh vợ nó", "my son hits his wife": somebody of hers does it to somebody else. */
const HAND_OF_HERS =
  /(^| )((thang )?con trai|thang con|con re|anh (trai|re|ho)|em (trai|re)|chu|cau|bac) ((toi|tui|em|minh|co|ba) )?((hay|cu|lai|dang|toan|thuong|vua|moi|da) )*(danh|dap|tat|bop co|hanh ha|chui) (vo|con dau|chi dau|em dau|vo con|vo no)( |$)|\bmy (?:son|brother|uncle|cousin|nephew|friend|neighbou?r|co ?worker)s? (?:hits?|beats?|hurts?|abuses?|chokes?|slaps?|is (?:hitting|beating|hurting|abusing)) (?:his|her) (?:wife|girlfriend|husband|partner|kids?|child|children)\b/;
/** A child, where a grown-up tells of one that is not hers. */
const PUPIL =
  /(^| )(hoc (sinh|tro)|(chau|dua|con|em|co|mot|1|thay) be|be (gai|trai|trong lop|lop)|dua (tre|nho)|tre (em|trong lop|mam non))( |$)|\bmy (students?|pupils?)\b/;

/** "Không phải em, chị em", "not me, my sister". */
const NOT_ME =
  /(^| )khong phai (em|toi|minh|con|chau|cua em|cua toi) ma( |$)|^(da )?khong phai (em|toi|minh|con|chau)$|\bnot me\b/;

/** "Thật ra là em", after "em hỏi cho bạn em". */
const IS_ME =
  /^(?:(?:that ra|thuc ra|da|a|chi oi|noi that|thu that) )+(?:nguoi do |ban do |ban ay |chuyen do |do )?(?:chinh )?(?:la|chinh la) (?:chuyen cua )?(?:em|toi|minh|con|chau|tui)(?: (?:a|do|day|ma|thoi|chi))*$|^(?:ban do|nguoi do|ban ay|ban em|dua do|co gai do|chuyen do) (?:chinh )?la (?:chuyen cua )?(?:em|toi|minh|con|chau|tui)(?: (?:a|do|day|ma|thoi|chi))*$|^(?:actually|honestly|ok|truth is) (?:it ?s|it is|its|that s|thats|i m|im|i am) (?:about )?(?:me|the friend)(?: not my friend)?$|^(?:i m|im|i am) the (?:friend|girl|one)$/;

/** Does she admit that it is her own story? */
export function admitsHerself(words: string): boolean {
  return IS_ME.test(plain(words));
}

/** "Con dâu tui bị thằng con tui oánh", "em gái em bị chồng nó đánh": a grown-up, whom the ear takes for a child. */
const GROWN_UP =
  /(^| )(con (dau|re)|(chi|em|con) (gai|dau|ruot|ho)( \S+){0,4} bi (chong|ck|vo|nguoi yeu|ban trai|nha chong))( |$)/;
const YOUNG = /(^| )(tre|be|chau|nho|lop|(\d|1[0-7]) ?t(uoi)?)( |$)/;

/** Is a grown-up hurt, and no child spoken of? */
export function isOfGrownUp(words: string): boolean {
  const said = plain(words);
  return GROWN_UP.test(said) && !YOUNG.test(said);
}

/** Does she say that helping is her work? "Mình là giáo viên mầm non". */
export function saysHelper(words: string): boolean {
  return HELPER.test(plain(words));
}

/** Whose story is it? undefined: these words do not show it. `helps`: she has said that helping is her work. */
export function whose(said: string, helps = saysHelper(said)): "other" | "self" | undefined {
  // Folded, "chồng tới" is "chồng tôi".
  const words = said.normalize("NFC").replace(/tới/giu, "đến");
  const clauses = words.split(/[,.;!?\n]/).map(plain);
  if (clauses.some((c) => NOT_ME.test(c))) return "other";
  if (
    clauses.some((c) => HERS.test(c.replace(OWNER, "")) && !isOfAnother(c)) ||
    ENGLISH_HERS.test(plain(words))
  )
    return "self";
  if (helps && HELPED.test(plain(words))) return "other";
  if (clauses.some((c) => HAND_OF_HERS.test(c))) return "other";
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
