/** Masks what could tell who somebody is: numbers, addresses, names. For editors' lists, and stricter for prompts. */

import { FAMILY_NAMES, GIVEN_NAMES, MIDDLE_NAMES, TITLES } from "./personal-names.ts";
import { fold, isMarked, nfc, syllables, unmask } from "./text.ts";

/** Longest that is kept of a question, UTF-16 units. */
const MAX_KEPT = 500;
const NAME = "[tên]";
const PLACE = "[địa chỉ]";
const NUMBER = "[số]";
const ACCOUNT = "[tài khoản]";

const any = (words: readonly string[]) =>
  [...new Set(words.flatMap((w) => [w, fold(w)]))].sort((a, b) => b.length - a.length).join("|");
/** A whole word of ours, not part of another. */
const word = (inside: string) => `(?<![\\p{L}\\p{N}])(?:${inside})(?![\\p{L}\\p{N}])`;

const UNITS = any([
  "xã",
  "phường",
  "huyện",
  "quận",
  "thôn",
  "ấp",
  "bản",
  "làng",
  "khóm",
  "tổ",
  "ngõ",
  "ngách",
  "hẻm",
  "đường",
  "phố",
  "thị trấn",
  "thị xã",
  "buôn",
  "khu phố",
  "chung cư",
  "tổ dân phố",
  "khu",
  "xóm",
  "sóc",
  "district",
  "ward",
  "commune",
  "village",
  "street",
]);
const WHERE = any(["ở", "tại", "về", "từ", "đến", "tới", "gần", "qua", "in", "at", "from"]);
/** After a unit in small letters these are no name: "ở xã nào", "ở xã em". */
const NOT_A_PLACE = any([
  "nào",
  "mình",
  "em",
  "tôi",
  "tui",
  "con",
  "cháu",
  "đó",
  "này",
  "kia",
  "ấy",
  "có",
  "không",
  "thì",
  "hội",
  "gần",
  "gì",
  "nhà",
  "bạn",
  "anh",
  "chị",
  "trước",
  "họ",
  "hay",
  "và",
  "hoặc",
  "cũng",
  "để",
  "mà",
  "phố",
  "dây",
  "đi",
  "which",
  "that",
  "this",
  "my",
  "the",
]);
const CAPITAL_RUN = "\\p{Lu}[\\p{L}\\p{M}]*(?:\\s+\\p{Lu}[\\p{L}\\p{M}]*){0,4}";
const DIGIT_WORD = any([
  "không",
  "một",
  "mốt",
  "hai",
  "ba",
  "bốn",
  "tư",
  "năm",
  "lăm",
  "sáu",
  "bảy",
  "bẩy",
  "tám",
  "chín",
]);
const AFTER_TEN = any([
  "khi",
  "thì",
  "các",
  "cha",
  "mẹ",
  "nhà",
  "không",
  "tài",
  "hết",
  "ảnh",
  "gì",
  "là",
  "nào",
  "của",
  "thật",
  "người",
  "tôi",
  "mình",
  "ai",
  "em",
  "con",
  "khai",
  "trong",
  "trên",
  "và",
  "tuổi",
  "miền",
  "riêng",
  "is",
  "of",
  "and",
  "in",
]);

