/** Runs flows: enters steps until one waits, takes answers, comes back from interruptions. */

import { readHours, writeHours } from "../hours.ts";
import { atLeast, type Level, oneUp } from "../level.ts";
import { clearWord, keepWord, type OwnWord } from "../own-words.ts";
import type { Frame, Stop } from "../state.ts";
import { leftOpen } from "../triage/instrument.ts";
import {
  erase,
  fill,
  isSaying,
  makeReceipt,
  openCase,
  raise,
  request,
  say,
  sayFallback,
  type Turn,
  text,
} from "../turn.ts";
import { pick } from "../understand.ts";
import { holds } from "./condition.ts";
import type { FlowChoice, Step } from "./definition.ts";
import {
  answerOf,
  isFollowUp,
  optionsFor,
  putChoices,
  putQuestion,
  type Question,
  readChoice,
  skipChoice,
  stopName,
} from "./question.ts";
import { answerScreen, beginScreen, putScreenQuestion, readAnswer, reopenScreen } from "./screen.ts";

/** A flow that goes on this long without waiting is broken; the check before publishing finds it, this stops it. */
const MAX_STEPS_PER_TURN = 60;
/** How often a question is put again before an unclear answer is taken as unclear. */
const MAX_UNCLEAR = 1;
/** How often a red question is put again to who tells something else. */
const MAX_TOLD = 2;
/** How often a word or hours that cannot be kept are asked for again. */
const MAX_WRONG = 2;
/** A second tap on the same button within this time is a slip of the finger, not a correction. */
const DOUBLE_TAP_MS = 10_000;

export function topFrame(turn: Turn): Frame | undefined {
  return turn.state.frames.at(-1);
}

/** Is a question of a flow waiting for her? */
export function isWaiting(turn: Turn): boolean {
  return topFrame(turn) !== undefined;
}

/** What waited was taken out of the published flows meanwhile: nothing can be an answer to it, and nobody must be stuck there. */
export function dropGone(turn: Turn): void {
  const { frames } = turn.state;
  let top = frames.at(-1);
  while (top && !canWait(turn, top)) {
    frames.pop();
    top = frames.at(-1);
  }
}

function canWait(turn: Turn, frame: Frame): boolean {
  const step = stepOf(turn, frame);
  if (!step) return false;
  if (!("screen" in step)) return "ask" in step || "ask_text" in step;
  const { screen } = frame;
  const asked = screen && turn.world.instruments.get(screen.instrument)?.questions;
  const question = asked?.find((q) => q.id === screen?.question);
  return question !== undefined && (!screen?.following || question.follow_up !== undefined);
}

/** Begins a flow. interrupt: over the waiting question, which comes back afterwards; main: instead of everything. */
export function startFlow(turn: Turn, id: string, kind: Frame["kind"]): void {
  if (kind === "main") turn.state.frames = [];
  const flow = turn.world.flows.get(id);
  if (!flow) return missing(turn);
  noteOffer(turn, id);
  turn.state.frames.push({ flow: id, step: flow.start, kind, history: [], unclear: 0 });
  go(turn);
}

/** The cards that offer a human: not again at once, unless what she tells is graver. */
function noteOffer({ state, event, world }: Turn, id: string): void {
  const { high, medium, emergency } = world.settings.flows;
  if (id !== high && id !== medium && id !== emergency) return;
  state.offeredAt = event.at;
  state.offeredLevel = state.level;
}

/** Puts the waiting question again (after an answer to something else, or when she comes back). */
export function askAgain(turn: Turn): void {
  const frame = topFrame(turn);
  const step = frame && stepOf(turn, frame);
  if (!frame || !step) {
    // The step is gone from the published flow: she must not be stuck in it.
    if (frame) goIf(turn, leave(turn));
    return;
  }
  if ("ask" in step) putQuestion(turn, frame, step);
  else if ("ask_text" in step)
    say(turn, fill(turn, step.ask_text[turn.state.lang]), { choices: skipChoice(turn, frame) });
  else if ("screen" in step && frame.screen) putScreenQuestion(turn, frame);
  else go(turn);
}

/** Does a question wait whose answer tells how great the danger is, or whether she can talk at all? */
export function isRed(turn: Turn): boolean {
  const frame = topFrame(turn);
  const step = frame && stepOf(turn, frame);
  return step !== undefined && ("screen" in step || ("ask" in step && step.red === true));
}

/** Does a question wait that only offers, a human among other things? */
export function isOffer(turn: Turn): boolean {
  return offerOf(turn) !== null;
}

function offerOf(turn: Turn): Question | null {
  const frame = topFrame(turn);
  const step = frame && stepOf(turn, frame);
  const human = `flow:${turn.world.settings.flows.human}`;
  return step && "ask" in step && !step.red && step.choices.some((c) => c.next === human) ? step : null;
}

