/** A question of a flow: how it is put, and what may be answered to it. */

import type { Choice } from "../message.ts";
import { textOf } from "../settings.ts";
import type { Frame } from "../state.ts";
import { fill, say, type Turn, text } from "../turn.ts";
import { type Option, plainLabel } from "../understand.ts";
import type { Step } from "./definition.ts";
import { screenOptions } from "./screen.ts";

/** "Em không biết nữa" is no answer, "em không biết đang ở đâu" tells one. */
const MAX_BESIDE_SKIP = 1;

export type Question = Extract<Step, { ask: unknown }>;

/** Says the question with its choices. */
export function putQuestion(turn: Turn, frame: Frame, step: Question): void {
  say(turn, fill(turn, step.ask[turn.state.lang]));
  putChoices(turn, frame, step);
}

/** Only its choices. */
export function putChoices(turn: Turn, frame: Frame, step: Question): void {
  const { lang } = turn.state;
  const choices: Choice[] = step.choices.map((c) => ({
    kind: "answer",
    label: c.label[lang],
    value: `f:${frame.flow}:${frame.step}:${c.id}`,
  }));
  say(turn, "", {
    choices: step.skip ? [...choices, ...skipChoice(turn, frame)] : choices,
    phones: step.phones,
  });
}

/** The choice not to answer. */
export function skipChoice(turn: Turn, frame: Frame): Choice[] {
  return [
    {
      kind: "answer",
      label: text(turn, "skip"),
      value: `f:${frame.flow}:${frame.step}:skip`,
      style: "quiet",
    },
  ];
}

/** What may be answered to the step where the flow stands, with all words for it. */
export function optionsFor(turn: Turn, frame: Frame, step: Step): Option[] {
  const { lang } = turn.state;
  const prefix = `f:${frame.flow}:${frame.step}:`;
  // Flow ids and step ids hold no colon, so the answer is all that follows the third one.
  const skipOption: Option = {
    value: `${prefix}skip`,
    label: textOf(turn.world.settings, "skip", lang),
    words: [...turn.world.settings.words.skip],
    extra: MAX_BESIDE_SKIP,
  };
  if ("screen" in step) return [...screenOptions(turn, frame, prefix), skipOption];
  if (!("ask" in step)) return [skipOption];
  const options = step.choices.map((c) => ({
    value: prefix + c.id,
    label: c.label[lang],
    words: [...c.words.map(plainLabel), plainLabel(c.label.vi), plainLabel(c.label.en)],
    bare: yesNoWords(turn, c.id),
  }));
  return [...options, skipOption];
}

function yesNoWords(turn: Turn, id: string): readonly string[] {
  const { words } = turn.world.settings;
  return id === "yes" ? [...words.yes] : id === "no" ? [...words.no] : [];
}

/** The answer within a choice's value. */
export function answerOf(value: string): string {
  return value.split(":").slice(3).join(":");
}

/** A screen's answers are `QUESTION.yes` or, for its follow-up, `QUESTION!yes`: the stop is the question. */
export function stopName(step: string, answer: string): string {
  const question = /^([a-z0-9-]+)[.!]/.exec(answer)?.[1];
  return question ? `${step}/${question}` : step;
}

/** Is it an answer to a screen's follow-up? */
export function isFollowUp(answer: string): boolean {
  return /^[a-z0-9-]+!/.test(answer);
}

/** What a button of a question says; null: it is no such button. */
export function readChoice(value: string): { flow: string; step: string; answer: string } | null {
  const [, flow, step, answer] = /^f:([a-z0-9-]+):([a-z0-9_]+):(.+)$/.exec(value) ?? [];
  return flow && step && answer ? { flow, step, answer } : null;
}
