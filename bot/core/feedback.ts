/** "Did this help?": asked where a message costs nothing, counted without a person; what did not help goes to the editors. */

import type { Choice } from "./message.ts";
import { redact } from "./redact.ts";
import { likeness, MUCH_ALIKE } from "./retrieval/grouping.ts";
import { count, effect, say, type Turn, text } from "./turn.ts";

/** Below this many buttons the ways to a human and to other answers need the room. */
const MIN_BUTTONS = 8;
/** `Choice.value` holds 60 ASCII characters. */
const MAX_VALUE = 60;

/** Two choices under an answer from an article; none where replies are counted or buttons are few. */
export function feedbackChoices(turn: Turn, shown: string | undefined): Choice[] {
  const { replyBudget, replyWindowMs, maxButtons } = turn.world.channel;
  if (!shown || shown.startsWith("service:")) return [];
  if (replyBudget !== undefined || replyWindowMs !== undefined || maxButtons < MIN_BUTTONS) return [];
  const article = shown.split("#")[0] ?? shown;
  const choice = (key: "yes" | "no"): Choice => ({
    kind: "answer",
    label: text(turn, `feedback.${key}`),
    value: `fb:${key}:${article}`.slice(0, MAX_VALUE),
    style: "quiet",
  });
  return [choice("yes"), choice("no")];
}

/** Takes a tapped `fb:yes:ARTICLE` or `fb:no:ARTICLE`. Counted once: a second tap on the same message changes nothing. */
export function takeFeedback(turn: Turn, value: string, next: readonly Choice[]): void {
  const [, said, article = ""] = value.split(":");
  const helped = said === "yes";
  const { offered, asked } = turn.state;
  const question = asked.at(-1);
  if (offered.some((c) => c.value === value)) {
    count(turn, "feedback", { article, helped: String(helped) });
    if (!helped && question) noteUnanswered(turn, question);
  }
  say(turn, text(turn, helped ? "feedback.thanks" : "feedback.sorry"), { choices: next });
}

/** Asked again in nearly the same words: the answer was not one, whatever the ranking says. */
export function noteIfAskedAgain(turn: Turn, question: string): void {
  const before = turn.state.asked.at(-1);
  if (before === undefined || likeness(before, question) < MUCH_ALIKE) return;
  count(turn, "asked_again");
  noteUnanswered(turn, question);
}

/** Puts a question on the editors' list, once in a turn: who asks again and meets silence again has asked once. */
export function noteUnanswered(turn: Turn, question: string): void {
  const redacted = redactFor(turn, question);
  if (turn.effects.some((e) => e.type === "note_unanswered" && e.question === redacted)) return;
  effect(turn, { type: "note_unanswered", question: redacted });
}

/** For the editors' list: provinces may stay, they tell which services are missed. */
function redactFor(turn: Turn, question: string): string {
  return redact(
    question,
    turn.world.provinces.flatMap((p) => [p.name, ...p.aliases]),
  );
}
