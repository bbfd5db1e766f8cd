/** A human of ours writes to her past us, in the platform's own app for staff: the machine is silent until that ends. */

import { isThere } from "./reach.ts";
import { count, effect, newMessageId, openCase, say, type Turn, text } from "./turn.ts";

/** Nobody types so fast: what follows her words within this time is an automatic greeting of the platform. */
const AT_ONCE_MS = 5_000;

/** Does a human speak with her now, from the console or past it? */
export function humanSpeaks({ state }: Turn): boolean {
  return state.case?.state === "claimed" || state.elsewhere !== null;
}

/** Words of ours that we did not send. The desk sees them in the conversation, and that somebody speaks there. */
export function otherVoice(turn: Turn, words: string | undefined): void {
  const { state, event, world } = turn;
  effect(turn, {
    type: "keep_message",
    id: newMessageId(turn),
    text: words ?? "",
    by: "counsellor",
    ...(words === undefined ? { media: "other" } : {}),
  });
  if (state.elsewhere === null && event.at - state.lastPersonAt < AT_ONCE_MS)
    return count(turn, "other_voice_at_once");
  if (state.elsewhere === null) {
    count(turn, "other_voice");
    effect(turn, { type: "audit", action: "spoken_elsewhere", detail: "" });
  }
  state.elsewhere = { unanswered: false };
  // Seen in the queue, also if nobody had asked for it: else the console knows nothing of this talk.
  openCase(turn, false);
  const dueAt = event.at + world.settings.elsewhere_minutes * 60_000;
  effect(turn, { type: "set_timer", timer: "elsewhere", dueAt, token: event.id });
}

/** She wrote while somebody speaks with her elsewhere: theirs to answer, ours if they do not. */
export function leaveToHuman(turn: Turn): void {
  if (turn.state.elsewhere !== null) turn.state.elsewhere.unanswered = true;
}

/** The other voice has been silent for long: the talk is ours again, and words of hers that nobody answered are not lost. */
export function elsewhereDue(turn: Turn): void {
  const { state } = turn;
  if (state.elsewhere === null) return;
  const { unanswered } = state.elsewhere;
  state.elsewhere = null;
  effect(turn, { type: "audit", action: "given_back_elsewhere", detail: "" });
  if (!unanswered || state.case?.state === "claimed" || !isThere(turn)) return;
  say(turn, text(turn, "elsewhere.ended"), { phones: turn.world.settings.hotlines });
}

/** The console took the case, gave it back or closed it: from here on it says who speaks. */
export function endElsewhere(turn: Turn): void {
  if (turn.state.elsewhere === null) return;
  turn.state.elsewhere = null;
  effect(turn, { type: "cancel_timer", timer: "elsewhere" });
}
