/** Free talk: what she tells and asks outside of flows. */

import { admitsHerself } from "./about-another.ts";
import { audienceOf, callsIn, find, sayFound, standingChoices } from "./answer.ts";
import { saysWhere, saysWhoIsTold } from "./asked-in-danger.ts";
import {
  announces,
  asks,
  deniesAll,
  isBrief,
  isCry,
  isPiece,
  isStory,
  namesTopic,
  repliesToUs,
  soundsTold,
} from "./asked-or-told.ts";
import { answerQuestion } from "./asking.ts";
import { isCalmer, sayCalmer } from "./calmer.ts";
import { isCourtesy } from "./courtesy.ts";
import { noteUnanswered } from "./feedback.ts";
import {
  askAgain,
  isOffer,
  isRed,
  isWaiting,
  notUnderstood,
  offerAgain,
  ownUnclear,
  skip,
  startFlow,
  takeHeard,
  toldInstead,
  topFrame,
} from "./flow/run.ts";
import { takesJokeBack } from "./joking.ts";
import { atLeast, isByWording, type Level, rank } from "./level.ts";
import { sayCannotCall, sayHeard, sayListening, sayTaken } from "./needs.ts";
import { OWN_LIFE } from "./own-death.ts";
import { blamesHerself } from "./self-blame.ts";
import { takesLeave } from "./taking-leave.ts";
import { graphemes } from "./text.ts";
import type { Heard } from "./triage/ear.ts";
import { isSaying, say, type Turn, text } from "./turn.ts";
import { answersNothing, isCommand, mentions } from "./understand.ts";
import {
  answerCall,
  callsWhoHasGone,
  hasJustClosed,
  isCalling,
  sayGone,
  smallTalk,
  tellWaiting,
  toldWaiting,
} from "./waiting.ts";
import { asksWhatNow, withTold } from "./what-now.ts";

/** A yes, a no or a skip where nothing waits: a sign of life, nothing to look up. */
const NOTHING_TO_FIND = ["small_talk", "yes", "no", "skip", "back", "no_more"] as const;
/** More visible letters than this are answered with the advice to write less at a time. */
const MAX_LETTERS = 4_000;

