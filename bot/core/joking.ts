/** "Em đùa thôi", and then "thật ra em không đùa": neither lowers anything (domain.md C3.14), and the second brings the offer back. */

import { startFlow } from "./flow/run.ts";
import { atLeast } from "./level.ts";
import { OWN_LIFE } from "./own-death.ts";
import { say, type Turn, text } from "./turn.ts";
import { saysInEarnest } from "./understand.ts";

/** That she is understood; after something grave also that it may be said again. */
export function sayRetracted(turn: Turn): void {
  say(turn, text(turn, atLeast(turn.state.level, "medium") ? "retracted.grave" : "retracted"));
}

/** Does she take a joke back, after something that was grave? True: the card for it stands before her again. */
export function takesJokeBack(turn: Turn, words: string): boolean {
  const { state, world } = turn;
  if (!atLeast(state.level, "medium") || state.case !== null || !saysInEarnest(words)) return false;
  const isHigh = atLeast(state.level, "high") || state.reasons.some((r) => OWN_LIFE.has(r.category));
  startFlow(turn, isHigh ? world.settings.flows.high : world.settings.flows.medium, "main");
  return true;
}
