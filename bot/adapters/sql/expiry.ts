/** The clocks: what is kept only for a while goes, in small portions, so that nobody waits for it. */

import type { CaseId, ConversationId } from "../../core/ids.ts";
import type { Sealed, UpkeepStore } from "../../ports/store.ts";
import type { Dialect } from "./dialect.ts";
import type { Engine } from "./engine.ts";
import { forgetting, isEmptied, NOTHING } from "./forget.ts";
import { atMost, rows, run, type Script, statement } from "./statement.ts";

const DAY_MS = 86_400_000;
/** How long the last message of a forgotten conversation is tried before its key is destroyed all the same. */
const LAST_WORDS_MS = 3_600_000;
/** Rows of one portion; one portion is one change. */
const PORTION = 500;
const PORTIONS_A_CALL = 20;

type Clocks = Parameters<UpkeepStore["expire"]>[0];

export function expiry(engine: Engine): UpkeepStore["expire"] {
  const s = statements(engine.dialect);
  const forget = forgetting(engine.dialect);
  return async (clocks) => {
    let total = 0;
    const failures: unknown[] = [];
    for (const portion of [events, marks, refs, tokens, transcripts, idle, lastWords]) {
      try {
        for (let i = 0; i < PORTIONS_A_CALL; i++) {
          const gone = await engine.write(() => portion(clocks));
          total += gone;
          if (gone === 0) break;
        }
      } catch (error) {
        // What can't go now must keep nothing else: keys of the forgotten are destroyed last.
        failures.push(error);
      }
    }
    if (total > 0) await engine.scrub();
    if (failures.length > 0) throw failures[0];
    return total;
  };

  function events({ now, handledEventsMs }: Clocks): Script<number> {
    return run(s.events, { before: now - handledEventsMs });
  }

  function marks({ now, handledEventsMs }: Clocks): Script<number> {
    return run(s.marks, { before: now - handledEventsMs });
  }

  function* refs({ now, platformRefsMs }: Clocks): Script<number> {
    const before = now - platformRefsMs;
    return (yield* run(s.emptied, { before })) + (yield* run(s.refs, { before }));
  }

  function tokens({ now }: Clocks): Script<number> {
    return run(s.tokens, { now });
  }

  function* transcripts({ now, closedTranscriptMs }: Clocks): Script<number> {
    let gone = 0;
    for (const row of yield* rows(s.closedCases, { before: now - closedTranscriptMs })) {
      const upTo = row.closed_at ?? 0;
      gone += 1 + (yield* run(s.messages, { id: row.conversation_id, upTo }));
      gone += yield* run(s.emptyMessages, { id: row.conversation_id, upTo, nothing: NOTHING });
      yield* run(s.emptyCase, { id: row.id });
      // They quote her.
      gone += yield* run(s.notes, { id: row.id });
    }
    return gone;
  }

  function* idle({ now, idleConversationMs }: Clocks): Script<number> {
    const lastDay = Math.floor((now - idleConversationMs) / DAY_MS);
    const found = yield* rows(s.idle, { lastDay });
    for (const { id, last_ordinal, last_item } of found) {
      yield* forget.words(id, { ordinal: last_ordinal, item: last_item, at: now });
      yield* forget.close(id, now);
    }
    return found.length;
  }

  function* lastWords({ now }: Clocks): Script<number> {
    const found = yield* rows(s.undelivered, { before: now - LAST_WORDS_MS });
    for (const { id } of found) yield* forget.finish(id);
    return found.length;
  }
}

type Told = { id: ConversationId; upTo: number };

