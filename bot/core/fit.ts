/** How one message looks on a channel, from its capabilities alone: what is sent, and what editors see before that. */

import type { ChannelCaps, Choice, Outbound } from "./message.ts";
import { choiceLine, choiceLines, shorten, splitText } from "./split.ts";

/** A number on a button is copied or dialled, not stored: nothing longer is a number. */
const MAX_NUMBER = 256;

/** So many numbers to call keep their buttons beside answers; the others are read, and phones make them tappable. */
const CALLS_KEPT = 2;

/** A button as she sees it: its label cut to the channel's length, and the choice behind it. */
export interface FittedButton {
  readonly label: string;
  readonly choice: Choice;
}

/** One message on her screen. */
export interface Fitted {
  readonly text: string;
  /** From top to bottom. */
  readonly buttons: readonly FittedButton[];
}

/**
 * The messages in order, at least one, none empty; the buttons are under the last. Nothing is left out: a choice that is
 * no button stands as a line of the text. Where more choices are than buttons, the way out, a human and two numbers to call
 * keep theirs, and an answer is never pushed out by further numbers: of yes and no both can be pressed.
 */
export function fitTo(
  message: Pick<Outbound, "text" | "choices">,
  caps: Omit<ChannelCaps, "name">,
): readonly Fitted[] {
  const { choices } = message;
  const pressable = choices.filter((choice) => isPressable(choice, caps));
  const kept = new Set(byNeed(pressable).slice(0, caps.maxButtons));
  const isNumbered = caps.numbersChoices || caps.maxButtons === 0;
  const lines = isNumbered
    ? choiceLines(choices)
    : choices.filter((choice) => !kept.has(choice)).map(choiceLine);
  const said =
    isNumbered && choices.some((c) => c.kind === "answer") ? withoutNumbers(message.text) : message.text;
  const whole = lines.length === 0 ? said : `${said.trimEnd()}\n\n${lines.join("\n")}`;
  const pieces = splitText(whole, caps.maxText);
  // No platform takes an empty text; with only buttons to show there must still be something to hang them on.
  const texts = pieces.length > 0 ? pieces : ["…"];
  const buttons = choices
    .filter((choice) => kept.has(choice))
    .map((choice) => ({ label: shorten(labelOf(choice), caps.maxButtonLabel) || "…", choice }));
  return texts.map((text, n) => ({ text, buttons: n === texts.length - 1 ? buttons : [] }));
}

/** Those first that must be buttons. */
function byNeed(choices: readonly Choice[]): readonly Choice[] {
  const calls = choices.filter((c) => c.kind === "call");
  const first = new Set([
    ...choices.filter((c) => c.style === "danger"),
    ...choices.filter((c) => c.stays),
    ...calls.slice(0, CALLS_KEPT),
    ...choices.filter((c) => c.kind !== "call" && c.style !== "quiet"),
    ...calls,
  ]);
  return [...first, ...choices.filter((c) => !first.has(c))];
}

/** Only one list may have numbers where a number is an answer: "2" must not also be the second line of an article. */
function withoutNumbers(text: string): string {
  return text.replace(/^([ \t]*)\d{1,2}[.)][ \t]+/gm, "$1- ");
}

/** A number is always to be read, never only behind a label. */
function labelOf(choice: Choice): string {
  return choice.kind === "call" ? choiceLine(choice) : choice.label;
}

function isPressable(choice: Choice, caps: Omit<ChannelCaps, "name">): boolean {
  switch (choice.kind) {
    case "answer":
      return choice.value !== "" && isWithin(choice.value, caps.maxButtonValue);
    case "call":
      return caps.callButtons && /\d/.test(choice.value) && choice.value.length <= MAX_NUMBER;
    case "link":
      return URL.canParse(choice.value) && /^https?:/.test(choice.value);
  }
}

/** Is the text at most so many bytes of UTF-8? No unit takes more than three, so a short one is not counted. */
function isWithin(text: string, bytes: number): boolean {
  return text.length * 3 <= bytes || new TextEncoder().encode(text).length <= bytes;
}
