/** Many messages at once: a panicking person is heard whole and answered once; a flood gets the numbers, and little else. */

import { isOrder } from "./commands.ts";
import { humanSpeaks } from "./elsewhere.ts";
import type { Content } from "./message.ts";
import { asksForWord } from "./own-words.ts";
import { say, type Turn, text } from "./turn.ts";
import { plain } from "./understand.ts";

const MINUTE_MS = 60_000;
/** Texts of one burst that are answered together; more begin the next. */
const MAX_BURST = 30;

/** Is this text part of a burst whose end is already waiting? It was heard and kept; the last one is answered for all. */
export function waitsForMore(turn: Turn, content: Content): boolean {
  const { state, event } = turn;
  if (!event.more || content.kind !== "text" || plain(content.text) === "") return false;
  if (state.burst.length >= MAX_BURST || asksForWord(turn) !== null || isOrder(turn, content.text))
    return false;
  state.burst = [...state.burst, content.text.slice(0, 2_000)];
  return true;
}

/** Counts her messages; beyond the limit of a minute only one line with the numbers is said, once in that minute. */
export function isFlooding(turn: Turn): boolean {
  const { state, event, world } = turn;
  // A counsellor reads all of it; no machine speaks in between.
  if (state.lock === null && humanSpeaks(turn)) return false;
  if (event.at - state.pace.since >= MINUTE_MS) state.pace = { ...state.pace, since: event.at, n: 0 };
  state.pace.n += 1;
  if (state.pace.n <= world.settings.flood_per_minute) return false;
  if (event.at - state.pace.toldAt >= MINUTE_MS) {
    state.pace.toldAt = event.at;
    if (state.lock !== null) say(turn, text(turn, "decoy"));
    else say(turn, text(turn, "flood"), { phones: world.settings.hotlines, safety: true });
  }
  return true;
}
