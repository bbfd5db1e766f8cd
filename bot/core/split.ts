/** Fits a text of ours to a channel: normalised pieces within a limit, and choices as lines of text. */

import type { Choice } from "./message.ts";
import { cutText, splitText as split } from "./text.ts";

/**
 * NFC pieces of at most `maxUnits` UTF-16 units, none blank, that hold every word of `text` in order.
 * Blank text gives no piece. Vietnamese in NFD is up to a quarter longer, so it is normalised before it is counted.
 */
export function splitText(text: string, maxUnits: number): readonly string[] {
  return split(text.normalize("NFC"), maxUnits);
}

/** At most `maxUnits` units of NFC, ending in "…" when something was left out. */
export function shorten(text: string, maxUnits: number): string {
  return cutText(text.normalize("NFC").trim(), maxUnits);
}

/** What a choice says without a button: a number or an address is never only behind its label. */
export function choiceLine(choice: Choice): string {
  if (choice.kind === "answer" || choice.label.includes(choice.value)) return choice.label;
  return `${choice.label}: ${choice.value}`;
}

/**
 * Choices as lines, for a channel without buttons. Answers are numbered from 1 in the order in which they stand, so
 * that the number which she writes back means the same to whoever reads it; numbers to call and links are not.
 */
export function choiceLines(choices: readonly Choice[]): readonly string[] {
  let n = 0;
  return choices.map((choice) => {
    if (choice.kind !== "answer") return choiceLine(choice);
    n += 1;
    return `${n}. ${choice.label}`;
  });
}
