/** The inbox: finding conversations, taking in events, leasing work, reading transcripts. Turns are in `turn.ts`. */

import { sql } from "kysely";
import type { ConversationId, EventId } from "../../core/ids.ts";
import type {
  Arrival,
  ArrivalLease,
  ConversationHead,
  ConversationStore,
  LeasedTurn,
  NewEvent,
  ReceiveResult,
  Sealed,
  TranscriptLine,
} from "../../ports/store.ts";
import type { Dialect, HomeRow } from "./dialect.ts";
import type { Engine, Home } from "./engine.ts";
import { isEmptied } from "./forget.ts";
import { inboxOf } from "./inbox.ts";
import { insist } from "./insist.ts";
import { askFor, atMost, one, put, rows, run, type Script, statement, Undo } from "./statement.ts";
import { freeing, turns } from "./turn.ts";

const DAY_MS = 86_400_000;

type Owner = Pick<HomeRow, "id" | "last_seq" | "gone" | "version" | "fence" | "waiting_since" | "offer_at">;
const NEW = { last_seq: 0, gone: 0, version: 0, fence: 0, waiting_since: null, offer_at: 0 };

export function conversations(engine: Engine): ConversationStore {
  const s = statements(engine.dialect);
  const inbox = inboxOf(engine.dialect);
  const turn = turns(engine.dialect);
  return {
    find: (pseudonym) => engine.read(() => head(one(s.byPseudonym, { pseudonym })), true),
    head: (id) => engine.read(() => head(one(s.byId, { id })), true),
    tally: (now) =>
      engine.read(function* () {
        const { n = 0, oldest = null } = (yield* one(s.tally, {})) ?? {};
        return { n, oldestMs: oldest === null ? 0 : Math.max(0, now - oldest) };
      }),
    receive: (arrival) =>
      engine.write(
        () => receive(arrival),
        arrival.create
          ? { row: null, line: arrival.pseudonym }
          : { ...at(arrival.conversationId), ...inbox.ahead(arrival.channel, arrival.events) },
      ),
    append: (id, events, fired) =>
      engine.write(
        function* () {
          const there = yield* inbox.append(id, events);
          if (fired) yield* put(s.dropTimer, { id, timer: fired.timer, token: fired.token });
          return there;
        },
        { ...at(id), ...inbox.ahead(id, events) },
      ),
    lease,
    async commit(commit) {
      const result = await engine.write(() => turn.commit(commit), {
        ...at(commit.conversationId),
        counts: true,
        ahead: turn.ahead(commit),
      });
      if (commit.forget && result.ok) await engine.scrub();
      return result;
    },
    release: (give) => engine.write(() => release(give), at(give.id)),
    state: (id) =>
      engine.read(function* () {
        return (yield* one(s.state, { id }))?.sealed ?? null;
      }),
    transcript: (id, after, limit) =>
      engine.read(function* () {
        return (yield* rows(s.transcript, { id, after, limit })).map(asLine);
      }),
    transcriptEnd: (id, after, limit) =>
      engine.read(function* () {
        return (yield* rows(s.transcriptEnd, { id, after, limit })).map(asLine).toReversed();
      }),
  };

  function* receive(arrival: Arrival): Script<ReceiveResult> {
    let owner = yield* ownerOf(arrival);
    const fresh: NewEvent[] = [];
    for (const event of arrival.events) if (yield* inbox.unseen(arrival.channel, event)) fresh.push(event);
    // A redelivery must not begin a conversation anew after she had the old one forgotten.
    if (fresh.length === 0) return { ok: true, fresh: [] };
    const { instead } = arrival.create ?? {};
    if (owner && owner.id === instead) {
      yield* put(s.free, { id: instead });
      owner = undefined;
    }
    if (!owner && arrival.create) owner = yield* begin(arrival, arrival.create, fresh[0]?.at ?? 0);
    if (owner?.id !== arrival.conversationId) throw new Undo({ ok: false, code: "other_conversation" });
    const { lease } = arrival;
    const isFree = lease && owner.waiting_since === null && owner.offer_at <= lease.now;
    const hold = isFree ? { owner: lease.owner, until: lease.now + lease.forMs } : undefined;
    yield* inbox.add(arrival.conversationId, owner, fresh, hold);
    const ids = fresh.map((event) => event.id);
    return hold ? { ok: true, fresh: ids, lease: yield* leased(owner) } : { ok: true, fresh: ids };
  }

  function* leased({ id, version, fence }: Owner): Script<ArrivalLease> {
    const state = version > 0 ? yield* one(s.state, { id }) : undefined;
    return { version, fence: fence + 1, sealedState: state?.sealed ?? null };
  }

  /** Whose the pseudonym is, kept from changing. */
  function* ownerOf({ create, conversationId: id, pseudonym }: Arrival): Script<Owner | undefined> {
    if (create) return yield* one(s.lockPseudonym, { pseudonym });
    const home = yield* one(engine.dialect.homes.lock, { id });
    return home?.pseudonym === pseudonym ? home : undefined;
  }

  function* begin(arrival: Arrival, made: { wrappedKey: Sealed; sealedAddress: Sealed }, at: number) {
    const { conversationId: id, pseudonym, channel } = arrival;
    const inserted = yield* one(s.begin, {
      id,
      pseudonym,
      channel,
      address: made.sealedAddress,
      day: Math.floor(at / DAY_MS),
    });
    if (inserted) yield* put(s.addKey, { id, key: made.wrappedKey });
    return inserted && { ...inserted, ...NEW };
  }

  async function lease(ask: Parameters<ConversationStore["lease"]>[0]): Promise<readonly LeasedTurn[]> {
    const { now, limit, owner } = ask;
    const { rows: found } = await engine.change(
      askFor(s.take, { now, limit, owner, until: now + ask.forMs }),
    );
    const taken = found as readonly { id: ConversationId; version: number; fence: number; since: number }[];
    if (taken.length === 0) return [];
    const ids = JSON.stringify(taken.map(({ id }) => id));
    // Read afterwards: until the lease ends nobody else can commit, so state and version stay as they are.
    const read = () =>
      Promise.all([
        engine.read(() => rows(s.holdings, { ids }), true),
        engine.read(() => rows(s.unhandled, { ids, each: ask.eventsEach }), true),
      ]);
    const [holdings, unhandled] = await insist(read, ask.forMs / 2);
    const held = new Map(holdings.map((row) => [row.id, row]));
    const events = Map.groupBy(unhandled, (e) => e.home);
    return taken
      .toSorted((a, b) => a.since - b.since)
      .flatMap(({ id, version, fence }) => {
        const home = held.get(id);
        const waiting = (events.get(id) ?? []).map(({ home: _, ...event }) => event);
        return home ? [{ ...home, version, fence, events: waiting } as LeasedTurn] : [];
      });
  }

  function* release(give: {
    id: ConversationId;
    fence: number;
    failed?: EventId;
    retryAt?: number;
  }): Script<void> {
    const mine = yield* run(s.giveBack, { id: give.id, fence: give.fence, at: give.retryAt ?? 0 });
    if (mine > 0 && give.failed) yield* put(s.countFailure, { id: give.id, event: give.failed });
  }
}

