/** The day in Viet Nam: what is overdue, and which day a thing is counted for. */

/** "2026-11-22" at UTC+7; Viet Nam has no summer time. */
export function dayOf(at: number): string {
  return new Date(at + 7 * 3_600_000).toISOString().slice(0, 10);
}
