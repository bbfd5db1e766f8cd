/** Incoming Zalo OA events, as a table. */

import { describe, expect, it } from "vitest";
import { parseEvent } from "../../../bot/adapters/zalo-oa/parse.ts";
import type { Content } from "../../../bot/core/message.ts";
import { type EventFacts, eventOf } from "../../peers/zalo-oa/samples.ts";
import { ZALO_OA } from "../../peers/zalo-oa/server.ts";

const facts: EventFacts = {
  ...ZALO_OA,
  userId: "2460000000000000001",
  msgId: "96d3",
  timestamp: "1795330000000",
};
const body = new TextEncoder().encode("{}");
const parse = (name: string, more: object = {}, over: object = {}) =>
  parseEvent({ ...eventOf(name, { ...facts, ...more }), ...over }, ZALO_OA.oaId, body);

const READ: readonly (readonly [label: string, parsed: ReturnType<typeof parse>, content: Content])[] = [
  [
    "text",
    parse("user_send_text", { text: "chồng em vừa bóp cổ" }),
    { kind: "text", text: "chồng em vừa bóp cổ" },
  ],
  [
    "decomposed text as it came",
    parse("user_send_text", { text: "cứu".normalize("NFD") }),
    { kind: "text", text: "cứu".normalize("NFD") },
  ],
  ["our button", parse("user_send_text", { text: "#~safe:yes" }), { kind: "choice", value: "safe:yes" }],
  [
    "our longest button",
    parse("user_send_text", { text: `#~a:${"x".repeat(60)}#1` }),
    { kind: "choice", value: `a:${"x".repeat(60)}#1` },
  ],
  ["a hash that she wrote", parse("user_send_text", { text: "#cuuem" }), { kind: "text", text: "#cuuem" }],
  [
    "our mark with words",
    parse("user_send_text", { text: "#~nó cầm dao" }),
    { kind: "text", text: "#~nó cầm dao" },
  ],
  [
    "photo with words",
    parse("user_send_image", { text: "vết bầm" }),
    { kind: "media", media: "photo", caption: "vết bầm" },
  ],
  ["gif", parse("user_send_gif"), { kind: "media", media: "photo" }],
  [
    "link, its words heard",
    parse("user_send_link", { text: "nó có súng" }),
    { kind: "media", media: "other", caption: "nó có súng" },
  ],
  ["audio", parse("user_send_audio"), { kind: "media", media: "voice" }],
  ["video", parse("user_send_video"), { kind: "media", media: "video" }],
  ["sticker", parse("user_send_sticker", { text: "" }), { kind: "media", media: "sticker" }],
  ["location", parse("user_send_location"), { kind: "media", media: "location" }],
  ["card", parse("user_send_business_card"), { kind: "media", media: "contact" }],
  ["file", parse("user_send_file"), { kind: "media", media: "file" }],
  ["text that is missing", parse("user_send_text"), { kind: "media", media: "other" }],
  ["follow", parse("follow"), { kind: "arrived" }],
  ["chat opened", parse("user_click_chatnow"), { kind: "arrived" }],
  ["unfollow", parse("unfollow"), { kind: "left" }],
  ["withdrawal", parse("user_withdraw"), { kind: "withdrawn" }],
  [
    "visitor's text",
    parse("anonymous_send_text", { userId: "77", conversationId: "88", text: "chào" }),
    { kind: "text", text: "chào" },
  ],
  [
    "visitor's photo",
    parse("anonymous_send_image", { userId: "77", conversationId: "88" }),
    { kind: "media", media: "photo" },
  ],
];

describe("parseEvent", () => {
  it.each(READ)("reads: %s", (_label, parsed, content) => {
    expect(parsed).toMatchObject({ kind: "read", inbound: { channel: "zalo-oa" } });
    expect(parsed.kind === "read" && parsed.inbound.content).toEqual(content);
    expect(JSON.stringify(parsed)).not.toMatch(/552|example\.org|Chị|0900|21\.03/);
  });

  it("keeps where to answer, when, and a key of event and message", () => {
    expect(parse("user_send_text", { text: "a" })).toEqual({
      kind: "read",
      inbound: {
        channel: "zalo-oa",
        address: facts.userId,
        key: "user_send_text:96d3",
        at: 1_795_330_000_000,
        content: { kind: "text", text: "a" },
      },
    });
  });

  it("answers a visitor by both ids", () => {
    const parsed = parse("anonymous_send_text", { userId: "77", conversationId: "88", text: "a" });
    expect(parsed).toMatchObject({ inbound: { address: "anon:77:88" } });
    expect(parse("anonymous_send_text", { userId: "77", text: "a" })).toMatchObject({
      kind: "unread",
      why: "no_sender",
    });
  });

  it("keys an event without a message by its bytes", () => {
    const key = (bytes: string) => {
      const parsed = parseEvent(eventOf("follow", facts), ZALO_OA.oaId, new TextEncoder().encode(bytes));
      return parsed.kind === "read" ? parsed.inbound.key : "";
    };
    expect(key("a")).toBe(key("a"));
    expect(key("a")).not.toBe(key("b"));
  });

  it("keys a message whose id is empty by its bytes too: else all of hers would be one", () => {
    const event = eventOf("user_send_text", { ...facts, msgId: "", text: "a" });
    const parsed = parseEvent(event, ZALO_OA.oaId, body);
    expect(parsed.kind === "read" && parsed.inbound.key).toMatch(/^user_send_text:[0-9a-f]{64}$/);
  });

  it("knows what our OA said, and to whom", () => {
    expect(parse("oa_send_text", { text: "chào" })).toMatchObject({
      kind: "read",
      inbound: {
        address: facts.userId,
        content: { kind: "other_voice", text: "chào" },
        platformRef: "96d3",
      },
    });
    expect(parse("oa_send_image")).toMatchObject({ inbound: { content: { kind: "other_voice" } } });
  });

  it("does not let a demand to erase pass unseen when it names nobody", () => {
    expect(parse("user_withdraw", {}, { user_id: undefined })).toEqual({ kind: "unknown_withdrawal" });
    expect(parse("user_withdraw", {}, { user_id: undefined, sender: { id: "9" } })).toMatchObject({
      inbound: { address: "9" },
    });
  });

  it.each([
    ["seen", parse("user_seen_message")],
    ["received", parse("user_received_message")],
    ["reaction", parse("user_reacted_message")],
    ["shared details", parse("user_submit_info")],
    ["group", parse("user_send_group_text", { text: "x" })],
    ["event of next year", parse("user_waved")],
    ["an echo of another OA", parse("oa_send_text", { oaId: "1" })],
  ])("ignores: %s", (_label, parsed) => {
    expect(parsed).toEqual({ kind: "ignored" });
  });

  it.each([
    ["another OA", parse("user_send_text", { oaId: "1", text: "x" }), "other_oa"],
    ["another OA's follower", parse("follow", { oaId: "1" }), "other_oa"],
    [
      "an id as a number, which JSON may have rounded",
      parse("user_send_text", { text: "x" }, { sender: { id: 246_000_000_000_000 } }),
      "no_sender",
    ],
    ["nobody", parse("user_send_text", { text: "x" }, { sender: undefined }), "no_sender"],
  ])("does not let somebody's message pass unseen: %s", (_label, parsed, why) => {
    expect(parsed).toMatchObject({ kind: "unread", why });
    expect(JSON.stringify(parsed)).not.toContain("246");
  });
});
