/** Is it still her? After an exit or a gap nothing sensitive comes before that is known. */

import { audienceOf } from "./answer.ts";
import { humanSpeaks } from "./elsewhere.ts";
import { askAgain, isWaiting, startFlow } from "./flow/run.ts";
import { tells, tookUpTold } from "./free-talk.ts";
import { greet } from "./greeting.ts";
import { emergency, isHeard } from "./hearing.ts";
import { atLeast, rank } from "./level.ts";
import type { Content } from "./message.ts";
import { forgetSaid } from "./needs.ts";
import { isPrivateWord } from "./own-words.ts";
import { knownToBeHer, release } from "./reach.ts";
import type { Heard } from "./triage/ear.ts";
import { count, effect, say, type Turn, text } from "./turn.ts";
import { isCommand, pick, plain } from "./understand.ts";

/** So many wrong answers at the gate are somebody else's. */
const MAX_WRONG = 2;
const CROSSING_MS = 3_000;
/** Longer first words at the gate are kept, and answered when it is known to be her. */
const MIN_PENDING = 3;
/** "That was not me": the button stays on the phone, and says the same when the gate stands open again. */
export const NOT_ME = "go:notme";

/** Asks the harmless question of the gate, unasked: for words that came late. */
export function askAtGate(turn: Turn): void {
  locked(turn, { kind: "arrived" }, null);
}

/** At the locked gate: only a harmless question, until the answer says that it is her. */
export function locked(turn: Turn, content: Content, words: string | null, heard: Heard | null = null): void {
  const { state } = turn;
  if (state.own.private !== null) return atWordGate(turn, words, heard);
  const options = [
    { value: "go:me", label: text(turn, "gate.yes"), words: [], bare: [...turn.world.settings.words.yes] },
    { value: NOT_ME, label: text(turn, "gate.no"), words: [], bare: [...turn.world.settings.words.no] },
  ];
  const meant = content.kind === "choice" ? content.value : words === null ? null : pick(options, words);
  // "Vâng" right after somebody else's question, or "ừ" as the first word after hours, answers nothing of ours.
  const isAnswer = content.kind === "choice" || state.gate.askedAt > 0;
  if (meant === "go:me" && isAnswer) return unlocked(turn);
  if (meant === NOT_ME) return notHer(turn);
  if (content.kind === "text" || content.kind === "media") keepForLater(turn, words, heard);
  state.gate.askedAt ||= turn.event.at;
  say(turn, text(turn, "gate.ask"), {
    choices: options.map((o) => ({ kind: "answer", label: o.label, value: o.value })),
  });
}

/** Whoever holds the phone says not to be her. */
export function notHer(turn: Turn): void {
  const { state } = turn;
  if (state.lock !== "duress") state.lock = "snoop";
  state.remembered.wish = "no";
  say(turn, text(turn, "decoy"));
}

/** With a private word set only the word opens; two wrong answers count as somebody else's attempt. */
function atWordGate(turn: Turn, words: string | null, heard: Heard | null): void {
  const { state } = turn;
  if (words !== null && isPrivateWord(state, words)) {
    effect(turn, { type: "audit", action: "private_word_confirmed", detail: "" });
    return unlocked(turn);
  }
  if (state.lock === "snoop" || state.lock === "duress") {
    // Known to be somebody else: what is asked for here is not hers.
    state.remembered.wish = "no";
    return say(turn, text(turn, "decoy"));
  }
  if (turn.event.more) return;
  const { askedAt } = state.gate;
  // Her next message may have crossed our question: only what comes after it is an answer.
  if (askedAt === 0) keepForLater(turn, words, heard);
  if (askedAt > 0 && turn.event.at - askedAt >= CROSSING_MS && words !== null && plain(words) !== "")
    state.gate.wrong += 1;
  if (askedAt === 0) state.gate.askedAt = turn.event.at;
  if (state.gate.wrong >= MAX_WRONG) return snooped(turn);
  say(turn, text(turn, "gate.word"));
}

/** What came last is answered once it is known to be her; but "có ai ở đó không vậy" does not take the place of what she told before it. */
export function keepForLater({ state, world }: Turn, words: string | null, heard: Heard | null): void {
  if (!isKept(words, heard)) return;
  const before = state.pending === null ? null : world.ear(state.pending, []);
  if (tells(before) && rank(before.level) > rank(heard?.level ?? "none")) return;
  state.pending = words;
}

/** Are these words answered once it is known to be her? An answer to the gate's question is not. */
function isKept(words: string | null, heard: Heard | null): boolean {
  return words !== null && (plain(words).split(" ").length > MIN_PENDING || isHeard(heard));
}

