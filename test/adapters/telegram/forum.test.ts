/** Updates of the counsellors' group: a post, nothing, or another chat's. */

import { describe, expect, it } from "vitest";
import { readForumUpdate } from "../../../bot/adapters/telegram/forum.ts";

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
