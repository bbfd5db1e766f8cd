/** What runs in the background: due timers, operator secrets, audit, counts, and a look at the store's health. */

import type { ConversationId } from "../../core/ids.ts";
import type { AuditLine, Sealed, UpkeepStore } from "../../ports/store.ts";
import type { Dialect } from "./dialect.ts";
import type { Engine } from "./engine.ts";
import { StoreError } from "./errors.ts";
import { expiry } from "./expiry.ts";
import { ledger } from "./ledger.ts";
import { LAST_BACKUP } from "./rows.ts";
import { atMost, one, rows, run, type Script, statement } from "./statement.ts";

/** A due timer that nobody appended is offered again after this, then after twice as long, and so on. */
const OFFER_AGAIN_MS = 60_000;
const MAX_DOUBLINGS = 12;

type Due = Awaited<ReturnType<UpkeepStore["dueTimers"]>>[number];

export function upkeep(engine: Engine): UpkeepStore {
  const s = statements(engine.dialect);
  const books = ledger(engine.dialect);
  return {
    async reclaim() {
      await engine.write(function* () {
        yield* run(s.freeTurns, {});
        yield* run(s.freeDeliveries, {});
      });
    },
    dueTimers: (now, limit) => engine.write(() => dueTimers(now, limit)),
    getSecret: (name) =>
      engine.read(function* () {
        return (yield* one(s.getSecret, { name })) ?? null;
      }),
    putSecret: (name, sealed, expect) =>
      engine.write(function* () {
        const changed =
          expect === null
            ? yield* run(s.newSecret, { name, sealed })
            : yield* run(s.changeSecret, { name, sealed, expect });
        return changed > 0;
      }),
    async audit(line) {
      await engine.write(() => books.audit(line));
    },
    auditTrail: (limit, subject) =>
      engine.read(() =>
        subject === undefined ? rows(s.trail, { limit }) : rows(s.trailOf, { limit, subject }),
      ) as Promise<readonly AuditLine[]>,
    counts: (fromDay, toDay) =>
      engine.read(function* () {
        return (yield* rows(s.counts, { from: fromDay, to: toDay })).map(({ day, name, labels, n }) => ({
          day,
          name,
          labels: JSON.parse(labels) as Record<string, string>,
          n: Number(n),
        }));
      }),
    expire: expiry(engine),
    check: (deep) => check(engine, deep),
    lastBackup: () =>
      engine.read(function* () {
        const value = (yield* one(s.lastBackup, {}))?.value;
        return value === undefined ? null : Number(value);
      }),
    time: () => engine.time(),
    close: () => engine.close(),
  };

  function* dueTimers(now: number, limit: number): Script<readonly Due[]> {
    const due: Due[] = [];
    for (const row of yield* rows(s.due, { now, limit })) {
      const { id, timer, token, offers } = row;
      const again = now + OFFER_AGAIN_MS * 2 ** Math.min(offers, MAX_DOUBLINGS);
      yield* run(s.offered, { id, timer, at: again });
      const key = yield* one(s.key, { id });
      if (key) due.push({ id, timer, token, wrappedKey: key.wrapped_key });
    }
    return due;
  }
}

async function check(engine: Engine, deep: boolean) {
  const started = performance.now();
  const ms = () => Math.round(performance.now() - started);
  try {
    const detail = await engine.probe(deep);
    return { ok: true, detail, ms: ms() };
  } catch (error) {
    const detail =
      error instanceof StoreError
        ? `${error.code}: ${error.message}`
        : "store_bug: the store failed in an unknown way.";
    return { ok: false, detail, ms: ms() };
  }
}

function statements(d: Dialect) {
  const { db } = d;
  const trail = () =>
    db.selectFrom("audit").select(["at", "actor", "action", "subject", "detail"]).orderBy("n", "desc");
  return {
    lastBackup: statement(() => db.selectFrom("meta").select("value").where("name", "=", LAST_BACKUP)),
    freeTurns: statement(() =>
      db
        .updateTable("conversations")
        .set((e) => ({ offer_at: 0, leased_by: null, fence: e("fence", "+", 1) }))
        .where("leased_by", "is not", null),
    ),
    // The state stays "sending": the next attempt knows that this one may have arrived.
    freeDeliveries: statement(() =>
      db.updateTable("outbox").set({ due_at: 0 }).where("state", "=", "sending"),
    ),
    due: statement((p: { now: number; limit: number }) =>
      d.lockFree(
        db
          .selectFrom("timers")
          .select(["conversation_id as id", "timer", "token", "offers"])
          .where("due_at", "<=", p.now)
          .orderBy("due_at")
          .limit(atMost(p.limit)),
      ),
    ),
    offered: statement((p: { id: ConversationId; timer: string; at: number }) =>
      db
        .updateTable("timers")
        .set((e) => ({ due_at: p.at, offers: e("offers", "+", 1) }))
        .where("conversation_id", "=", p.id)
        .where("timer", "=", p.timer),
    ),
    key: statement((p: { id: ConversationId }) =>
      db.selectFrom("keys").select("wrapped_key").where("conversation_id", "=", p.id),
    ),
    getSecret: statement((p: { name: string }) =>
      db.selectFrom("secrets").select(["sealed", "version"]).where("name", "=", p.name),
    ),
    newSecret: statement((p: { name: string; sealed: Sealed }) =>
      db
        .insertInto("secrets")
        .values({ name: p.name, sealed: p.sealed, version: 1 })
        .onConflict((c) => c.column("name").doNothing()),
    ),
    changeSecret: statement((p: { name: string; sealed: Sealed; expect: number }) =>
      db
        .updateTable("secrets")
        .set((e) => ({ sealed: p.sealed, version: e("version", "+", 1) }))
        .where("name", "=", p.name)
        .where("version", "=", p.expect),
    ),
    trail: statement((p: { limit: number }) => trail().limit(atMost(p.limit))),
    trailOf: statement((p: { limit: number; subject: string }) =>
      trail().where("subject", "=", p.subject).limit(atMost(p.limit)),
    ),
    counts: statement((p: { from: string; to: string }) =>
      db
        .selectFrom("counts")
        .select((e) => ["day", "name", "labels", e.fn.sum<number>("n").as("n")])
        .where("day", ">=", p.from)
        .where("day", "<=", p.to)
        .groupBy(["day", "name", "labels"])
        .orderBy("day")
        .orderBy("name")
        .orderBy("labels"),
    ),
  };
}
