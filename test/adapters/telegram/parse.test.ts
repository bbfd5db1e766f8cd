/** Incoming Telegram updates, as a table: what comes in, what we read. */

import { describe, expect, it } from "vitest";
import { parseUpdate } from "../../../bot/adapters/telegram/parse.ts";
import type { Content } from "../../../bot/core/message.ts";
import { MEDIA } from "../../peers/bot-api/samples.ts";

const NOW = 1_795_330_000_000;
const her = {
  id: 5_100_000_001,
  is_bot: false,
  first_name: "Hoa",
  last_name: "Thử",
  username: "hoa_thu",
  language_code: "vi",
};
const chat = { id: her.id, type: "private", first_name: "Hoa", username: "hoa_thu" };
const group = { id: -100_200, type: "supergroup", title: "Nhóm Hoa" };
const head = { message_id: 77, date: 1_795_329_530, chat, from: her };
const message = (fields: object) => ({ update_id: 9, message: { ...head, ...fields } });
const member = (status: string, where: object = chat) => ({
  update_id: 9,
  my_chat_member: {
    chat: where,
    from: her,
    date: 1_795_329_530,
    old_chat_member: { user: her, status: "member" },
    new_chat_member: { user: her, status },
  },
});
const press = (fields: object) => ({
  update_id: 9,
  callback_query: {
    id: "q1",
    from: her,
    chat_instance: "1",
    message: { ...head, text: "?" },
    data: "safe:yes",
    ...fields,
  },
});

const READ: readonly (readonly [label: string, update: object, content: Content])[] = [
  ["text", message({ text: "chong danh em" }), { kind: "text", text: "chong danh em" }],
  ["/start", message({ text: "/start" }), { kind: "arrived" }],
  ["/start with a link's payload", message({ text: "/start  ha-noi " }), { kind: "arrived", text: "ha-noi" }],
  ["/start to us by name", message({ text: "/start@goc_bep_bot" }), { kind: "arrived" }],
  [
    "/start with a cry for help",
    message({ text: "/start nó cầm dao" }),
    { kind: "arrived", text: "nó cầm dao" },
  ],
  ["/thoat is plain text", message({ text: "/thoat" }), { kind: "text", text: "/thoat" }],
  ["/started is not /start", message({ text: "/started" }), { kind: "text", text: "/started" }],
  [
    "a forwarded text",
    message({
      text: "em chết đi",
      forward_origin: { type: "hidden_user", sender_user_name: "Hùng", date: 1 },
    }),
    { kind: "text", text: "em chết đi" },
  ],
  [
    "photo with words",
    message({ ...MEDIA.photo, caption: "vết bầm" }),
    { kind: "media", media: "photo", caption: "vết bầm" },
  ],
  ["live photo", message(MEDIA.live_photo ?? {}), { kind: "media", media: "photo" }],
  ["voice", message(MEDIA.voice ?? {}), { kind: "media", media: "voice" }],
  ["audio", message(MEDIA.audio ?? {}), { kind: "media", media: "voice" }],
  ["video", message(MEDIA.video ?? {}), { kind: "media", media: "video" }],
  ["round video", message(MEDIA.video_note ?? {}), { kind: "media", media: "video" }],
  ["animation, which has a document too", message(MEDIA.animation ?? {}), { kind: "media", media: "video" }],
  ["file", message(MEDIA.document ?? {}), { kind: "media", media: "file" }],
  ["sticker", message(MEDIA.sticker ?? {}), { kind: "media", media: "sticker" }],
  ["location", message(MEDIA.location ?? {}), { kind: "media", media: "location" }],
  ["venue", message(MEDIA.venue ?? {}), { kind: "media", media: "location" }],
  ["contact card", message(MEDIA.contact ?? {}), { kind: "media", media: "contact" }],
  ["dice", message(MEDIA.dice ?? {}), { kind: "media", media: "other" }],
  ["something of next year", message({ hologram: { file_id: "x" } }), { kind: "media", media: "other" }],
  ["a text that is not text", message({ text: 5 }), { kind: "media", media: "other" }],
  [
    "rich message, bold inside a word",
    message(MEDIA.rich ?? {}),
    { kind: "text", text: "nó cầm dao ngoài cửa" },
  ],
  [
    "edited text",
    { update_id: 9, edited_message: { ...head, edit_date: 1, text: "nó có súng" } },
    { kind: "edited", text: "nó có súng" },
  ],
  [
    "edited caption",
    { update_id: 9, edited_message: { ...head, ...MEDIA.photo, caption: "cứu" } },
    { kind: "edited", text: "cứu" },
  ],
  ["button", press({}), { kind: "choice", value: "safe:yes" }],
  [
    "button on a message that Telegram no longer has",
    press({ message: { message_id: 7, date: 0, chat } }),
    { kind: "choice", value: "safe:yes" },
  ],
  ["blocked", member("kicked"), { kind: "left" }],
  ["left by herself", member("left"), { kind: "left" }],
  ["group", message({ chat: group, text: "xin chào" }), { kind: "refused", why: "group" }],
  [
    "group edit is left alone but a group press is refused",
    press({ message: { ...head, chat: group } }),
    { kind: "refused", why: "group" },
  ],
  ["added to a group", member("member", group), { kind: "refused", why: "group" }],
  [
    "channel post",
    { update_id: 9, channel_post: { message_id: 1, date: 1, chat: { id: -7, type: "channel" }, text: "x" } },
    { kind: "refused", why: "group" },
  ],
  ["another bot", message({ from: { ...her, is_bot: true }, text: "buy" }), { kind: "refused", why: "bot" }],
];

