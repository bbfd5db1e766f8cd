/** What is hers to decide works while a counsellor is there too: erasing all, and what is held; so do the answers to it. */

import { startFlow, takeChoice, takeText, topFrame } from "./flow/run.ts";
import type { Content } from "./message.ts";
import type { Turn } from "./turn.ts";
import { isCommand } from "./understand.ts";

const HERS = ["forget", "my_data"] as const;

/** Begins it, or takes an answer to it; false: it is neither, and goes to the counsellor. */
export function takeHers(turn: Turn, content: Content, words: string | null): boolean {
  const { settings } = turn.world;
  const wanted = HERS.find((key) => words !== null && isCommand(settings, key, words));
  // Asked whether to erase everything, "xóa hết" is the answer.
  if (wanted && topFrame(turn)?.flow !== settings.flows[wanted]) {
    startFlow(turn, settings.flows[wanted], "main");
    return true;
  }
  if (!isHers(turn)) return false;
  const taken = content.kind === "choice" ? takeChoice(turn, content.value) : takeText(turn, words ?? "");
  if (taken !== "taken") turn.state.frames = [];
  return taken === "taken";
}

/** A counsellor comes: of all that waits only a question about what is hers stays. */
export function keepHers(turn: Turn): void {
  const top = topFrame(turn);
  turn.state.frames = top && isHers(turn) ? [{ ...top, kind: "main" }] : [];
}

function isHers(turn: Turn): boolean {
  const flow = topFrame(turn)?.flow;
  return HERS.some((key) => turn.world.settings.flows[key] === flow);
}
