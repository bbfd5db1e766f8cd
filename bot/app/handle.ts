/** One event to its end: load, decide, commit; again from the store if somebody else moved the conversation meanwhile. */

import { step } from "../core/conversation.ts";
import type { Effect } from "../core/effects.ts";
import type { ConversationEvent, DeskView, EventBody } from "../core/events.ts";
import type { EventId } from "../core/ids.ts";
import { rank } from "../core/level.ts";
import { newState, type State } from "../core/state.ts";
import type { World } from "../core/world.ts";
import type { Channel } from "../ports/channel.ts";
import type { LeasedTurn, StoredEvent } from "../ports/store.ts";
import { type Envelope, envelope } from "./contexts.ts";
import { type DeskGauge, makeDeskGauge } from "./desk-gauge.ts";
import { worldFor } from "./library.ts";
import type { ModelAsker } from "./model-asking.ts";
import type { Parts } from "./parts.ts";
import { turnCommit } from "./turn-commit.ts";

/** How long one worker may hold a conversation; a turn takes milliseconds, the rest is for a slow disk. */
const LEASE_MS = 15_000;
/** How many conversations one worker decides at a time. */
const BATCH = 32;
/** How many waiting events of one conversation are taken with one lease. */
const EVENTS_EACH = 20;

export interface Handler {
  /** Decides what waits; returns how many events were handled. */
  work(): Promise<number>;
}

export function makeHandler(parts: Parts, owner: string, asker: ModelAsker): Handler {
  const gauge = makeDeskGauge(parts);
  return {
    async work() {
      const leased = await parts.store.conversations.lease({
        owner,
        now: parts.clock.now(),
        forMs: LEASE_MS,
        limit: BATCH,
        eventsEach: EVENTS_EACH,
      });
      const handled = await Promise.all(leased.map((turn) => handleTurn(parts, gauge, asker, turn)));
      return handled.reduce((a, b) => a + b, 0);
    },
  };
}

/**
 * Written within this time of each other, messages are one burst. What an outage held up may lie here at once too, but
 * was written apart: each of those is answered.
 */
const BURST_MS = 5_000;

function isBurst(body: EventBody | null | undefined, later: readonly (EventBody | null)[]): boolean {
  const writtenAt = (b: EventBody | null | undefined) =>
    b?.type === "message_received" && b.content.kind === "text" ? (b.writtenAt ?? 0) : null;
  const mine = writtenAt(body);
  const next = later.map(writtenAt).find((at) => at !== null);
  return mine !== null && next !== undefined && next !== null && Math.abs(next - mine) <= BURST_MS;
}

/** Handles the events of one lease in order; one that fails touches no other conversation. */
async function handleTurn(
  parts: Parts,
  gauge: DeskGauge,
  asker: ModelAsker,
  turn: LeasedTurn,
): Promise<number> {
  const { store, clock, log, library } = parts;
  const channel = parts.channels.get(turn.channel);
  const box = envelope(parts.vault, turn.wrappedKey);
  let current: EventId | undefined;
  let done = 0;
  try {
    if (!channel) throw new Error(`the channel ${turn.channel} is not configured here`);
    const world = worldFor(library.base(), channel.caps);
    let state = openState(parts, box, turn);
    let version = turn.version;
    const bodies = turn.events.map((stored) => openEvent(box, stored));
    for (const [i, stored] of turn.events.entries()) {
      current = stored.id;
      const more = isBurst(bodies[i], bodies.slice(i + 1));
      const decided = await decide(parts, gauge, world, { state, stored, body: bodies[i] ?? null, more });
      const commit = turnCommit({ ...parts, box, turn, version, stored, decided, at: clock.now() });
      const result = await store.conversations.commit(commit);
      if (!result.ok) return done;
      state = decided.state;
      version = result.version;
      done += 1;
      announce(parts, turn, decided.effects);
      showTyping(channel, box, turn, decided.effects);
      asker.ask(turn, decided.effects);
      if (commit.forget || commit.endSession) return done;
    }
    return done;
  } catch (error) {
    log("error", "turn_not_committed", { conversation: turn.id, event: current, error: nameOf(error) });
    await store.conversations
      .release({
        id: turn.id,
        fence: turn.fence,
        retryAt: clock.now() + 1_000,
        ...(current ? { failed: current } : {}),
      })
      .catch(() => log("warn", "lease_not_released", { conversation: turn.id }));
    return done;
  }
}

