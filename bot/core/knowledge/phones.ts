/** Finds what a reader would take for a phone number in a text; years, articles and amounts are not phones. */

/** Short numbers (11x) count unless a word before or a unit after says that they are something else. */
const SHORT = /(?<![\d.,/])11\d(?![\d/]|[.,]\d)/gu;
const SERVICE = /(?<![\d.,/])1[89]00(?:[ .-]?\d{2,4}){1,3}(?![\d/])/gu;
const LONG = /(?<![\d.,/])(?:\+84[ .-]?\d|0\d)\d{0,2}(?:[ .-]?\d{2,4}){2,4}(?![\d/])/gu;
/** Any number of three digits or more that the text tells the reader to call; a short number ends at its third digit. */
const TOLD =
  /(?<!\p{L})(?:gọi|bấm|hotline|tổng đài|đường dây|call|dial)\s+(?:số\s+|line\s+)?(11\d(?!\d)|\d+(?:[ .-]\d+)*)/giu;

const LAW_BEFORE = /(?:điều|khoản|articles?|arts?\.?|section)\s[\d\s,;–-]*(?:và|and|hoặc|or)?\s*$/iu;
const UNIT_AFTER =
  /^\s*(?:%|triệu|nghìn|ngàn|đồng|ngày|giờ|phút|tháng|năm|tuổi|người|million|days?|hours?|months?|years?|people|VND)/iu;

/** The phone-like numbers in the text, as written, without doubles. */
export function phonesIn(text: string): string[] {
  const found = new Set<string>();
  let rest = text;
  // Longest first: the "111" within "1900 111 222" is no number of its own.
  for (const pattern of [SERVICE, LONG]) {
    rest = rest.replace(pattern, (number) => {
      found.add(number);
      return "_".repeat(number.length);
    });
  }
  for (const match of rest.matchAll(SHORT)) {
    const isLaw = LAW_BEFORE.test(rest.slice(0, match.index));
    if (!isLaw && !UNIT_AFTER.test(rest.slice(match.index + match[0].length))) found.add(match[0]);
  }
  for (const match of rest.matchAll(TOLD)) {
    const number = match[1] ?? "";
    if (digits(number).length >= 3) found.add(number);
  }
  return [...found];
}

/** Same number, however it is spaced; +84 is 0. */
export function sameDigits(a: string, b: string): boolean {
  return digits(a) === digits(b);
}

function digits(number: string): string {
  return number.replace(/^\+84/, "0").replace(/\D/g, "");
}
