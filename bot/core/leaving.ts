/** Going: by the exit word, by block or unfollow. Her place in the queue is kept without a word. */

import { lock } from "./gate.ts";
import { stopKnocking } from "./late.ts";
import { count, effect, say, type Turn, text } from "./turn.ts";

/**
 * One dull line, everything deletable deleted, the session locked; nothing comes before it, in any state. `isLate`: the
 * word was hours on its way, and a line now would come first.
 */
export function exit(turn: Turn, isLate = false): void {
  const { state, world } = turn;
  state.frames = [];
  state.pending = null;
  state.remembered.wish = "no";
  state.offered = [];
  state.recent = [];
  state.burst = [];
  lock(turn, "exit");
  stopKnocking(turn);
  count(turn, "exit");
  if (state.case) effect(turn, { type: "mark_case", caseId: state.case.id, mark: "left" });
  effect(turn, { type: "wipe_chat", isExit: true });
  if (world.channel.session) {
    // The page empties itself and goes: a line on it would be the one thing left to see.
    effect(turn, { type: "end_session" });
    return;
  }
  if (isLate) return;
  say(turn, text(turn, "exit.line"));
  if (!world.channel.canDelete) say(turn, text(turn, "exit.by_hand"));
}

/** She blocked us, unfollowed, or cannot be reached any more: everything of hers goes earlier. */
export function personLeft(turn: Turn): void {
  const { state, event } = turn;
  state.frames = [];
  state.burst = [];
  lock(turn, "exit");
  stopKnocking(turn);
  count(turn, "left");
  if (state.case) effect(turn, { type: "mark_case", caseId: state.case.id, mark: "left" });
  state.leftAt = event.at;
  setPurge(turn);
}

/** The platform asks for erasure in her name: done at once; a waiting case becomes a shell that says she left. */
export function withdrawn(turn: Turn): void {
  if (turn.state.case) effect(turn, { type: "mark_case", caseId: turn.state.case.id, mark: "left" });
  count(turn, "forgotten");
  effect(turn, { type: "forget", receipt: "withdrawn" });
}

/** She wrote again after all. */
export function cameBack(turn: Turn): void {
  if (turn.state.leftAt === 0) return;
  turn.state.leftAt = 0;
  effect(turn, { type: "cancel_timer", timer: "purge" });
}

/** The clock of those who left has run out; somebody who is still being cared for is not taken from the desk. */
export function purgeDue(turn: Turn): void {
  if (turn.state.leftAt === 0) return;
  if (turn.state.case) return setPurge(turn);
  count(turn, "forgotten");
  effect(turn, { type: "forget", receipt: "left" });
}

function setPurge(turn: Turn): void {
  const dueAt = turn.event.at + turn.world.settings.retention.left_hours * 3_600_000;
  effect(turn, { type: "set_timer", timer: "purge", dueAt, token: turn.event.id });
}
