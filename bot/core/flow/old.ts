/** Buttons of questions that are over: what they still say when they are pressed late, or typed. */

import type { Frame } from "../state.ts";
import { raisedByYes } from "../triage/instrument.ts";
import { raise, type Turn } from "../turn.ts";
import { plain, plainLabel } from "../understand.ts";
import type { FlowChoice, Step } from "./definition.ts";
import { isFollowUp, readChoice } from "./question.ts";
import { accept, askAgain, isWaiting, stepOf, type Taken, topFrame } from "./run.ts";

/** What an answer's button raises by itself, wherever the talk stands: "yes, right now" is so when it is pressed. */
export function raisedBy({ world }: Turn, value: string): FlowChoice["raise"] {
  const read = readChoice(value);
  const step = read && world.flows.get(read.flow)?.steps[read.step];
  if (step && "screen" in step) return raisedByYes(world.instruments.get(step.screen), read.answer);
  return step && "ask" in step ? step.choices.find((c) => c.id === read.answer)?.raise : undefined;
}

/**
 * Takes an old button of a question that is over, as if it were put now: one that raises the level, because that is what
 * she says now; and while nothing but the menu waits one of the first words, of which she was told that she can
 * change them at any time.
 */
export function takeOld(turn: Turn, value: string): Taken {
  const read = readChoice(value);
  if (!read) return "not_here";
  const isFirst = read.flow === turn.world.settings.flows.start && waitsForNothing(turn);
  const raised = raisedBy(turn, value);
  if (!isFirst && !raised) return "not_here";
  const frame: Frame = { flow: read.flow, step: read.step, kind: "main", history: [], unclear: 0 };
  const step = stepOf(turn, frame);
  if (step && "screen" in step && raised) return takeOldYes(turn, frame, step, read.answer, raised);
  if (!step || !("ask" in step)) return "not_here";
  if (read.answer !== "skip" && !step.choices.some((c) => c.id === read.answer)) return "not_here";
  turn.state.frames = [frame];
  return accept(turn, frame, read.answer);
}

/** A red question answered late: it counts, and the asking goes on from there; not over the card of an emergency. */
function takeOldYes(
  turn: Turn,
  frame: Frame,
  step: Extract<Step, { screen: string }>,
  answer: string,
  raised: NonNullable<FlowChoice["raise"]>,
): Taken {
  if (topFrame(turn)?.flow === turn.world.settings.flows.emergency) {
    raise(turn, raised.level, [{ category: raised.category, evidence: raised.evidence.vi }]);
    askAgain(turn);
    return "taken";
  }
  const [question = ""] = answer.split(/[.!]/);
  if (isFollowUp(answer)) turn.state.screened[question] = "yes";
  frame.screen = { instrument: step.screen, question, following: isFollowUp(answer) };
  turn.state.frames = [frame];
  return accept(turn, frame, answer);
}

function waitsForNothing(turn: Turn): boolean {
  return !isWaiting(turn) || topFrame(turn)?.flow === turn.world.settings.flows.menu;
}

/** The same by its label: where choices are numbers, writing it is the only way to press an old one. */
export function takeOldLabel(turn: Turn, words: string): Taken {
  const { start } = turn.world.settings.flows;
  const whole = plain(words);
  if (!waitsForNothing(turn)) return "not_here";
  for (const [name, step] of Object.entries(turn.world.flows.get(start)?.steps ?? {})) {
    if (!("ask" in step)) continue;
    // "Có" belongs to whatever was asked last.
    const pressed = step.choices.find(
      ({ label }) => whole.includes(" ") && [label.vi, label.en].some((l) => plainLabel(l) === whole),
    );
    if (pressed) return takeOld(turn, `f:${start}:${name}:${pressed.id}`);
  }
  return "not_here";
}
