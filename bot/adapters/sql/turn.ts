/** One decided turn, written all or nothing. */

import type { ConversationId, EventId, MessageId } from "../../core/ids.ts";
import type { CommitResult, DeliveryState, NewMessage, Sealed, TurnCommit } from "../../ports/store.ts";
import { caseChanges } from "./case-changes.ts";
import type { Dialect, HomeRow } from "./dialect.ts";
import { forgetting, lastTry, promotion } from "./forget.ts";
import { ledger } from "./ledger.ts";
import { FIRST_FENCE, queueing } from "./queueing.ts";
import { askFor, atMost, one, put, rows, run, type Script, statement, Undo } from "./statement.ts";

const DAY_MS = 86_400_000;

type Home = Pick<HomeRow, "channel" | "last_ordinal" | "last_item">;

export function turns(dialect: Dialect) {
  const s = statements(dialect);
  const cases = caseChanges(dialect);
  const forget = forgetting(dialect);
  const queue = queueing(dialect);
  const books = ledger(dialect);
  return {
    commit,
    ahead: (turn: TurnCommit) => ({ ask: askFor(s.open, openOf(turn)) }),
  };

  function* commit(turn: TurnCommit): Script<CommitResult> {
    const { conversationId: id, at } = turn;
    const row = yield* one(dialect.homes.lock, { id });
    if (!row || row.gone > 0) return { ok: false, code: "gone" };
    if (row.fence !== turn.fence) return { ok: false, code: "lease_lost" };
    if (row.version !== turn.expectedVersion) return { ok: false, code: "version_moved" };
    const open = yield* rows(s.open, openOf(turn));
    const [first] = open;
    const waiting = (yield* handle(turn, open))?.at ?? null;
    yield* put(s.keepState, { id, sealed: turn.sealedState });
    if (turn.isExit) yield* hush(turn, row.last_item);
    // It stands beside every open event, so that it costs no trip of its own.
    const queued = first && !turn.isExit ? first.queued : ((yield* one(s.queued, { id }))?.item ?? null);
    const written = yield* writeMessages(turn, row, queued === null);
    yield* cases.apply(turn);
    yield* setTimers(turn);
    yield* books.write(turn);
    if (turn.forget) yield* forget.words(id, { ordinal: row.last_ordinal, item: row.last_item, at });
    const version = row.version + 1;
    yield* put(s.move, {
      id,
      version,
      ordinal: written.ordinal,
      item: written.item,
      waiting,
      day: Math.floor(at / DAY_MS),
    });
    if (turn.endSession && !turn.forget) yield* put(s.free, { id });
    // Words that came after "forget everything" are hers, and new: they keep the conversation, empty as it is now, and its key.
    if (turn.forget) yield* waiting === null ? forget.close(id, at) : forget.questions(id);
    const { sending } = written;
    return {
      ok: true,
      version,
      ...(sending === null ? {} : { sending: { ordinal: sending, fence: FIRST_FENCE } }),
      ...(waiting === null ? {} : { left: true }),
    };
  }

  /**
   * Whoever holds the phone now must not read what was meant for her. Only the first item can be on its way. A wipe that
   * waits goes on, unless this turn's takes its place.
   */
  function* hush({ conversationId: id, wipe }: TurnCommit, lastItem: number): Script<void> {
    yield* put(s.failUnsent, { id });
    yield* put(s.dropUnsent, { id, kind: "message" });
    if (wipe) yield* put(s.dropUnsent, { id, kind: "wipe" });
    else yield* put(s.promote, { id });
    yield* put(s.lastTry, { id, upTo: lastItem });
  }

  /** Marks what was handled; gives the oldest event that is left. */
  function* handle(turn: TurnCommit, open: readonly OpenEvent[]): Script<OpenEvent | undefined> {
    const { conversationId: id, at } = turn;
    const handled = new Set(turn.handled);
    for (const event of open) if (handled.has(event.id)) yield* put(s.handle, { id, event: event.id, at });
    const found = new Set(open.map((event) => event.id));
    const missing = turn.handled.filter((event) => !found.has(event));
    if (missing.length === 0) return open.find((event) => !handled.has(event.id));
    for (const event of missing) {
      // Handled before, or never there: whoever decided this did not see what is true now.
      if ((yield* run(s.handle, { id, event, at })) === 0)
        throw new Undo({ ok: false, code: "version_moved" });
    }
    return yield* one(s.open, { id, limit: 1 });
  }

  /** A wipe goes first, so that what this turn says (a harmless goodbye, a receipt) stays readable. */
  function* writeMessages(turn: TurnCommit, home: Home, isFree: boolean) {
    const { conversationId: id, at } = turn;
    const { channel } = home;
    let ordinal = home.last_ordinal;
    let item = home.last_item;
    let isHead = isFree;
    let sending: number | null = null;
    if (turn.wipe) {
      item += 1;
      // In the front, like a safety text: somebody may be taking the phone from her hand.
      const first = { messageOrdinal: null, safety: 1, until: null };
      yield* queue.add({ id, item, kind: "wipe", channel, at, isHead, ...first });
      isHead = false;
    }
    for (const message of turn.messages) {
      ordinal += 1;
      yield* put(s.addMessage, messageRow(id, ordinal, message));
      if (!message.send) continue;
      item += 1;
      const until = turn.sendUntil ?? null;
      if (isHead && until !== null) sending = item;
      const safety = message.send.safety ? 1 : 0;
      yield* queue.add({
        id,
        item,
        kind: "message",
        messageOrdinal: ordinal,
        channel,
        safety,
        at,
        isHead,
        until,
      });
      isHead = false;
    }
    return { ordinal, item, sending };
  }

  function* setTimers(turn: TurnCommit): Script<void> {
    const id = turn.conversationId;
    for (const timer of turn.cancelTimers) yield* put(s.cancelTimer, { id, timer });
    for (const { timer, dueAt, token } of turn.setTimers) yield* put(s.setTimer, { id, timer, dueAt, token });
  }
}

