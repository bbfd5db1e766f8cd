/** Safe hours: what she wrote ("8h-17h", "sáng", "tối không") as minutes of the day in Viet Nam. */

import { fold } from "./text.ts";
import { plain } from "./understand.ts";

/** From and to in minutes after midnight; `to` may be smaller than `from`: over midnight. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** When messages may come. No range: never, until she writes herself. */
export type Hours = readonly Range[];

const DAY = 24 * 60;
/** Viet Nam has one time zone and no summer time. */
const OFFSET_MS = 7 * 3_600_000;

const PARTS: Readonly<Record<string, Range>> = {
  sang: { from: 6 * 60, to: 11 * 60 },
  trua: { from: 11 * 60, to: 13 * 60 },
  chieu: { from: 13 * 60, to: 18 * 60 },
  toi: { from: 18 * 60, to: 22 * 60 },
  dem: { from: 22 * 60, to: 6 * 60 },
  khuya: { from: 22 * 60, to: 6 * 60 },
  morning: { from: 6 * 60, to: 11 * 60 },
  noon: { from: 11 * 60, to: 13 * 60 },
  afternoon: { from: 13 * 60, to: 18 * 60 },
  evening: { from: 18 * 60, to: 22 * 60 },
  night: { from: 22 * 60, to: 6 * 60 },
};
/** Asked of every part of a day that she names: is it one in which they may come, or one in which they may not? */
interface Named {
  readonly yes: Range;
  /** What goes when it is denied; wider where the end is open: "không nhắn sau 9h tối" is also of the night. */
  readonly no: Range;
}

const MORNING = 6 * 60;
const BEDTIME = DAY - 2 * 60;
const WAKING: Range = { from: MORNING, to: BEDTIME };
const ALL_DAY =
  /\b(ca ngay|luc nao cung|gio nao cung|bat cu luc nao|bat ky luc nao|any time|anytime|always|all day)\b/g;
const NEVER =
  /^(khong luc nao|khong nhan truoc|dung nhan truoc|khong bao gio|never|none|do not write first)$/;
const WORK_DAY = /\b(ban ngay|gio hanh chinh|daytime|working hours)\b/g;
const DENIALS = new Set("khong ko k hong dung not no dont never".split(" "));
/** These deny what stands behind them, wherever they stand. */
const EXCEPT = new Set(["tru", "tranh", "except"]);
/** All that may stand beside hours. Any other word may change what they mean ("tối chồng em ở nhà"): then they are asked for again. */
const BESIDE = new Set(
  "buoi vao luc khoang gio thi va hoac hay voi cung duoc dc ok nhe nha a da em minh con chau ban chi thoi la nhan tin ranh trong moi hang hom phai het and or in at on the during around only please write".split(
    " ",
  ),
);
/** "Tôi" is she, "tối" the evening; without marks only what follows tells them apart. */
const PRONOUN = /(?<!buổi )(?<!\p{L})tôi(?!\p{L})/gu;
const PRONOUN_FOLDED = /(?<!\p{L})toi (?=(?:chi |thuong )?(?:ranh|muon|chon|lay|dat)(?!\p{L}))/gu;

const NUM = String.raw`(\d{1,2})(?:\s*(?:gio|g|h|:|\.)\s*(\d{2})?)?(?:\s*(sang|trua|chieu|toi|dem|khuya|am|pm)\b)?`;
const SPAN = new RegExp(
  String.raw`(?:\b(sang|trua|chieu|toi|dem|khuya)\s+)?(?:tu\s+|from\s+)?${NUM}\s*(?:-|–|—|~|den|toi|to|until|till)\s*${NUM}`,
  "g",
);
const AFTER = new RegExp(String.raw`\b(?:sau|after|tu|from)\s+${NUM}`, "g");
const BEFORE = new RegExp(String.raw`\b(?:truoc|before)\s+${NUM}`, "g");

