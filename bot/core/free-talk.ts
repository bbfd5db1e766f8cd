/** Free talk: what she tells and asks outside of flows. */

import { audienceOf, callsIn, find, sayFound, standingChoices } from "./answer.ts";
import { answerQuestion } from "./asking.ts";
import { askAgain, isWaiting, notUnderstood, startFlow, takeHeard, topFrame } from "./flow/run.ts";
import { atLeast, rank } from "./level.ts";
import { graphemes } from "./text.ts";
import type { Heard } from "./triage/ear.ts";
import { isSaying, say, type Turn, text } from "./turn.ts";
import { isCommand, plain } from "./understand.ts";

/** Shorter words at a waiting question are rather an answer begun than a question asked. */
const MIN_QUESTION_WORDS = 4;
/** More visible letters than this are answered with the advice to write less at a time. */
const MAX_LETTERS = 4_000;
/** Who speaks of her own death needs more than "I hear you" before the next question, at any level. */
const OWN_LIFE: ReadonlySet<string> = new Set(["suicide", "death_wish", "self_harm"]);

/** Words that are no command and no answer: something told, something asked, or only a sign of life. */
export function talk(turn: Turn, words: string, heard: Heard | null): void {
  // No letter is shorter than one unit: what is short is not counted.
  if (words.length > MAX_LETTERS && graphemes(words.slice(0, 3 * MAX_LETTERS)).length > MAX_LETTERS)
    say(turn, text(turn, "too_long"));
  if (!tells(heard) && isCommand(turn.world.settings, "goodbye", words)) return goodbye(turn);
  if (!isWaiting(turn) && !tells(heard) && isCommand(turn.world.settings, "small_talk", words))
    return smallTalk(turn);
  // Finding costs more than all else in a turn: only where what is found can be said.
  if (isWaiting(turn)) {
    if (tells(heard)) return told(turn, heard);
    const isQuestion = plain(words).split(" ").length >= MIN_QUESTION_WORDS;
    const found = isQuestion ? find(turn, words) : null;
    if (!found?.answered) return notUnderstood(turn);
    sayFound(turn, words, found);
    return afterDigression(turn);
  }
  if (tells(heard) && turn.state.case === null) return offerHuman(turn, heard, words);
  const found = find(turn, words);
  if (turn.state.case?.state === "waiting" && !found.answered) return tellWaiting(turn);
  answerQuestion(turn, words, found);
}

/** "Dạ", "cảm ơn bạn", "alo": nothing to look up, and still never silent. */
function smallTalk(turn: Turn): void {
  if (turn.state.case?.state === "waiting") return tellWaiting(turn);
  say(turn, text(turn, "here"), { choices: standingChoices(turn) });
}

/** One line, and nothing asked again: what waits is there when she comes back. */
function goodbye(turn: Turn): void {
  const words = text(turn, "goodbye");
  say(turn, words, { choices: standingChoices(turn), phones: callsIn(turn, words), safety: true });
}

/** Did she tell of violence (medium or more), rather than ask? */
export function tells(heard: Heard | null): heard is Heard {
  return heard !== null && atLeast(heard.level, "medium");
}

function asks(words: string): boolean {
  return /[?？]/.test(words);
}

function offerHuman(turn: Turn, heard: Heard, words: string): void {
  const { flows } = turn.world.settings;
  turn.state.offeredAt = turn.event.at;
  if (asks(words)) turn.state.pending = words;
  startFlow(turn, rank(heard.level) >= rank("high") ? flows.high : flows.medium, "main");
}

/** She told something at a question that asked something else: never "I did not understand that". */
function told(turn: Turn, heard: Heard): void {
  const { state, event, world } = turn;
  if (takeHeard(turn, new Set(heard.reasons.map((r) => r.category))) === "taken") return;
  const offered = event.at - state.offeredAt < world.settings.emergency_repeat_minutes * 60_000;
  const isGrave = atLeast(heard.level, "high") || heard.reasons.some((r) => OWN_LIFE.has(r.category));
  if (isGrave && state.case === null && !offered) {
    state.offeredAt = event.at;
    // A red answer ends a screen (domain.md B5); any other question comes back.
    return startFlow(turn, world.settings.flows.high, topFrame(turn)?.screen ? "main" : "interrupt");
  }
  say(turn, text(turn, "heard"));
  askAgain(turn);
}

/** The answer stands above the question that waits: both are one message. */
export function afterDigression(turn: Turn): void {
  if (!isWaiting(turn)) return;
  say(turn, text(turn, "flow.returned"));
  askAgain(turn);
}

/**
 * What she asked before she could be answered is answered as soon as no question waits. What she told is no question: it
 * gets the words that it gets at any time, unless a flow has taken it up meanwhile.
 */
export function answerPending(turn: Turn): void {
  const { state, world } = turn;
  if (!state.pending) return;
  const words = state.pending;
  const heard = world.ear(words, []);
  const isTold = tells(heard) && !asks(words);
  if (isWaiting(turn)) {
    if (isTold && speaksOfIt(turn)) state.pending = null;
    return;
  }
  state.pending = null;
  if (!isTold) return answerQuestion(turn, words, find(turn, words));
  if (state.case === null && !speaksOfIt(turn)) return offerHuman(turn, heard, words);
  if (!isSaying(turn)) smallTalk(turn);
}

/** What she told at the gate stands before the question that waited; false: she told nothing there. */
export function tookUpTold(turn: Turn): boolean {
  const { state, world } = turn;
  const heard = state.pending === null ? null : world.ear(state.pending, []);
  if (!tells(heard) || asks(state.pending ?? "")) return false;
  state.pending = null;
  told(turn, heard);
  return true;
}

/** Is what she told answered in this turn: by a card, or at the end of the flow behind the door that she chose? */
function speaksOfIt(turn: Turn): boolean {
  const { state, world } = turn;
  const top = topFrame(turn)?.flow;
  if (top !== undefined) return top === world.settings.flows.high || top === world.settings.flows.medium;
  return isSaying(turn) && audienceOf(state.remembered.door) !== undefined;
}

function tellWaiting(turn: Turn): void {
  const { state, event, world } = turn;
  if (event.at - state.toldAt < world.settings.waiting_told_minutes * 60_000) return;
  state.toldAt = event.at;
  say(turn, text(turn, event.desk.onDuty > 0 ? "waiting.told" : "waiting.told_nobody"), {
    phones: event.desk.onDuty > 0 ? [] : world.settings.hotlines,
  });
}

/** An empty message or symbols only. */
export function wordless(turn: Turn, words: string): void {
  say(turn, text(turn, words.trim() === "" ? "empty" : "emoji"));
  if (isWaiting(turn)) askAgain(turn);
  else say(turn, "", { choices: standingChoices(turn) });
}
