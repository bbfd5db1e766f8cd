/** Vietnamese text as people type it: one form, folding of marks, syllables, visible letters, fitting to a limit. */

/** Marks kept on one letter; Unicode's stream-safe form allows 30. Without a bound, ordering the marks is quadratic. */
const MAX_MARKS_IN_A_ROW = 30;

const LONG_MARK_RUN = new RegExp(`(\\p{M}{${MAX_MARKS_IN_A_ROW}})\\p{M}+`, "gu");
const MARKS = /\p{M}+/gu;
const NOT_ASCII = /[^\0-\x7f]/;
/** In these blocks no character is a mark of its own: nearly every text is told apart by this, at a fraction of the cost. */
const MAY_HOLD_MARKS = /[^\0-\u02ff\u1e00-\u203f]/;
/** What cannot be seen but splits or turns a word: zero-width letters, joiners, direction marks, soft hyphen, tags, fillers. */
const INVISIBLE =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: single code points are meant, none is joined to its neighbour
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu;
const SYLLABLE = /[\p{L}\p{N}\p{M}]+/gu;
const VIETNAMESE_MARK = /[ăâđêôơưàằầèềìòồờùừỳảẳẩẻểỉỏổởủửỷãẵẫẽễĩõỗỡũữỹáắấéếíóốớúứýạặậẹệịọộợụựỵ]/u;

/** Latin letters that Cyrillic, Greek, Cherokee-like and small-capital letters imitate. */
const LOOK_ALIKES: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ["a", "аɑαΑАᴀ"],
    ["b", "ЬВΒвʙ"],
    ["c", "сСϲᴄ"],
    ["d", "ԁɗᴅ"],
    ["đ", "ðƌÐƉ"],
    ["e", "еЕεΕᴇ"],
    ["g", "ɡԍɢ"],
    ["h", "һНΗнʜ"],
    ["i", "іІιΙıɩ"],
    ["j", "јЈ"],
    ["k", "кКκΚᴋ"],
    ["l", "ӏⅼʟ"],
    ["m", "мМΜᴍ"],
    ["n", "ոΝɴη"],
    ["o", "оОοΟσᴏ"],
    ["p", "рРρΡᴘ"],
    ["q", "ԛ"],
    ["r", "гʀ"],
    ["s", "ѕЅꜱ"],
    ["t", "тТτΤᴛ"],
    ["u", "υսᴜ"],
    ["v", "ѵνᴠ"],
    ["w", "ԝᴡ"],
    ["x", "хХχΧ"],
    ["y", "уУүΥʏ"],
    ["z", "ᴢΖ"],
  ].flatMap(([latin = "", others = ""]) => [...others].map((other) => [other, latin])),
);
const LOOK_ALIKE = new RegExp(`[${Object.keys(LOOK_ALIKES).join("")}]`, "gu");
const LATIN = /\p{Script=Latin}/u;

/** One canonical form (NFC), with runs of more than 30 marks cut; linear for any input, lone surrogates included. */
export function nfc(s: string): string {
  if (!NOT_ASCII.test(s)) return s;
  return (MAY_HOLD_MARKS.test(s) ? s.replace(LONG_MARK_RUN, "$1") : s).normalize("NFC");
}

/** Lower case without any mark: "Chồng ĐÁNH" → "chong danh". Full-width and mathematical letters become plain ones. */
export function fold(s: string): string {
  if (!NOT_ASCII.test(s)) return s.toLowerCase();
  const apart = s.replace(LONG_MARK_RUN, "$1").normalize("NFKD").toLowerCase();
  return apart.replace(MARKS, "").replace(/đ/g, "d");
}

/** Takes off disguises but keeps the marks: invisible characters go, and letters of other scripts that stand in Latin
 * text as look-alikes become Latin ones. Text without Latin letters keeps its own script. */
