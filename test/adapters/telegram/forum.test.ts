/** Updates of the counsellors' group: a post, nothing, or another chat's. */

import { Api } from "grammy";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readForumUpdate, telegramForum } from "../../../bot/adapters/telegram/forum.ts";
import { BotApiControl } from "../../peers/bot-api/person.ts";
import { type BotApiPeer, startBotApi } from "../../peers/bot-api/server.ts";
import { hastyClock, keepingLog } from "../witness.ts";

const GROUP = -1_001_234_567_890;
const message = (more: object = {}) => ({
  message_id: 5,
  date: 1_795_329_530,
  chat: { id: GROUP, type: "supergroup" },
  from: { id: 77, is_bot: false, first_name: "Hoa" },
  message_thread_id: 9,
  text: "/nhan",
  ...more,
});
const read = (kinds: object) => readForumUpdate({ update_id: 3, ...kinds }, GROUP, 1_000);

describe("readForumUpdate", () => {
  it("reads who wrote what in which topic, and no name", () => {
    const posts = read({ message: message() });
    expect(posts).toEqual([
      {
        channel: "telegram",
        address: String(GROUP),
        key: "3",
        at: 1_000,
        content: { kind: "staff_post", topic: 9, account: "77", text: "/nhan" },
      },
    ]);
  });

  it.each([
    ["outside a topic", message({ message_thread_id: undefined })],
    ["in the group's own name", message({ sender_chat: { id: GROUP, type: "supergroup" } })],
    ["by a bot", message({ from: { id: 78, is_bot: true, first_name: "B" } })],
    ["when a topic was renamed", message({ text: undefined, forum_topic_edited: { name: "x" } })],
  ])("takes nothing that was written %s", (_, odd) => expect(read({ message: odd })).toEqual([]));

  it.each([
    ["a photo", { message: message({ text: undefined, photo: [], caption: "xem nhé" }) }],
    ["a recording", { message: message({ text: undefined, voice: {} }) }],
    ["a line changed", { edited_message: message() }],
  ])("reads %s as something that goes to nobody, so that it can be said", (_, kinds) => {
    expect(read(kinds)).toMatchObject([{ content: { kind: "staff_post", topic: 9, text: null } }]);
  });

  it("takes a new member in the group for nobody's words", () => {
    expect(read({ my_chat_member: { chat: { id: GROUP } } })).toEqual([]);
  });

  it("leaves every other chat, and what is no update, to the people's door", () => {
    expect(read({ message: message({ chat: { id: 5, type: "private" } }) })).toBeNull();
    for (const json of [null, [], "x", {}, { update_id: "3" }])
      expect(readForumUpdate(json, GROUP, 0)).toBeNull();
  });
});

describe("telegramForum", () => {
  let peer: BotApiPeer;
  let control: BotApiControl;
  beforeEach(async () => {
    peer = await startBotApi();
    control = new BotApiControl(peer.url);
  });
  afterEach(() => peer.close());

  async function forum() {
    const { chat } = await control.ask<{ chat: number }>("forum", { members: [77] });
    const kept = keepingLog();
    const api = new Api(peer.token, { apiRoot: peer.url });
    return { ...telegramForum({ api, clock: hastyClock, log: kept.log }, chat), lines: kept.lines };
  }
  const refuse = (method: string, description: string) =>
    control.fault({ fault: "bad_request", method, description });

  it("knows what was written, what is gone, and what to try again", async () => {
    const group = await forum();
    const topic = (await group.open("K7M2")) ?? 0;
    expect(await group.write(topic, "một")).toBe("written");
    await control.fault({ fault: "server_error", method: "sendMessage" });
    expect(await group.write(topic, "hai")).toBe("failed");
    expect(await group.remove(topic)).toBe(true);
    expect(await group.write(topic, "ba")).toBe("gone");
    // Deleted already: what was wanted is so.
    await refuse("deleteForumTopic", "Bad Request: TOPIC_ID_INVALID");
    expect(await group.remove(topic)).toBe(true);
  });

  it("takes a name that a topic has already for given", async () => {
    const group = await forum();
    const topic = (await group.open("K7M2")) ?? 0;
    await refuse("editForumTopic", "Bad Request: TOPIC_NOT_MODIFIED");
    expect(await group.rename(topic, "K7M2")).toBe(true);
    await refuse("editForumTopic", "Bad Request: not enough rights to manage topics");
    expect(await group.rename(topic, "K7M2 · Mai")).toBe(false);
    expect(group.lines.join()).toMatch(/error.*forum_refused/);
  });

  it("waits as long as Telegram asks, and tries nothing meanwhile", async () => {
    const group = await forum();
    const topic = (await group.open("K7M2")) ?? 0;
    await control.fault({ fault: "too_many", retryAfter: 3_600, method: "sendMessage" });
    expect(await group.write(topic, "một")).toBe("failed");
    const calls = (await control.calls("sendMessage")).length;
    expect(await group.write(topic, "hai")).toBe("failed");
    expect(await control.calls("sendMessage")).toHaveLength(calls);
  });
});
