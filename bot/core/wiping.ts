/** Where a channel lets us delete young messages only, they go by themselves before they are too old for it. */

import { KEPT_MS } from "./late.ts";
import { isThere } from "./reach.ts";
import { count, effect, type Turn } from "./turn.ts";

const TIMER = "wipe";
/** A wipe takes its time too: not later than so long before the end of the channel's window. */
const MARGIN_MS = 30 * 60_000;

/** At the end of each turn: from the first message that stands on her phone a clock runs. */
export function planWipe(turn: Turn): void {
  const { state, event, effects, world } = turn;
  const { canDelete, session, deleteWindowMs } = world.channel;
  if (!canDelete || session || deleteWindowMs === undefined) return;
  const wipes = effects.some((e) => e.type === "wipe_chat");
  // What this turn says stands there after its wipe.
  const adds = effects.some(
    (e) => e.type === "send_message" || (e.type === "keep_message" && e.platformRef !== undefined && !wipes),
  );
  const from = wipes ? event.at : writtenAt(turn);
  if (adds && (state.wipeFrom === 0 || wipes || from < state.wipeFrom)) {
    state.wipeFrom = from;
    const hours = world.settings.retention.wipe_hours;
    effect(turn, { type: "set_timer", timer: TIMER, dueAt: from + hours * 3_600_000, token: event.id });
  } else if (wipes) {
    state.wipeFrom = 0;
    effect(turn, { type: "cancel_timer", timer: TIMER });
  }
}

/** The channel counts from when she wrote: what was hours on its way is so much nearer to the end of the window. */
function writtenAt({ event }: Turn): number {
  const at = (event.type === "message_received" && event.writtenAt) || event.at;
  return at < event.at && event.at - at <= KEPT_MS ? at : event.at;
}

/** The clock has run out. What she is reading now is not taken from under her eyes, as long as there is time. */
export function wipeDue(turn: Turn): void {
  const { state, event, world } = turn;
  if (state.wipeFrom === 0) return;
  const again = event.at + world.settings.gap_minutes * 60_000;
  const last = state.wipeFrom + (world.channel.deleteWindowMs ?? 0) - MARGIN_MS;
  if (isThere(turn) && again < last)
    return effect(turn, { type: "set_timer", timer: TIMER, dueAt: again, token: event.id });
  count(turn, "wiped_by_time");
  effect(turn, { type: "wipe_chat" });
}