function at(id: ConversationId): Home {
  return { row: id, line: id };
}

type StoredLine = Omit<TranscriptLine, "failureCode"> & { readonly failureCode: string | null };

function asLine({ failureCode, ...line }: StoredLine): TranscriptLine {
  return failureCode === null ? line : { ...line, failureCode };
}

function* head(
  found: Script<ConversationHead | { sealedAddress: Sealed | null } | undefined>,
): Script<ConversationHead | null> {
  const row = yield* found;
  return row?.sealedAddress ? (row as ConversationHead) : null;
}

function statements(d: Dialect) {
  const { db } = d;
  const heads = () =>
    db
      .selectFrom("conversations as c")
      .innerJoin("keys as k", "k.conversation_id", "c.id")
      .select(["c.id", "c.channel", "k.wrapped_key as wrappedKey", "c.sealed_address as sealedAddress"]);
  type Part = { id: ConversationId; after: number; limit: number };
  const linesOf = (p: Part) =>
    db
      .selectFrom("messages as m")
      .innerJoin("conversations as c", "c.id", "m.conversation_id")
      .leftJoin("outbox as o", (j) =>
        j.onRef("o.conversation_id", "=", "m.conversation_id").onRef("o.message_ordinal", "=", "m.ordinal"),
      )
      .select((e) => [
        "m.id",
        "m.ordinal",
        "m.author",
        "m.at",
        "m.sealed",
        e.fn.coalesce("o.state", "m.state").as("state"),
        "m.failure_code as failureCode",
      ])
      .where("m.conversation_id", "=", p.id)
      .where("c.gone", "=", 0)
      .where((e) => e.not(isEmptied("m.sealed")))
      .where("m.ordinal", ">", p.after);
  return {
    byPseudonym: statement((p: { pseudonym: string }) =>
      heads().where("c.pseudonym", "=", p.pseudonym).where("c.gone", "=", 0),
    ),
    byId: statement((p: { id: ConversationId }) => heads().where("c.id", "=", p.id).where("c.gone", "=", 0)),
    lockPseudonym: statement((p: { pseudonym: string }) =>
      d.lock(
        db
          .selectFrom("conversations")
          .select(["id", "last_seq", "gone", "version", "fence", "waiting_since", "offer_at"])
          .where("pseudonym", "=", p.pseudonym),
      ),
    ),
    begin: statement(
      (p: {
        id: ConversationId;
        pseudonym: string;
        channel: Arrival["channel"];
        address: Sealed;
        day: number;
      }) =>
        db
          .insertInto("conversations")
          .values({
            id: p.id,
            channel: p.channel,
            pseudonym: p.pseudonym,
            sealed_address: p.address,
            version: 0,
            last_seq: 0,
            last_ordinal: 0,
            last_item: 0,
            waiting_since: null,
            offer_at: 0,
            fence: 0,
            leased_by: null,
            active_day: p.day,
            gone: 0,
            gone_at: null,
          })
          .onConflict((c) => c.doNothing())
          .returning("id"),
    ),
    addKey: statement((p: { id: ConversationId; key: Sealed }) =>
      db.insertInto("keys").values({ conversation_id: p.id, wrapped_key: p.key }),
    ),
    free: freeing(d),
    dropTimer: statement((p: { id: ConversationId; timer: string; token: string }) =>
      db
        .deleteFrom("timers")
        .where("conversation_id", "=", p.id)
        .where("timer", "=", p.timer)
        .where("token", "=", p.token),
    ),
    // Taken with what is waiting longest in one statement: found, locked and marked at once.
    take: statement((p: { now: number; limit: number; until: number; owner: string }) =>
      db
        .with("due", () =>
          d.lockFree(
            db
              .selectFrom("conversations")
              .select("id as waiting")
              .where("waiting_since", "is not", null)
              .where("offer_at", "<=", p.now)
              .orderBy("waiting_since")
              .limit(atMost(p.limit)),
          ),
        )
        .updateTable("conversations")
        .from("due")
        .set((e) => ({ offer_at: p.until, leased_by: p.owner, fence: e("fence", "+", 1) }))
        .whereRef("conversations.id", "=", "due.waiting")
        .returning(["id", "version", "fence", (e) => e.ref("waiting_since").$notNull().as("since")]),
    ),
    tally: statement(() =>
      db
        .selectFrom("conversations")
        .select((e) => [e.fn.countAll<number>().as("n"), e.fn.min("waiting_since").as("oldest")])
        .where("waiting_since", "is not", null),
    ),
    holdings: statement((p: { ids: string }) =>
      heads()
        .leftJoin("states as s", "s.conversation_id", "c.id")
        .select("s.sealed as sealedState")
        .where(d.among("c.id", p.ids)),
    ),
    unhandled: statement((p: { ids: string; each: number }) =>
      db
        .selectFrom("events as e")
        .select(["e.conversation_id as home", "e.id", "e.seq", "e.at", "e.sealed", "e.failures"])
        .where(d.among("e.conversation_id", p.ids))
        .where("e.handled_at", "is", null)
        // The oldest ones of each: a flood from one person is not read whole every time.
        .where("e.seq", "<", (x) =>
          x
            .selectFrom("events as o")
            .select((y) => sql<number>`${y.fn.min("o.seq")} + ${p.each}`.as("end"))
            .whereRef("o.conversation_id", "=", "e.conversation_id")
            .where("o.handled_at", "is", null),
        )
        .orderBy("e.conversation_id")
        .orderBy("e.seq"),
    ),
    giveBack: statement((p: { id: ConversationId; fence: number; at: number }) =>
      db
        .updateTable("conversations")
        .set((e) => ({ offer_at: p.at, leased_by: null, fence: e("fence", "+", 1) }))
        .where("id", "=", p.id)
        .where("fence", "=", p.fence),
    ),
    countFailure: statement((p: { id: ConversationId; event: EventId }) =>
      db
        .updateTable("events")
        .set((e) => ({ failures: e("failures", "+", 1) }))
        .where("conversation_id", "=", p.id)
        .where("handled_at", "is", null)
        .where("id", "=", p.event),
    ),
    state: statement((p: { id: ConversationId }) =>
      db.selectFrom("states").select("sealed").where("conversation_id", "=", p.id),
    ),
    transcript: statement((p: Part) => linesOf(p).orderBy("m.ordinal").limit(atMost(p.limit))),
    transcriptEnd: statement((p: Part) => linesOf(p).orderBy("m.ordinal", "desc").limit(atMost(p.limit))),
  };
}