interface OpenEvent {
  readonly id: EventId;
  readonly at: number;
  /** Something of the conversation that is not delivered yet; null: nothing is. */
  readonly queued: number | null;
}

/** What is handled is mostly the oldest; one more tells what is left. */
function openOf(turn: TurnCommit) {
  return { id: turn.conversationId, limit: turn.handled.length + 1 };
}

function messageRow(id: ConversationId, ordinal: number, message: NewMessage) {
  const state: DeliveryState = message.send ? "queued" : message.author === "person" ? "received" : "sent";
  return {
    id,
    ordinal,
    message: message.id,
    author: message.author,
    at: message.at,
    sealed: message.sealed,
    state,
    ref: message.sealedPlatformRef ?? null,
  };
}

function statements(d: Dialect) {
  const { db } = d;
  const queued = (p: { id: ConversationId }) =>
    db.selectFrom("outbox").select("item").where("conversation_id", "=", p.id).limit(atMost(1));
  return {
    handle: statement((p: { id: ConversationId; event: EventId; at: number }) =>
      db
        .updateTable("events")
        .set({ handled_at: p.at })
        .where("conversation_id", "=", p.id)
        .where("handled_at", "is", null)
        .where("id", "=", p.event),
    ),
    keepState: statement((p: { id: ConversationId; sealed: Sealed }) =>
      db
        .insertInto("states")
        .values({ conversation_id: p.id, sealed: p.sealed })
        .onConflict((c) =>
          c.column("conversation_id").doUpdateSet((e) => ({ sealed: e.ref("excluded.sealed") })),
        ),
    ),
    addMessage: statement(
      (p: {
        id: ConversationId;
        ordinal: number;
        message: MessageId;
        author: NewMessage["author"];
        at: number;
        sealed: Sealed;
        state: DeliveryState;
        ref: Sealed | null;
      }) =>
        db.insertInto("messages").values({
          conversation_id: p.id,
          ordinal: p.ordinal,
          id: p.message,
          author: p.author,
          at: p.at,
          sealed: p.sealed,
          state: p.state,
          failure_code: null,
          sealed_ref: p.ref,
        }),
    ),
    failUnsent: statement((p: { id: ConversationId }) =>
      db
        .updateTable("messages")
        .set({ state: "failed", failure_code: "left" })
        .where("conversation_id", "=", p.id)
        .where("ordinal", "in", (e) =>
          e
            .selectFrom("outbox")
            .select((x) => x.ref("message_ordinal").$notNull().as("ordinal"))
            .where("conversation_id", "=", p.id)
            .where("state", "=", "queued")
            .where("message_ordinal", "is not", null),
        ),
    ),
    dropUnsent: statement((p: { id: ConversationId; kind: "message" | "wipe" }) =>
      db
        .deleteFrom("outbox")
        .where("conversation_id", "=", p.id)
        .where("state", "=", "queued")
        .where("kind", "=", p.kind),
    ),
    promote: promotion(d),
    lastTry: lastTry(d),
    cancelTimer: statement((p: { id: ConversationId; timer: string }) =>
      db.deleteFrom("timers").where("conversation_id", "=", p.id).where("timer", "=", p.timer),
    ),
    setTimer: statement((p: { id: ConversationId; timer: string; dueAt: number; token: string }) =>
      db
        .insertInto("timers")
        .values({ conversation_id: p.id, timer: p.timer, due_at: p.dueAt, token: p.token, offers: 0 })
        .onConflict((c) =>
          c.columns(["conversation_id", "timer"]).doUpdateSet((e) => ({
            due_at: e.ref("excluded.due_at"),
            token: e.ref("excluded.token"),
            offers: 0,
          })),
        ),
    ),
    open: statement((p: { id: ConversationId; limit: number }) =>
      db
        .selectFrom("events")
        .select(["id", "at", queued(p).as("queued")])
        .where("conversation_id", "=", p.id)
        .where("handled_at", "is", null)
        .orderBy("seq")
        .limit(atMost(p.limit)),
    ),
    queued: statement(queued),
    move: statement(
      (p: {
        id: ConversationId;
        version: number;
        ordinal: number;
        item: number;
        waiting: number | null;
        day: number;
      }) =>
        db
          .updateTable("conversations")
          .set({
            version: p.version,
            last_ordinal: p.ordinal,
            last_item: p.item,
            waiting_since: p.waiting,
            active_day: p.day,
            offer_at: 0,
            leased_by: null,
          })
          .where("id", "=", p.id),
    ),
    free: freeing(d),
  };
}

/** Who writes from that address next begins another conversation. */
export function freeing({ db }: Dialect) {
  return statement((p: { id: ConversationId }) =>
    db.updateTable("conversations").set({ pseudonym: null }).where("id", "=", p.id),
  );
}
