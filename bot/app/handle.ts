/** One event to its end: load, decide, commit; again from the store if somebody else moved the conversation meanwhile. */

import type { Effect } from "../core/effects.ts";
import { errorKindAndPlace } from "../core/error-kind.ts";
import type { EventBody } from "../core/events.ts";
import type { EventId } from "../core/ids.ts";
import { newState, type State } from "../core/state.ts";
import type { Channel } from "../ports/channel.ts";
import type {
  CommitResult,
  LeasedTurn,
  NewMessage,
  OutboxItem,
  StoredEvent,
  TurnCommit,
} from "../ports/store.ts";
import { type Envelope, envelope, type SealedLine } from "./contexts.ts";
import { type Decided, decide, inItsTime, type Waiting } from "./deciding.ts";
import { type DeskGauge, makeDeskGauge } from "./desk-gauge.ts";
import { worldFor } from "./library.ts";
import type { ModelAsker } from "./model-asking.ts";
import type { Courier, SendingPlace } from "./outbox.ts";
import type { Parts } from "./parts.ts";
import { lineOf, turnCommit } from "./turn-commit.ts";

/** How long one worker may hold a conversation; a turn takes milliseconds, the rest is for a slow disk. */
const LEASE_MS = 15_000;
/** When an event that could not be decided is tried again. */
const RETRY_MS = 1_000;
/** How soon a store that did not take a lease back is asked again. */
const GIVE_BACK_AGAIN_MS = 500;
/** How many conversations one worker decides at a time. */
const BATCH = 32;
/** How many waiting events of one conversation are taken with one lease. */
const EVENTS_EACH = 20;

/** How many of those that have just come are decided at a time. */
const AT_ONCE = 128;

export interface Handler extends AtOnce {
  /** Decides what waits; returns how many events were handled. */
  work(): Promise<number>;
  /** Gives no more places; resolves when all that were given are free again, and so what was taken is decided. */
  rest(): Promise<void>;
}

/** Lets whoever puts an arrival on disk have it decided right away, without its being looked up and opened again. */
export interface AtOnce {
  /**
   * null before the first `work` and after `rest`, while others wait that came before, and when too many are being
   * decided: then the arrival takes its turn. A place must be taken or freed.
   */
  place(): DecidingPlace | null;
}

export interface DecidingPlace {
  /** What the arrival asks of the store. */
  readonly lease: { readonly owner: string; readonly now: number; readonly forMs: number };
  readonly maxEvents: number;
  /** Begins to decide; `address` is what `turn.sealedAddress` holds. */
  take(turn: TurnHead, events: readonly Waiting[], address: string): void;
  free(): void;
}

export type TurnHead = Omit<LeasedTurn, "events">;

/** What a handler works with where it is part of a service. */
export interface Colleagues {
  /** Delivers in this process: what it has a place for goes out without being looked up again. */
  readonly courier?: Courier;
  /** Begins to measure what is decided at once; called with how many events were. */
  readonly measure?: () => (handled: number) => void;
}

export function makeHandler(
  parts: Parts,
  owner: string,
  asker: ModelAsker,
  { courier, measure }: Colleagues = {},
): Handler {
  const house = { parts, gauge: makeDeskGauge(parts), asker, courier };
  let places = 0;
  let whenFree = () => {};
  let isOpen: boolean | null = null;
  let isBehind = false;
  return {
    async work() {
      isOpen ??= true;
      const leased = await parts.store.conversations.lease({
        owner,
        now: parts.clock.now(),
        forMs: LEASE_MS,
        limit: BATCH,
        eventsEach: EVENTS_EACH,
      });
      isBehind = leased.length === BATCH;
      // More than one can take at a time: whoever is free takes the next ones meanwhile.
      if (isBehind) parts.bus.call("inbox");
      const handled = await Promise.all(
        leased.map((turn) => {
          const box = envelope(parts.vault, turn.wrappedKey);
          const events = turn.events.map((e): Waiting => ({ ...e, body: openEvent(box, e) }));
          return handleTurn(house, turn, events);
        }),
      );
      return handled.reduce((a, b) => a + b, 0);
    },
    place() {
      if (!isOpen || isBehind || places >= AT_ONCE) return null;
      places += 1;
      const free = () => {
        places -= 1;
        if (places === 0) whenFree();
      };
      return {
        lease: { owner, now: parts.clock.now(), forMs: LEASE_MS },
        maxEvents: EVENTS_EACH,
        free,
        take(turn, events, address) {
          const measured = measure?.();
          void handleTurn(house, turn, events, address).then((handled) => {
            measured?.(handled);
            free();
          });
        },
      };
    },
    async rest() {
      isOpen = false;
      if (places > 0)
        await new Promise<void>((resolve) => {
          whenFree = resolve;
        });
    },
  };
}