/** A state that cannot be read must not leave her without a word: it begins anew, and an operator is told. */
function openState({ log }: Parts, box: Envelope, turn: LeasedTurn): State {
  if (!turn.sealedState) return newState("vi");
  try {
    // What an older build wrote lacks what was added since.
    return { ...newState("vi"), ...box.state.open(turn.id, turn.sealedState) };
  } catch (error) {
    log("error", "state_unreadable", { conversation: turn.id, error: nameOf(error) });
    return newState("vi");
  }
}

interface Decided {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/** null: it cannot be read, and whoever wrote it still gets the words that always work. */
function openEvent(box: Envelope, stored: StoredEvent): EventBody | null {
  try {
    return box.event.open(stored.id, stored.sealed);
  } catch {
    return null;
  }
}

interface Undecided {
  readonly state: State;
  readonly stored: StoredEvent;
  readonly body: EventBody | null;
  readonly more: boolean;
}

async function decide(
  parts: Parts,
  gauge: DeskGauge,
  world: World,
  { state, stored, body, more }: Undecided,
): Promise<Decided> {
  const desk = await deskView(parts, gauge, state);
  const head = { id: stored.id, at: stored.at, desk, ...(more ? { more } : {}) };
  try {
    if (!body) throw new Error("the event cannot be opened");
    return step(state, { ...body, ...head }, world);
  } catch (error) {
    parts.log("error", "turn_failed", { event: stored.id, failures: stored.failures, error: nameOf(error) });
    const inside = body !== null && body.type !== "message_received";
    const failed: EventBody = { type: "turn_failed", failed: stored.id, ...(inside ? { inside } : {}) };
    const event: ConversationEvent = { ...failed, ...head };
    return step(state, event, world);
  }
}

async function deskView({ store }: Parts, gauge: DeskGauge, state: State): Promise<DeskView> {
  const now = await gauge.read();
  if (state.case?.state === "waiting")
    return { onDuty: now.onDuty, ahead: await store.cases.ahead(state.case.id) };
  const ahead = now.waiting.reduce((n, w) => n + (rank(w.level) >= rank(state.level) ? w.n : 0), 0);
  return { onDuty: now.onDuty, ahead };
}

/** Not waited for: it is only for the eye. */
function showTyping(channel: Channel, box: Envelope, turn: LeasedTurn, effects: readonly Effect[]): void {
  if (!effects.some((e) => e.type === "show_typing")) return;
  void channel.showTyping?.(box.address.open(turn.id, turn.sealedAddress)).catch(() => {});
}

/** Wakes those who deliver, watch the conversation, or watch the queue. */
function announce({ bus }: Parts, turn: LeasedTurn, effects: readonly Effect[]): void {
  const kinds = new Set(effects.map((e) => e.type));
  if (kinds.has("send_message") || kinds.has("wipe_chat")) bus.publish("outbox");
  bus.publish(`conversation:${turn.id}`);
  if (
    kinds.has("open_case") ||
    kinds.has("raise_case") ||
    kinds.has("mark_case") ||
    kinds.has("page") ||
    kinds.has("keep_message")
  ) {
    bus.publish("cases");
  }
}

/** Only the kind of error: its message could quote a person. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const where = /at (?:async )?([\w.<>]+) /.exec(error.stack ?? "")?.[1] ?? "";
  return "code" in error ? `${error.name} ${String(error.code)} ${where}` : `${error.name} ${where}`;
}
