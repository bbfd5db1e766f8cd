/** Forgetting: the words go at once, the key and the address with the last message that is still on its way. */

import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { ConversationId } from "../../core/ids.ts";
import type { Sealed } from "../../ports/store.ts";
import type { Dialect } from "./dialect.ts";
import { atMost, one, put, run, type Script, statement } from "./statement.ts";

/** What is left of a line whose words went before it was deleted on her phone: only the platform's id, and no words. */
export const NOTHING: Sealed = new Uint8Array(0);

/** Is this column of a line such a rest? */
export function isEmptied(column: "sealed" | "m.sealed" | "old.sealed"): RawBuilder<SqlBool> {
  return sql<SqlBool>`length(${sql.ref(column)}) = 0`;
}

/** Where the forgetting turn began: everything up to here is old. */
export interface Before {
  readonly ordinal: number;
  readonly item: number;
  readonly at: number;
}

export function forgetting(d: Dialect) {
  const s = statements(d);
  return { words, questions, close, finish, finishIfDelivered };

  /** Destroys state, texts, handled events, timers, notes and reasons. What this turn still says stays until it is sent. */
  function* words(id: ConversationId, before: Before): Script<void> {
    yield* run(s.dropState, { id });
    yield* run(s.dropTimers, { id });
    yield* run(s.dropEvents, { id });
    yield* run(s.dropNotes, { id });
    yield* run(s.emptyCases, { id });
    const wiping = yield* one(s.wipe, { id, after: before.item });
    // What is on its way stays without its words, so that its platform's id is there for the wipe; it is not repeated.
    if (wiping) yield* run(s.dropUnsent, { id, upTo: before.item });
    else yield* run(s.dropItems, { id, upTo: before.item });
    yield* run(s.lastTry, { id, upTo: before.item });
    yield* run(s.promote, { id });
    if (!wiping) yield* run(s.dropRefs, { id });
    yield* run(s.emptyMessages, { id, upTo: before.ordinal, nothing: NOTHING });
    yield* run(s.dropMessages, { id, upTo: before.ordinal });
  }

  /** Questions for the editors are sealed with its key: with it they go, and where that stays they are taken away by themselves. */
  function* questions(id: ConversationId): Script<void> {
    yield* put(s.dropQuestions, { id });
  }

  /** Frees the pseudonym and lets nothing in any more. */
  function* close(id: ConversationId, at: number): Script<void> {
    yield* run(s.close, { id, at });
    yield* finishIfDelivered(id);
  }

  /** true: nothing was left to deliver, and the key is destroyed. */
  function* finishIfDelivered(id: ConversationId): Script<boolean> {
    const state = yield* one(s.pending, { id });
    if (state?.gone !== 1 || state.n > 0) return false;
    yield* finish(id);
    return true;
  }

  /** Destroys the key. Overwritten with as many zeros, never deleted, so that its page is never rearranged. */
  function* finish(id: ConversationId): Script<void> {
    const held = yield* one(s.key, { id });
    if (held) yield* run(s.zeroKey, { id, zeros: new Uint8Array(held.wrapped_key.length) });
    yield* run(s.dropItems, { id, upTo: Number.MAX_SAFE_INTEGER });
    yield* run(s.dropEveryMessage, { id });
    // What nobody can open any more would take the place of what editors can still answer, and say for ever when she asked.
    yield* run(s.dropQuestions, { id });
    yield* run(s.finish, { id });
  }
}

