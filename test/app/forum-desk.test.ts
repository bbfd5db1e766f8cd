/** What the counsellors' group is told of open cases, over the whole service with a group that only listens. */

import { afterEach, beforeEach, expect, it } from "vitest";
import { makeForumDesk } from "../../bot/app/forum.ts";
import type { CaseId } from "../../bot/core/ids.ts";
import type { Forum } from "../../bot/ports/forum.ts";
import type { Sealed } from "../../bot/ports/store.ts";
import { type Bench, openBench } from "./service.ts";

const HER = "forum-person";
let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

/** A group that remembers what stands in its topics. */
function listening() {
  const topics = new Map<number, string[]>();
  let made = 0;
  const forum: Forum = {
    open: async () => {
      made += 1;
      topics.set(made, []);
      return made;
    },
    rename: async () => true,
    write: async (topic, text) => {
      topics.get(topic)?.push(text);
      return "written";
    },
    remove: async (topic) => topics.delete(topic),
    isMember: async () => true,
  };
  return { forum, topics, made: () => made, texts: () => [...topics.values()].flat().join("\n") };
}

async function toCase(): Promise<CaseId> {
  await bench.says(HER, "chồng em đang cầm dao đòi giết em");
  const list = await bench.services.desk.list(bench.staff, ["waiting"]);
  if (!list.ok || !list.cases[0]) throw new Error("no case waits");
  return list.cases[0].id;
}

it("tells of a reply that was still under way when it was last looked at, and did not arrive", async () => {
  const { store, clock } = bench.parts;
  const group = listening();
  const desk = makeForumDesk(bench.parts, bench.services.desk, { forum: group.forum, staff: new Map() });
  const id = await toCase();
  await bench.services.desk.claim(bench.staff, id);
  await bench.settle();
  await desk.sync();
  await bench.services.desk.reply(bench.staff, id, "Chị nghe em đây.", "key-of-a-reply");
  while ((await bench.handler.work()) > 0);
  await desk.sync();
  await desk.sync();
  expect(group.texts()).not.toContain("không tới được");
  const now = clock.now();
  const [item] = await store.outbox.lease({ owner: "test", now, forMs: 1_000, limit: 10, channels: ["web"] });
  if (!item) throw new Error("nothing waits to be sent");
  await store.outbox.settle(item, { outcome: "failed", code: "gone" }, now);
  await desk.sync();
  expect(group.texts()).toContain("không tới được");
  const said = group.texts();
  await desk.sync();
  expect(group.texts()).toBe(said);
});

it("keeps the topic of an open case that no longer stands among the first of the list", async () => {
  const { store } = bench.parts;
  const group = listening();
  let isFull = false;
  const cases: typeof store.cases = {
    ...store.cases,
    list: async (ask) => (isFull ? [] : store.cases.list(ask)),
  };
  const parts = { ...bench.parts, store: { ...store, cases } };
  const desk = makeForumDesk(parts, bench.services.desk, { forum: group.forum, staff: new Map() });
  const id = await toCase();
  await desk.sync();
  isFull = true;
  await desk.sync();
  expect(group.topics.size).toBe(1);
  await bench.services.desk.claim(bench.staff, id);
  await bench.services.desk.close(bench.staff, id, "supported", "");
  await desk.sync();
  expect(group.topics.size).toBe(0);
});

it("tells of a case although neither its state, its reasons nor its first line opens", async () => {
  const { store } = bench.parts;
  const group = listening();
  const spoilt = new Uint8Array(40) as Sealed;
  const conversations: typeof store.conversations = {
    ...store.conversations,
    state: async () => spoilt,
    transcript: async (...asked) =>
      (await store.conversations.transcript(...asked)).map((l) =>
        l.ordinal === 1 ? { ...l, sealed: spoilt } : l,
      ),
  };
  const cases: typeof store.cases = {
    ...store.cases,
    list: async (ask) => (await store.cases.list(ask)).map((row) => ({ ...row, sealedReasons: spoilt })),
  };
  const parts = { ...bench.parts, store: { ...store, conversations, cases } };
  const desk = makeForumDesk(parts, bench.services.desk, { forum: group.forum, staff: new Map() });
  await toCase();
  await bench.says(HER, "nó phá cửa");
  await desk.sync();
  await desk.sync();
  expect(group.topics.size).toBe(1);
  expect(group.texts()).toContain("KHẨN CẤP");
  expect(group.texts()).toContain("Tin mới, đọc trong bảng tư vấn: 2");
});
