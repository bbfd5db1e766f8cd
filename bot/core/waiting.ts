/** What is said to who waits for a human, and to who calls one that has gone. */

import { standingChoices } from "./answer.ts";
import { callsByName } from "./by-name.ts";
import { isWaiting } from "./flow/run.ts";
import { sayHeard } from "./needs.ts";
import type { Heard } from "./triage/ear.ts";
import { isSaying, say, type Turn, text } from "./turn.ts";
import { mentions, plain } from "./understand.ts";

/** A call for somebody is short; in a longer message the words may be part of a story. */
const MAX_CALL_WORDS = 8;
/** Within this time after "it is written down" her next line is of the same breath. */
const ONE_BREATH_MS = 20_000;

/** What she writes is kept for who comes: said now and then, or that nobody is on duty. */
export function tellWaiting(turn: Turn): void {
  const { state, event, world } = turn;
  const sinceMs = event.at - state.toldAt;
  if (sinceMs < world.settings.waiting_told_minutes * 60_000) {
    // Lines typed in one breath are answered once; whoever has waited for a sign gets one.
    if (sinceMs < ONE_BREATH_MS || isSaying(turn)) return;
    return say(turn, text(turn, "waiting.noted"), { choices: standingChoices(turn) });
  }
  state.toldAt = event.at;
  say(turn, text(turn, event.desk.onDuty > 0 ? "waiting.told" : "waiting.told_nobody"), {
    phones: event.desk.onDuty > 0 ? [] : world.settings.hotlines,
  });
}

/** She tells of violence while she waits: what she needs first, then that it is kept. */
export function toldWaiting(turn: Turn, heard: Heard): void {
  const { state, event, world } = turn;
  const isNow = event.at - state.emergencyAt < world.settings.emergency_repeat_minutes * 60_000;
  sayHeard(turn, heard, isNow && state.level === "emergency");
  tellWaiting(turn);
}

/** Is anybody there, and when: an honest answer each time she asks. */
export function answerCall(turn: Turn): void {
  const { event, world, state } = turn;
  state.toldAt = event.at;
  const isSomebody = event.desk.onDuty > 0;
  say(turn, text(turn, isSomebody ? "waiting.called" : "waiting.called_nobody"), {
    phones: isSomebody ? [] : world.settings.hotlines,
    choices: standingChoices(turn),
  });
}

/** "Có ai không", "lâu quá"? */
export function isCalling(turn: Turn, words: string): boolean {
  return plain(words).split(" ").length <= MAX_CALL_WORDS && mentions(turn.world.settings, "calling", words);
}

/** "Dạ", "cảm ơn bạn", "alo": nothing to look up, and still never silent. */
export function smallTalk(turn: Turn): void {
  if (turn.state.case?.state === "waiting") return tellWaiting(turn);
  say(turn, text(turn, "here"), { choices: standingChoices(turn) });
}

/** "Chị Mai ơi", "chị còn đó không", and no human is there any more: she must not take the machine for her counsellor. */
export function callsWhoHasGone(turn: Turn, words: string): boolean {
  if (turn.state.case !== null || isWaiting(turn)) return false;
  return (hasJustClosed(turn) && isCalling(turn, words)) || callsByName(turn, words);
}

/** Has a human closed her case within the gap, with no new one since? */
export function hasJustClosed({ state, event, world }: Turn): boolean {
  const sinceMs = event.at - Number(state.remembered.closed_at ?? 0);
  return state.case === null && sinceMs < world.settings.gap_minutes * 60_000;
}

/** That a machine is here now, and how to get a human again. */
export function sayGone(turn: Turn): void {
  say(turn, text(turn, "counsellor.gone"), { choices: standingChoices(turn) });
}
