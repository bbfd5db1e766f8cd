/** Words that were hours on their way (an outage, a platform's queue): heard at once, answered as to somebody unknown. */

import { humanSpeaks } from "./elsewhere.ts";
import { askAtGate, keepForLater, lock } from "./gate.ts";
import { isWithin, nextWithin, readHours } from "./hours.ts";
import type { Content } from "./message.ts";
import type { Heard } from "./triage/ear.ts";
import { effect, openCase, type Turn } from "./turn.ts";

/** No platform keeps a message longer (Telegram: 24 hours): what claims to be older has a wrong date, and came at once. */
export const KEPT_MS = 26 * 3_600_000;
/** When both clocks move on together by at least so much, she is writing now and one clock is wrong. */
const LIVE_AFTER_MS = 3_000;
const SAME_PACE_MS = 10_000;

/**
 * Did it wait so long on its way that nobody knows any more who reads the answer? `writtenAt` is the platform's time. A
 * clock that is wrong must not make everybody late: it shows when a second message comes as long after the first as it
 * was written after it. Remembers what it saw for that.
 */
export function cameLate(turn: Turn, writtenAt: number | undefined): boolean {
  const { state, event, world } = turn;
  const age = event.at - (writtenAt ?? event.at);
  if (writtenAt === undefined || age <= world.settings.gap_minutes * 60_000 || age > KEPT_MS) return false;
  const before = state.looked;
  state.looked = { cameAt: event.at, writtenAt };
  if (!before) return true;
  const came = event.at - before.cameAt;
  return came < LIVE_AFTER_MS || Math.abs(came - (writtenAt - before.writtenAt)) > SAME_PACE_MS;
}

/** Heard already; now at most the harmless question of the gate, in her hours, once for all that came late together. */
export function takeLate(
  turn: Turn,
  content: Content,
  words: string | null,
  heard: Heard | null,
  danger: boolean,
): void {
  const { state, world } = turn;
  if (danger && world.settings.emergency_case_without_asking) openCase(turn, false);
  // A counsellor is there and reads it, and no gate of days later answers it again; the private word stays what it is.
  if (humanSpeaks(turn) && state.own.private === null) return;
  const asked = state.late !== null;
  state.late = { danger: danger || (state.late?.danger ?? false) };
  lock(turn, "gap");
  keepForLater(turn, words, heard);
  // Nobody waits for an answer to a contact without words.
  if (asked || (content.kind === "arrived" && words === null)) return;
  knock(turn);
}

/** She has written meanwhile, or gone: nobody comes knocking in her hours. */
export function stopKnocking(turn: Turn): void {
  if (turn.state.late !== null) effect(turn, { type: "cancel_timer", timer: "late" });
}

/** Her hours have come, and she has not written meanwhile. */
export function lateDue(turn: Turn): void {
  if (turn.state.late !== null && turn.state.lock !== null) knock(turn);
}

function knock(turn: Turn): void {
  const { state, event } = turn;
  const hours = readHours(state.remembered.safe_hours ?? "");
  if (hours === null || isWithin(hours, event.at)) return askAtGate(turn);
  const dueAt = nextWithin(hours, event.at);
  if (dueAt !== null) effect(turn, { type: "set_timer", timer: "late", dueAt, token: event.id });
}
