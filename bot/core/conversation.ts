/** The one function that matters: one event decided. Pure; the order of its questions is the order of design.md §2. */

import { standingChoices } from "./answer.ts";
import { asksWhere } from "./asked-in-danger.ts";
import { asks } from "./asked-or-told.ts";
import { answerWhatWaits, dropIfUnfit, modelAnswered } from "./asking.ts";
import { askedAboutMachine, command, isOrder, offeredLabel, tapped, wishesHuman } from "./commands.ts";
import { deskEvent, humanAnswered, timerDue, undelivered, waitForCounsellor } from "./desk-events.ts";
import type { Effect } from "./effects.ts";
import { humanSpeaks, leaveToHuman, otherVoice } from "./elsewhere.ts";
import type { ConversationEvent } from "./events.ts";
import { askAgain, dropGone, isWaiting, takeText } from "./flow/run.ts";
import { answerPending, talk, tells, tookLeave, wordless } from "./free-talk.ts";
import { isUnderDuress, lock, locked, NOT_ME, notHer, snooped, whatIsThis } from "./gate.ts";
import { arrivedAgain, greet, refuse } from "./greeting.ts";
import { dangerPressed, emergency, hear, keep, unsafeWhileWaiting, wordsOf } from "./hearing.ts";
import { takeHers } from "./hers.ts";
import { likelyLangOf, plainLangOf } from "./language.ts";
import { cameLate, stopKnocking, takeLate } from "./late.ts";
import { cameBack, exit, personLeft, withdrawn } from "./leaving.ts";
import { isByWording, rank } from "./level.ts";
import { isOfAlbum, sayUnread, sayUnreadable, sayUnseen } from "./media.ts";
import type { Content } from "./message.ts";
import { asksForWord, duress, isDuressWord, isPrivateWord } from "./own-words.ts";
import { isFlooding, waitsForMore } from "./pace.ts";
import { heldDue, isThere, knownToBeHer, release } from "./reach.ts";
import { speaksAsAnother } from "./speaks-as-another.ts";
import type { State } from "./state.ts";
import type { Heard } from "./triage/ear.ts";
import { beginTurn, consent, flush, openCase, say, sayFallback, type Turn, text } from "./turn.ts";
import { isCommand, mentions, plain } from "./understand.ts";
import { planWipe } from "./wiping.ts";
import type { World } from "./world.ts";