/** The choices of the offer that waits, without its words: who tells on has read them. What danger needs is said again. */
export function offerAgain(turn: Turn, isAsked = true): void {
  const frame = topFrame(turn);
  const step = offerOf(turn);
  if (!frame || !step) return;
  if (step.unclear && isAsked) askAgain(turn);
  else putChoices(turn, frame, step);
}

/** What came of an answer. */
export type Taken = "taken" | "unclear" | "not_here";

/** Takes a tapped value of this or an earlier question. `not_here`: the value is of no question she can still change. */
export function takeChoice(turn: Turn, value: string): Taken {
  const parsed = readChoice(value);
  if (!parsed) return "not_here";
  const { flow, step, answer } = parsed;
  const frame = topFrame(turn);
  if (!frame) return "not_here";
  const waitingFor = frame.screen ? `${frame.step}/${frame.screen.question}` : frame.step;
  const place = stopName(step, answer);
  const follows = isFollowUp(answer);
  const isHere = flow === frame.flow && place === waitingFor;
  if (isHere && follows === (frame.screen?.following ?? false)) return accept(turn, frame, answer);
  // A question and the one after its yes are two: a second tap on "Có" says nothing of today.
  const stop = frame.history.findLast(
    (h) => h.flow === flow && h.step === place && isFollowUp(h.answer) === follows,
  );
  if (!stop) return "not_here";
  if (stop.answer === answer && turn.event.at - stop.at < DOUBLE_TAP_MS) return "taken";
  rewind(turn, frame, stop);
  return accept(turn, frame, answer);
}

/** Takes words as the answer to the waiting question, if they are one. */
export function takeText(turn: Turn, words: string): Taken {
  const frame = topFrame(turn);
  const step = frame && stepOf(turn, frame);
  if (!frame || !step) return "not_here";
  if ("ask_text" in step) return accept(turn, frame, words.slice(0, 500));
  const options = optionsFor(turn, frame, step);
  const meant = pick(options, words);
  if (meant === null && "ask" in step && step.text && keepHours(turn, words) === null) {
    goIf(turn, move(turn, frame, step.text.next));
    return "taken";
  }
  if (meant === null) return "unclear";
  return accept(turn, frame, answerOf(meant));
}

/** Do words answer the waiting question by something that raises no level ("có, em nói được", "dạ không")? */
export function answersCalmly(turn: Turn, words: string): boolean {
  const frame = topFrame(turn);
  const step = frame && stepOf(turn, frame);
  if (!frame || !step || "ask_text" in step) return false;
  const meant = pick(optionsFor(turn, frame, step), words);
  if (meant === null) return false;
  const answer = answerOf(meant);
  return "ask" in step ? !step.choices.find((c) => c.id === answer)?.raise : readAnswer(answer) === "no";
}

/** What was heard in her words answers the red question that waits ("nó hay bóp cổ em" → yes, strangled). */
export function takeHeard(turn: Turn, categories: ReadonlySet<string>): Taken {
  const frame = topFrame(turn);
  const question =
    frame?.screen &&
    turn.world.instruments
      .get(frame.screen.instrument)
      ?.questions.find((q) => q.id === frame.screen?.question);
  if (!frame?.screen || frame.screen.following || !question || !categories.has(question.category))
    return "not_here";
  return accept(turn, frame, `${question.id}.yes`);
}

/** The question was not understood: said once more, then taken as unclear and gone on from. */
export function notUnderstood(turn: Turn): void {
  const frame = topFrame(turn);
  const step = frame && stepOf(turn, frame);
  if (!frame || !step) return;
  if (frame.unclear < MAX_UNCLEAR) {
    frame.unclear += 1;
    say(turn, ownUnclear(turn) ?? text(turn, "unclear"));
    askAgain(turn);
    return;
  }
  evade(turn, frame, step, "unclear");
}

/** What the waiting question itself says to words that are no answer; undefined: nothing. */
export function ownUnclear(turn: Turn): string | undefined {
  const frame = topFrame(turn);
  const step = frame && stepOf(turn, frame);
  const own = step && "ask" in step ? step.unclear?.[turn.state.lang] : undefined;
  return own && fill(turn, own);
}

/** She told something else at a red question, and was heard: it is put again, but not for ever. */
export function toldInstead(turn: Turn): void {
  const frame = topFrame(turn);
  const step = frame && stepOf(turn, frame);
  if (!frame || !step) return;
  if (!isRed(turn)) return askAgain(turn);
  if (frame.unclear >= MAX_TOLD) return evade(turn, frame, step, "unclear");
  frame.unclear += 1;
  askAgain(turn);
}

/** She does not want to answer. */
export function skip(turn: Turn): Taken {
  const frame = topFrame(turn);
  const step = frame && stepOf(turn, frame);
  if (!frame || !step) return "not_here";
  evade(turn, frame, step, "skipped");
  return "taken";
}

