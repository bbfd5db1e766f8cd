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
const ALL_DAY =
  /\b(ca ngay|luc nao cung|gio nao cung|bat cu luc nao|bat ky luc nao|any time|anytime|always|all day)\b/;
const NEVER =
  /^(khong|ko|dung nhan|dung nhan truoc|khong luc nao|khong nhan truoc|khong bao gio|never|none|no|do not write first)$/;
const WORK_DAY = /\b(ban ngay|gio hanh chinh|daytime|working hours)\b/;
const NOT_BEFORE = new Set(["khong", "ko", "tru", "dung", "not", "no", "except"]);
const NOT_AFTER = new Set(["khong", "ko", "dung"]);

const NUM = String.raw`(\d{1,2})(?:\s*(?:gio|g|h|:|\.)\s*(\d{2})?)?(?:\s*(sang|trua|chieu|toi|dem|am|pm))?`;
const SPAN = new RegExp(
  String.raw`(?:tu\s+|from\s+)?${NUM}\s*(?:-|–|—|~|den|toi|to|until|till)\s*${NUM}`,
  "g",
);
const AFTER = new RegExp(String.raw`\b(sau|after|tu|from)\s+${NUM}`, "g");
const BEFORE = new RegExp(String.raw`\b(truoc|before)\s+${NUM}`, "g");

/** Reads hours; null: they are not understood. */
export function readHours(text: string): Hours | null {
  let said = fold(text).replace(/[,;]+/g, " , ").replace(/\s+/g, " ").trim();
  if (NEVER.test(plain(text))) return [];
  if (ALL_DAY.test(said)) return [{ from: 0, to: DAY }];
  const ranges: Range[] = [];
  let isWrong = false;
  const add = (from: number | null, to: number | null) => {
    if (from === null || to === null || from === to) isWrong = true;
    else ranges.push({ from, to });
    return " ";
  };
  said = said.replace(SPAN, (_, h1, m1, p1, h2, m2, p2) =>
    add(minute(h1, m1, p1 ?? sameHalf(h1, h2, p2)), minute(h2, m2, p2)),
  );
  said = said.replace(AFTER, (_, __, h, m, p) => add(minute(h, m, p), DAY - 2 * 60));
  said = said.replace(BEFORE, (_, __, h, m, p) => add(6 * 60, minute(h, m, p)));
  if (isWrong || /\d/.test(said)) return null;
  if (WORK_DAY.test(said)) {
    ranges.push({ from: 8 * 60, to: 17 * 60 });
    said = said.replace(WORK_DAY, " ");
  }
  const { yes, no } = partsOf(said.split(" ").filter((w) => w !== ""));
  ranges.push(...yes);
  if (ranges.length > 0) return ranges;
  return no.length > 0 ? without(no) : null;
}

/** "2 đến 5 giờ chiều": the half of the day stands once, at the end. */
function sameHalf(h1: string, h2: string, part: string | undefined): string | undefined {
  return part !== undefined && Number(h1) < Number(h2) ? part : undefined;
}

function minute(hour: string, minutes: string | undefined, part: string | undefined): number | null {
  let h = Number(hour);
  const m = Number(minutes ?? 0);
  if (h > 24 || m > 59) return null;
  const isLate =
    part === "chieu" ||
    part === "toi" ||
    part === "pm" ||
    (part === "dem" && h >= 6) ||
    (part === "trua" && h <= 2);
  if (isLate && h < 12) h += 12;
  if (h === 24) return m === 0 ? DAY : null;
  return h * 60 + m;
}

/** Parts of the day by name; a "không" beside one takes it away. */
function partsOf(words: readonly string[]): { yes: Range[]; no: Range[] } {
  const yes: Range[] = [];
  const no: Range[] = [];
  words.forEach((word, i) => {
    const part = PARTS[word];
    if (!part) return;
    const before = words[i - 1] === "buoi" ? words[i - 2] : words[i - 1];
    const denied =
      NOT_BEFORE.has(before ?? "") ||
      NOT_AFTER.has((words[i + 1] === "thi" ? words[i + 2] : words[i + 1]) ?? "");
    (denied ? no : yes).push(part);
  });
  return { yes, no };
}

/** The waking day without some parts. */
function without(denied: readonly Range[]): Hours {
  const ranges: Range[] = [];
  let from: number | null = null;
  for (let at = 6 * 60; at <= 22 * 60; at += 60) {
    const isFree = at < 22 * 60 && !denied.some((r) => holds(r, at));
    if (isFree) from ??= at;
    else if (from !== null) {
      ranges.push({ from, to: at });
      from = null;
    }
  }
  return ranges;
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