const LEFT_ALONE: readonly (readonly [label: string, update: object])[] = [
  ["unblocked: her /start follows", member("member")],
  ["removed from a group", member("kicked", group)],
  ["pinned a message", message(MEDIA.pinned ?? {})],
  ["auto-delete timer", message(MEDIA.timer ?? {})],
  ["a moving location", { update_id: 9, edited_message: { ...head, ...MEDIA.location } }],
  ["an edit in a group", { update_id: 9, edited_message: { ...head, chat: group, text: "x" } }],
  ["a kind that we did not ask for", { update_id: 9, poll: { id: "1" } }],
  ["a message without a chat", { update_id: 9, message: { message_id: 1, text: "x" } }],
  ["a game button", press({ data: undefined, game_short_name: "x" })],
  ["an inline button", press({ message: undefined, inline_message_id: "x" })],
];

describe("parseUpdate", () => {
  it.each(READ)("reads: %s", (_label, update, content) => {
    const parsed = parseUpdate(update, NOW);
    expect(parsed).toMatchObject({
      ok: true,
      updateId: 9,
      inbound: [{ channel: "telegram", key: "9", content }],
    });
    expect(parsed.ok && parsed.inbound[0]?.content).toEqual(content);
    expect(JSON.stringify(parsed)).not.toMatch(/Hoa|hoa_thu|Thử|Hùng|\+84/);
  });

  it.each(LEFT_ALONE)("leaves alone: %s", (_label, update) => {
    expect(parseUpdate(update, NOW)).toMatchObject({ ok: true, updateId: 9, inbound: [] });
  });

  it("keeps where to answer, what to delete, when and in which language", () => {
    expect(parseUpdate(message({ text: "a" }), NOW)).toEqual({
      ok: true,
      updateId: 9,
      inbound: [
        {
          channel: "telegram",
          address: "5100000001",
          key: "9",
          at: 1_795_329_530_000,
          platformRef: "77",
          langHint: "vi",
          content: { kind: "text", text: "a" },
        },
      ],
    });
  });

  it("a press has no time of its own and no message of hers to delete", () => {
    const parsed = parseUpdate(press({}), NOW);
    expect(parsed).toMatchObject({ callbackId: "q1", inbound: [{ at: NOW }] });
    expect(parsed.ok && parsed.inbound[0]).not.toHaveProperty("platformRef");
  });

  it("an edit was written when it was made, not when the message was: hours later it is not late", () => {
    const edited = { ...head, date: 1_795_320_000, edit_date: 1_795_329_500, text: "nó cầm dao" };
    const at = (json: object) => {
      const parsed = parseUpdate({ update_id: 9, edited_message: json }, NOW);
      return parsed.ok && parsed.inbound[0]?.at;
    };
    expect(at(edited)).toBe(1_795_329_500_000);
    expect(at({ ...edited, edit_date: undefined })).toBe(1_795_320_000_000);
  });

  it.each([null, 5, "x", [], {}, { update_id: "9" }, { update_id: 1.5 }])("is not an update: %j", (json) => {
    expect(parseUpdate(json, NOW)).toEqual({ ok: false, code: "telegram.not_an_update" });
  });

  it("is not brought down by deep nesting", () => {
    let blocks: unknown = "x";
    for (let n = 0; n < 2000; n += 1) blocks = [blocks];
    expect(parseUpdate(message({ rich_message: { blocks } }), NOW)).toMatchObject({ ok: true });
  });
});
