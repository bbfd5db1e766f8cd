/** Cases for the desk: their order, what staff do to them, and their notes. */

import type { CaseId, StaffId } from "../../core/ids.ts";
import { rank } from "../../core/level.ts";
import type {
  CaseActionResult,
  CaseNote,
  CaseRow,
  CaseState,
  CaseStore,
  StaffCaseAction,
} from "../../ports/store.ts";
import { asCase, CASE_COLUMNS, type StoredCase } from "./case-rows.ts";
import type { Dialect } from "./dialect.ts";
import type { Engine } from "./engine.ts";
import { inboxOf } from "./inbox.ts";
import { ledger } from "./ledger.ts";
import { askFor, atMost, one, put, rows, run, type Script, statement } from "./statement.ts";

type Act = Parameters<CaseStore["act"]>[0];
type Verdict = "do" | "done before" | Extract<CaseActionResult, { ok: false }>["code"];

/** Waiting first, then the claimed ones, then the closed ones. */
const STATES: readonly CaseState[] = ["waiting", "claimed", "closed"];

export function cases(engine: Engine): CaseStore {
  const s = statements(engine.dialect);
  const inbox = inboxOf(engine.dialect);
  const books = ledger(engine.dialect);
  return {
    list: (ask) => engine.read(() => list(ask)),
    get: (id) => engine.read(() => get(id), true),
    act: (ask) =>
      engine.write(
        () => act(ask),
        ask.home && {
          row: ask.home,
          line: ask.home,
          ahead: { ask: askFor(s.lock, { id: ask.id }), free: askFor(s.lockFree, { id: ask.id }) },
        },
      ),
    async addNote(note) {
      await engine.write(() => addNote(note));
    },
    notes: (id) => engine.read(() => rows(s.notes, { id })) as Promise<readonly CaseNote[]>,
    async markRead(id, at) {
      await engine.write(() => run(s.markRead, { id, at }));
    },
    ahead: (id) => engine.read(() => ahead(id)),
    tally: (now) =>
      engine.read(function* () {
        return (yield* rows(s.tally, {})).map(({ state, level, n, oldest }) => ({
          state,
          level,
          n,
          oldestMs: Math.max(0, now - oldest),
        }));
      }),
  };

  function* list(ask: Parameters<CaseStore["list"]>[0]): Script<readonly CaseRow[]> {
    const found: StoredCase[] = [];
    for (const state of STATES) {
      const limit = ask.limit - found.length;
      if (!ask.states.includes(state) || limit <= 0) continue;
      const order = state === "closed" ? s.closed : s.open;
      if (ask.newest) {
        found.push(...(yield* rows(s.newest, { state, limit })));
        continue;
      }
      if (ask.claimedBy === undefined) found.push(...(yield* rows(order.all, { state, limit })));
      else found.push(...(yield* rows(order.ofStaff, { state, limit, by: ask.claimedBy })));
    }
    return found.map(asCase);
  }

  function* get(id: CaseId): Script<CaseRow | null> {
    const row = yield* one(s.get, { id });
    return row ? asCase(row) : null;
  }

  function* act({ id, home, by, at, action, event, audit, note }: Act): Script<CaseActionResult> {
    // The conversation before the case, as a turn does it, so that a turn and a claim never wait for each other.
    const found = home ?? (yield* one(s.home, { id }))?.conversation_id;
    if (!found) return { ok: false, code: "gone" };
    const owner = yield* one(engine.dialect.homes.lock, { id: found });
    const row = yield* one(s.lock, { id });
    if (!owner || row?.conversation_id !== found) return { ok: false, code: "gone" };
    const verdict = judge(row, by, action);
    if (verdict === "done before") return { ok: true, row: asCase(row) };
    if (verdict !== "do") return { ok: false, code: verdict };
    const now = { ...row, ...changeOf(by, at, action), version: row.version + 1 };
    yield* action.op === "claim" || action.op === "release"
      ? put(s.hold, of(HELD, now))
      : put(s.keep, of(KEPT, now));
    // Nobody is there to be told after she had everything forgotten; the case can still be worked off.
    if (event) yield* inbox.add(found, owner, [event]);
    yield* books.audit(audit);
    if (note) yield* addNote(note);
    return { ok: true, row: asCase(now) };
  }

  function* addNote(note: CaseNote): Script<void> {
    // After forgetting there is no key that the note could have been sealed with; it would be unreadable bytes.
    const alive = yield* one(s.alive, { id: note.caseId });
    if (alive)
      yield* put(s.addNote, {
        id: note.id,
        caseId: note.caseId,
        by: note.by,
        at: note.at,
        sealed: note.sealed,
      });
  }

  function* ahead(id: CaseId): Script<number> {
    const row = yield* one(s.get, { id });
    if (row?.state !== "waiting") return 0;
    return (yield* one(s.ahead, { id, rank: row.level_rank, at: row.opened_at }))?.n ?? 0;
  }
}

