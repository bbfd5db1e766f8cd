/** Incoming Zalo Bot updates, as a table, in both body shapes. */

import { describe, expect, it } from "vitest";
import { parseUpdate } from "../../../bot/adapters/zalo-bot/parse.ts";
import type { Content } from "../../../bot/core/message.ts";
import { sample, type ZaloEvent } from "../../peers/zalo-bot/samples.ts";

const NOW = 1_795_330_000_000;
const her = { id: "6ede9afa66b88fe6d6a9", isGroup: false };
const group = { id: "aaaa", isGroup: true };
const facts = { id: "2d758cb5", at: 1_795_329_530_123 };

const READ: readonly (readonly [label: string, event: unknown, content: Content])[] = [
  ["text", sample("text", her, { ...facts, text: "chong danh em" }), { kind: "text", text: "chong danh em" }],
  ["empty text", sample("text", her, { ...facts, text: "" }), { kind: "text", text: "" }],
  [
    "photo",
    sample("image", her, { ...facts, caption: "nó có dao" }),
    { kind: "media", media: "photo", caption: "nó có dao" },
  ],
  ["photo by its other name", sample("image_by_other_name", her, facts), { kind: "media", media: "photo" }],
  ["sticker", sample("sticker", her, facts), { kind: "media", media: "sticker" }],
  ["voice", sample("voice", her, facts), { kind: "media", media: "voice" }],
  [
    "link, its words heard",
    sample("link", her, { ...facts, text: "cứu" }),
    { kind: "media", media: "other", caption: "cứu" },
  ],
  ["hidden, with a chat", sample("unsupported", her, facts), { kind: "unreadable" }],
  ["text that is missing", sample("text", her, facts), { kind: "media", media: "other" }],
  [
    "a message of next year",
    { event_name: "message.hologram.received", message: { chat: { id: "1" } } },
    { kind: "media", media: "other" },
  ],
  ["group", sample("text", group, { ...facts, text: "hi" }), { kind: "refused", why: "group" }],
  ["bot", sample("text", her, { ...facts, text: "hi", isBot: true }), { kind: "refused", why: "bot" }],
];

describe("parseUpdate", () => {
  it.each(READ)("reads, wrapped and flat: %s", (_label, event, content) => {
    for (const body of [event, { ok: true, result: event }]) {
      const parsed = parseUpdate(body, NOW);
      expect(parsed).toMatchObject({ kind: "read", inbound: { channel: "zalo-bot" } });
      expect(parsed.kind === "read" && parsed.inbound.content).toEqual(content);
      expect(JSON.stringify(parsed)).not.toMatch(/Mai|example\.org/);
    }
  });

  it("keeps where to answer, when, and a key of chat and message", () => {
    expect(parseUpdate(sample("text", her, { ...facts, text: "a" }), NOW)).toEqual({
      kind: "read",
      inbound: {
        channel: "zalo-bot",
        address: her.id,
        key: `${her.id}:2d758cb5`,
        at: facts.at,
        content: { kind: "text", text: "a" },
      },
    });
  });

  it("takes seconds for what they are, and now where no time is", () => {
    const at = (date: unknown) => {
      const parsed = parseUpdate(
        { event_name: "message.text.received", message: { date, chat: { id: "1" }, text: "a" } },
        NOW,
      );
      return parsed.kind === "read" ? parsed.inbound.at : 0;
    };
    expect([at(1_795_329_530), at("1795329530123"), at(undefined), at("x"), at(-1)]).toEqual([
      1_795_329_530_000,
      1_795_329_530_123,
      NOW,
      NOW,
      NOW,
    ]);
  });

  it("knows a hidden message without an id again when it is delivered twice", () => {
    const event = { event_name: "message.unsupported.received", message: { date: 5, chat: { id: "1" } } };
    const keys = [NOW, NOW + 60_000].map((now) => {
      const parsed = parseUpdate(event, now);
      return parsed.kind === "read" ? parsed.inbound.key : "";
    });
    expect(keys[0]).toBe(keys[1]);
    expect(keys[0]).not.toBe("");
  });

  it("counts a protected sender whom nobody can answer", () => {
    for (const body of [
      { ok: true, result: { event_name: "message.unsupported.received" } },
      sample("unsupported_without_message", her, facts),
    ]) {
      expect(parseUpdate(body, NOW)).toEqual({ kind: "unreachable" });
    }
  });

  it.each([
    ["a probe", {}],
    ["null", null],
    ["a list", []],
    ["a reaction", sample("reaction", her, facts)],
    ["a probe named like a message", { event_name: "message.text.received" }],
    ["no event", { ok: true, result: {} }],
    ["another family of events", { event_name: "bot.created", message: { chat: { id: "1" } } }],
  ])("ignores %s", (_label, body) => {
    expect(parseUpdate(body, NOW)).toEqual({ kind: "ignored" });
  });

  it("does not let a message pass unseen that nobody could answer", () => {
    const body = { event_name: "message.text.received", message: { text: "x" } };
    expect(parseUpdate(body, NOW)).toEqual({ kind: "unread", event: "message.text.received" });
  });

  it("never takes two messages for one, whatever is odd about their ids", () => {
    const key = (message: object) => {
      const parsed = parseUpdate(
        { event_name: "message.text.received", message: { chat: { id: "1" }, ...message } },
        NOW,
      );
      return parsed.kind === "read" && parsed.inbound.key;
    };
    for (const odd of [{ message_id: "" }, { date: null }, { message_id: null, date: NOW }])
      expect(key({ ...odd, text: "alo" })).not.toBe(key({ ...odd, text: "nó cầm dao" }));
    const ofTheSameMs = [5, 6].map((id) => key({ message_id: id, date: NOW, text: "cứu" }));
    expect(ofTheSameMs).toEqual(["1:5", "1:6"]);
  });

  it("takes a chat's id as a number, as long as it is exact", () => {
    const of = (id: number) =>
      parseUpdate({ event_name: "message.text.received", message: { chat: { id }, text: "x" } }, NOW);
    expect(of(123_456)).toMatchObject({ kind: "read", inbound: { address: "123456" } });
    expect(of(2 ** 60)).toMatchObject({ kind: "unread" });
  });

  it("has a sample of every event that it reads", () => {
    const events: ZaloEvent[] = ["text", "image", "sticker", "voice", "link", "unsupported"];
    expect(events.map((event) => parseUpdate(sample(event, her, facts), NOW).kind)).toEqual(
      events.map(() => "read"),
    );
  });
});
