/** "Did this help?": asked where a message costs nothing, counted without a person; what did not help goes to the editors. */

import { type Choice, MAX_CHOICE_VALUE } from "./message.ts";
import { redact } from "./redact.ts";
import { likeness, MUCH_ALIKE } from "./retrieval/grouping.ts";
import { count, effect, say, type Turn, text } from "./turn.ts";

/** Below this many buttons the ways to a human and to other answers need the room. */
const MIN_BUTTONS = 8;
/** Two choices under an answer from an article; none where replies are counted or buttons are few. */
export function feedbackChoices(turn: Turn, shown: string | undefined): Choice[] {
  const { replyBudget, replyWindowMs, maxButtons } = turn.world.channel;
  if (!shown || shown.startsWith("service:")) return [];
  if (replyBudget !== undefined || replyWindowMs !== undefined || maxButtons < MIN_BUTTONS) return [];
  const choice = (key: "yes" | "no"): Choice => ({
    kind: "answer",
    label: text(turn, `feedback.${key}`),
    // What is cut here is whole in the state.
    value: `fb:${key}:${shown}`.slice(0, MAX_CHOICE_VALUE),
    style: "quiet",
  });
  return [choice("yes"), choice("no")];
}

/**
 * Takes a tapped `fb:yes:PASSAGE` or `fb:no:PASSAGE` (`fb:yes:ARTICLE` of an earlier build). Counted once: a second tap
 * on the same message changes nothing.
 */
export function takeFeedback(turn: Turn, value: string, next: readonly Choice[]): void {
  const [, said, named = ""] = value.split(":");
  const helped = said === "yes";
  const { offered, asked, shown } = turn.state;
  const question = asked.at(-1);
  if (offered.some((c) => c.value === value)) {
    // What the last message offered is about what was shown last; an earlier build did not keep that.
    const [article = "", passage] = (shown?.startsWith(named) ? shown : named).split("#");
    count(turn, "feedback", { article, ...(passage ? { passage } : {}), helped: String(helped) });
    if (!helped && question) noteUnanswered(turn, question, passage ? `${article}#${passage}` : article);
  }
  say(turn, text(turn, helped ? "feedback.thanks" : "feedback.sorry"), { choices: next });
}

/** Did she ask this last, in nearly the same words? */
export function isAskedAgain(turn: Turn, question: string): boolean {
  const before = turn.state.asked.at(-1);
  return before !== undefined && likeness(before, question) >= MUCH_ALIKE;
}

/** Asked again in nearly the same words: the answer was not one, whatever the ranking says. */
export function noteIfAskedAgain(turn: Turn, question: string): void {
  if (!isAskedAgain(turn, question)) return;
  count(turn, "asked_again");
  noteUnanswered(turn, question, turn.state.shown);
}

/**
 * Puts a question on the editors' list, with the passage that was `shown` and was no answer; once in a turn: who asks
 * again and meets silence again has asked once.
 */
export function noteUnanswered(turn: Turn, question: string, shown?: string): void {
  const redacted = redactFor(turn, question);
  if (turn.effects.some((e) => e.type === "note_unanswered" && e.question === redacted)) return;
  effect(turn, { type: "note_unanswered", question: redacted, ...(shown ? { shown } : {}) });
}

/** For the editors' list: provinces may stay, they tell which services are missed. */
function redactFor(turn: Turn, question: string): string {
  return redact(
    question,
    turn.world.provinces.flatMap((p) => [p.name, ...p.aliases]),
  );
}