/** Words that are no command and no answer: something told, something asked, or only a sign of life. */
export function talk(turn: Turn, words: string, heard: Heard | null): void {
  // No letter is shorter than one unit: what is short is not counted.
  if (words.length > MAX_LETTERS && graphemes(words.slice(0, 3 * MAX_LETTERS)).length > MAX_LETTERS)
    say(turn, text(turn, "too_long"));
  if (sayCannotCall(turn, words)) return goOn(turn);
  if (!tells(heard) && isCourtesy(turn, "thanks", words)) return asideOf(turn, "welcome");
  if (!tells(heard) && isCourtesy(turn, "sorry", words)) return asideOf(turn, "no_sorry");
  if (!tells(heard) && announces(words)) return asideOf(turn, "here");
  if (!isRed(turn) && !tells(heard) && deniesAll(words))
    return isWaiting(turn) ? asideOf(turn, "here") : smallTalk(turn);
  // Whole messages only: "tôi bỏ dao rồi" holds a word of danger too.
  if (isCalmer(turn, words)) {
    sayCalmer(turn);
    return offerUnder(turn, false);
  }
  if (takesJokeBack(turn, words)) return;
  const isGrave = heard !== null && atLeast(heard.level, "high") && !isByWording(heard.reasons);
  if (!isGrave && (saysWhere(turn, words) || saysWhoIsTold(turn, words))) return offerUnder(turn, false);
  if (admitsHerself(words)) {
    // She may be offered a human for herself now.
    turn.state.offeredAt = 0;
    say(turn, text(turn, "admitted"));
    return offerUnder(turn, false);
  }
  if (isSelfBlame(turn, words, heard)) {
    if (turn.state.remembered.said_no_fault === "yes") sayListening(turn);
    else say(turn, text(turn, "not_your_fault"));
    turn.state.remembered.said_no_fault = turn.state.remembered.said_no_fault === "yes" ? "no" : "yes";
    return offerUnder(turn, false);
  }
  if (!tells(heard) && callsWhoHasGone(turn, words)) return sayGone(turn);
  if (!tells(heard) && isWaiting(turn)) {
    // "Không" where no choice says no: she wants none of them.
    if (isCommand(turn.world.settings, "no", words) && !answersNothing(words)) return void skip(turn);
    if (isCommand(turn.world.settings, "small_talk", words)) return asideOf(turn, "here");
  }
  if (!isWaiting(turn) && !tells(heard)) {
    if (isCalling(turn, words) && turn.state.case?.state === "waiting") return answerCall(turn);
    if (isCalling(turn, words) && isCry(words) && !asks(turn, words)) return smallTalk(turn);
    if (NOTHING_TO_FIND.some((key) => isCommand(turn.world.settings, key, words))) return smallTalk(turn);
  }
  if (!tells(heard) && !asks(turn, words) && mentions(turn.world.settings, "nobody", words))
    return hasNobody(turn);
  if (!tells(heard) && speaksOfDying(heard) && !asks(turn, words)) return heardDying(turn, heard);
  // Finding costs more than all else in a turn: only where what is found can be said.
  const isNever = onlySounds(heard) && find(turn, words).isNever === true;
  if (isWaiting(turn)) {
    if (tells(heard) && !isNever)
      return asks(turn, words) ? toldAndAsked(turn, words, heard) : told(turn, heard);
    return atQuestion(turn, words, heard);
  }
  if (tells(heard) && turn.state.case === null && !isNever) return offerHuman(turn, heard, words);
  if (!tells(heard) && asksOfNothing(turn, words)) return hasNobody(turn);
  if (!tells(heard) && !asks(turn, words)) {
    if (turn.state.case?.state === "waiting" && isStory(words)) return tellWaiting(turn);
    if ((isPiece(words) || repliesToUs(words)) && atLeast(turn.state.level, "medium")) return listen(turn);
  }
  if (!tells(heard) && isToldInDanger(turn, words))
    return turn.state.case?.state === "waiting" ? tellWaiting(turn) : listen(turn);
  // What she tells is no question, in the queue either: what would be found is for helpers.
  if (tells(heard) && !isNever && !asks(turn, words)) return toldWaiting(turn, heard);
  const found = find(turn, words);
  // "Em quên nói, ảnh có súng": told to who has just gone.
  if (!found.answered && hasJustClosed(turn) && isStory(words) && !asks(turn, words)) return sayGone(turn);
  // "Tui nói nó nó hổng nghe": told on, and nothing here is about it.
  const isOpen = !found.answered && found.isNever !== true && turn.state.case === null;
  if (isOpen && !tells(heard) && isToldOn(turn, words)) return listen(turn);
  const isKnown = found.hits[0]?.id === turn.state.shown && !asks(turn, words);
  // "Hỏi cho biết thôi" finds what she has just read: it asks for nothing.
  if (isKnown && found.answered && turn.state.case === null && isStory(words)) return smallTalk(turn);
  if (turn.state.case?.state === "waiting" && (!found.answered || isKnown)) {
    if (!asks(turn, words)) return tellWaiting(turn);
    noteUnanswered(turn, words);
    return say(turn, text(turn, "waiting.question"), { choices: standingChoices(turn) });
  }
  answerQuestion(turn, words, found);
}

/**
 * Nothing was told, only the wording is like danger: who then asks what is never answered ("vợ quay clip tôi đánh, làm sao
 * xóa trong máy nó") must not read that it is not his fault.
 */
function onlySounds(heard: Heard | null): boolean {
  return heard?.level === "medium" && isByWording(heard.reasons);
}

/** "What should I do", and nothing was told: no text is about it. */
function asksOfNothing(turn: Turn, words: string): boolean {
  const isAnyone = audienceOf(turn.state.remembered.door) === undefined;
  return isAnyone && asksWhatNow(words) && withTold(turn, words) === words;
}

/**
 * "Nghe tiếng chân", "khóa rồi" in the minutes after the card, "hình như có" after something told: what would be found for so
 * few words is about something else.
 */
function isToldInDanger(turn: Turn, words: string): boolean {
  const { state, event, world } = turn;
  if (!isBrief(words) || asks(turn, words) || namesTopic(words)) return false;
  const isNow = event.at - state.emergencyAt < world.settings.gap_minutes * 60_000;
  return isNow || (atLeast(state.level, "medium") && soundsTold(words));
}

