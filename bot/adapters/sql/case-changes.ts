/** What a turn does to cases: opens, raises (never lowers), marks, and counts her new words. */

import type { CaseId, ConversationId } from "../../core/ids.ts";
import { type Level, rank } from "../../core/level.ts";
import type { CaseChange, CaseOpening, Sealed, TurnCommit } from "../../ports/store.ts";
import type { Dialect } from "./dialect.ts";
import { put, type Script, statement } from "./statement.ts";

type Raise = Extract<CaseChange, { op: "raise" }>;

export function caseChanges(d: Dialect) {
  const s = statements(d);
  return { apply };

  function* apply(turn: TurnCommit): Script<void> {
    for (const change of turn.cases) {
      if (change.op === "open") yield* open(turn, change);
      else if (change.op === "raise") yield* raise(turn, change);
      else if (change.op === "mark") yield* put(s[change.mark], { id: change.caseId });
      else yield* put(s.await, { id: change.caseId, since: change.since });
    }
    const hers = turn.messages.filter((message) => message.author === "person");
    const last = hers.at(-1);
    if (last) yield* put(s.heard, { conversation: turn.conversationId, n: hers.length, at: last.at });
  }

  function* open(turn: TurnCommit, change: CaseOpening): Script<void> {
    const { caseId, code, level, topic, lang, channel } = change;
    yield* put(s.open, {
      id: caseId,
      code,
      level,
      topic,
      lang,
      channel,
      conversation: turn.conversationId,
      rank: rank(level),
      asked: change.asked ? 1 : 0,
      at: turn.at,
      reasons: change.sealedReasons,
    });
  }

  function* raise(turn: TurnCommit, change: Raise): Script<void> {
    const { caseId: id, level, asked } = change;
    yield* put(s.raise, { id, level, rank: rank(level), at: turn.at });
    yield* put(s.reason, { id, reasons: change.sealedReasons });
    // Closed while this turn was decided: it waits again, because nobody would see it otherwise.
    yield* put(s.reopen, { id });
    if (asked !== undefined) yield* put(s.ask, { id, asked: asked ? 1 : 0 });
  }
}

function statements(d: Dialect) {
  const { db } = d;
  return {
    open: statement(
      (
        p: Omit<CaseOpening, "caseId" | "asked" | "sealedReasons"> & {
          id: CaseId;
          conversation: ConversationId;
          rank: number;
          asked: number;
          at: number;
          reasons: Sealed;
        },
      ) =>
        db
          .insertInto("cases")
          .values({
            id: p.id,
            code: p.code,
            conversation_id: p.conversation,
            state: "waiting",
            level: p.level,
            level_rank: p.rank,
            topic: p.topic,
            asked: p.asked,
            lang: p.lang,
            channel: p.channel,
            opened_at: p.at,
            level_at: p.at,
            claimed_by: null,
            claimed_at: null,
            last_person_at: p.at,
            unread: 0,
            awaited_since: null,
            person_left: 0,
            closed_at: null,
            outcome: null,
            sealed_reasons: p.reasons,
            version: 1,
            transcript_gone: 0,
          })
          .onConflict((c) => c.column("id").doNothing()),
    ),
    raise: statement((p: { id: CaseId; level: Level; rank: number; at: number }) =>
      db
        .updateTable("cases")
        .set((e) => ({ level: p.level, level_rank: p.rank, level_at: p.at, version: e("version", "+", 1) }))
        .where("id", "=", p.id)
        .where("level_rank", "<", p.rank),
    ),
    reason: statement((p: { id: CaseId; reasons: Sealed }) =>
      db
        .updateTable("cases")
        .set((e) => ({ sealed_reasons: p.reasons, version: e("version", "+", 1) }))
        .where("id", "=", p.id),
    ),
    reopen: statement((p: { id: CaseId }) =>
      db
        .updateTable("cases")
        .set({
          state: "waiting",
          claimed_by: null,
          claimed_at: null,
          awaited_since: null,
          closed_at: null,
          outcome: null,
          transcript_gone: 0,
        })
        .where("id", "=", p.id)
        .where("state", "=", "closed"),
    ),
    ask: statement((p: { id: CaseId; asked: number }) =>
      db.updateTable("cases").set({ asked: p.asked }).where("id", "=", p.id),
    ),
    left: marking(d, { person_left: 1 }),
    returned: marking(d, { person_left: 0 }),
    // She no longer wants a human; staff still see the case, because only they may let it go.
    taken_back: marking(d, { asked: 0 }),
    // Only of a case that somebody has: given back or closed meanwhile, nobody's answer is awaited.
    await: statement((p: { id: CaseId; since: number | null }) =>
      db
        .updateTable("cases")
        .set((e) => ({ awaited_since: p.since, version: e("version", "+", 1) }))
        .where("id", "=", p.id)
        .where("state", "=", "claimed"),
    ),
    heard: statement((p: { conversation: ConversationId; n: number; at: number }) =>
      db
        .updateTable("cases")
        .set((e) => ({ unread: e("unread", "+", p.n), last_person_at: p.at, version: e("version", "+", 1) }))
        .where("conversation_id", "=", p.conversation)
        .where("state", "<>", "closed"),
    ),
  };
}

function marking(d: Dialect, to: { person_left?: number; asked?: number }) {
  return statement((p: { id: CaseId }) =>
    d.db
      .updateTable("cases")
      .set((e) => ({ ...to, version: e("version", "+", 1) }))
      .where("id", "=", p.id),
  );
}
