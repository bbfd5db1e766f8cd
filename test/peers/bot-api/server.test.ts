/** The Bot API stand-in is strict, and behaves as Telegram does where our bot depends on it. */

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BotApiControl } from "./person.ts";
import { methodSchemas } from "./schema.ts";
import { type BotApiPeer, startBotApi } from "./server.ts";

let peer: BotApiPeer;
let control: BotApiControl;
let chat: number;

beforeEach(async () => {
  peer = await startBotApi();
  control = new BotApiControl(peer.url);
  const her = await control.person();
  await her.start();
  chat = her.chat;
});
afterEach(() => peer.close());

async function call(method: string, params: object = {}, token = peer.token) {
  const response = await fetch(`${peer.url}/bot${token}/${method}`, {
    method: "POST",
    body: JSON.stringify(params),
  });
  return (await response.json()) as {
    ok: boolean;
    error_code?: number;
    description?: string;
    result?: never;
  };
}

it("knows every method twice", () => {
  const { methods, second } = methodSchemas();
  expect(methods.size).toBeGreaterThanOrEqual(185);
  expect([...methods].filter((method) => second[method] === undefined)).toEqual([]);
});

describe("what breaks the rules is refused and remembered", () => {
  const markup = (button: object) => ({ reply_markup: { inline_keyboard: [[{ text: "a", ...button }]] } });
  it.each([
    ["unknown method", "sendTelepathy", {}],
    ["method in the wrong case", "SendMessage", { text: "a" }],
    ["method that is not played", "sendDice", {}],
    ["missing text", "sendMessage", {}],
    ["unknown field", "sendMessage", { text: "a", disable_web_page_preview: true }],
    ["wrong style", "sendMessage", { text: "a", ...markup({ callback_data: "x", style: "pink" }) }],
    ["empty text", "sendMessage", { text: " " }],
    ["too long", "sendMessage", { text: "x".repeat(4097) }],
    ["65 bytes of data", "sendMessage", { text: "a", ...markup({ callback_data: "ế".repeat(22) }) }],
    [
      "two kinds of button",
      "sendMessage",
      { text: "a", ...markup({ callback_data: "x", url: "https://example.org" }) },
    ],
    ["bad address", "sendMessage", { text: "a", ...markup({ url: "nowhere" }) }],
    ["101 messages", "deleteMessages", { message_ids: Array.from({ length: 101 }, (_, n) => n + 1) }],
    ["ids as text", "deleteMessages", { message_ids: ["1"] }],
    [
      "secret with marks",
      "setWebhook",
      { chat_id: undefined, url: "https://example.org", secret_token: "bí mật" },
    ],
    ["plain http", "setWebhook", { chat_id: undefined, url: "http://example.org" }],
  ])("%s", async (_label, method, params) => {
    expect(await call(method, { chat_id: chat, ...params })).toMatchObject({ ok: false });
    expect(await control.violations()).toHaveLength(1);
  });
});

it("refuses a wrong token with 401 and nonsense with 404", async () => {
  expect(await call("getMe", {}, "1:other")).toMatchObject({ error_code: 401 });
  expect(await call("getMe", {}, "nonsense")).toMatchObject({ error_code: 404 });
});

it("speaks Telegram's sentences", async () => {
  const stranger = await control.person();
  const sentences = [
    await call("sendMessage", { chat_id: 1, text: "a" }),
    await call("sendMessage", { chat_id: stranger.chat, text: "a" }),
    await call("deleteMessage", { chat_id: chat, message_id: 77 }),
    await call("answerCallbackQuery", { callback_query_id: "old" }),
  ].map((answer) => answer.description);
  expect(sentences).toEqual([
    "Bad Request: chat not found",
    "Forbidden: bot can't initiate conversation with a user",
    "Bad Request: message to delete not found",
    "Bad Request: query is too old and response timeout expired or query ID is invalid",
  ]);
});

it("gives updates again until they are confirmed, and ends an older poll when a newer one comes", async () => {
  const first = await call("getUpdates");
  expect(await call("getUpdates")).toEqual(first);
  const id = (first.result as unknown as { update_id: number }[])[0]?.update_id ?? 0;
  const waiting = call("getUpdates", { offset: id + 1, timeout: 5 });
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(await call("getUpdates", { offset: id + 1 })).toMatchObject({ ok: true, result: [] });
  expect(await waiting).toMatchObject({ error_code: 409 });
});

it("lets nothing be deleted after 48 hours", async () => {
  const sent = await call("sendMessage", { chat_id: chat, text: "a" });
  const { message_id } = sent.result as unknown as { message_id: number };
  await control.advance(48 * 3_600_000);
  expect((await call("deleteMessages", { chat_id: chat, message_ids: [message_id] })).description).toBe(
    "Bad Request: message can't be deleted",
  );
});