/** What she says against herself, after something told; not of who has struck, and nothing grave beside it. */
function isSelfBlame({ state }: Turn, words: string, heard: Heard | null): boolean {
  const isHers = state.remembered.door !== "own_violence" && state.remembered.about !== "other";
  const isGrave =
    heard !== null && (atLeast(heard.level, "high") || heard.reasons.some((r) => OWN_LIFE.has(r.category)));
  return (
    isHers &&
    !isGrave &&
    atLeast(state.level, "medium") &&
    state.case?.state !== "claimed" &&
    blamesHerself(words)
  );
}

/** She has told something, and goes on; she asks nothing. */
function isToldOn(turn: Turn, words: string): boolean {
  return atLeast(turn.state.level, "medium") && isStory(words) && !asks(turn, words);
}

/** Neither danger nor an answer, while a question waits. */
function atQuestion(turn: Turn, words: string, heard: Heard | null): void {
  // "Số nhà tạm lánh", at the doors: the ear knows that something is asked for.
  const isTopic = isBeyondSafety(turn) && (heard?.reasons.some((r) => r.category === "information") ?? false);
  const isAsked = asks(turn, words) || isTopic;
  // "Mẹ chồng ngồi cạnh", "nó đi nhậu rồi": no text of ours is put before whoever sits beside her.
  if (!isAsked && isRed(turn) && !(namesTopic(words) && !isAtTheSafetyQuestion(turn)))
    return notUnderstood(turn);
  // Before she has said that she can talk nothing is shown; what she asks is answered after that.
  if (isAsked && isAtTheSafetyQuestion(turn)) {
    turn.state.pending = words;
    return notUnderstood(turn);
  }
  if (!isAsked && topFrame(turn)?.flow === turn.world.settings.flows.emergency) return listen(turn);
  // Where a human is offered, what is told and not asked is listened to: whatever text is nearest to it is not what she needs.
  if (!isAsked && isOffer(turn)) return listen(turn);
  // "Con em 2 tháng", told at the doors.
  if (!isAsked && isBeyondSafety(turn) && isPiece(words)) {
    sayListening(turn);
    return askAgain(turn);
  }
  const hasAsked = turn.state.asked.length > 0;
  const found = isAsked || !isBrief(words) ? find(turn, words) : null;
  if (found?.answered) {
    sayFound(turn, words, found);
    // Who asks again instead of choosing a door has come to ask.
    if (hasAsked && isBeyondSafety(turn)) {
      turn.state.frames = [];
      return;
    }
    return afterDigression(turn);
  }
  if (found && isAsked) {
    noteUnanswered(turn, words);
    say(turn, text(turn, "answer.none"));
    return askAgain(turn);
  }
  notUnderstood(turn);
}

function isAtTheSafetyQuestion(turn: Turn): boolean {
  return isRed(turn) && topFrame(turn)?.flow === turn.world.settings.flows.start && !isBeyondSafety(turn);
}

/** Has she answered whether she can talk, and stands before the doors? What led her there from the menu is no such answer. */
function isBeyondSafety(turn: Turn): boolean {
  const { start } = turn.world.settings.flows;
  const top = topFrame(turn);
  return top?.flow === start && top.history.some((stop) => stop.flow === start);
}

/** She goes on telling where a human was offered: neither "I did not understand" nor taken for a no. */
function listen(turn: Turn): void {
  const inDanger = ownUnclear(turn);
  const top = topFrame(turn);
  // What danger needs is said under every second line of hers; the numbers stay as buttons under each.
  const isTurn = top !== undefined && top.unclear % 2 === 0;
  if (top && inDanger) top.unclear += 1;
  if (sayTaken(turn)) return offerUnder(turn, isTurn);
  if (inDanger && isTurn) say(turn, inDanger);
  else sayListening(turn);
  offerUnder(turn, isTurn);
}

/** What was offered stands under her line again: the question too, or only its choices. */
function offerUnder(turn: Turn, isAsked: boolean): void {
  if (isOffer(turn)) offerAgain(turn, isAsked);
  else say(turn, "", { choices: standingChoices(turn) });
}

/** A courtesy is no answer, and no answer that was not understood: a word back, and what waits comes again. */
function asideOf(turn: Turn, key: "welcome" | "no_sorry" | "here"): void {
  say(turn, text(turn, key));
  goOn(turn);
}

/** What waits comes again, or what stands under any answer. */
function goOn(turn: Turn): void {
  if (isWaiting(turn)) askAgain(turn);
  else say(turn, "", { choices: standingChoices(turn) });
}