/** Reads hours; null: they are not understood, and nothing is guessed: a wrong hour is one in which he reads it too. */
export function readHours(text: string): Hours | null {
  if (NEVER.test(plain(text))) return [];
  const named: Named[] = [];
  let isWrong = false;
  const put = (part: Named | null) => {
    if (part === null) isWrong = true;
    else named.push(part);
    return ` §${String.fromCodePoint(0x60 + named.length)} `;
  };
  const said = fold(text.normalize("NFC").toLowerCase().replace(PRONOUN, " "))
    .replace(/'/g, "")
    .replace(/[()"“”]/g, " ")
    .replace(/[,;\n]+|[.!]+(?=\s|$)/g, " , ")
    .replace(/\s+/g, " ")
    .trim()
    .replace(PRONOUN_FOLDED, " ")
    .replace(ALL_DAY, () => put(part(0, DAY)))
    .replace(WORK_DAY, () => put(part(8 * 60, 17 * 60)))
    .replace(SPAN, (_, half, h1, m1, p1, h2, m2, p2) => {
      const first = p1 ?? half ?? sameHalf(h1, h2, p2);
      return put(part(minute(h1, m1, first), minute(h2, m2, p2 ?? (half && sameAfter(h1, h2, half)))));
    })
    .replace(AFTER, (_, h, m, p) => put(after(minute(h, m, p))))
    .replace(BEFORE, (_, h, m, p) => put(before(minute(h, m, p))));
  if (isWrong) return null;
  const both = said.split(",").map((clause) => partsOf(clause.split(" ").filter(Boolean), named));
  const yes: Range[] = [];
  const no: Range[] = [];
  for (const clause of both) {
    if (clause === null) return null;
    yes.push(...clause.yes);
    no.push(...clause.no);
  }
  if (no.length === 0) return yes.length > 0 ? yes : neverOf(said);
  const left = without(yes.length > 0 ? yes : [WAKING], no);
  return left.length > 0 ? left : null;
}

/** "Không nhắn": no hour at all is named. */
function neverOf(said: string): Hours | null {
  return said.split(" ").some((word) => DENIALS.has(word)) ? [] : null;
}

function part(from: number | null, to: number | null): Named | null {
  if (from === null || to === null || from === to) return null;
  return { yes: { from, to }, no: { from, to } };
}

function after(from: number | null): Named | null {
  if (from === null || from === DAY) return null;
  const to = from < BEDTIME ? BEDTIME : MORNING;
  return { yes: { from, to }, no: { from, to: MORNING } };
}

function before(to: number | null): Named | null {
  if (to === null || to === 0) return null;
  return { yes: { from: to > MORNING ? MORNING : 0, to }, no: { from: BEDTIME, to } };
}

/**
 * "2 đến 5 giờ chiều": the half of the day stands once, at the end. "10 đến 2 giờ sáng" leaves open which ten it is.
 */
function sameHalf(h1: string, h2: string, half: string | undefined): string | undefined {
  if (half === "dem" || half === "khuya") return half;
  if (Number(h2) === 12 && (half === "am" || half === "pm")) return half === "am" ? "pm" : undefined;
  if (half === "sang" || half === "am") return Number(h1) > Number(h2) ? "?" : half;
  return half !== undefined && Number(h1) < Number(h2) ? half : undefined;
}

/** "Tối 8h-10h", "đêm 11h-2h"; which two in "tối 10h-2h"? */
function sameAfter(h1: string, h2: string, half: string): string {
  const isOver = Number(h1) > Number(h2);
  return isOver && (half === "toi" || half === "chieu" || half === "sang") ? "?" : half;
}

function minute(hour: string, minutes: string | undefined, half: string | undefined): number | null {
  let h = Number(hour);
  const m = Number(minutes ?? 0);
  if (h > 24 || m > 59 || half === "?") return null;
  const isNight = half === "dem" || half === "khuya";
  const isLate =
    half === "chieu" || half === "toi" || half === "pm" || (isNight && h >= 6) || (half === "trua" && h <= 2);
  // "12 giờ đêm" is midnight, "12 giờ trưa" noon.
  if (h === 12 && (isNight || half === "toi" || half === "am")) h = 0;
  else if (isLate && h < 12) h += 12;
  if (h === 24) return m === 0 ? DAY : null;
  return h * 60 + m;
}

/**
 * What one clause names; a denial takes away what stands behind it, or what it stands behind at the clause's end ("tối thì
 * không"). null: there is a word that we do not know, or it can be read both ways.
 */
function partsOf(words: readonly string[], named: readonly Named[]): { yes: Range[]; no: Range[] } | null {
  const yes: Range[] = [];
  const no: Range[] = [];
  let denied = false;
  let last: Named | undefined;
  let isAhead = false;
  for (const word of words) {
    const known = PARTS[word];
    const one = word.startsWith("§")
      ? named[(word.codePointAt(1) ?? 0) - 0x61]
      : known && { yes: known, no: known };
    if (one) {
      // "Sáng không tối": which of the two?
      if (denied && !isAhead && yes.length > 0) return null;
      if (denied) no.push(one.no);
      else yes.push(one.yes);
      last = one;
    } else if (EXCEPT.has(word)) {
      isAhead = true;
      denied = true;
    } else if (DENIALS.has(word)) {
      if (denied) return null;
      denied = true;
    } else if (!BESIDE.has(word)) return null;
  }
  if (denied && last && no.length === 0) {
    yes.pop();
    no.push(last.no);
  }
  return { yes, no };
}

/** The ranges without what is denied, to the minute. */
function without(allowed: Hours, denied: Hours): Hours {
  const isFree = (at: number) => allowed.some((r) => holds(r, at)) && !denied.some((r) => holds(r, at));
  const ranges: Range[] = [];
  let from: number | null = null;
  for (let at = 0; at <= DAY; at += 1) {
    if (at < DAY && isFree(at)) from ??= at;
    else if (from !== null) {
      ranges.push({ from, to: at });
      from = null;
    }
  }
  const [first, latest] = [ranges[0], ranges.at(-1)];
  if (!first || !latest || first === latest || first.from !== 0 || latest.to !== DAY) return ranges;
  return [...ranges.slice(1, -1), { from: latest.from, to: first.to }];
}

function holds(range: Range, at: number): boolean {
  return range.from < range.to ? at >= range.from && at < range.to : at >= range.from || at < range.to;
}

function minuteOf(at: number): number {
  return Math.floor(((at + OFFSET_MS) % (DAY * 60_000)) / 60_000);
}

/** May a message come at this time? */
export function isWithin(hours: Hours, at: number): boolean {
  return hours.some((r) => holds(r, minuteOf(at)));
}

/** The next time at which one may come (epoch ms, on the minute); null: never. */
export function nextWithin(hours: Hours, at: number): number | null {
  if (hours.length === 0) return null;
  if (isWithin(hours, at)) return at;
  const now = minuteOf(at);
  const wait = Math.min(...hours.map((r) => (r.from - now + DAY) % DAY));
  return Math.floor(at / 60_000) * 60_000 + wait * 60_000;
}

/** "08:00-17:00, 19:30-21:00": kept, shown to her, and read again by `readHours`. */
export function writeHours(hours: Hours): string {
  if (hours.length === 0) return "không";
  return hours.map((r) => `${clock(r.from)}-${clock(r.to)}`).join(", ");
}

function clock(at: number): string {
  return `${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;
}
