/** "Ảnh ngủ rồi", "em ổn rồi", "tôi bỏ dao rồi", after something grave: no level falls by it, and nothing is asked of her. */

import { callsIn } from "./answer.ts";
import { isWaiting, topFrame } from "./flow/run.ts";
import { atLeast } from "./level.ts";
import { say, type Turn, text } from "./turn.ts";
import { isCommand } from "./understand.ts";

const OPENING = /^\s*(?:ok|okay|oke|dạ|ừ|thôi|vâng|da|u)(?:[\s,.]+)(?=\S)/iu;

/** Does she say that it is calmer, at the emergency card or where nothing waits? */
export function isCalmer(turn: Turn, words: string): boolean {
  const { state, world } = turn;
  const isOver = topFrame(turn)?.flow === world.settings.flows.emergency || !isWaiting(turn);
  if (!isOver || !atLeast(state.level, "high")) return false;
  return [words, words.replace(OPENING, "")].some((said) => isCommand(world.settings, "calmer", said));
}

export function sayCalmer(turn: Turn): void {
  const words = text(turn, "calmer");
  say(turn, words, { phones: callsIn(turn, words), safety: true });
}