/** In this order; each sees what the ones before have masked. */
const MASKS: readonly (readonly [RegExp, string])[] = [
  [/[\w.+-]+\s*(?:@|\(at\)|\[at\])\s*[\w-]+(?:\.[\w-]+)+/giu, "[e-mail]"],
  [/(?:https?:\/\/|www\.)\S+|(?<![\p{L}\d])[\w-]+\.(?:com|net|org|vn|me)(?:\/\S*)?/giu, "[link]"],
  [/@[\w.]{3,}/gu, ACCOUNT],
  // Car plates; then phone, ID and account numbers: six digits or more, however they are spaced. Short ones (111) stay.
  [/(?<![\p{L}\d])\d{2}[-\s]?[A-Z]{1,2}\d?[-\s.]?\d{3}\.?\d{2}(?!\d)/giu, NUMBER],
  [/(?<![\p{L}\d])\(?\+?\d(?:[\s.()_–-]{0,3}\d){5,}(?!\d)/gu, NUMBER],
  // A telephone number that is written to be overlooked: "09*12*34*56*78", "0912,345,678", digits of emoji, an O for the zero.
  [/(?<![\p{L}\d])(?:\+?84|[0oO])(?:[^\p{L}\p{N}]{0,3}\d){8,10}(?!\d)\p{M}*/gu, NUMBER],
  // A passport has one letter before its digits.
  [/(?<![\p{L}\d])[A-Z]\d{7,8}(?![\p{L}\d])/giu, NUMBER],
  [/(?<![\p{L}\d])[\p{L}_.]{2,}\d{3,}[\w.]*/gu, ACCOUNT],
  // Half of a telephone number in digits, half in words.
  [new RegExp(`(?<![\\p{L}\\d])0\\d{2,}(?:[\\s.-]+(?:\\d+|${word(DIGIT_WORD)})){2,}`, "giu"), NUMBER],
  // The day of a birth tells who somebody is; the year alone does not.
  [
    /(?<=(?<![\p{L}\p{N}])(?:sinh|sinh ngày|sinh ngay|ngày sinh|ngay sinh|born|born on)\s*:?\s*)\d{1,2}\s*(?:[/.-]|tháng|thang)\s*\d{1,2}(?:\s*(?:[/.-]|năm|nam)\s*\d{2,4})?/giu,
    NUMBER,
  ],
  [new RegExp(`${word(DIGIT_WORD)}(?:[\\s,.-]+${word(DIGIT_WORD)}){5,}`, "giu"), NUMBER],
  // House number with or without its street; then every unit below the province with the name that follows.
  [new RegExp(`${word("số nhà|so nha|nhà số|nha so")}\\s+\\d+\\p{L}?(?:/\\d+\\p{L}?)*`, "giu"), PLACE],
  [
    new RegExp(
      `(?<![\\p{L}\\d/])(?:${upperToo(any(["số"]))})?\\s*\\d+\\p{L}?(?:/\\d+)*\\s+${word(upperToo(any(["đường", "phố", "ngõ", "ngách", "hẻm"])))}\\s+[\\p{L}\\d]+(?:\\s+\\p{Lu}[\\p{L}\\d]*)*(?:\\s+[\\p{L}\\d]+(?=\\s*(?:,|$)))?`,
      "gu",
    ),
    ` ${PLACE}`,
  ],
  [new RegExp(`(?<![\\p{L}\\d/])\\d{1,4}(?:/\\d{1,4})*\\s+${CAPITAL_RUN}(?=\\s*(?:,|\\.|$))`, "gu"), PLACE],
  [new RegExp(`${word(upperToo(UNITS))}\\s+(?:\\d+(?![\\d/])|${CAPITAL_RUN})`, "gu"), PLACE],
  // Small letters: only where a place is spoken of, else "công an xã không nhận" would be one.
  [
    new RegExp(
      `(?<=${word(WHERE)}\\s+)${word(UNITS)}\\s+(?!${word(NOT_A_PLACE)})[\\p{L}\\d]+(?:\\s+(?!${word(`${NOT_A_PLACE}|${UNITS}`)})[\\p{L}\\d]+)?`,
      "giu",
    ),
    PLACE,
  ],
  [
    new RegExp(
      `(?<=\\[địa chỉ\\][\\s,]*)${word(UNITS)}\\s+(?!${word(NOT_A_PLACE)})[\\p{L}\\d]+(?:\\s+(?!${word(`${NOT_A_PLACE}|${UNITS}`)})[\\p{L}\\d]+)?`,
      "giu",
    ),
    PLACE,
  ],
  // "tên là …" in any letters, with a family name before it or not.
  [
    new RegExp(
      `(${word("[Tt]ên|[Tt]en|[Nn]ame")}(?:\\s+${word("là|la|is")})?)\\s+(?!${word(AFTER_TEN)})(?:${word(upperToo(any(FAMILY_NAMES)))}(?:\\s+${word(upperToo(any(MIDDLE_NAMES)))})+\\s+\\p{L}+|\\p{L}+)(?:\\s+\\p{Lu}\\p{L}*){0,3}`,
      "gu",
    ),
    `$1 ${NAME}`,
  ],
  // A family name with a middle name and what follows; a capitalised run that a family name begins.
  [
    new RegExp(
      `${word(upperToo(any(FAMILY_NAMES)))}\\s+${word(upperToo(any(MIDDLE_NAMES.slice(0, 2))))}\\s+\\p{L}+(?:\\s+\\p{Lu}\\p{L}*)*`,
      "gu",
    ),
    NAME,
  ],
  [
    new RegExp(
      `${word(any(FAMILY_NAMES).split("|").map(capital).join("|"))}(?:\\s+\\p{Lu}[\\p{L}\\p{M}]*){1,3}`,
      "gu",
    ),
    NAME,
  ],
  // A capitalised run after a word for a person.
  [new RegExp(`(${word(upperToo(any(TITLES)))})\\s+${CAPITAL_RUN}`, "gu"), `$1 ${NAME}`],
];

/** Capitals that name no person: who is asked about, and what is used. */
const PUBLIC_NAMES = new Set(
  "việt nam zalo facebook telegram messenger tiktok google viber iphone samsung luật nghị định điều khoản bộ công an ubnd viet luat nghi dinh dieu khoan bo tết covid i vietnam english".split(
    " ",
  ),
);

/** Masks what may name a person or a place below a province. `provinces`: names that may stay. */
export function redact(text: string, provinces: readonly string[] = []): string {
  return masked(text, provinces).slice(0, MAX_KEPT);
}

/**
 * For what leaves this machine: after the masks, only words that stand in our own texts (`known`) are left, and none
 * that could be a given name. A word that is doubtful is dropped; the passages were found without it.
 */
export function redactForPrompt(text: string, known: readonly string[]): string {
  const marked = isMarked(text);
  const form = (w: string) => (marked ? w : fold(w));
  const ours = new Set(known.flatMap((k) => syllables(k)).map(form));
  const names = new Set([...GIVEN_NAMES, ...FAMILY_NAMES].map(form));
  const kept = masked(text, []).match(/\[[^\]]*\]|[\p{L}\p{N}\p{M}]+|[?]/gu) ?? [];
  const out: string[] = [];
  for (const piece of kept) {
    const small = form(nfc(piece).toLowerCase());
    const isMask = piece.startsWith("[");
    const shown =
      isMask || piece === "?" || /^\d{1,3}$/.test(piece) || (ours.has(small) && !names.has(small));
    const next = shown ? piece : "…";
    if (next !== "…" || out.at(-1) !== "…") out.push(next);
  }
  return out.join(" ").slice(0, MAX_KEPT);
}