interface House {
  readonly parts: Parts;
  readonly gauge: DeskGauge;
  readonly asker: ModelAsker;
  readonly courier: Courier | undefined;
}

/**
 * Written within this time of each other, messages are one burst. What an outage held up may lie here at once too, but
 * was written apart: each of those is answered.
 */
const BURST_MS = 5_000;

function isBurst(event: Waiting, later: readonly Waiting[]): boolean {
  const writtenAt = ({ body }: Waiting) =>
    body?.type === "message_received" && body.content.kind === "text" ? (body.writtenAt ?? 0) : null;
  const mine = writtenAt(event);
  const next = later.map(writtenAt).find((at) => at !== null);
  return mine !== null && next !== undefined && next !== null && Math.abs(next - mine) <= BURST_MS;
}

/** Handles the events of one lease in order; one that fails touches no other conversation. */
async function handleTurn(
  house: House,
  turn: TurnHead,
  events: readonly Waiting[],
  address?: string,
): Promise<number> {
  const { parts, asker, courier } = house;
  const { clock, log, library, bus } = parts;
  const channel = parts.channels.get(turn.channel);
  const box = envelope(parts.vault, turn.wrappedKey);
  let current: EventId | undefined;
  let done = 0;
  try {
    if (!channel) throw new Error(`the channel ${turn.channel} is not configured here`);
    const world = worldFor(library.base(), channel.caps, parts.page);
    let state = openState(parts, box, turn);
    let version = turn.version;
    let notBefore = 0;
    for (const [i, event] of events.entries()) {
      current = event.id;
      const more = isBurst(event, events.slice(i + 1));
      const asked = inItsTime(event, clock.now(), notBefore, world);
      notBefore = asked.at;
      const decided = await decide(house, world, state, asked, more);
      const at = clock.now();
      const commit = turnCommit({ ...parts, box, turn, version, event, before: state, decided, at });
      const first = commit.wipe ? undefined : commit.messages.find((message) => message.send);
      const sending = first && courier?.place(turn.channel);
      const result = await commitWith(parts, commit, sending);
      if (!result.ok) return done;
      announce(parts, turn, state, decided, result.sending !== undefined);
      if (first && sending && result.sending) {
        const item = itemOf(turn, commit.at, first, result.sending);
        sending.send(item, { line: firstLine(decided), address });
      }
      state = decided.state;
      version = result.version;
      done += 1;
      showTyping(channel, box, turn, decided.effects);
      asker.ask(turn, decided.effects);
      const isLast = i === events.length - 1 || commit.forget !== undefined || commit.endSession;
      // Came meanwhile, or is not for this state any more: whoever is free takes it.
      if (isLast && result.left) bus.call("inbox");
      if (isLast) return done;
    }
    return done;
  } catch (error) {
    log("error", "turn_not_committed", {
      conversation: turn.id,
      event: current,
      error: errorKindAndPlace(error),
    });
    await giveBack(parts, turn, current).catch(() => void giveBackLater(parts, turn, current));
    return done;
  }
}

