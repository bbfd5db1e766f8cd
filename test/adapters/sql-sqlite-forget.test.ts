/** Forgetting, read from the raw bytes of every file of the database, as somebody with the disk in hands would. */

import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openSqlite } from "../../bot/adapters/sql/open.ts";
import type { ConversationId, StaffId } from "../../bot/core/ids.ts";
import type { Store } from "../../bot/ports/store.ts";
import { arrive, bytes, decide, deliver, event, hers, opening, ours, T0 } from "../contracts/store-scene.ts";

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ben-an-forget-"));
  store = await openSqlite({ file: join(folder, "bot.db") });
});
afterEach(async () => {
  await store.upkeep.close();
  rmSync(folder, { recursive: true });
});

const DAY_MS = 86_400_000;
const MARKS = [
  "pseudonym",
  "key",
  "address",
  "event",
  "state",
  "word",
  "reply",
  "reason",
  "note",
  "timer",
  "herref",
  "ourref",
];
const mark = (of: string) => `PLANTED-${of}-7f3a9c5e1b`;

function found(): string[] {
  const all = Buffer.concat(readdirSync(folder).map((file) => readFileSync(join(folder, file))));
  return MARKS.filter((of) => all.includes(mark(of)));
}

/** Others talk before, between and after, so that pages fill, split and are copied about. */
async function crowd(n: number, turns: number): Promise<void> {
  const people = await Promise.all(
    Array.from({ length: n }, () => arrive(store, { channel: "web", pseudonym: randomUUID() })),
  );
  for (let turn = 0; turn < turns; turn++) {
    const leased = await store.conversations.lease({
      owner: "w",
      now: T0 + 9,
      forMs: 1,
      limit: n * 2,
      eventsEach: 9,
    });
    await Promise.all(
      leased.map((one) =>
        store.conversations.commit({
          conversationId: one.id,
          expectedVersion: one.version,
          fence: one.fence,
          at: T0,
          handled: one.events.map((e) => e.id),
          sealedState: bytes("s".repeat(100 + ((turn * 700) % 2_000))),
          messages: [hers("h".repeat(turn * 50)), ours("o")],
          cases: [],
          setTimers: [{ timer: "idle", dueAt: T0 + turn, token: "x" }],
          cancelTimers: [],
          wipe: false,
          counts: [],
          audit: [],
          unanswered: [],
          endSession: false,
        }),
      ),
    );
    await Promise.all(people.map((one) => store.conversations.append(one.conversationId, [event()])));
  }
}

async function talk(id: ConversationId, over: Parameters<typeof decide>[2]): Promise<void> {
  await store.conversations.append(id, [event()]);
  await decide(store, id, over);
}

it("leaves none of the planted bytes in the database, its log or its index", async () => {
  await crowd(300, 3);
  const open = opening("high", { sealedReasons: bytes(mark("reason")) });
  const { conversationId: id } = await arrive(store, {
    pseudonym: mark("pseudonym"),
    conversationId: "forensic" as ConversationId,
    create: { wrappedKey: bytes(mark("key").repeat(2)), sealedAddress: bytes(mark("address")) },
    events: [{ ...event(), sealed: bytes(mark("event")) }],
  });
  await decide(store, id, {
    sealedState: bytes(mark("state").repeat(40)),
    messages: [
      hers(mark("word").repeat(30), { sealedPlatformRef: bytes(mark("herref")) }),
      ours(mark("reply")),
    ],
    cases: [open],
    setTimers: [{ timer: "idle", dueAt: T0 + 5, token: mark("timer") }],
  });
  await store.cases.addNote({
    id: "n",
    caseId: open.caseId,
    by: "s" as StaffId,
    at: T0,
    sealed: bytes(mark("note")),
  });
  const [item] = await store.outbox.lease({
    owner: "o",
    now: T0 + 9,
    forMs: 9_000,
    limit: 1,
    channels: ["telegram"],
  });
  if (!item) throw new Error("nothing to send");
  await store.outbox.settle(item, { outcome: "sent", sealedPlatformRef: bytes(mark("ourref")) }, T0);
  await crowd(300, 3);
  for (let n = 1; n < 6; n++)
    await talk(id, { sealedState: bytes(mark("state").repeat(40 * n)), messages: [hers(mark("word"))] });
  await crowd(300, 3);
  expect(found()).toEqual(MARKS);

  await talk(id, { wipe: true, messages: [ours(mark("reply"))], forget: { receipt: "R" } });
  await deliver(store, id, T0 + 99_000);
  expect(found()).toEqual([]);
}, 60_000);

it("leaves none when a conversation ran past its clock", async () => {
  const { conversationId: id } = await arrive(store, {
    pseudonym: mark("pseudonym"),
    conversationId: "idle" as ConversationId,
    create: { wrappedKey: bytes(mark("key")), sealedAddress: bytes(mark("address")) },
    events: [{ ...event(), sealed: bytes(mark("event")) }],
  });
  await decide(store, id, { sealedState: bytes(mark("state")), messages: [hers(mark("word"))] });
  const day = 86_400_000;
  await store.upkeep.expire({
    now: T0 + 40 * day,
    handledEventsMs: 90 * day,
    platformRefsMs: 90 * day,
    closedTranscriptMs: day,
    idleConversationMs: 30 * day,
  });
  expect(found()).toEqual([]);
});

it("forgets what is due also where something else cannot be taken away, and says so", async () => {
  const { conversationId: id } = await arrive(store);
  await decide(store, id, { messages: [hers("old")] });
  const clocks = {
    now: T0 + 40 * DAY_MS,
    handledEventsMs: DAY_MS,
    platformRefsMs: DAY_MS,
    closedTranscriptMs: DAY_MS,
    idleConversationMs: 30 * DAY_MS,
  };
  const other = new DatabaseSync(join(folder, "bot.db"));
  other.exec("create trigger stuck before delete on seen begin select raise(abort, 'a damaged page'); end");
  await expect(store.upkeep.expire(clocks)).rejects.toMatchObject({ code: "store_bug" });
  expect(await store.conversations.head(id)).toBeNull();
  other.exec("drop trigger stuck");
  other.close();
  await store.upkeep.expire(clocks);
});
