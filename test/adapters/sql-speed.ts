/**
 * How fast the store is, by itself: one turn = receive, lease, commit with two messages, lease and settle of one.
 * node test/adapters/sql-speed.ts [--folder DIR] [--stored N] [--turns N] [--at-once N] [--postgres]
 */

import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openPostgres, openSqlite } from "../../bot/adapters/sql/open.ts";
import type { ConversationId, EventId, MessageId } from "../../bot/core/ids.ts";
import type { LeasedTurn, Store } from "../../bot/ports/store.ts";
import { startPostgres } from "../servers.ts";

const { values } = parseArgs({
  options: {
    folder: { type: "string", default: tmpdir() },
    stored: { type: "string", default: "2000" },
    turns: { type: "string", default: "20000" },
    "at-once": { type: "string", default: "64" },
    postgres: { type: "boolean", default: false },
  },
});
const [stored, turns, atOnce] = [Number(values.stored), Number(values.turns), Number(values["at-once"])];
const blob = (size: number) => new Uint8Array(size).fill(7);
/** About the size of what a real turn seals. */
const [WORDS, STATE, KEY, ADDRESS] = [blob(250), blob(1_500), blob(61), blob(50)];
let events = 0;

async function receive(store: Store, person: number): Promise<void> {
  events += 1;
  const result = await store.conversations.receive({
    pseudonym: `pseudonym-of-person-number-${person}`,
    channel: "telegram",
    conversationId: `01m8106syhw2qjc2xe8m${person}` as ConversationId,
    events: [
      {
        id: `01m8106syhw2qjc2xe8m${events}` as EventId,
        dedupeKey: `update:${events}`,
        at: Date.now(),
        sealed: WORDS,
      },
    ],
    create: { wrappedKey: KEY, sealedAddress: ADDRESS },
  });
  if (!result.ok) throw new Error(result.code);
}

async function commit(store: Store, turn: LeasedTurn): Promise<void> {
  const at = Date.now();
  const cause = turn.events[0]?.id ?? "";
  const result = await store.conversations.commit({
    conversationId: turn.id,
    expectedVersion: turn.version,
    fence: turn.fence,
    at,
    handled: turn.events.map((event) => event.id),
    sealedState: STATE,
    messages: [
      { id: `${cause}.k1` as MessageId, author: "person", at, sealed: WORDS, sealedPlatformRef: blob(40) },
      { id: `${cause}.m1` as MessageId, author: "bot", at, sealed: WORDS, send: { safety: false } },
    ],
    cases: [],
    setTimers: [{ timer: "idle", dueAt: at + 600_000, token: cause }],
    cancelTimers: [],
    wipe: false,
    counts: [{ name: "turn", labels: { channel: "telegram" } }],
    audit: [],
    unanswered: [],
    endSession: false,
  });
  if (!result.ok) throw new Error(result.code);
}

/** `n` turns from first to last step, `atOnce` people at a time; each of them waits for her answer. */
async function play(store: Store, n: number, person: (i: number) => number): Promise<number> {
  let [asked, decided, sent] = [0, 0, 0];
  // A pause, not a spin: on a small machine a spin takes the time that the database needs.
  const idle = () => new Promise((resolve) => setTimeout(resolve, 1));
  const people = Array.from({ length: atOnce }, async () => {
    while (asked < n) {
      const turn = asked++;
      await receive(store, person(turn));
      // At most so many are waiting for their answer.
      while (asked - sent >= atOnce) await idle();
    }
  });
  const decider = async () => {
    while (decided < n) {
      const leased = await store.conversations.lease({
        owner: "w",
        now: Date.now() + 9,
        forMs: 30_000,
        limit: 32,
        eventsEach: 1,
      });
      await Promise.all(leased.map((turn) => commit(store, turn)));
      decided += leased.length;
      if (leased.length === 0) await idle();
    }
  };
  const sender = async () => {
    while (sent < n) {
      const items = await store.outbox.lease({
        owner: "s",
        now: Date.now() + 9,
        forMs: 30_000,
        limit: 64,
        channels: ["telegram"],
      });
      await Promise.all(
        items.map((item) =>
          store.outbox.settle(item, { outcome: "sent", sealedPlatformRef: blob(40) }, Date.now()),
        ),
      );
      sent += items.length;
      if (items.length === 0) await idle();
    }
  };
  const started = performance.now();
  await Promise.all([...people, decider(), sender()]);
  return (performance.now() - started) / 1_000;
}

const folder = mkdtempSync(join(values.folder, "ben-an-speed-"));
const file = join(folder, "bot.db");
const server = values.postgres ? await startPostgres({ fsync: true }) : undefined;
const store = server ? await openPostgres({ url: server.url }) : await openSqlite({ file });
const filling = await play(store, stored, (i) => i);
const cpuBefore = process.cpuUsage();
const seconds = await play(store, turns, (i) => (i * 7_919) % stored);
const cpu = process.cpuUsage(cpuBefore);
console.log(
  JSON.stringify({
    store: server ? "PostgreSQL" : "SQLite",
    stored,
    turns,
    atOnce,
    newPerSecond: Math.round(stored / filling),
    turnsPerSecond: Math.round(turns / seconds),
    // Of this process; tells more than the rate on a machine that others use too.
    cpuMicrosPerTurn: Math.round((cpu.user + cpu.system) / turns),
    ...(server ? {} : { bytesPerConversation: Math.round(statSync(file).size / stored) }),
    rssMb: Math.round(process.memoryUsage().rss / 2 ** 20),
  }),
);
await store.upkeep.close();
await server?.end();
rmSync(folder, { recursive: true });