/** Only she who holds a case gives it back or closes it; a level may be set while nobody else holds it. */
function judge(row: StoredCase, by: StaffId, action: StaffCaseAction): Verdict {
  if (row.state === "closed") return "closed";
  const mine = row.claimed_by === by;
  switch (action.op) {
    case "claim":
      if (row.state === "waiting" || (action.from !== undefined && row.claimed_by === action.from))
        return "do";
      return mine ? "done before" : "already_claimed";
    case "release":
    case "close":
      return mine ? "do" : "not_yours";
    case "set_level":
      return mine || row.state === "waiting" ? "do" : "not_yours";
  }
}

function changeOf(by: StaffId, at: number, action: StaffCaseAction): Partial<StoredCase> {
  switch (action.op) {
    case "claim":
      return { state: "claimed", claimed_by: by, claimed_at: at, awaited_since: at };
    case "release":
      return { state: "waiting", claimed_by: null, claimed_at: null, awaited_since: null };
    case "close":
      return { state: "closed", closed_at: at, outcome: action.outcome, unread: 0, awaited_since: null };
    case "set_level":
      return { level: action.level, level_rank: rank(action.level), level_at: at };
  }
}

/** What changes of a case as it is taken and given back: most of what staff do. */
const HELD = ["id", "state", "claimed_by", "claimed_at", "awaited_since", "version"] as const;
/** All that staff change of a case. */
const KEPT = [...HELD, "level", "level_rank", "level_at", "unread", "closed_at", "outcome"] as const;

function of<K extends keyof StoredCase>(names: readonly K[], row: StoredCase): Pick<StoredCase, K> {
  const some: Partial<StoredCase> = {};
  for (const name of names) some[name] = row[name];
  return some as Pick<StoredCase, K>;
}

