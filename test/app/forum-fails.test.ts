/** The forum's desk over a group that fails: nothing that staff must know is taken for told before it stands there. */

import { afterEach, beforeEach, expect, it } from "vitest";
import { type ForumDesk, makeForumDesk } from "../../bot/app/forum.ts";
import type { Inbound } from "../../bot/core/message.ts";
import type { Forum } from "../../bot/ports/forum.ts";
import { type Bench, openBench } from "./service.ts";

const HER = "5100000001";
const MAI = "7000001";

let bench: Bench;
let desk: ForumDesk;
let group: Forum;
let topics: Map<number, string[]>;
let answer: "written" | "gone" | "failed" | "never";

beforeEach(async () => {
  bench = await openBench();
  topics = new Map();
  answer = "written";
  let n = 0;
  group = {
    async open() {
      n += 1;
      topics.set(n, []);
      return n;
    },
    rename: async () => true,
    write(topic, text) {
      if (answer === "never") return new Promise(() => {});
      if (answer === "written") topics.get(topic)?.push(text);
      return Promise.resolve(answer);
    },
    remove: async (topic) => topics.delete(topic),
    isMember: async () => true,
  };
  desk = makeForumDesk(bench.parts, bench.services.desk, { forum: group, staff: new Map([[MAI, "mai"]]) });
});
afterEach(() => bench.close());

function post(text: string | null, account = MAI): Promise<void> {
  const key = `${Math.random()}`;
  const content = { kind: "staff_post", topic: 1, account, text } as const;
  const posted: Inbound = { channel: "telegram", address: "-100", key, at: 0, content };
  return desk.take([posted]);
}

const said = (topic = 1) => (topics.get(topic) ?? []).join("\n");

async function waiting(): Promise<void> {
  await bench.says(HER, "alo");
  await bench.says(HER, "có");
  await bench.says(HER, "gọi người thật");
}

it("opens a topic's first lines, and tells that she wrote, as soon as the group takes it", async () => {
  await waiting();
  answer = "failed";
  await desk.sync();
  await bench.says(HER, "chị ơi");
  await desk.sync();
  answer = "written";
  await desk.sync();
  expect(said()).toContain("/nhan nhận ca");
  expect(said()).toContain("Tin mới");
  const before = said();
  await desk.sync();
  expect(said()).toBe(before);
});

it("writes nothing to the store while the group takes nothing", async () => {
  await waiting();
  await desk.sync();
  answer = "failed";
  await bench.says(HER, "chị ơi");
  await desk.sync();
  const kept = await bench.parts.store.upkeep.getSecret("forum.topics");
  await desk.sync();
  expect((await bench.parts.store.upkeep.getSecret("forum.topics"))?.version).toBe(kept?.version);
});

it("tells of the others where one conversation cannot be read", async () => {
  await bench.says("another-person", "chồng em đang cầm dao đòi giết em");
  await waiting();
  const { store } = bench.parts;
  const damaged = (await store.cases.list({ states: ["waiting"], limit: 1 }))[0]?.conversationId;
  const conversations: typeof store.conversations = {
    ...store.conversations,
    state: async (id) => (id === damaged ? new Uint8Array(40) : store.conversations.state(id)),
  };
  const parts = { ...bench.parts, store: { ...store, conversations } };
  await makeForumDesk(parts, bench.services.desk, { forum: group, staff: new Map() }).sync();
  expect(said()).toContain("/nhan nhận ca");
});

it("opens another topic where somebody deleted the first", async () => {
  await waiting();
  await desk.sync();
  topics.delete(1);
  answer = "gone";
  await bench.says(HER, "chị ơi");
  await desk.sync();
  answer = "written";
  await desk.sync();
  expect(said(2)).toContain("/nhan nhận ca");
});

it("tells of new danger in a case that is as urgent as can be, without a word of hers", async () => {
  await waiting();
  await bench.says(HER, "chồng em đang cầm dao đòi giết em");
  await desk.sync();
  await desk.sync();
  await bench.says(HER, "em muốn chết, em cầm thuốc rồi");
  await desk.sync();
  expect(said()).toContain("dấu hiệu nguy hiểm mới");
  expect(said()).not.toContain("thuốc");
});

it("tells that a picture, a recording or a stranger's line went to nobody", async () => {
  await waiting();
  await desk.sync();
  await post(null);
  expect(said()).toContain("Chưa gửi gì: chỉ tin chữ");
  await post("chào em", "999");
  expect(said()).toContain("chưa được nối với bảng tư vấn");
  // Colleagues who talk with each other must not use up the lines that a group takes.
  await post("chị ơi", "999");
  await post("ai trực tối nay", "999");
  expect(said().match(/chưa được nối/g)).toHaveLength(1);
});

it("keeps nobody's message waiting for a group that is slow", async () => {
  await waiting();
  await desk.sync();
  answer = "never";
  await post("/xyz");
});

it("refuses nothing for ever where its list of topics is spoilt: people's messages come by the same way", async () => {
  const { store, vault } = bench.parts;
  await waiting();
  await desk.sync();
  const kept = await store.upkeep.getSecret("forum.topics");
  await store.upkeep.putSecret("forum.topics", vault.sealOwn("another", "{}"), kept?.version ?? null);
  await post("/claim");
  await desk.sync();
  expect(topics.size).toBe(2);
  expect(said(2)).not.toBe("");
});
