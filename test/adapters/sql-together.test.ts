/** Changes that PostgreSQL makes together leave what they leave when they are made one by one, here by SQLite. */

import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPostgres, openSqlite } from "../../bot/adapters/sql/open.ts";
import type { CaseId, ConversationId, EventId, MessageId } from "../../bot/core/ids.ts";
import type { LeasedTurn, Settlement, StaffCaseAction, Store, TurnCommit } from "../../bot/ports/store.ts";
import {
  arrival,
  bytes,
  commitOf,
  hers,
  LAN,
  line,
  MAI,
  opening,
  ours,
  T0,
  text,
} from "../contracts/store-scene.ts";
import { postgresMissing, type Server, startPostgres } from "../servers.ts";

const PEOPLE = Array.from({ length: 24 }, (_, n) => n);
type Way = (changes: readonly (() => Promise<unknown>)[]) => Promise<unknown[]>;
const atOnce: Way = (changes) => Promise.all(changes.map((change) => change()));
const oneByOne: Way = async (changes) => {
  const told: unknown[] = [];
  for (const change of changes) told.push(await change());
  return told;
};

const came = (n: number, round: number, create: boolean) => {
  const { create: made, ...known } = arrival({
    pseudonym: `together${n}`,
    events: [0, 1].slice(0, 1 + (n % 2)).map((i) => ({
      id: `event.${n}.${round}.${i}` as EventId,
      // Some are sent twice by the platform.
      dedupeKey: n % 5 === 0 && round === 2 ? `key.${n}.1.${i}` : `key.${n}.${round}.${i}`,
      at: T0 + round,
      sealed: bytes(`word ${n}.${round}.${i} '"\\{}, null`),
    })),
  });
  return create && made ? { ...known, create: made } : known;
};

/** Every kind of turn beside every other. */
function turnOf(turn: LeasedTurn, n: number, round: number): TurnCommit {
  const id = (kind: string) => `${kind}.${n}.${round}`;
  const reply = ours(`reply ${n}`, { id: id("m") as MessageId, send: { safety: n % 7 === 0 } });
  const word = hers(`hers ${n}`, {
    id: id("k") as MessageId,
    ...(n % 4 === 0 ? { sealedPlatformRef: bytes("ref") } : {}),
  });
  return commitOf(turn, {
    sealedState: bytes(`state ${id("s")}`),
    messages: n % 6 === 5 ? [reply] : [word, reply, ours("more", { id: id("o") as MessageId })],
    cases:
      n % 3 !== 0
        ? []
        : round === 1
          ? [opening(n % 2 ? "high" : "low", { caseId: `case.${n}` as CaseId })]
          : [
              {
                op: "raise",
                caseId: `case.${n}` as CaseId,
                level: "medium",
                sealedReasons: bytes("again"),
                asked: n % 2 === 0,
              },
            ],
    setTimers: n % 2 === 0 ? [{ timer: "idle", dueAt: T0 + 90 + n, token: id("t") }] : [],
    cancelTimers: n % 2 === 1 ? ["idle"] : [],
    counts: [
      { name: "turn", labels: { channel: "telegram" } },
      { name: `kind${n % 3}`, labels: {} },
    ],
    audit: n % 8 === 0 ? [line("looked", `person ${n}`)] : [],
    unanswered: n % 9 === 0 ? [`question ${n}`] : [],
    wipe: n % 10 === 7,
    endSession: n % 11 === 10 && round === 2,
    ...(n % 12 === 11 && round === 2 ? { forget: { receipt: id("r") } } : {}),
  });
}

const OUTCOMES: readonly Settlement[] = [
  { outcome: "sent", sealedPlatformRef: bytes("platform's id") },
  { outcome: "sent" },
  { outcome: "failed", code: "gone" },
  { outcome: "retry", at: T0 + 5_000, code: "429", unclear: true },
  { outcome: "unclear", code: "timeout" },
];