/** One question back; false: there is none. Levels stay where they are. */
export function back(turn: Turn): boolean {
  const frame = topFrame(turn);
  const last = frame?.history.at(-1);
  if (!frame || !last) return false;
  rewind(turn, frame, last);
  say(turn, text(turn, "back.done"));
  askAgain(turn);
  return true;
}

/** A flow that is not there (left out because it is not sound) must not leave her words without any answer. */
function missing(turn: Turn): void {
  if (turn.event.type === "message_received" && !isSaying(turn)) sayFallback(turn);
}

// ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────

export function stepOf(turn: Turn, frame: Frame): Step | undefined {
  return turn.world.flows.get(frame.flow)?.steps[frame.step];
}

/** goes: the top frame stands at a step that has not been entered yet. waits: a question is put, or nothing is left. */
type Flowing = "goes" | "waits";

/** Enters steps until one waits or no frame is left. */
function go(turn: Turn): void {
  for (let n = 0; n < MAX_STEPS_PER_TURN; n += 1) {
    const frame = topFrame(turn);
    if (!frame) return;
    const step = stepOf(turn, frame);
    if ((step ? enter(turn, frame, step) : leave(turn)) === "waits") return;
  }
  throw new Error(`a flow took more than ${MAX_STEPS_PER_TURN} steps without waiting`);
}

function goIf(turn: Turn, flowing: Flowing): void {
  if (flowing === "goes") go(turn);
}

function enter(turn: Turn, frame: Frame, step: Step): Flowing {
  if ("ask" in step) {
    putQuestion(turn, frame, step);
    return "waits";
  }
  if ("ask_text" in step) {
    say(turn, fill(turn, step.ask_text[turn.state.lang]), { choices: skipChoice(turn, frame) });
    return "waits";
  }
  if ("screen" in step) {
    if (beginScreen(turn, frame, step)) return "waits";
    return finishScreen(turn, frame, step);
  }
  if ("say" in step) {
    say(turn, fill(turn, step.say[turn.state.lang]), { phones: step.phones, safety: step.safety });
  } else if ("open_case" in step) {
    openCase(turn, step.open_case.asked);
  } else if ("set" in step) {
    Object.assign(turn.state.remembered, step.set);
  } else if ("receipt" in step) {
    makeReceipt(turn);
  } else if ("erase" in step) {
    erase(turn);
  } else if ("clear" in step) {
    clearWord(turn, step.clear);
  } else if ("request" in step) {
    request(turn, step.request);
  } else if ("branch" in step) {
    const hit = step.branch.find((b) => holds(turn, b.if));
    return move(turn, frame, hit?.next ?? step.else);
  } else {
    const flow = turn.world.flows.get(step.run);
    if (!flow) missing(turn);
    else {
      turn.state.frames.push({ flow: step.run, step: flow.start, kind: "called", history: [], unclear: 0 });
      return "goes";
    }
  }
  return move(turn, frame, step.next);
}

function move(turn: Turn, frame: Frame, target: string): Flowing {
  frame.unclear = 0;
  delete frame.screen;
  if (target === "end") return leave(turn);
  if (target.startsWith("flow:")) {
    const id = target.slice(5);
    const flow = turn.world.flows.get(id);
    if (!flow) {
      missing(turn);
      return leave(turn);
    }
    noteOffer(turn, id);
    // Who calls a human is asked nothing more of what waited below.
    if (id === turn.world.settings.flows.human) turn.state.frames = [frame];
    // A helper whose telling interrupted the helper's questions is led to them again: once is enough.
    turn.state.frames = turn.state.frames.filter((f) => f === frame || f.flow !== id);
    frame.flow = id;
    frame.step = flow.start;
    return "goes";
  }
  frame.step = target;
  return "goes";
}

/** Ends the top frame: a caller goes on, an interrupted question is put again. */
function leave(turn: Turn): Flowing {
  const ended = turn.state.frames.pop();
  const below = topFrame(turn);
  if (!ended || !below) return "waits";
  if (ended.kind === "called") {
    const step = stepOf(turn, below);
    return step && "run" in step ? move(turn, below, step.next) : leave(turn);
  }
  say(turn, text(turn, "flow.returned"));
  askAgain(turn);
  return "waits";
}