function statements(d: Dialect) {
  const { db } = d;
  const some = () => db.selectFrom("cases").select(CASE_COLUMNS);
  const byUrgency = (p: { state: CaseState; limit: number }) =>
    some()
      .where("state", "=", p.state)
      .orderBy("level_rank", "desc")
      .orderBy("opened_at")
      .orderBy("id")
      .limit(atMost(p.limit));
  const byEnd = (p: { state: CaseState; limit: number }) =>
    some().where("state", "=", p.state).orderBy("closed_at", "desc").orderBy("id").limit(atMost(p.limit));
  type Mine = { state: CaseState; limit: number; by: StaffId };
  return {
    open: {
      all: statement(byUrgency),
      ofStaff: statement((p: Mine) => byUrgency(p).where("claimed_by", "=", p.by)),
    },
    newest: statement((p: { state: CaseState; limit: number }) =>
      some()
        .where("state", "=", p.state)
        .orderBy("opened_at", "desc")
        .orderBy("id", "desc")
        .limit(atMost(p.limit)),
    ),
    closed: {
      all: statement(byEnd),
      ofStaff: statement((p: Mine) => byEnd(p).where("claimed_by", "=", p.by)),
    },
    get: statement((p: { id: CaseId }) => some().where("id", "=", p.id)),
    home: statement((p: { id: CaseId }) =>
      db.selectFrom("cases").select("conversation_id").where("id", "=", p.id),
    ),
    lock: statement((p: { id: CaseId }) => d.lock(some().where("id", "=", p.id))),
    lockFree: statement((p: { id: CaseId }) => d.lockFree(some().where("id", "=", p.id))),
    // One for both, so that claims and what is given back at one moment go over as one.
    hold: statement((p: Pick<StoredCase, (typeof HELD)[number]>) =>
      db
        .updateTable("cases")
        .set({
          state: p.state,
          claimed_by: p.claimed_by,
          claimed_at: p.claimed_at,
          awaited_since: p.awaited_since,
          version: p.version,
        })
        .where("id", "=", p.id),
    ),
    keep: statement((p: Pick<StoredCase, (typeof KEPT)[number]>) =>
      db
        .updateTable("cases")
        .set({
          state: p.state,
          level: p.level,
          level_rank: p.level_rank,
          level_at: p.level_at,
          claimed_by: p.claimed_by,
          claimed_at: p.claimed_at,
          unread: p.unread,
          awaited_since: p.awaited_since,
          closed_at: p.closed_at,
          outcome: p.outcome,
          version: p.version,
        })
        .where("id", "=", p.id),
    ),
    // Locked, so that a note and forgetting come one after the other.
    alive: statement((p: { id: CaseId }) =>
      d.lock(
        db
          .selectFrom("conversations")
          .select("id")
          .where("gone", "=", 0)
          .where("id", "=", (e) =>
            e.selectFrom("cases as k").select("k.conversation_id").where("k.id", "=", p.id),
          ),
      ),
    ),
    addNote: statement((p: { id: string; caseId: CaseId; by: StaffId; at: number; sealed: Uint8Array }) =>
      db
        .insertInto("case_notes")
        .values({ id: p.id, case_id: p.caseId, by_staff: p.by, at: p.at, sealed: p.sealed })
        .onConflict((c) => c.column("id").doNothing()),
    ),
    notes: statement((p: { id: CaseId }) =>
      db
        .selectFrom("case_notes")
        .select(["id", "case_id as caseId", "by_staff as by", "at", "sealed"])
        .where("case_id", "=", p.id)
        .orderBy("at")
        .orderBy("id"),
    ),
    // Counted from the transcript, so that a word that came while she was reading stays unread.
    markRead: statement((p: { id: CaseId; at: number }) =>
      db
        .updateTable("cases")
        .set((e) => ({
          unread: e
            .selectFrom("messages as m")
            .select((x) => x.fn.countAll<number>().as("n"))
            .whereRef("m.conversation_id", "=", "cases.conversation_id")
            .where("m.author", "=", "person")
            .where("m.at", ">", p.at)
            .$asScalar()
            .$notNull(),
        }))
        .where("id", "=", p.id)
        .where("unread", ">", 0),
    ),
    ahead: statement((p: { id: CaseId; rank: number; at: number }) =>
      db
        .selectFrom("cases")
        .select((e) => e.fn.countAll<number>().as("n"))
        .where("state", "=", "waiting")
        .where((e) =>
          e.or([
            e("level_rank", ">", p.rank),
            e.and([e("level_rank", "=", p.rank), e("opened_at", "<", p.at)]),
            e.and([e("level_rank", "=", p.rank), e("opened_at", "=", p.at), e("id", "<", p.id)]),
          ]),
        ),
    ),
    // Closed ones are counted by day (counts), so that this costs the same after ten years.
    tally: statement(() =>
      db
        .selectFrom("cases")
        .select((e) => [
          "state",
          "level",
          e.fn.countAll<number>().as("n"),
          e.fn.min("opened_at").as("oldest"),
        ])
        .where("state", "in", ["waiting", "claimed"])
        .groupBy(["state", "level"]),
    ),
  };
}