const ACTS: readonly StaffCaseAction[] = [
  { op: "claim" },
  { op: "claim" },
  { op: "set_level", level: "emergency" },
  { op: "release" },
  { op: "release" },
  { op: "set_level", level: "low" },
  { op: "claim" },
  { op: "close", outcome: "helped" },
  { op: "close", outcome: "helped" },
];

async function live(store: Store, way: Way): Promise<unknown> {
  const told: unknown[] = [];
  for (const round of [1, 2]) {
    const received = await way(
      PEOPLE.map((n) => () => store.conversations.receive(came(n, round, round === 1))),
    );
    told.push(received);
    const ask = { owner: "w", now: T0 + round + 1, forMs: 9, limit: 99, eventsEach: 9 };
    const turns = byName(await store.conversations.lease(ask));
    told.push(
      turns.map(({ events, ...turn }) => [turn, events.map((e) => ({ ...e, sealed: text(e.sealed) }))]),
    );
    told.push(
      await way(
        turns.map((turn) => () => store.conversations.commit(turnOf(turn, numberOf(turn.id), round))),
      ),
    );
    for (let more = 0; more < 3; more++) {
      const items = byName(
        await store.outbox.lease({
          owner: "s",
          now: T0 + 20 + more,
          forMs: 9_999,
          limit: 99,
          channels: ["telegram"],
        }),
      );
      told.push(items);
      told.push(
        await way(
          items.map((item) => () => {
            const how = OUTCOMES[(numberOf(item.id) + more) % OUTCOMES.length] ?? { outcome: "sent" };
            return store.outbox.settle(item, how, T0 + 21 + more);
          }),
        ),
      );
    }
    // Two reach for each case, and do with it what only its holder may, or what it does not allow.
    told.push(
      await way(
        PEOPLE.filter((n) => n % 3 === 0).flatMap((n) =>
          ACTS.map((action, i) => () => {
            const home = arrival({ pseudonym: `together${n}` }).conversationId;
            const by = (n + i) % 2 ? LAN : MAI;
            const event = {
              id: `act.${n}.${round}.${i}` as EventId,
              at: T0 + 30,
              sealed: bytes("act"),
            };
            const audit = line(`${action.op} ${i}`, `case ${n}`);
            const id = (n === 21 ? "case.none" : `case.${n}`) as CaseId;
            return store.cases.act({ id, home, by, at: T0 + 30 + i, action, event, audit });
          }),
        ),
      ),
    );
    told.push(
      await way(
        PEOPLE.map((n) => () => {
          const fired = {
            id: `timer.${n}.${round}` as EventId,
            dedupeKey: `timer${n % 2}.${round}`,
            at: T0 + 40,
            sealed: bytes("t"),
          };
          return store.conversations.append(
            arrival({ pseudonym: `together${n}` }).conversationId,
            [fired],
            n % 4 === 0 ? { timer: "idle", token: `t.${n}.${round}` } : undefined,
          );
        }),
      ),
    );
  }
  return [told, await whatIsLeft(store)];
}

async function whatIsLeft(store: Store): Promise<unknown> {
  const people = PEOPLE.map(async (n) => {
    const id = arrival({ pseudonym: `together${n}` }).conversationId;
    return [
      await store.conversations.head(id),
      await store.conversations.state(id),
      await store.conversations.transcript(id, 0, 99),
      await store.outbox.wipeRefs(id, 0),
    ];
  });
  const due = await store.upkeep.dueTimers(T0 + 999, 99);
  const audit = await store.upkeep.auditTrail(99);
  return {
    people: await Promise.all(people),
    cases: byName(await store.cases.list({ states: ["waiting", "claimed", "closed"], limit: 99 })),
    outbox: (await store.outbox.tally(T0 + 99)).map((row) => JSON.stringify(row)).toSorted(),
    timers: byName(due),
    counts: await store.upkeep.counts("2026-11-01", "2026-11-30"),
    audit: audit.map(({ action, subject }) => `${action} ${subject}`).toSorted(),
    unanswered: (await store.content.unanswered(99)).map(({ question }) => question).toSorted(),
    next: byName(
      await store.conversations.lease({ owner: "w", now: T0 + 99_999, forMs: 9, limit: 99, eventsEach: 2 }),
    ),
  };
}

