/** Does a condition of a flow hold now? */

import { atLeast } from "../level.ts";
import type { Turn } from "../turn.ts";
import type { Condition } from "./definition.ts";

export function holds(turn: Turn, condition: Condition): boolean {
  const { state, event, world } = turn;
  if ("all" in condition) return condition.all.every((c) => holds(turn, c));
  if ("any" in condition) return condition.any.some((c) => holds(turn, c));
  if ("not" in condition) return !holds(turn, condition.not);
  if ("answer" in condition) {
    const value = state.answers[condition.answer]?.value ?? state.remembered[condition.answer];
    return value !== undefined && list(condition.is).includes(value);
  }
  if ("level" in condition) return atLeast(state.level, condition.level);
  if ("case" in condition) {
    const now = state.case?.state ?? "none";
    return condition.case === "open" ? now !== "none" : condition.case === now;
  }
  if ("on_duty" in condition) return condition.on_duty === event.desk.onDuty > 0;
  if ("channel" in condition) return list(condition.channel).includes(world.channel.name);
  if ("can_delete" in condition) return condition.can_delete === world.channel.canDelete;
  if ("has_word" in condition)
    return (condition.has_word === "private_word" ? state.own.private : state.own.duress) !== null;
  if ("session" in condition) return condition.session === world.channel.session;
  return state.reasons.some((r) => list(condition.heard).includes(r.category));
}

function list(one: string | readonly string[]): readonly string[] {
  return typeof one === "string" ? [one] : one;
}