function giveBack({ store, clock }: Parts, { id, fence }: TurnHead, failed: EventId | undefined) {
  const retryAt = clock.now() + RETRY_MS;
  return store.conversations.release({ id, fence, retryAt, ...(failed ? { failed } : {}) });
}

/** The store is away for a moment: who wrote must not wait, once it is back, until the lease has run out. */
async function giveBackLater(parts: Parts, turn: TurnHead, failed: EventId | undefined): Promise<void> {
  const { clock, log } = parts;
  for (let waited = 0; waited < LEASE_MS; waited += GIVE_BACK_AGAIN_MS) {
    await new Promise<void>((resolve) => void clock.after(GIVE_BACK_AGAIN_MS, resolve));
    const isGiven = await giveBack(parts, turn, failed).then(
      () => true,
      () => false,
    );
    if (isGiven) return;
  }
  log("warn", "lease_not_released", { conversation: turn.id });
}

/** A place that the commit could not use is given back. */
async function commitWith(
  { store }: Parts,
  commit: TurnCommit,
  sending: SendingPlace | null | undefined,
): Promise<CommitResult> {
  if (!sending) return store.conversations.commit(commit);
  let isUsed = false;
  try {
    const result = await store.conversations.commit({ ...commit, sendUntil: sending.until });
    isUsed = result.ok && result.sending !== undefined;
    return result;
  } finally {
    if (!isUsed) sending.free();
  }
}

/** The first message of a turn as the outbox would give it out. */
function itemOf(
  { id, channel, wrappedKey, sealedAddress }: TurnHead,
  queuedAt: number,
  message: NewMessage,
  sending: { readonly ordinal: number; readonly fence: number },
): OutboxItem {
  return {
    id,
    channel,
    wrappedKey,
    sealedAddress,
    kind: "message",
    messageId: message.id,
    ...sending,
    sealed: message.sealed,
    safety: message.send?.safety === true,
    attempts: 0,
    unclear: false,
    queuedAt,
  };
}

/** What that message says. */
function firstLine({ state, effects }: Decided): SealedLine {
  const said = effects.find((e) => e.type === "send_message");
  if (!said) throw new Error("a message without its effect");
  return lineOf(said.message, state.lang);
}

/** A state that cannot be read must not leave her without a word: it begins anew, and an operator is told. */
function openState({ log }: Parts, box: Envelope, turn: TurnHead): State {
  if (!turn.sealedState) return newState("vi");
  try {
    // What an older build wrote lacks what was added since.
    return { ...newState("vi"), ...box.state.open(turn.id, turn.sealedState) };
  } catch (error) {
    log("error", "state_unreadable", { conversation: turn.id, error: errorKindAndPlace(error) });
    return newState("vi");
  }
}

function openEvent(box: Envelope, stored: StoredEvent): EventBody | null {
  try {
    return box.event.open(stored.id, stored.sealed);
  } catch {
    return null;
  }
}

/** Not waited for: it is only for the eye. */
function showTyping(channel: Channel, box: Envelope, turn: TurnHead, effects: readonly Effect[]): void {
  if (!effects.some((e) => e.type === "show_typing")) return;
  void channel.showTyping?.(box.address.open(turn.id, turn.sealedAddress)).catch(() => {});
}

/** Wakes those who deliver, watch the conversation, or watch the queue. `isSent`: its first message is on its way. */
function announce({ bus }: Parts, turn: TurnHead, before: State, decided: Decided, isSent: boolean): void {
  const kinds = new Set(decided.effects.map((e) => e.type));
  // What stands behind the first message is due when that is delivered.
  if (!isSent && (kinds.has("send_message") || kinds.has("wipe_chat"))) bus.call("outbox");
  bus.publish(`conversation:${turn.id}`);
  const hasCase = before.case !== null || decided.state.case !== null;
  if (
    kinds.has("open_case") ||
    kinds.has("raise_case") ||
    kinds.has("mark_case") ||
    kinds.has("await_answer") ||
    kinds.has("page") ||
    (hasCase && kinds.has("keep_message"))
  ) {
    bus.publish("cases");
  }
}