function speaksOfDying(heard: Heard | null): heard is Heard {
  return heard?.reasons.some((r) => OWN_LIFE.has(r.category)) ?? false;
}

/** "Muốn chết quá", too faint for a card of its own: heard all the same, and never answered with a text for others. */
function heardDying(turn: Turn, heard: Heard): void {
  const { state, world } = turn;
  if (!isWaiting(turn) && state.case === null && !wasOffered(turn, heard.level))
    return startFlow(turn, world.settings.flows.medium, "main");
  sayHeard(turn, heard);
  if (isWaiting(turn)) askAgain(turn);
  else if (state.case) tellWaiting(turn);
  else say(turn, "", { choices: standingChoices(turn) });
}

/** "Không biết kể với ai": somebody to talk to, not something to read. */
function hasNobody(turn: Turn): void {
  const { state, world } = turn;
  if (!isWaiting(turn) && state.case === null && !wasOffered(turn, "none"))
    return startFlow(turn, world.settings.flows.medium, "main");
  say(turn, text(turn, "heard.again"));
  if (isWaiting(turn)) askAgain(turn);
  else if (state.case) tellWaiting(turn);
  else say(turn, "", { choices: standingChoices(turn) });
}

/** She takes her leave, and says nothing grave with it; true: she had a word back. */
export function tookLeave(turn: Turn, words: string, heard: Heard | null): boolean {
  const isGrave = heard !== null && atLeast(heard.level, "high");
  if (isGrave || !(isCommand(turn.world.settings, "goodbye", words) || takesLeave(words))) return false;
  goodbye(turn);
  return true;
}

/** One line, and nothing asked again: what waits is there when she comes back. */
function goodbye(turn: Turn): void {
  const { state } = turn;
  const isOfOthers = atLeast(state.level, "high") && !state.reasons.some((r) => OWN_LIFE.has(r.category));
  const words = text(turn, isOfOthers ? "goodbye.danger" : "goodbye");
  say(turn, words, { choices: standingChoices(turn), phones: callsIn(turn, words), safety: true });
}

/** Did she tell of violence (medium or more), rather than ask? */
export function tells(heard: Heard | null): heard is Heard {
  return heard !== null && atLeast(heard.level, "medium");
}

function offerHuman(turn: Turn, heard: Heard, words: string): void {
  const { flows } = turn.world.settings;
  const isAsked = asks(turn, words);
  // "Làm sao để dừng lại": behind his door he has read the card, and asks what it told him to ask.
  if (isAsked && turn.state.remembered.door === "own_violence" && !atLeast(heard.level, "high")) {
    const found = find(turn, words);
    if (found.answered) return answerQuestion(turn, words, found);
  }
  if (isAsked) turn.state.pending = words;
  if (wasOffered(turn, heard.level)) {
    sayHeard(turn, heard);
    return say(turn, "", { choices: standingChoices(turn) });
  }
  startFlow(turn, rank(heard.level) >= rank("high") ? flows.high : flows.medium, "main");
}

/** "Nó ép em, giờ có phải uống thuốc gì không": her question is answered too, at once or after the card. */
function toldAndAsked(turn: Turn, words: string, heard: Heard): void {
  const { state } = turn;
  // "Bóp cổ thì bao lâu hết đau", asked at a screen and like danger only by its wording, is answered, and the screen goes on.
  const isAside = topFrame(turn)?.screen !== undefined && isByWording(heard.reasons);
  const isCardDue =
    !isAside && atLeast(heard.level, "high") && state.case === null && !wasOffered(turn, heard.level);
  const found = (topFrame(turn)?.screen && !isAside) || isCardDue ? null : find(turn, words);
  if (found && !found.answered && isByWording(heard.reasons) && isOffer(turn)) {
    noteUnanswered(turn, words);
    say(turn, text(turn, state.case?.state === "waiting" ? "waiting.question" : "answer.none"));
    return offerAgain(turn);
  }
  if (!found?.answered) {
    if (isCardDue) state.pending = words;
    return told(turn, heard);
  }
  sayFound(turn, words, found);
  afterDigression(turn);
}

/** Was she offered a human a few minutes ago for something as grave? Then she is heard, and not asked once more. */
function wasOffered({ state, event, world }: Turn, level: Level): boolean {
  const isRecent = event.at - state.offeredAt < world.settings.emergency_repeat_minutes * 60_000;
  return isRecent && rank(level) <= rank(state.offeredLevel ?? "none");
}

