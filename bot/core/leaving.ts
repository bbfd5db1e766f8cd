/** Going: by the exit word, by block or unfollow. Her place in the queue is kept without a word. */

import { count, effect, say, type Turn, text } from "./turn.ts";

/** One dull line, everything deletable deleted, the session locked; nothing comes before it, in any state. */
export function exit(turn: Turn): void {
  const { state, world } = turn;
  state.frames = [];
  state.pending = null;
  state.offered = [];
  state.recent = [];
  state.lock = "exit";
  count(turn, "exit");
  if (state.case) effect(turn, { type: "mark_case", caseId: state.case.id, mark: "left" });
  effect(turn, { type: "wipe_chat" });
  if (world.channel.session) {
    // The page empties itself and goes: a line on it would be the one thing left to see.
    effect(turn, { type: "end_session" });
    return;
  }
  say(turn, text(turn, "exit.line"));
  if (!world.channel.canDelete) say(turn, text(turn, "exit.by_hand"));
}

/** She blocked us, unfollowed, or cannot be reached any more. */
export function personLeft(turn: Turn): void {
  const { state } = turn;
  state.frames = [];
  state.lock = "exit";
  count(turn, "left");
  if (state.case) effect(turn, { type: "mark_case", caseId: state.case.id, mark: "left" });
}