function statements(d: Dialect) {
  const { db } = d;
  const casesOf = (id: ConversationId) =>
    db.selectFrom("cases").select("id").where("conversation_id", "=", id);
  const underWay = (id: ConversationId) =>
    db
      .selectFrom("outbox")
      .select((e) => e.ref("message_ordinal").$notNull().as("ordinal"))
      .where("conversation_id", "=", id)
      .where("message_ordinal", "is not", null)
      .where("state", "=", "sending");
  return {
    dropState: statement((p: { id: ConversationId }) =>
      db.deleteFrom("states").where("conversation_id", "=", p.id),
    ),
    dropTimers: statement((p: { id: ConversationId }) =>
      db.deleteFrom("timers").where("conversation_id", "=", p.id),
    ),
    dropEvents: statement((p: { id: ConversationId }) =>
      db.deleteFrom("events").where("conversation_id", "=", p.id).where("handled_at", "is not", null),
    ),
    dropNotes: statement((p: { id: ConversationId }) =>
      db.deleteFrom("case_notes").where("case_id", "in", casesOf(p.id)),
    ),
    emptyCases: statement((p: { id: ConversationId }) =>
      db
        .updateTable("cases")
        .set((e) => ({ sealed_reasons: null, person_left: 1, unread: 0, version: e("version", "+", 1) }))
        .where("conversation_id", "=", p.id),
    ),
    dropItems: statement((p: { id: ConversationId; upTo: number }) =>
      db.deleteFrom("outbox").where("conversation_id", "=", p.id).where("item", "<=", p.upTo),
    ),
    dropUnsent: statement((p: { id: ConversationId; upTo: number }) =>
      db
        .deleteFrom("outbox")
        .where("conversation_id", "=", p.id)
        .where("state", "=", "queued")
        .where("item", "<=", p.upTo),
    ),
    lastTry: lastTry(d),
    promote: promotion(d),
    wipe: statement((p: { id: ConversationId; after: number }) =>
      db
        .selectFrom("outbox")
        .select("item")
        .where("conversation_id", "=", p.id)
        .where("kind", "=", "wipe")
        .where("item", ">", p.after)
        .limit(atMost(1)),
    ),
    // Each begins with the conversation that it is sealed for (app/questions.ts).
    dropQuestions: statement((p: { id: ConversationId }) =>
      db.deleteFrom("unanswered").where("question", "like", sql<string>`${p.id} || ' %'`),
    ),
    dropRefs: statement((p: { id: ConversationId }) =>
      db
        .updateTable("messages")
        .set({ sealed_ref: null })
        .where("conversation_id", "=", p.id)
        .where("sealed_ref", "is not", null),
    ),
    // What a wipe will still need: the platform's id of each message, without the message.
    emptyMessages: statement((p: { id: ConversationId; upTo: number; nothing: Sealed }) =>
      db
        .updateTable("messages")
        .set({ sealed: p.nothing })
        .where("conversation_id", "=", p.id)
        .where((e) => e.or([e("sealed_ref", "is not", null), e("ordinal", "in", underWay(p.id))]))
        .where((e) => e.or([e("ordinal", "<=", p.upTo), e("author", "=", "person")])),
    ),
    dropMessages: statement((p: { id: ConversationId; upTo: number }) =>
      db
        .deleteFrom("messages")
        .where("conversation_id", "=", p.id)
        .where("sealed_ref", "is", null)
        .where("ordinal", "not in", underWay(p.id))
        .where((e) => e.or([e("ordinal", "<=", p.upTo), e("author", "=", "person")])),
    ),
    dropEveryMessage: statement((p: { id: ConversationId }) =>
      db.deleteFrom("messages").where("conversation_id", "=", p.id),
    ),
    close: statement((p: { id: ConversationId; at: number }) =>
      db
        .updateTable("conversations")
        .set({ pseudonym: null, gone: 1, gone_at: p.at, waiting_since: null })
        .where("id", "=", p.id),
    ),
    pending: statement((p: { id: ConversationId }) =>
      db
        .selectFrom("conversations as c")
        .select((e) => [
          "c.gone",
          e
            .selectFrom("outbox as o")
            .select((x) => x.fn.countAll<number>().as("n"))
            .whereRef("o.conversation_id", "=", "c.id")
            .$asScalar()
            .$notNull()
            .as("n"),
        ])
        .where("c.id", "=", p.id),
    ),
    key: statement((p: { id: ConversationId }) =>
      db.selectFrom("keys").select("wrapped_key").where("conversation_id", "=", p.id),
    ),
    zeroKey: statement((p: { id: ConversationId; zeros: Sealed }) =>
      db.updateTable("keys").set({ wrapped_key: p.zeros }).where("conversation_id", "=", p.id),
    ),
    finish: statement((p: { id: ConversationId }) =>
      db
        .updateTable("conversations")
        .set({ sealed_address: null, pseudonym: null, gone: 2, waiting_since: null })
        .where("id", "=", p.id),
    ),
  };
}

/** A message on its way becomes unclear and no safety text: the outbox sends nothing of that kind again. A wipe keeps its place. */
export function lastTry(d: Dialect) {
  return statement((p: { id: ConversationId; upTo: number }) =>
    d.db
      .updateTable("outbox")
      .set({ safety: 0, unclear: 1 })
      .where("conversation_id", "=", p.id)
      .where("item", "<=", p.upTo)
      .where("kind", "=", "message")
      .where("state", "=", "sending"),
  );
}

/** The oldest item that is left may be sent next. */
export function promotion(d: Dialect) {
  return statement((p: { id: ConversationId }) =>
    d.db
      .updateTable("outbox")
      .set({ head: 1 })
      .where("conversation_id", "=", p.id)
      .where("item", "=", (e) =>
        e
          .selectFrom("outbox as o")
          .select((x) => x.fn.min("o.item").as("item"))
          .where("o.conversation_id", "=", p.id),
      ),
  );
}
