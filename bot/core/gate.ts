/** Is it still her? After an exit or a gap nothing sensitive comes before that is known. */

import { askAgain, isWaiting, startFlow } from "./flow/run.ts";
import { greet } from "./greeting.ts";
import type { Content } from "./message.ts";
import { count, effect, say, type Turn, text } from "./turn.ts";
import { pick, plain } from "./understand.ts";

/** At the locked gate: only a harmless question, until the answer says that it is her. */
export function locked(turn: Turn, content: Content, words: string | null): void {
  const { state } = turn;
  const options = [
    { value: "go:me", label: text(turn, "gate.yes"), words: [...turn.world.settings.words.yes] },
    { value: "go:notme", label: text(turn, "gate.no"), words: [...turn.world.settings.words.no] },
  ];
  const meant = content.kind === "choice" ? content.value : words === null ? null : pick(options, words);
  if (meant === "go:me") return unlocked(turn);
  if (meant === "go:notme") {
    state.lock = "snoop";
    return say(turn, text(turn, "decoy"));
  }
  if (words !== null && content.kind === "text" && plain(words).split(" ").length > 3) state.pending = words;
  say(turn, text(turn, "gate.ask"), {
    choices: options.map((o) => ({ kind: "answer", label: o.label, value: o.value })),
  });
}

function unlocked(turn: Turn): void {
  const { state } = turn;
  state.lock = null;
  if (state.case) effect(turn, { type: "mark_case", caseId: state.case.id, mark: "returned" });
  if (!state.greeted) return greet(turn, { kind: "arrived" }, null);
  if (isWaiting(turn)) return askAgain(turn);
  if (!state.pending) startFlow(turn, turn.world.settings.flows.returned, "main");
}

/** Somebody else may hold the phone: dull words, and nothing more before it is known to be her. */
export function snooped(turn: Turn): void {
  turn.state.lock = "snoop";
  count(turn, "access_attempt");
  effect(turn, { type: "audit", action: "access_attempt", detail: "" });
  if (turn.state.case) effect(turn, { type: "mark_case", caseId: turn.state.case.id, mark: "left" });
  say(turn, text(turn, "decoy"));
}