function byName<T extends { readonly id: string }>(all: readonly T[]): readonly T[] {
  return all.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function numberOf(id: string): number {
  return Number(/\d+$/.exec(id)?.[0]);
}

/** Bytes as text, whatever class the database gives them in. */
function plainly(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, v) =>
      v?.type === "Buffer" ? text(Uint8Array.from(v.data)) : v instanceof Uint8Array ? text(v) : v,
    ),
  );
}

describe.skipIf(postgresMissing())("changes made together", () => {
  let server: Server;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server?.end());

  it("leave the same as one by one", async () => {
    const [together, alone] = [
      await openPostgres({ url: server.url }),
      await openSqlite({ file: ":memory:" }),
    ];
    expect(plainly(await live(together, atOnce))).toEqual(plainly(await live(alone, oneByOne)));
    await Promise.all([together.upkeep.close(), alone.upkeep.close()]);
  }, 60_000);

  it("are all made beside another process that changes the same conversations", async () => {
    const stores = [await openPostgres({ url: server.url }), await openPostgres({ url: server.url })];
    const ids = PEOPLE.map((n) => arrival({ pseudonym: `beside${n}` }).conversationId);
    await Promise.all(
      PEOPLE.map((n) => stores[0]?.conversations.receive(arrival({ pseudonym: `beside${n}` }))),
    );
    const words = [...Array(8).keys()].flatMap((round) =>
      stores.flatMap((store, which) =>
        ids.map((id) => {
          const key = `beside.${which}.${round}`;
          const event = { id: `${id}.${key}` as EventId, dedupeKey: key, at: T0, sealed: bytes(key) };
          return store.conversations.append(id, [event]);
        }),
      ),
    );
    expect((await Promise.all(words)).every(Boolean)).toBe(true);
    const ask = { owner: "w", now: T0 + 999_999, forMs: 9, limit: 99, eventsEach: 99 };
    const held = (await stores[0]?.conversations.lease(ask)) ?? [];
    for (const turn of held.filter(({ id }) => ids.includes(id))) {
      // The first word, and eight of each process, each process's in its order.
      expect(turn.events.map(({ seq }) => seq)).toEqual([...Array(17).keys()].map((n) => n + 1));
      for (const which of [0, 1]) {
        const own = turn.events
          .map((e) => text(e.sealed) ?? "")
          .filter((t) => t.startsWith(`beside.${which}.`));
        expect(own).toEqual([...Array(8).keys()].map((round) => `beside.${which}.${round}`));
      }
    }
    expect(held.filter(({ id }) => ids.includes(id))).toHaveLength(PEOPLE.length);
    await Promise.all(stores.map((store) => store.upkeep.close()));
  }, 60_000);

  it("go on while one of them waits for another process", async () => {
    const store = await openPostgres({ url: server.url });
    const ids = PEOPLE.map((n) => arrival({ pseudonym: `waiting${n}` }).conversationId);
    await Promise.all(PEOPLE.map((n) => store.conversations.receive(arrival({ pseudonym: `waiting${n}` }))));
    const other = new pg.Client({ connectionString: server.url });
    await other.connect();
    await other.query("begin");
    await other.query("select id from conversations where id = $1 for update", [ids[0]]);
    const add = (id: ConversationId, n: number) =>
      store.conversations.append(id, [
        { id: `${id}.${n}` as EventId, dedupeKey: `w${n}`, at: T0, sealed: bytes("w") },
      ]);
    let isDone = false;
    const held = [1, 2, 3].map((n) => add(ids[0] as ConversationId, n));
    void Promise.all(held).then(() => {
      isDone = true;
    });
    for (const n of [1, 2, 3]) await Promise.all(ids.slice(1).map((id) => add(id, n)));
    expect(isDone).toBe(false);
    await other.query("commit");
    expect(await Promise.all(held)).toEqual([true, true, true]);
    await Promise.all([other.end(), store.upkeep.close()]);
  }, 60_000);
});
