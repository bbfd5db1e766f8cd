/** The counsellors' Telegram group as a second desk, through the whole service against the strict Bot API stand-in. */

import { afterAll, beforeAll, expect, it } from "vitest";
import { BotApiControl, type BotApiPerson } from "../peers/bot-api/person.ts";
import { startBotApi } from "../peers/bot-api/server.ts";
import { type Running, StaffClient, startService } from "../running.ts";

const MAI = 7_000_001;
const LEFT = 7_000_002;
const STRANGER = 7_000_003;

interface Topic {
  readonly topic: number;
  readonly name: string;
  readonly texts: readonly string[];
}

let peer: Awaited<ReturnType<typeof startBotApi>>;
let control: BotApiControl;
let service: Running;
let staff: StaffClient;
let group: number;

beforeAll(async () => {
  peer = await startBotApi();
  control = new BotApiControl(peer.url);
  group = (await control.ask<{ chat: number }>("forum", { members: [MAI, STRANGER] })).chat;
  service = await startService({
    TELEGRAM_BOT_TOKEN: peer.token,
    TELEGRAM_API_ROOT: peer.url,
    TELEGRAM_DESK_GROUP: String(group),
    TELEGRAM_DESK_STAFF: `quanly:${MAI},quanly:${LEFT}`,
  });
  staff = await StaffClient.first(service);
  await staff.post("/api/desk/duty", { on: true });
}, 90_000);
afterAll(async () => {
  await service?.remove();
  await peer?.close();
});

async function topics(): Promise<readonly Topic[]> {
  return (await control.ask<{ topics: Topic[] }>("topics", { chat: group })).topics;
}

function post(topic: number, text: string, account = MAI): Promise<unknown> {
  return control.ask("post", { chat: group, account, topic, text });
}

async function waiting(): Promise<{ her: BotApiPerson; topic: Topic }> {
  const before = new Set((await topics()).map((t) => t.topic));
  const her = await control.person({ language: "vi" });
  await her.write("alo, cho em hỏi chuyện của qwzzk");
  await her.waitFor(/an toàn không\?/);
  await her.tap("Có, nói được");
  await her.waitFor((m) => !/an toàn không\?/.test(m.text));
  await her.write("gọi người thật");
  await her.waitFor(/Mình đã gọi tư vấn viên/);
  let topic: Topic | undefined;
  await expect
    .poll(
      async () => {
        topic = (await topics()).find((t) => !before.has(t.topic) && t.texts.length > 0);
        return topic?.name ?? "";
      },
      { timeout: 10_000 },
    )
    .toMatch(/^[A-Z0-9]{4} · /);
  if (!topic) throw new Error("no topic");
  return { her, topic };
}

async function reads(topic: number): Promise<string> {
  return (await topics()).find((t) => t.topic === topic)?.texts.join("\n") ?? "";
}

it("opens a topic without her words, is claimed, answered and closed from there, and leaves nothing behind", async () => {
  const { her, topic } = await waiting();
  expect(await reads(topic.topic)).not.toContain("qwzzk");

  // Neither a member who is not named, nor somebody named who left the group, nor an unclaimed case lets words out.
  await post(topic.topic, "/nhan", STRANGER);
  await post(topic.topic, "/nhan", LEFT);
  await post(topic.topic, "Chào bạn");
  await expect.poll(() => reads(topic.topic), { timeout: 8_000 }).toContain("ca này không phải của bạn");
  expect((await staff.cases())[0]?.state).toBe("waiting");

  await post(topic.topic, "/nhan");
  await her.waitFor(/Mai đã vào/, 10_000);
  await expect.poll(async () => (await topics())[0]?.name, { timeout: 10_000 }).toContain("· Mai");
  await post(topic.topic, "Chào bạn, mình là Mai.");
  await her.waitFor(/^Chào bạn, mình là Mai\.$/, 10_000);
  await her.write("em sợ lắm zqxkw");
  await expect.poll(() => reads(topic.topic), { timeout: 12_000 }).toContain("Tin mới");
  expect(await reads(topic.topic)).not.toContain("zqxkw");

  await post(topic.topic, "/nhanh lên");
  await expect.poll(() => reads(topic.topic), { timeout: 8_000 }).toContain("không có gì được gửi đi");
  await post(topic.topic, "/dong xong");
  await expect.poll(() => reads(topic.topic), { timeout: 8_000 }).toContain("/close supported");
  await post(topic.topic, "/dong supported đã nghe hết");
  await her.waitFor(/Tư vấn viên đã rời/, 10_000);
  await expect
    .poll(async () => (await topics()).map((t) => t.topic), { timeout: 12_000 })
    .not.toContain(topic.topic);
  expect((await her.history()).filter((m) => /nhanh lên|dong/.test(m.text))).toEqual([]);
  expect(await control.violations()).toEqual([]);
}, 90_000);

it("takes the topic away when she has everything erased", async () => {
  const { her, topic } = await waiting();
  await her.write("xóa hết");
  await her.waitFor(/xóa/);
  await her.tap("Xóa hết");
  await her.waitFor(/Xong/, 10_000);
  await expect
    .poll(async () => (await topics()).map((t) => t.topic), { timeout: 15_000 })
    .not.toContain(topic.topic);
}, 60_000);

it("talks to nobody in the group but in the topics, and never takes its members for people", async () => {
  await control.ask("post", { chat: group, account: STRANGER, topic: 999_999, text: "alo, có ai không" });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const calls = await control.calls("sendMessage");
  expect(calls.filter((c) => c.params.chat_id === group && c.params.message_thread_id === undefined)).toEqual(
    [],
  );
});