function unlocked(turn: Turn): void {
  const { state } = turn;
  state.lock = null;
  // "It is written down" of before the gate is no answer to who comes through it.
  state.toldAt = 0;
  knownToBeHer(turn);
  state.gate = { askedAt: 0, wrong: 0 };
  // Only the word makes it sure that it is her who reads this.
  if (state.own.private !== null && state.attempts > 0) {
    say(turn, text(turn, "gate.attempts", { n: String(state.attempts) }));
    state.attempts = 0;
  }
  if (state.case) effect(turn, { type: "mark_case", caseId: state.case.id, mark: "returned" });
  sayClosed(turn);
  if (state.late) {
    const { danger } = state.late;
    state.late = null;
    effect(turn, { type: "cancel_timer", timer: "late" });
    say(turn, text(turn, "late.sorry"));
    if (danger) {
      state.pending = null;
      return emergency(turn);
    }
  }
  if (!state.greeted) return greet(turn, { kind: "arrived" }, null);
  // What she asked for at the gate was a human: nothing else comes first.
  if (state.remembered.wish === "yes" && !humanSpeaks(turn)) {
    state.pending = null;
    return startFlow(turn, turn.world.settings.flows.human, "main");
  }
  if (isWaiting(turn)) return tookUpTold(turn) ? undefined : askAgain(turn);
  if (state.held.some((h) => h.kind === "joined")) return;
  if (!state.pending || humanSpeaks(turn)) startFlow(turn, turn.world.settings.flows.returned, "main");
}

/** Her case was closed while she was away: after what her counsellor left for her she is told that nobody is there any more. */
function sayClosed(turn: Turn): void {
  const { state } = turn;
  if (state.remembered.closed_away !== "yes") return;
  state.remembered.closed_away = "no";
  if (state.case !== null) return;
  release(turn);
  say(turn, text(turn, "counsellor.closed"));
}

/** Shortly after the duress word nothing but harmless content is shown, whatever is written. */
export function isUnderDuress({ state, event, world }: Turn): boolean {
  return state.lock === "duress" && event.at - state.duressAt < world.settings.gap_minutes * 60_000;
}

/** After a gap, or again after an exit: the gate stands closed and its question has not been asked. */
export function lock(turn: Turn, why: "exit" | "gap"): void {
  if (turn.state.lock !== null && why === "gap") {
    // What she writes after a pause answers no question of yesterday; one of a minute ago, put for words that came late, it does.
    const sinceMs = turn.event.at - turn.state.gate.askedAt;
    if (sinceMs > turn.world.settings.gap_minutes * 60_000) turn.state.gate.askedAt = 0;
    return;
  }
  turn.state.lock = why;
  turn.state.remembered.stale = String(turn.state.recent.length);
  forgetSaid(turn.state);
  turn.state.gate = { askedAt: 0, wrong: 0 };
}

/** Somebody else may hold the phone: dull words, and nothing more before it is known to be her. */
export function snooped(turn: Turn): void {
  const { state } = turn;
  // The duress word's lock is the stricter one.
  if (state.lock !== "duress") state.lock = "snoop";
  state.gate = { askedAt: 0, wrong: state.gate.wrong };
  state.pending = null;
  // Whatever was asked for at the gate may have been theirs.
  state.remembered.wish = "no";
  state.attempts += 1;
  count(turn, "access_attempt");
  effect(turn, { type: "audit", action: "access_attempt", detail: "" });
  if (state.case) effect(turn, { type: "mark_case", caseId: state.case.id, mark: "left" });
  say(turn, text(turn, "decoy"));
}

/**
 * "What is this?": hers, while nothing is told yet; later it may be somebody else's, and gets dull words. "Who is this?" may
 * be somebody else's from her first answer on; "who are you?" asks us, and is hers until she has told something.
 */
export function whatIsThis(turn: Turn, content: Content, words: string): void {
  const { state, world } = turn;
  const before = state.burst.join("\n");
  // Written in one breath with the question: answered now or after it, not mixed into whatever she writes next.
  state.burst = [];
  if (!state.greeted)
    return before === ""
      ? greet(turn, { kind: "arrived" }, null)
      : greet(turn, { kind: "text", text: before }, before, world.ear(before, []));
  const isEmpty = isCommand(world.settings, "who_are_you", words)
    ? !hasTold(turn)
    : Object.keys(state.answers).length === 0 && state.level === "none" && !hasTold(turn);
  if (!isEmpty) return snooped(turn);
  if (before !== "") state.pending = before;
  say(turn, text(turn, "what_is_this"));
  if (isWaiting(turn)) return askAgain(turn);
  if (content.kind === "text") startFlow(turn, turn.world.settings.flows.menu, "main");
}

/** Would what stands here give her away? That she can talk, and that she only wants to ask, does not. */
function hasTold({ state, world }: Turn): boolean {
  const { start, menu } = world.settings.flows;
  const isHarmless = (answer: string) => answer.startsWith(`${start}.`) || answer.startsWith(`${menu}.`);
  return (
    state.asked.length > 0 ||
    state.pending !== null ||
    state.case !== null ||
    atLeast(state.level, "medium") ||
    audienceOf(state.remembered.door) !== undefined ||
    !Object.keys(state.answers).every(isHarmless)
  );
}
