/** A small stage for the store's contract: people who write, turns that are decided, all with counted ids. */

import type { CaseId, ConversationId, EventId, MessageId, StaffId } from "../../bot/core/ids.ts";
import type { Level } from "../../bot/core/level.ts";
import type {
  Arrival,
  AuditLine,
  CaseChange,
  LeasedTurn,
  NewEvent,
  NewMessage,
  Sealed,
  Store,
  TurnCommit,
} from "../../bot/ports/store.ts";

/** What a constructor gives to the suite. `again` opens the same database a second time, as another process would. */
export interface Opened {
  readonly store: Store;
  again(): Promise<Store>;
  end(): Promise<void>;
}

export const T0 = Date.UTC(2026, 10, 22, 5, 0, 0);
export const LAN = "staff-lan" as StaffId;
export const MAI = "staff-mai" as StaffId;

/** What must be there. */
export function sure<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error("it is not there");
  return value;
}

export function bytes(text: string): Sealed {
  return new Uint8Array(Buffer.from(text, "utf8"));
}

export function text(sealed: Uint8Array | null): string | null {
  return sealed && Buffer.from(sealed).toString("utf8");
}

export function line(action: string, subject = "s"): AuditLine {
  return { at: T0, actor: "test", action, subject, detail: "" };
}

let counter = 0;
/** A name that no other test uses. */
export function fresh(kind: string): string {
  counter += 1;
  return `${kind}${counter}`;
}

export function event(at = T0, dedupeKey = fresh("key")): NewEvent {
  return { id: fresh("event") as EventId, dedupeKey, at, sealed: bytes(`words ${dedupeKey}`) };
}

export function arrival(over: Partial<Arrival> = {}): Arrival {
  const pseudonym = over.pseudonym ?? fresh("person");
  return {
    pseudonym,
    channel: "telegram",
    events: [event()],
    conversationId: `conversation-of-${pseudonym}` as ConversationId,
    create: {
      wrappedKey: bytes(`wrapped key of ${pseudonym}`),
      sealedAddress: bytes(`address of ${pseudonym}`),
    },
    ...over,
  };
}

/** Somebody writes for the first time. */
export async function arrive(store: Store, over: Partial<Arrival> = {}): Promise<Arrival> {
  const came = arrival(over);
  const result = await store.conversations.receive(came);
  if (!result.ok) throw new Error(`not received: ${result.code}`);
  return came;
}

/** Leases until this conversation's turn is at hand. */
export async function lease(
  store: Store,
  id: ConversationId,
  now = T0 + 1,
  forMs = 30_000,
): Promise<LeasedTurn> {
  const leased = await store.conversations.lease({
    owner: "test",
    now,
    forMs,
    limit: 1_000,
    eventsEach: 100,
  });
  const mine = leased.find((turn) => turn.id === id);
  for (const other of leased) {
    if (other !== mine)
      await store.conversations.release({
        id: other.id,
        fence: other.fence,
        retryAt: Number.MAX_SAFE_INTEGER,
      });
  }
  if (!mine) throw new Error(`nothing to lease for ${id}`);
  return mine;
}

export function commitOf(turn: LeasedTurn, over: Partial<TurnCommit> = {}): TurnCommit {
  return {
    conversationId: turn.id,
    expectedVersion: turn.version,
    fence: turn.fence,
    at: T0 + 1,
    handled: turn.events.map((one) => one.id),
    sealedState: bytes("state"),
    messages: [],
    cases: [],
    setTimers: [],
    cancelTimers: [],
    wipe: false,
    counts: [],
    audit: [],
    unanswered: [],
    endSession: false,
    ...over,
  };
}

/** One whole turn of a conversation that has something unhandled. */
export async function decide(
  store: Store,
  id: ConversationId,
  over: Partial<TurnCommit> = {},
): Promise<LeasedTurn> {
  const turn = await lease(store, id, over.at ?? T0 + 1);
  const result = await store.conversations.commit(commitOf(turn, over));
  if (!result.ok) throw new Error(`not committed: ${result.code}`);
  return turn;
}

export function hers(words: string, over: Partial<NewMessage> = {}): NewMessage {
  return { id: fresh("message") as MessageId, author: "person", at: T0, sealed: bytes(words), ...over };
}

export function ours(words: string, over: Partial<NewMessage> = {}): NewMessage {
  return {
    id: fresh("message") as MessageId,
    author: "bot",
    at: T0,
    sealed: bytes(words),
    send: { safety: false },
    ...over,
  };
}

export function opening(
  level: Level,
  over: Partial<Extract<CaseChange, { op: "open" }>> = {},
): Extract<CaseChange, { op: "open" }> {
  return {
    op: "open",
    caseId: fresh("case") as CaseId,
    code: "K7M2",
    level,
    topic: "hurt",
    asked: true,
    lang: "vi",
    channel: "telegram",
    sealedReasons: bytes("reasons"),
    ...over,
  };
}

/** A person with a waiting case. */
export async function waitingCase(store: Store, level: Level, at = T0) {
  const came = await arrive(store);
  const open = opening(level);
  await decide(store, came.conversationId, { at, cases: [open], messages: [hers("help", { at })] });
  return { id: open.caseId, conversation: came.conversationId };
}

/** Takes everything that is due and delivers it; what was sent, in order. */
export async function deliver(store: Store, id: ConversationId, now = T0 + 10): Promise<string[]> {
  const sent: string[] = [];
  for (;;) {
    const items = await store.outbox.lease({
      owner: "out",
      now,
      forMs: 30_000,
      limit: 1_000,
      channels: ["telegram", "web"],
    });
    if (items.length === 0) return sent;
    for (const item of items) {
      if (item.id === id) sent.push(item.kind === "wipe" ? "(wipe)" : (text(item.sealed) ?? ""));
      await store.outbox.settle(
        item,
        { outcome: "sent", sealedPlatformRef: bytes(`ref ${item.ordinal}`) },
        now,
      );
    }
  }
}