function statements(d: Dialect) {
  const { db } = d;
  // Those of a forgotten conversation wait for their wipe, which has an end of its own.
  const wiping = db.selectFrom("conversations as c").select("c.id").where("c.gone", "=", 1);
  /** Lines whose platform's id is past its clock. */
  const past = (p: { before: number }) =>
    db
      .selectFrom("messages as old")
      .select(["old.conversation_id", "old.ordinal"])
      .where("old.sealed_ref", "is not", null)
      .where("old.at", "<", p.before)
      .where("old.conversation_id", "not in", wiping)
      // So that its index is read from the oldest on, and never the whole table for the few that are past.
      .orderBy("old.at")
      .limit(atMost(PORTION));
  // What is still to be sent stays until it is.
  const unsent = (id: ConversationId) =>
    db
      .selectFrom("outbox")
      .select((x) => x.ref("message_ordinal").$notNull().as("ordinal"))
      .where("conversation_id", "=", id)
      .where("message_ordinal", "is not", null);
  return {
    events: statement((p: { before: number }) =>
      db
        .deleteFrom("events")
        .where((e) =>
          e(
            e.refTuple("conversation_id", "seq"),
            "in",
            e
              .selectFrom("events as old")
              .select(["old.conversation_id", "old.seq"])
              .where("old.handled_at", "<", p.before)
              .limit(atMost(PORTION))
              .$asTuple("conversation_id", "seq"),
          ),
        ),
    ),
    marks: statement((p: { before: number }) =>
      db
        .deleteFrom("seen")
        .where("mark", "in", (e) =>
          e
            .selectFrom("seen as old")
            .select("old.mark")
            .where("old.at", "<", p.before)
            .limit(atMost(PORTION)),
        ),
    ),
    refs: statement((p: { before: number }) =>
      db
        .updateTable("messages")
        .set({ sealed_ref: null })
        .where((e) =>
          e(
            e.refTuple("conversation_id", "ordinal"),
            "in",
            past(p)
              .where(e.not(isEmptied("old.sealed")))
              .$asTuple("conversation_id", "ordinal"),
          ),
        ),
    ),
    // Of these nothing but the id was left.
    emptied: statement((p: { before: number }) =>
      db
        .deleteFrom("messages")
        .where((e) =>
          e(
            e.refTuple("conversation_id", "ordinal"),
            "in",
            past(p).where(isEmptied("old.sealed")).$asTuple("conversation_id", "ordinal"),
          ),
        ),
    ),
    tokens: statement((p: { now: number }) => db.deleteFrom("tokens").where("expires_at", "<=", p.now)),
    closedCases: statement((p: { before: number }) =>
      db
        .selectFrom("cases")
        .select(["id", "conversation_id", "closed_at"])
        .where("state", "=", "closed")
        .where("transcript_gone", "=", 0)
        .where("closed_at", "<", p.before)
        .limit(atMost(PORTION)),
    ),
    messages: statement((p: Told) =>
      db
        .deleteFrom("messages")
        .where("conversation_id", "=", p.id)
        .where("at", "<=", p.upTo)
        .where("sealed_ref", "is", null)
        .where("ordinal", "not in", unsent(p.id)),
    ),
    emptyMessages: statement((p: Told & { nothing: Sealed }) =>
      db
        .updateTable("messages")
        .set({ sealed: p.nothing })
        .where("conversation_id", "=", p.id)
        .where("at", "<=", p.upTo)
        .where("sealed_ref", "is not", null)
        .where((e) => e.not(isEmptied("sealed")))
        .where("ordinal", "not in", unsent(p.id)),
    ),
    emptyCase: statement((p: { id: CaseId }) =>
      db.updateTable("cases").set({ sealed_reasons: null, transcript_gone: 1 }).where("id", "=", p.id),
    ),
    notes: statement((p: { id: CaseId }) => db.deleteFrom("case_notes").where("case_id", "=", p.id)),
    // Locked, so that a word that comes in this moment finds the conversation either whole or gone, and is not lost.
    idle: statement((p: { lastDay: number }) =>
      d.lockFree(
        db
          .selectFrom("conversations")
          .select(["id", "last_ordinal", "last_item"])
          .where("gone", "=", 0)
          .where("active_day", "<", p.lastDay)
          .where("waiting_since", "is", null)
          .where((e) =>
            e.not(
              e.exists(
                e
                  .selectFrom("cases as k")
                  .select("k.id")
                  .whereRef("k.conversation_id", "=", "conversations.id")
                  .where("k.state", "in", ["waiting", "claimed"]),
              ),
            ),
          )
          .limit(atMost(PORTION)),
      ),
    ),
    undelivered: statement((p: { before: number }) =>
      db
        .selectFrom("conversations")
        .select("id")
        .where("gone", "=", 1)
        .where("gone_at", "<", p.before)
        .limit(atMost(PORTION)),
    ),
  };
}
