/** Claim and release of cases, through our store on PostgreSQL, beside taking and giving back jobs of BullMQ on Redis. */

import { Queue, Worker } from "bullmq";
import pg from "pg";
import { createClient } from "redis";
import { openPostgres } from "../../bot/adapters/sql/open.ts";
import type { CaseId, ConversationId, EventId, StaffId } from "../../bot/core/ids.ts";
import { LEVELS } from "../../bot/core/level.ts";
import type { CaseRow, Store } from "../../bot/ports/store.ts";

/** Cases that wait, and as many jobs. */
const WAITING = 1_000;
/** Of the queue, most urgent first, so many stand on a counsellor's screen. */
const SEEN = 50;
/** Counsellors, and as many workers, who claim at the same time. */
const AT_ONCE = 16;
const blob = (size: number) => new Uint8Array(size).fill(7);

export interface ClaimContender {
  readonly name: string;
  /** Claims one and gives it back, `pairs` times over all; pairs a second. */
  round(pairs: number): Promise<number>;
  /** Flushes of the server to disk since it began, and how long the disk took for them, ms; null: it does not tell. */
  flushes?(): Promise<{ readonly n: number; readonly ms: number } | null>;
  close(): Promise<void>;
}

async function together(pairs: number, one: (who: number) => Promise<void>): Promise<number> {
  let begun = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async (_, who) => {
      while (begun < pairs) {
        begun += 1;
        await one(who);
      }
    }),
  );
  return (pairs / (performance.now() - started)) * 1_000;
}

/** As the desk does it: the claim and its giving back each with an event for the conversation and an audit line, on disk. */
export async function ourClaims(server: string): Promise<ClaimContender> {
  // A database of their own on the same server: no worker may take these conversations up.
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query("create database claims");
  await client.end();
  const url = new URL(server);
  url.pathname = "/claims";
  const store = await openPostgres({ url: url.href });
  for (let n = 0; n < WAITING; n += 1) await waitingCase(store, n);
  let made = 0;
  const event = () => {
    made += 1;
    return { id: `claim-${made}` as EventId, at: Date.now(), sealed: blob(150) };
  };
  const act = ({ id, conversationId: home }: CaseRow, by: StaffId, op: "claim" | "release") => {
    const at = Date.now();
    const audit = { at, actor: by, action: op, subject: id, detail: "" };
    return store.cases.act({ id, home, by, at, action: { op }, event: event(), audit });
  };
  let queue = await store.cases.list({ states: ["waiting"], limit: SEEN });
  const one = async (who: number) => {
    const by = `staff-${who}` as StaffId;
    for (;;) {
      // Each reaches for another of the most urgent ones; whose hand was second looks again.
      const row = queue[Math.floor(Math.random() * queue.length)];
      if (row && (await act(row, by, "claim")).ok) {
        await act(row, by, "release");
        return;
      }
      queue = await store.cases.list({ states: ["waiting"], limit: SEEN });
    }
  };
  return {
    name: "our cases, PostgreSQL",
    round: (pairs) => together(pairs, one),
    flushes: () => flushesOf(server),
    close: () => store.upkeep.close(),
  };
}

/** As the server counts them (track_wal_io_timing); later servers than 17 keep this elsewhere. */
async function flushesOf(server: string): Promise<{ n: number; ms: number } | null> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    // A backend tells what it counted a second later at the latest.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const { rows } = await client.query("select wal_sync as n, wal_sync_time as ms from pg_stat_wal");
    return { n: Number(rows[0]?.n), ms: Number(rows[0]?.ms) };
  } catch {
    return null;
  } finally {
    await client.end();
  }
}

async function waitingCase(store: Store, n: number): Promise<void> {
  const at = Date.now();
  const id = `case-home-${n}` as ConversationId;
  const level = LEVELS[n % LEVELS.length] ?? "none";
  await store.conversations.receive({
    pseudonym: `claims-${n}`,
    channel: "telegram",
    conversationId: id,
    events: [{ id: `case-event-${n}` as EventId, dedupeKey: `case-${n}`, at, sealed: blob(250) }],
    create: { wrappedKey: blob(61), sealedAddress: blob(50) },
  });
  const [turn] = await store.conversations.lease({
    owner: "bench",
    now: at + 1,
    forMs: 60_000,
    limit: 1,
    eventsEach: 1,
  });
  if (!turn) throw new Error("the bench's own conversation was not offered");
  await store.conversations.commit({
    conversationId: turn.id,
    expectedVersion: turn.version,
    fence: turn.fence,
    at,
    handled: turn.events.map((e) => e.id),
    sealedState: blob(1_500),
    messages: [],
    cases: [
      {
        op: "open",
        caseId: `case-${n}` as CaseId,
        code: "BENCH",
        level,
        topic: "unknown",
        asked: true,
        lang: "vi",
        channel: "telegram",
        sealedReasons: blob(100),
      },
    ],
    setTimers: [],
    cancelTimers: [],
    wipe: false,
    counts: [],
    audit: [],
    unanswered: [],
    endSession: false,
  });
}

/** Jobs with priorities, taken by a worker by hand and moved back to waiting. */
export async function bullClaims(url: string, name: string): Promise<ClaimContender> {
  const client = () => createClient({ url }).connect();
  const [forQueue, forWorker] = [await client(), await client()];
  const queue = new Queue("cases", { connection: forQueue });
  await queue.addBulk(
    Array.from({ length: WAITING }, (_, n) => ({
      name: "case",
      data: { case: `case-${n}` },
      opts: { priority: 1 + (n % LEVELS.length) },
    })),
  );
  const worker = new Worker("cases", null, { connection: forWorker, autorun: false });
  await worker.waitUntilReady();
  const one = async (who: number) => {
    const token = `staff-${who}`;
    const job = await worker.getNextJob(token, { block: false });
    await job?.moveToWait(token);
  };
  return {
    name,
    round: (pairs) => together(pairs, one),
    async close() {
      await worker.close();
      await queue.close();
      for (const one of [forQueue, forWorker]) if (one.isOpen) one.destroy();
    },
  };
}
