/** How one message looks on a channel, from its capabilities alone: what is sent, and what editors see before that. */

import type { ChannelCaps, Choice, Outbound } from "./message.ts";
import { choiceLine, choiceLines, shorten, splitText } from "./split.ts";

/** A number on a button is copied or dialled, not stored: nothing longer is a number. */
const MAX_NUMBER = 256;

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
 * no button stands as a line of the text. Where more choices are than buttons, numbers to call and the way out keep
 * theirs, because they cannot be written by hand as quickly.
 */
export function fitTo(
  message: Pick<Outbound, "text" | "choices">,
  caps: Omit<ChannelCaps, "name">,
): readonly Fitted[] {
  const { choices } = message;
  const pressable = choices.filter((choice) => isPressable(choice, caps));
  const isUrgent = (choice: Choice) => choice.kind === "call" || choice.style === "danger";
  const kept = new Set(
    [...pressable.filter(isUrgent), ...pressable.filter((c) => !isUrgent(c))].slice(0, caps.maxButtons),
  );
  const lines =
    caps.numbersChoices || caps.maxButtons === 0
      ? choiceLines(choices)
      : choices.filter((choice) => !kept.has(choice)).map(choiceLine);
  const whole = lines.length === 0 ? message.text : `${message.text.trimEnd()}\n\n${lines.join("\n")}`;
  const pieces = splitText(whole, caps.maxText);
  // No platform takes an empty text; with only buttons to show there must still be something to hang them on.
  const texts = pieces.length > 0 ? pieces : ["…"];
  const buttons = choices
    .filter((choice) => kept.has(choice))
    .map((choice) => ({ label: shorten(labelOf(choice), caps.maxButtonLabel) || "…", choice }));
  return texts.map((text, n) => ({ text, buttons: n === texts.length - 1 ? buttons : [] }));
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