/** She told something at a question that asked something else: never "I did not understand that". */
function told(turn: Turn, heard: Heard): void {
  const { state, world } = turn;
  if (takeHeard(turn, new Set(heard.reasons.map((r) => r.category))) === "taken") return;
  const isGrave = atLeast(heard.level, "high") || heard.reasons.some((r) => OWN_LIFE.has(r.category));
  if (isGrave && state.case === null && !wasOffered(turn, heard.level))
    return startFlow(turn, world.settings.flows.high, comesBack(turn) ? "interrupt" : "main");
  if (isAtTheDoors(turn)) return startFlow(turn, world.settings.flows.medium, "main");
  sayHeard(turn, heard);
  if (isOffer(turn)) offerAgain(turn);
  else toldInstead(turn);
}

/** She can talk and tells, instead of choosing a door: what she tells is her door (as before them, `first-words`). */
function isAtTheDoors(turn: Turn): boolean {
  const { state } = turn;
  return isBeyondSafety(turn) && state.case === null && state.remembered.said_unsafe !== "yes";
}

/**
 * Does the waiting question come back after a card? A red answer ends a screen (domain.md B5), and a card that offered a
 * human is not asked again once she has said no to the next.
 */
function comesBack(turn: Turn): boolean {
  const { flows } = turn.world.settings;
  const top = topFrame(turn);
  // What she tells instead of choosing a door is her door.
  // Nor any other question whether she wants a human.
  if (isOffer(turn)) return false;
  return !isBeyondSafety(turn) && !top?.screen && top?.flow !== flows.high && top?.flow !== flows.medium;
}

/** The answer stands above the question that waits: both are one message. */
export function afterDigression(turn: Turn): void {
  if (!isWaiting(turn)) return;
  say(turn, text(turn, "flow.returned"));
  askAgain(turn);
}

/**
 * What she asked before she could be answered is answered as soon as no question waits, or when she writes again where she
 * put it off. What she told is no question: it gets the words that it gets at any time, unless a flow has taken it up meanwhile.
 */
export function answerPending(turn: Turn): void {
  const { state, world } = turn;
  if (!state.pending || state.remembered.put_off === "yes") return;
  const words = state.pending;
  const heard = world.ear(words, []);
  const isTold = tells(heard) && !asks(turn, words);
  if (isWaiting(turn)) {
    if (isTold && speaksOfIt(turn)) state.pending = null;
    return;
  }
  state.pending = null;
  // She has called a human: what she said before it, and did not ask, is for them to read.
  if (!isTold && state.case?.asked && !asks(turn, words)) return isSaying(turn) ? undefined : smallTalk(turn);
  if (!isTold && sayCannotCall(turn, words)) return goOn(turn);
  // "Chị Mai ơi tôi đây", written before the gate, a week after Mai has gone.
  if (!isTold && callsWhoHasGone(turn, words)) return sayGone(turn);
  // "Chị ơi em đây", written before the gate, asks for nothing.
  if (!isTold && isCry(words) && !asks(turn, words) && isCalling(turn, words)) {
    if (!isSaying(turn)) smallTalk(turn);
    return;
  }
  if (!isTold) {
    const found = find(turn, words);
    // "Em là chủ máy nè", said at the gate, is no question; and who has called a human leaves to them what has no answer here.
    const isTale = !asks(turn, words) && (isStory(words) || isSaying(turn));
    if (!found.answered && (state.case?.asked || isTale)) return isSaying(turn) ? undefined : smallTalk(turn);
    return answerQuestion(turn, words, found);
  }
  if (state.case === null && !speaksOfIt(turn)) return offerHuman(turn, heard, words);
  if (isSaying(turn)) return;
  if (state.case?.state === "waiting") toldWaiting(turn, heard);
  else smallTalk(turn);
}

/** What she told at the gate stands before the question that waited; false: she told nothing there. */
export function tookUpTold(turn: Turn): boolean {
  const { state, world } = turn;
  const heard = state.pending === null ? null : world.ear(state.pending, []);
  if (!tells(heard) || asks(turn, state.pending ?? "")) return false;
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

/** An empty message or symbols only. */
export function wordless(turn: Turn, words: string): void {
  say(turn, text(turn, words.trim() === "" ? "empty" : "emoji"));
  goOn(turn);
}
