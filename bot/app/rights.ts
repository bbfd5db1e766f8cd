/** Requests by the law on personal data: their clocks, and the list of those that are open. Kept as audit lines, without identity. */

import { dayOf } from "../core/day.ts";
import type { RequestKind } from "../core/effects.ts";
import type { Clock } from "../ports/clock.ts";
import type { AuditLine, Store } from "../ports/store.ts";
import { wholeTrail } from "./trail.ts";

/** All requests stand in the audit trail under this subject. */
export const REQUESTS = "requests";
const DAY_MS = 86_400_000;

export interface OpenRequest {
  /** What she was told, and can quote. */
  readonly code: string;
  readonly kind: string;
  readonly openedAt: number;
  /** Days of Viet Nam, "2026-11-24". */
  readonly answerBy: string;
  readonly doneBy: string;
  readonly answered: boolean;
  readonly overdue: boolean;
}

export type RequestAct = "answered" | "done";

/** "K7M2QF access 2026-11-24 2026-12-02": code, kind, day of the first answer, day of the end. */
export function openedDetail(
  r: { kind: RequestKind; code: string; answerDays: number; dueDays: number },
  at: number,
): string {
  return `${r.code} ${r.kind} ${dayOf(workingDaysAfter(at, r.answerDays))} ${dayOf(at + r.dueDays * DAY_MS)}`;
}

/** Saturdays and Sundays (in Viet Nam) do not count; public holidays do, so a due day is never shown too late. */
export function workingDaysAfter(at: number, days: number): number {
  let day = at;
  for (let left = days; left > 0; ) {
    day += DAY_MS;
    const weekday = new Date(`${dayOf(day)}T00:00:00Z`).getUTCDay();
    if (weekday !== 0 && weekday !== 6) left -= 1;
  }
  return day;
}

/** Those that are not done, oldest first. */
export async function openRequests({
  store,
  clock,
}: {
  store: Store;
  clock: Clock;
}): Promise<readonly OpenRequest[]> {
  return openOf(await wholeTrail(store, REQUESTS), dayOf(clock.now()));
}

/** Pure: from audit lines, newest first as the store gives them. */
export function openOf(trail: readonly AuditLine[], today: string): readonly OpenRequest[] {
  const marked = (action: string) => new Set(trail.filter((l) => l.action === action).map((l) => l.detail));
  const answered = marked("request_answered");
  const done = marked("request_done");
  return trail
    .filter((l) => l.action === "request_opened")
    .toReversed()
    .flatMap((l) => {
      const [code = "", kind = "", answerBy = "", doneBy = ""] = l.detail.split(" ");
      if (done.has(code)) return [];
      const isAnswered = answered.has(code);
      const overdue = doneBy < today || (!isAnswered && answerBy < today);
      return [{ code, kind, openedAt: l.at, answerBy, doneBy, answered: isAnswered, overdue }];
    });
}

/** The operator answered or finished a request; false: there is no open one with this code. */
export async function markRequest(
  parts: { store: Store; clock: Clock },
  code: string,
  act: RequestAct,
  by = "operator",
): Promise<boolean> {
  const found = (await openRequests(parts)).find((r) => r.code === code.toUpperCase());
  if (!found) return false;
  await parts.store.upkeep.audit({
    at: parts.clock.now(),
    actor: by,
    action: `request_${act}`,
    subject: REQUESTS,
    detail: found.code,
  });
  return true;
}