export function accept(turn: Turn, frame: Frame, answer: string): Taken {
  const step = stepOf(turn, frame);
  if (!step) return "not_here";
  if (answer === "skip") {
    evade(turn, frame, step, "skipped");
    return "taken";
  }
  if ("screen" in step) {
    if (!frame.screen) return "not_here";
    frame.history.push({
      flow: frame.flow,
      step: `${frame.step}/${frame.screen.question}`,
      answer,
      at: turn.event.at,
    });
    if (answerScreen(turn, frame, step, answer) === "done") goIf(turn, finishScreen(turn, frame, step));
    return "taken";
  }
  if ("ask_text" in step && step.into) return takeInto(turn, frame, step.into, answer);
  if ("ask_text" in step) {
    remember(turn, frame, step.ask_text[turn.state.lang], answer, answer);
    goIf(turn, move(turn, frame, step.next));
    return "taken";
  }
  if (!("ask" in step)) return "not_here";
  const choice = step.choices.find((c) => c.id === answer);
  if (!choice) return "not_here";
  frame.history.push({ flow: frame.flow, step: frame.step, answer, at: turn.event.at });
  remember(turn, frame, step.ask[turn.state.lang], choice.label[turn.state.lang], choice.id);
  raiseBy(turn, choice);
  goIf(turn, move(turn, frame, choice.next));
  return "taken";
}

/** Words that become something else than an answer; what is wrong with them is said, and they are asked for again. */
function takeInto(turn: Turn, frame: Frame, into: "safe_hours" | OwnWord, words: string): Taken {
  const step = stepOf(turn, frame);
  if (!step || !("ask_text" in step)) return "not_here";
  const wrong = into === "safe_hours" ? keepHours(turn, words) : keepWord(turn, into, words);
  if (wrong === null) goIf(turn, move(turn, frame, step.next));
  else if (frame.unclear >= MAX_WRONG) goIf(turn, move(turn, frame, step.skip ?? step.next));
  else {
    frame.unclear += 1;
    say(turn, text(turn, wrong));
    askAgain(turn);
  }
  return "taken";
}

function keepHours(turn: Turn, words: string): "hours.unclear" | null {
  const hours = readHours(words);
  if (hours === null) return "hours.unclear";
  turn.state.remembered.safe_hours = writeHours(hours);
  return null;
}

function raiseBy(turn: Turn, choice: FlowChoice): void {
  if (!choice.raise) return;
  raise(turn, choice.raise.level, [{ category: choice.raise.category, evidence: choice.raise.evidence.vi }]);
}

function remember(turn: Turn, frame: Frame, question: string, answer: string, value: string): void {
  turn.state.answers[`${frame.flow}.${frame.step}`] = {
    question: fill(turn, question),
    answer,
    value,
    at: turn.event.at,
  };
}

/** A skip or an unclear answer: never "no danger" (domain.md C3.14); on a red question one level up. */
function evade(turn: Turn, frame: Frame, step: Step, how: "skipped" | "unclear"): void {
  if ("screen" in step) {
    if (!frame.screen) return;
    const { question, following } = frame.screen;
    frame.history.push({
      flow: frame.flow,
      step: `${frame.step}/${question}`,
      answer: `${question}${following ? "!" : "."}${how}`,
      at: turn.event.at,
    });
    frame.unclear = 0;
    if (answerScreen(turn, frame, step, how) === "done") goIf(turn, finishScreen(turn, frame, step));
    return;
  }
  if ("ask" in step) {
    frame.history.push({ flow: frame.flow, step: frame.step, answer: how, at: turn.event.at });
    remember(turn, frame, step.ask[turn.state.lang], text(turn, "skip"), how);
    if (step.red) raiseEvaded(turn, step);
    goIf(turn, move(turn, frame, step.skip ?? step.choices.at(-1)?.next ?? "end"));
    // Who wants nothing of what was offered is not left without a word.
    if (!isWaiting(turn) && !isSaying(turn)) say(turn, text(turn, "here"));
  } else if ("ask_text" in step) {
    goIf(turn, move(turn, frame, step.skip ?? step.next));
  }
}

/** One level above what is known, but a machine's doubt alone never makes an emergency. */
function raiseEvaded(turn: Turn, step: Question): void {
  const known: Level = turn.state.level;
  raise(turn, atLeast(known, "high") ? known : oneUp(known), [leftOpen(step.ask.vi)]);
}

function finishScreen(turn: Turn, frame: Frame, step: Extract<Step, { screen: string }>): Flowing {
  const level = turn.state.level;
  const target =
    level === "emergency" && step.on_emergency
      ? step.on_emergency
      : atLeast(level, "high") && step.on_high
        ? step.on_high
        : step.next;
  return move(turn, frame, target);
}

function rewind(turn: Turn, frame: Frame, stop: Stop): void {
  frame.history = frame.history.slice(0, frame.history.lastIndexOf(stop));
  frame.unclear = 0;
  const [step = "", question] = stop.step.split("/");
  frame.flow = stop.flow;
  frame.step = step;
  delete frame.screen;
  const at = stepOf(turn, frame);
  if (question && at && "screen" in at) reopenScreen(turn, frame, at, question, isFollowUp(stop.answer));
}
