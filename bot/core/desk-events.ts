/** What reaches a conversation from inside: counsellors, deliveries, timers. */

import { modelLost } from "./asking.ts";
import { elsewhereDue, endElsewhere, humanSpeaks } from "./elsewhere.ts";
import type { ConversationEvent } from "./events.ts";
import { startFlow } from "./flow/run.ts";
import { keepHers } from "./hers.ts";
import { lateDue } from "./late.ts";
import { personLeft, purgeDue } from "./leaving.ts";
import type { Level } from "./level.ts";
import { forgetSaid } from "./needs.ts";
import { dropJoined, heldDue, isThere, joined, replied } from "./reach.ts";
import type { Settings } from "./settings.ts";
import { effect, say, setWaitTimer, type Turn, text } from "./turn.ts";
import { wipeDue } from "./wiping.ts";

/** While she waits she is told of it at most this often. */
const MAX_UPDATES = 2;
/** Her words to a counsellor who does not answer. */
const SILENCE = "unanswered";
/** "A message may not have arrived" is said at most this often. */
const NOTICE_EVERY_MS = 60_000;
/** Before the id of a closed case: then what she answered and asked until its end goes, like its transcript. */
const OVER = "over ";

export type DeskEvent = Extract<
  ConversationEvent,
  { type: "case_claimed" | "counsellor_wrote" | "case_released" | "case_closed" | "level_set" }
>;

/** What a counsellor did with her case. */
export function deskEvent(turn: Turn, event: DeskEvent): void {
  const { state } = turn;
  if (state.case?.id !== event.caseId) return;
  if (event.type !== "level_set") endElsewhere(turn);
  switch (event.type) {
    case "case_claimed": {
      state.case.state = "claimed";
      delete state.case.awaitedSince;
      // Her words to the queue, or to who had the case before, are unanswered too: who only takes a case must not silence what
      // called for somebody.
      waitForCounsellor(turn);
      state.case.alias = event.alias;
      keepHers(turn);
      // Theirs to answer now: long after, a machine's answer to her first words would come from nowhere.
      state.pending = null;
      state.burst = [];
      state.remembered.wish = "no";
      effect(turn, { type: "cancel_timer", timer: "case_waits" });
      return joined(turn, event);
    }
    case "counsellor_wrote":
      state.pending = null;
      humanAnswered(turn);
      return replied(turn, event);
    case "case_released":
      state.case.state = "waiting";
      humanAnswered(turn);
      noteAlias(turn);
      delete state.case.alias;
      setWaitTimer(turn);
      dropJoined(turn);
      if (!isThere(turn)) return;
      say(turn, text(turn, "counsellor.left"));
      // Whoever comes next is not there yet: she must not wait for a door that nobody opens tonight.
      if (event.desk.onDuty === 0)
        say(turn, text(turn, "waiting.called_nobody"), { phones: turn.world.settings.hotlines });
      return;
    case "case_closed":
      return caseClosed(turn);
    case "level_set":
      state.level = event.level;
      if (state.case.state === "waiting") setWaitTimer(turn);
      effect(turn, { type: "audit", action: "level_set", detail: event.level });
      return;
  }
}

/** With whom she has talked: she may ask for them by name. */
function noteAlias({ state }: Turn): void {
  if (state.case?.alias) state.remembered.with = state.case.alias;
}

/** A human has judged and closed: what was heard and asked before belongs to that case, not to the next one. */
function caseClosed(turn: Turn): void {
  const { state, event, world } = turn;
  if (state.case) {
    const dueAt = event.at + world.settings.retention.closed_transcript_hours * 3_600_000;
    const timer = OVER + state.case.id;
    effect(turn, { type: "set_timer", timer, dueAt, token: `${event.at} ${event.id}` });
  }
  noteAlias(turn);
  state.remembered.closed_at = String(event.at);
  state.case = null;
  state.remembered.called = "no";
  state.level = "none";
  state.reasons = [];
  state.screened = {};
  state.followedUp = {};
  state.recent = [];
  state.pending = null;
  state.remembered.taken_back = "no";
  delete state.remembered.told;
  forgetSaid(state);
  effect(turn, { type: "cancel_timer", timer: "case_waits" });
  effect(turn, { type: "cancel_timer", timer: SILENCE });
  dropJoined(turn);
  if (!isThere(turn)) {
    state.remembered.closed_away = "yes";
    return;
  }
  say(turn, text(turn, "counsellor.closed"));
  startFlow(turn, turn.world.settings.flows.after_case, "main");
}

/**
 * A message of ours may not have arrived. It is not sent again (only safety texts may come twice), but she must not be
 * left waiting for a question that she never saw: a short word says so, and any answer to it brings the question back.
 */
