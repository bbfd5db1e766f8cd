/** Asks an instrument's questions in order inside a flow, and stops at a hard-stop answer. */

import type { Choice } from "../message.ts";
import { textOf } from "../settings.ts";
import type { Frame } from "../state.ts";
import { type Instrument, type InstrumentAnswer, scoreInstrument } from "../triage/instrument.ts";
import { fill, raise, say, type Turn } from "../turn.ts";
import type { Option } from "../understand.ts";
import type { Step } from "./definition.ts";

type ScreenStep = Extract<Step, { screen: string }>;
type Question = Instrument["questions"][number];

/** Who skips so many in a row does not want to be asked: what was red stays open, and a human is offered. */
const MAX_SKIPPED = 3;

/** Begins at the first question that no instrument has asked yet; false: there is nothing left to ask. */
export function beginScreen(turn: Turn, frame: Frame, step: ScreenStep): boolean {
  const first = isTired(frame) ? undefined : nextQuestion(turn, step);
  if (!first) {
    applyScore(turn, step);
    return false;
  }
  if (step.intro) say(turn, fill(turn, step.intro[turn.state.lang]));
  frame.screen = { instrument: step.screen, question: first.id, following: false };
  putScreenQuestion(turn, frame);
  return true;
}

/** Puts the waiting question with its yes, no and skip. */
export function putScreenQuestion(turn: Turn, frame: Frame): void {
  const question = waitingQuestion(turn, frame);
  if (!question || !frame.screen) return;
  const { lang } = turn.state;
  const words = frame.screen.following ? question.follow_up?.text : question.text;
  const choice = (answer: string, key: "yes" | "no" | "skip", style?: "quiet"): Choice => ({
    kind: "answer",
    label: textOf(turn.world.settings, key, lang),
    value: `f:${frame.flow}:${frame.step}:${question.id}${frame.screen?.following ? "!" : "."}${answer}`,
    ...(style ? { style } : {}),
  });
  say(turn, words?.[lang] ?? "", {
    choices: [choice("yes", "yes"), choice("no", "no"), choice("skip", "skip", "quiet")],
  });
}

/** Takes `QUESTION.yes`, `QUESTION!no`, `skipped` or `unclear`. done: the screen is over and its level has counted. */
export function answerScreen(turn: Turn, frame: Frame, step: ScreenStep, answer: string): "asks" | "done" {
  const question = waitingQuestion(turn, frame);
  if (!question || !frame.screen) return "done";
  const said = readAnswer(answer);
  if (frame.screen.following) turn.state.followedUp[question.id] = said;
  else turn.state.screened[question.id] = said;
  keep(turn, frame, question, said);
  const follow = !frame.screen.following && said === "yes" && question.follow_up;
  const stops = applyScore(turn, step);
  if (follow) {
    frame.screen.following = true;
    putScreenQuestion(turn, frame);
    return "asks";
  }
  const next = stops || isTired(frame) ? undefined : nextQuestion(turn, step);
  if (!next) return "done";
  frame.screen = { instrument: step.screen, question: next.id, following: false };
  putScreenQuestion(turn, frame);
  return "asks";
}

/** Goes back to one question, or to what follows its yes, to be answered again; what it raised stays raised. */
export function reopenScreen(
  turn: Turn,
  frame: Frame,
  step: ScreenStep,
  question: string,
  following: boolean,
): void {
  if (!following) delete turn.state.screened[question];
  delete turn.state.followedUp[question];
  frame.screen = { instrument: step.screen, question, following };
}

export function screenOptions(turn: Turn, frame: Frame, prefix: string): Option[] {
  const question = frame.screen?.question ?? "";
  const mark = frame.screen?.following ? "!" : ".";
  const { settings } = turn.world;
  const option = (id: "yes" | "no"): Option => ({
    value: `${prefix}${question}${mark}${id}`,
    label: textOf(settings, id, turn.state.lang),
    words: [],
    bare: [...settings.words[id], ...(id === "yes" ? settings.words.happened : [])],
  });
  return [option("yes"), option("no")];
}

function isTired({ history }: Frame): boolean {
  const asked = history.filter((h) => h.step.includes("/")).slice(-MAX_SKIPPED);
  return asked.length === MAX_SKIPPED && asked.every((h) => /(^|[.!])skip(ped)?$/.test(h.answer));
}

function waitingQuestion(turn: Turn, frame: Frame): Question | undefined {
  const screen = frame.screen;
  return turn.world.instruments
    .get(screen?.instrument ?? "")
    ?.questions.find((q) => q.id === screen?.question);
}

function nextQuestion(turn: Turn, step: ScreenStep): Question | undefined {
  return turn.world.instruments
    .get(step.screen)
    ?.questions.find((q) => turn.state.screened[q.id] === undefined);
}

/** What an answer of a screen says. */
export function readAnswer(answer: string): InstrumentAnswer {
  if (answer.endsWith(".yes") || answer.endsWith("!yes")) return "yes";
  if (answer.endsWith(".no") || answer.endsWith("!no")) return "no";
  return answer === "unclear" ? "unclear" : "skipped";
}

/** Counts what is known so far towards her level; true: a hard stop, ask no more. */
function applyScore(turn: Turn, step: ScreenStep): boolean {
  const instrument = turn.world.instruments.get(step.screen);
  if (!instrument) return true;
  const result = scoreInstrument(instrument, turn.state.screened, turn.state.followedUp);
  if (result.reasons.length > 0 || result.level !== "none") raise(turn, result.level, result.reasons);
  return result.stop;
}

function keep(turn: Turn, frame: Frame, question: Question, said: InstrumentAnswer): void {
  const following = frame.screen?.following ?? false;
  const words = following ? question.follow_up?.text : question.text;
  const key = said === "yes" || said === "no" ? said : "skip";
  turn.state.answers[`${frame.screen?.instrument}.${question.id}${following ? "!" : ""}`] = {
    question: words?.vi ?? question.id,
    answer: textOf(turn.world.settings, key, "vi"),
    value: said,
    at: turn.event.at,
  };
}
