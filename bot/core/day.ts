/** The day in Viet Nam: what is overdue, and which day a thing is counted for. */

import type { Lang } from "./message.ts";

/** "2026-11-22" at UTC+7; Viet Nam has no summer time. */
export function dayOf(at: number): string {
  return new Date(at + 7 * 3_600_000).toISOString().slice(0, 10);
}

/** The day so many days after another, both as "2026-11-22". */
export function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);

/** As people write a day: "22/11/2026", "22 November 2026". What is no day is said as it is. */
export function dayInWords(day: string, lang: Lang): string {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? [];
  const name = MONTHS[Number(month) - 1];
  if (year === undefined || name === undefined) return day;
  return lang === "vi" ? `${Number(date)}/${Number(month)}/${year}` : `${Number(date)} ${name} ${year}`;
}