function masked(text: string, provinces: readonly string[]): string {
  const held: string[] = [];
  let out = holdProvinces(nfc(unmask(text)).slice(0, 4 * MAX_KEPT), provinces, held);
  for (const [pattern, mask] of MASKS) out = out.replace(pattern, mask);
  out = maskCapitals(maskSmallNames(out));
  return out.replace(/\uE000(\d+)\uE001/gu, (_, i: string) => held[Number(i)] ?? "");
}

/** A province's name may stay, unless it is a person's here ("anh Thái Bình"): it is put aside before the masks. */
function holdProvinces(text: string, provinces: readonly string[], held: string[]): string {
  const names = provinces
    .map((p) => nfc(p))
    .filter((p) => p.length > 2)
    .sort((a, b) => b.length - a.length);
  if (names.length === 0) return text;
  const person = word(upperToo(`${any(TITLES)}|${any(FAMILY_NAMES)}|${any(["tên", "là"])}`));
  const literal = names.map((n) => n.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  return text.replace(
    new RegExp(`(?<!${person}\\s+)${word(literal)}`, "gu"),
    (found) => `\uE000${held.push(found) - 1}\uE001`,
  );
}

/** "chị lan", "thang tuan": a given name in small letters after a word for a person. */
function maskSmallNames(text: string): string {
  const names = isMarked(text.replace(/\[[^\]]*\]/g, "")) ? MARKED_AFTER_TITLE : FOLDED_AFTER_TITLE;
  return text.replace(names, `$1 ${NAME}`);
}

/** Verbs and pronouns that marked writing tells apart, but which are written like a name. */
const ALSO_WORDS = new Set(
  split(
    "hiểu đạt tiến thắng thành lợi phát tài thu hà vui như chứ dần thuận hưng tươi mến hòa toàn minh lệ nhàn liên hằng vũ hoài",
  ),
);
/** Whoever writes "Hùng đánh em" has the capital from the name, not from the sentence. */
const OPENING_NAMES = new Set(GIVEN_NAMES.filter((n) => !ALSO_WORDS.has(n)));
const MARKED_AFTER_TITLE = new RegExp(
  `(${word(TITLES.join("|"))})\\s+${word(GIVEN_NAMES.filter((n) => !ALSO_WORDS.has(n)).join("|"))}`,
  "giu",
);
/** Without marks these are among the commonest words: "em như", "anh mình", "chồng nam (năm)". */
const COMMON_FOLDED = new Set(split("nhu minh thu chu vui ha chi thanh dao bao hieu"));
const FOLDED_AFTER_TITLE = new RegExp(
  `(${word([...new Set(TITLES.map(fold))].join("|"))})\\s+${word([...new Set(GIVEN_NAMES.map(fold))].filter((n) => !COMMON_FOLDED.has(n)).join("|"))}`,
  "giu",
);

/** Any capital inside a sentence is taken for a name, unless it is of something public. */
function maskCapitals(text: string): string {
  return text.replace(
    /(?<![\p{L}\p{N}[])\p{Lu}[\p{L}\p{M}]*(?:\s+\p{Lu}[\p{L}\p{M}]*)*/gu,
    (run, at: number) => {
      const words = run.split(/\s+/);
      if (words.every((w) => PUBLIC_NAMES.has(w.toLowerCase()) || isAcronym(w))) return run;
      // One capital at the beginning of a sentence is how sentences begin, unless it is a name's.
      const opens = /(?:^|[.!?…:\n]\s*)$/u.test(text.slice(0, at));
      return opens && words.length === 1 && !OPENING_NAMES.has(run.toLowerCase()) ? run : NAME;
    },
  );
}

function isAcronym(w: string): boolean {
  return w.length > 1 && w.length <= 5 && w === w.toUpperCase();
}

function capital(w: string): string {
  return w.charAt(0).toUpperCase() + w.slice(1);
}

function upperToo(alternatives: string): string {
  return [...new Set(alternatives.split("|").flatMap((w) => [w, capital(w)]))].join("|");
}

function split(words: string): string[] {
  return words.split(" ");
}