export function unmask(s: string): string {
  if (!NOT_ASCII.test(s)) return s;
  const shown = s.replace(LONG_MARK_RUN, "$1").replace(INVISIBLE, "").normalize("NFKC");
  return LATIN.test(shown) ? shown.replace(LOOK_ALIKE, (c) => LOOK_ALIKES[c] ?? c).normalize("NFC") : shown;
}

/** The syllables in order, lower case, marks kept as typed; everything but letters and digits separates. */
export function syllables(s: string): string[] {
  return nfc(s).toLowerCase().match(SYLLABLE) ?? [];
}

/** Was any Vietnamese mark typed (a tone, or one of ă â đ ê ô ơ ư)? */
export function isMarked(s: string): boolean {
  return NOT_ASCII.test(s) && VIETNAMESE_MARK.test(nfc(s).toLowerCase());
}

/** How far past a limit a letter is followed to see that it does not end before it. */
const LETTER_LOOKAHEAD = 64;
const segmenter = new Intl.Segmenter("vi", { granularity: "grapheme" });

/** What a reader sees as letters: a base with its marks, a whole emoji. Joined they give `s` again. */
export function graphemes(s: string): string[] {
  return Array.from(segmenter.segment(s), ({ segment }) => segment);
}

function isLowSurrogate(s: string, at: number): boolean {
  return (s.charCodeAt(at) & 0xfc00) === 0xdc00 && (s.charCodeAt(at - 1) & 0xfc00) === 0xd800;
}

/**
 * Pieces of at most `maxUtf16` UTF-16 units, in order, none empty. Breaks at a paragraph, else a line, a sentence, a
 * space, else between two visible letters; only a letter longer than the limit is broken inside. White space at a break goes.
 */
export function splitText(s: string, maxUtf16: number): string[] {
  const limit = Math.max(2, Math.floor(maxUtf16));
  const pieces: string[] = [];
  let from = skipSpace(s, 0);
  while (s.length - from > limit) {
    const to = breakBefore(s, from, from + limit);
    const piece = s.slice(from, to).trimEnd();
    if (piece) pieces.push(piece);
    from = skipSpace(s, to);
  }
  const last = s.slice(from).trimEnd();
  if (last) pieces.push(last);
  return pieces;
}

/** At most `maxUtf16` units, ending in "…" when something was left out; never breaks a visible letter. */
export function cutText(s: string, maxUtf16: number): string {
  if (s.length <= maxUtf16) return s;
  if (maxUtf16 < 1) return "";
  if (maxUtf16 === 1) return "…";
  return `${s.slice(0, letterEnd(s, 0, maxUtf16 - 1)).trimEnd()}…`;
}

function skipSpace(s: string, from: number): number {
  let at = from;
  while (at < s.length && /\s/.test(s[at] ?? "")) at++;
  return at;
}

/** Where to break in (from, to]: the best boundary in the last two thirds of the window. */
function breakBefore(s: string, from: number, to: number): number {
  const window = s.slice(from, to + 1);
  const least = Math.floor((to - from) / 3);
  for (const mark of ["\n\n", "\n"]) {
    const at = window.lastIndexOf(mark, to - from);
    if (at > least) return from + at;
  }
  for (const mark of [". ", "? ", "! ", "… "]) {
    const at = window.lastIndexOf(mark, to - from - 1);
    if (at > least) return from + at + mark.length - 1;
  }
  const space = window.lastIndexOf(" ", to - from);
  return space > least ? from + space : letterEnd(s, from, to);
}

/** The last end of a visible letter in (from, to]; if the first letter is longer, a boundary between code points. */
function letterEnd(s: string, from: number, to: number): number {
  let end = from;
  for (const { segment } of segmenter.segment(s.slice(from, to + LETTER_LOOKAHEAD))) {
    if (end + segment.length > to) break;
    end += segment.length;
  }
  if (end > from) return end;
  return isLowSurrogate(s, to) && to - 1 > from ? to - 1 : to;
}
