/** One event decided as it stands when it is decided; where that throws, as much as can be done. */

import { step } from "../core/conversation.ts";
import type { Effect } from "../core/effects.ts";
import { errorKindAndPlace } from "../core/error-kind.ts";
import type { ConversationEvent, DeskView, EventBody } from "../core/events.ts";
import type { EventId } from "../core/ids.ts";
import { KEPT_MS } from "../core/late.ts";
import { higher, rank } from "../core/level.ts";
import { newState, type State } from "../core/state.ts";
import type { World } from "../core/world.ts";
import type { DeskGauge } from "./desk-gauge.ts";
import type { Parts } from "./parts.ts";

/** An event that is to be decided. */
export interface Waiting {
  readonly id: EventId;
  readonly at: number;
  readonly failures: number;
  /** null: it cannot be read, and whoever wrote it still gets the words that always work. */
  readonly body: EventBody | null;
}

export interface Decided {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/** What deciding needs beside the conversation itself. */
interface Deciding {
  readonly parts: Parts;
  readonly gauge: DeskGauge;
}

/**
 * What nobody has decided for longer than the gap (no worker ran, a backup was brought back) is decided as of now: nobody
 * knows any more who reads the answer. Her words were late on their way then, wherever they lay. What stands behind it is
 * decided no earlier.
 */
export function inItsTime(event: Waiting, now: number, notBefore: number, { settings }: World): Waiting {
  const isOld = now - event.at > settings.gap_minutes * 60_000;
  const at = Math.max(isOld ? now : event.at, notBefore);
  if (!isOld || event.body?.type !== "message_received") return { ...event, at };
  const came = Math.min(event.body.writtenAt ?? event.at, event.at);
  // Older than any platform keeps one, it would be taken for a wrong date; here we know better.
  return { ...event, at, body: { ...event.body, writtenAt: Math.max(came, at - KEPT_MS) } };
}

export async function decide(
  { parts, gauge }: Deciding,
  world: World,
  kept: State,
  { id, at, failures, body: told }: Waiting,
  more: boolean,
): Promise<Decided> {
  const { state, body } = await asItStands(parts, kept, told);
  const desk = await deskView(parts, gauge, state);
  const head = { id, at, desk, ...(more ? { more } : {}) };
  try {
    if (!body) throw new Error("the event cannot be opened");
    return step(state, { ...body, ...head }, world);
  } catch (error) {
    parts.log("error", "turn_failed", { event: id, failures, error: errorKindAndPlace(error) });
    return fallBack(parts, world, state, body, head);
  }
}

/**
 * The case as the desk has it, where her conversation knows it otherwise: else whoever takes it would write to nobody. One that
 * danger opened again in the moment in which it was closed waits for her too; one that was lost with a state that could not
 * be read is hers again. What she had erased is not.
 */
async function asItStands(
  { store }: Parts,
  state: State,
  body: EventBody | null,
): Promise<{ readonly state: State; readonly body: EventBody | null }> {
  if (body === null || !("caseId" in body)) return { state, body };
  const isLost = state.case === null && body.type !== "case_closed";
  if (!isLost && body.type !== "case_closed") return { state, body };
  const row = await store.cases.get(body.caseId);
  if (row === null || row.state === "closed") return { state, body };
  if (!isLost) return { state, body: { type: "case_released", caseId: body.caseId } };
  if (row.personLeft) return { state, body };
  const found = { id: row.id, state: row.state, asked: row.asked };
  return { state: { ...state, case: found, level: higher(state.level, row.level) }, body };
}

/**
 * As much as can be done where deciding threw: her words kept and heard, and numbers to call. Where nothing can be done with
 * this state at all she gets the numbers, and the state stays as it is: what comes next is tried anew.
 */
function fallBack(
  { log }: Parts,
  world: World,
  state: State,
  body: EventBody | null,
  head: Pick<ConversationEvent, "id" | "at" | "desk">,
): Decided {
  const inside = body !== null && body.type !== "message_received";
  const bare = { type: "turn_failed", failed: head.id, ...(inside ? { inside } : {}), ...head } as const;
  for (const event of [...(body?.type === "message_received" ? [{ ...bare, hers: body }] : []), bare])
    try {
      return step(state, event, world);
    } catch (error) {
      log("error", "turn_failed", { event: head.id, again: true, error: errorKindAndPlace(error) });
    }
  if (inside) return { state, effects: [] };
  const { lang, lock, duressAt } = state;
  const { effects } = step({ ...newState(lang), lock, duressAt }, bare, world);
  return { state, effects: effects.filter((e) => e.type === "send_message") };
}

async function deskView({ store }: Parts, gauge: DeskGauge, state: State): Promise<DeskView> {
  const now = await gauge.read();
  if (state.case?.state === "waiting")
    return { onDuty: now.onDuty, ahead: await store.cases.ahead(state.case.id) };
  const ahead = now.waiting.reduce((n, w) => n + (rank(w.level) >= rank(state.level) ? w.n : 0), 0);
  return { onDuty: now.onDuty, ahead };
}