export interface Decision {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/** Decides one event. Same state, event and world: same decision. */
export function step(state: State, event: ConversationEvent, world: World): Decision {
  const turn = beginTurn(state, event, world);
  dropGone(turn);
  switch (event.type) {
    case "message_received":
      received(turn, event);
      break;
    case "timer_due":
      timerDue(turn, event.timer, event.token);
      break;
    case "case_claimed":
    case "counsellor_wrote":
    case "case_released":
    case "case_closed":
    case "level_set":
      deskEvent(turn, event);
      break;
    case "delivery_failed":
      undelivered(turn, event.code);
      break;
    case "turn_failed":
      if (event.hers) hearAnyway(turn, event.hers);
      if (isUnderDuress(turn)) say(turn, text(turn, "decoy"));
      else if (!event.inside || isThere(turn)) sayFallback(turn);
      break;
    case "model_answered":
      modelAnswered(turn, event);
      break;
  }
  const isForgotten = turn.effects.some((e) => e.type === "forget");
  if (event.type === "message_received" && event.content.kind !== "other_voice" && !isForgotten) {
    // What was hours on its way shows nobody to be there: the counsellor's words go on waiting for her hours.
    if (turn.state.lastPersonAt < event.at) heldDue(turn);
    else release(turn);
  }
  if (turn.state.lock === null) delete turn.state.lockedAt;
  else if (state.lock === null || turn.state.lockedAt === undefined) turn.state.lockedAt = event.at;
  if (turn.state.lock === null && !humanSpeaks(turn)) answerPending(turn);
  dropIfUnfit(turn);
  flush(turn);
  if (!isForgotten) planWipe(turn);
  return { state: turn.state, effects: turn.effects };
}

/** What could not be answered is read by who has her case, and danger in it calls somebody. */
function hearAnyway(turn: Turn, { content, platformRef }: NonNullable<Failed["hers"]>): void {
  const words = wordsOf(content);
  keep(turn, content, words, platformRef);
  waitForCounsellor(turn);
  if (words === null || content.kind === "choice") return;
  const { level } = hear(turn, words);
  if (level === "emergency" && turn.world.settings.emergency_case_without_asking) openCase(turn, false);
}

type Failed = Extract<ConversationEvent, { type: "turn_failed" }>;

function received(turn: Turn, message: Extract<ConversationEvent, { type: "message_received" }>): void {
  const { state, event, world } = turn;
  const { content, langHint, platformRef, writtenAt } = message;
  if (content.kind === "staff_post") return;
  if (content.kind === "refused") return refuse(turn, content.why);
  if (content.kind === "other_voice") {
    otherVoice(turn, content.text);
    if (state.elsewhere !== null) humanAnswered(turn);
    return;
  }
  if (content.kind === "withdrawn") return withdrawn(turn);
  if (content.kind === "left") return personLeft(turn);
  if (!state.greeted && state.speaks === null && langHint) state.lang = langHint;
  const words = wordsOf(content);
  if (words !== null && content.kind !== "choice") followLanguage(turn, words);
  keep(turn, content, words, platformRef);
  cameBack(turn);
  const gapMs = event.at - state.lastPersonAt;
  const hadWritten = state.lastPersonAt > 0;
  const late = cameLate(turn, writtenAt);
  // Late words are no sign that she is there now.
  state.lastPersonAt = late ? Math.max(state.lastPersonAt, writtenAt ?? 0) : event.at;

  if (!late) stopKnocking(turn);

  // 1. Exit and forget: nothing comes before them, in any state.
  if (words !== null && isCommand(world.settings, "exit", words)) return exit(turn, late);

  // What she put off until she writes again.
  if (state.remembered.put_off === "yes") state.remembered.put_off = "no";

  // 2. Risk first: every text, whoever writes it and whatever state we are in.
  const heard = words !== null && content.kind !== "choice" ? hear(turn, words) : null;
  const isLong = hadWritten && gapMs > world.settings.gap_minutes * 60_000;
  // A button is for the question that it belongs to, unless she stands before the gate or a human talks with her.
  const isElsewhere = late || isLong || state.lock !== null || humanSpeaks(turn);
  const danger =
    heard?.level === "emergency" ||
    (words !== null && unsafeWhileWaiting(turn, words)) ||
    (isElsewhere && dangerPressed(turn, content));
  // Flows look at it: who asks for a human beside what she tells is not asked whether she wants one.
  if (words !== null && !humanSpeaks(turn) && wishesHuman(turn, words)) state.remembered.wish = "yes";

  // 3. Is it still her?
  if (words !== null && isDuressWord(state, words) && asksForWord(turn) !== "duress_word") {
    waitForCounsellor(turn);
    return duress(turn);
  }
  // Who was never read has told nothing that a gate would keep, and could not answer at it.
  if (content.kind === "unreadable" && !state.greeted) return sayUnreadable(turn);
  if (late || danger) waitForCounsellor(turn);
  if (late) return takeLate(turn, content, words, heard, danger);
  if (isLong && (!humanSpeaks(turn) || state.own.private !== null)) lock(turn, "gap");
  if (words !== null && (mentions(world.settings, "snoop", words) || speaksAsAnother(words))) {
    // "Tao là chồng nó, nó quỳ trước mặt tao, tao cầm dao": dull words for him, and the desk is called for her.
    if (danger && world.settings.emergency_case_without_asking) openCase(turn, false);
    return snooped(turn);
  }
  if (danger && !asksAtTheCard(turn, heard, words))
    return isUnderDuress(turn) ? say(turn, text(turn, "decoy")) : emergency(turn, heard, words);
  if (isFlooding(turn)) return;
  // "Ai đang nhắn với vợ tao", again: no question comes that a "yes" could answer.
  if (state.lock === "snoop" && words !== null && isCommand(world.settings, "what_is_this", words))
    return snooped(turn);
  if (state.lock) {
    locked(turn, content, words, heard);
    // What she wrote at the gate was to the counsellor who has her case: it waits for an answer like all that comes after it.
    if (turn.state.lock === null && state.pending !== null) waitForCounsellor(turn);
    return;
  }
  if (content.kind === "choice" && content.value === NOT_ME) return notHer(turn);
  if (words !== null && isCommand(world.settings, "what_is_this", words))
    return whatIsThis(turn, content, words);

  if (content.kind === "media") {
    const isToldAlready = isOfAlbum(turn, content.media);
    if (isToldAlready && words === null) return;
    if (!isToldAlready && words !== null) sayUnseen(turn);
  }

  const isWord = words !== null && isPrivateWord(state, words) && asksForWord(turn) === null;
  if (isWord) knownToBeHer(turn);

  // 4. A human is here: hers is the word.
  if (humanSpeaks(turn)) {
    if (takeHers(turn, content, words)) return;
    leaveToHuman(turn);
    // Read by the human: what was to be answered with it must not come back when the human has gone.
    state.burst = [];
    waitForCounsellor(turn);
    if (content.kind === "media" && words === null) sayUnread(turn, content.media);
    if (content.kind === "unreadable") sayUnreadable(turn);
    return;
  }

  if (isWord) return wordAgain(turn);
  if (waitsForMore(turn, content)) return;
  dispatch(turn, content, words, heard);
}

/**
 * "Em có nên uống thuốc không", asked at the card and like danger only by its wording: answered, where it was put aside with
 * what to do when he is at the door.
 */
function asksAtTheCard(turn: Turn, heard: Heard | null, words: string | null): boolean {
  const { state, event, world } = turn;
  const isUp = state.lock === null && state.frames.at(-1)?.flow === world.settings.flows.emergency;
  const isRecent = event.at - state.emergencyAt < world.settings.emergency_repeat_minutes * 60_000;
  if (!isUp || !isRecent || words === null || heard === null || !isByWording(heard.reasons)) return false;
  return (asks(turn, words) || asksWhere(words)) && !HAPPENS.test(plain(words));
}

/** "Nó đang phá cửa, giờ sao" is no question to look up. */
const HAPPENS = /(^| )(dang|sap|(ve|toi|len|vo|vao) (roi|toi)|now|coming|outside)( |$)/;

/** Her private word where no gate asks for it: no answer, and nothing to look up or to put on a list. */
function wordAgain(turn: Turn): void {
  say(turn, text(turn, "here"));
  if (isWaiting(turn)) askAgain(turn);
  else say(turn, "", { choices: standingChoices(turn) });
}

/**
 * What her phone is set to and what she writes are not the same. Her first words that show a language decide; what
 * comes later may be somebody else's words that she passes on. Until then each message is answered in the language that it
 * is likely in: a short cry for help shows nothing and must be understood. Two messages on end in the other
 * language are hers, unless she has chosen one.
 */
function followLanguage({ state }: Turn, words: string): void {
  const shown = plainLangOf(words);
  const before = state.remembered.writes;
  if (shown !== null) state.remembered.writes = shown;
  const isOther = state.speaks !== null && shown !== null && shown !== state.speaks;
  if (isOther && shown === before && state.remembered.chose !== "yes") state.speaks = state.lang = shown;
  if (state.speaks !== null) return;
  state.speaks = shown;
  state.lang = state.speaks ?? likelyLangOf(words) ?? state.lang;
}

/** Everything that is not exit, danger, a lock or a talk with a counsellor. */
function dispatch(turn: Turn, content: Content, words: string | null, heard: Heard | null): void {
  const { state } = turn;
  if (state.burst.length > 0 && content.kind === "text") return dispatchBurst(turn, content.text, heard);
  if (!state.greeted) return greet(turn, content, words, heard);
  answerWhatWaits(turn);
  if (content.kind === "arrived") return arrivedAgain(turn);
  consent(turn, "chat");
  if (content.kind === "choice") return tapped(turn, content.value);
  if (content.kind === "edited") return;
  if (content.kind === "unreadable") return sayUnreadable(turn);
  if (words === null) {
    if (content.kind === "media") sayUnread(turn, content.media);
    if (isWaiting(turn)) askAgain(turn);
    return;
  }
  if (plain(words) === "") return wordless(turn, words);
  if (tookLeave(turn, words, heard)) return;
  const isMachine = !tells(heard) && askedAboutMachine(turn, words);
  if (isMachine || command(turn, words) || answered(turn, words)) {
    // "Không phải bây giờ" is an answer to us, not part of a disclosure: it must not colour what she tells next.
    if (heard?.level === "none") state.recent = state.recent.slice(0, -1);
    return;
  }
  talk(turn, words, heard);
}

/** Once for all of a burst: its texts are one message. An order at its end stays one, after what the rest may answer. */
function dispatchBurst(turn: Turn, last: string, heard: Heard | null): void {
  const { state, world } = turn;
  const before = state.burst.join("\n");
  state.burst = [];
  if (isOrder(turn, last)) {
    answered(turn, before);
    return dispatch(turn, { kind: "text", text: last }, last, heard);
  }
  const all = `${before}\n${last}`;
  followLanguage(turn, all);
  const together = world.ear(all, []);
  dispatch(
    turn,
    { kind: "text", text: all },
    all,
    heard && rank(heard.level) > rank(together.level) ? heard : together,
  );
}

/** Was it an answer to the waiting question, or a label of our last message? */
function answered(turn: Turn, words: string): boolean {
  return isWaiting(turn) ? takeText(turn, words) === "taken" : offeredLabel(turn, words);
}