export function undelivered(turn: Turn, code: string): void {
  const { state, event } = turn;
  effect(turn, { type: "audit", action: "delivery_failed", detail: code });
  if (code === "gone") return personLeft(turn);
  if (!isThere(turn) || event.at - state.noticeAt < NOTICE_EVERY_MS) return;
  state.noticeAt = event.at;
  say(turn, text(turn, "undelivered"), { safety: true, choices: state.offered });
}

/** The clock of the transcript has run out: her words stand nowhere else either. */
function caseOver({ state }: Turn, closedAt: number): void {
  const later = Object.entries(state.answers).filter(([, answer]) => answer.at > closedAt);
  state.answers = Object.fromEntries(later);
  state.asked = [];
}

/** A timer of ours is due. */
export function timerDue(turn: Turn, timer: string, token: string): void {
  if (timer.startsWith(OVER)) return caseOver(turn, Number(token.split(" ")[0]));
  switch (timer) {
    case "case_waits":
      return stillWaiting(turn, token.split(" ")[0] ?? "");
    case SILENCE:
      return stillUnanswered(turn);
    case "model":
      // Long after a crash it would come first: she gets it with the answer to what she writes next.
      return isThere(turn) ? modelLost(turn, token) : undefined;
    case "held":
      return heldDue(turn);
    case "wipe":
      return wipeDue(turn);
    case "late":
      return lateDue(turn);
    case "elsewhere":
      return elsewhereDue(turn);
    case "purge":
      return purgeDue(turn);
  }
}

/** So long she waits for the answer of who has her case, until others are called. */
export function answerWithinMs(settings: Settings, level: Level): number {
  return Math.min(settings.page_again_minutes[level], settings.elsewhere_minutes) * 60_000;
}

/**
 * She wrote to a counsellor who has the case: who opened it and was called away must not leave her in silence. What is
 * more urgent shortens the time.
 */
export function waitForCounsellor(turn: Turn): void {
  const { state, event, world } = turn;
  if (state.case?.state !== "claimed") return;
  if (state.case.awaitedSince === undefined) awaitAnswer(turn, event.at);
  const dueAt = event.at + answerWithinMs(world.settings, state.level);
  if (dueAt >= (state.case.answerDueAt ?? Number.POSITIVE_INFINITY)) return;
  state.case.answerDueAt = dueAt;
  effect(turn, { type: "set_timer", timer: SILENCE, dueAt, token: event.id });
}

function callAgain({ state, event, world, effects }: Turn): void {
  if (!state.case) return;
  const dueAt = event.at + world.settings.elsewhere_minutes * 60_000;
  state.case.answerDueAt = dueAt;
  effects.push({ type: "set_timer", timer: SILENCE, dueAt, token: event.id });
}

function awaitAnswer({ state, effects }: Turn, since: number | null): void {
  if (!state.case) return;
  if (since === null) delete state.case.awaitedSince;
  else state.case.awaitedSince = since;
  effects.push({ type: "await_answer", caseId: state.case.id, since });
}

/** A human of ours has answered her. */
export function humanAnswered(turn: Turn): void {
  if (turn.state.case?.awaitedSince !== undefined) awaitAnswer(turn, null);
  if (turn.state.case?.answerDueAt === undefined) return;
  delete turn.state.case.answerDueAt;
  effect(turn, { type: "cancel_timer", timer: SILENCE });
}

/**
 * Nobody has answered her: people on duty are called, and she is told while she is there. Her next words begin it anew; in an
 * emergency, in which she may be unable to write any, it goes on by itself.
 */
function stillUnanswered(turn: Turn): void {
  const { state, event, world } = turn;
  if (state.case?.state !== "claimed" || event.at < (state.case.answerDueAt ?? Number.POSITIVE_INFINITY))
    return;
  delete state.case.answerDueAt;
  if (state.level === "emergency") callAgain(turn);
  effect(turn, { type: "page", caseId: state.case.id, level: state.level });
  effect(turn, { type: "audit", action: "unanswered", detail: "" });
  const sinceMs = event.at - (state.case.silenceToldAt ?? 0);
  if (!isThere(turn) || sinceMs < world.settings.elsewhere_minutes * 60_000) return;
  state.case.silenceToldAt = event.at;
  say(turn, text(turn, "counsellor.silent"), { phones: world.settings.hotlines });
}

/** People on duty are called again; she is told honestly, but only while she is plainly there. */
function stillWaiting(turn: Turn, caseId: string): void {
  const { state } = turn;
  if (state.case?.id !== caseId || state.case.state !== "waiting") return;
  effect(turn, { type: "page", caseId: state.case.id, level: state.level });
  setWaitTimer(turn);
  if (!isThere(turn) || humanSpeaks(turn) || !state.case.asked || state.updates >= MAX_UPDATES) return;
  state.updates += 1;
  // Where nobody is on duty nobody was called.
  const key = turn.event.desk.onDuty > 0 ? "waiting.update" : "waiting.called_nobody";
  say(turn, text(turn, key), { phones: turn.world.settings.hotlines });
}
