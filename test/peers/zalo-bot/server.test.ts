/** The Zalo Bot stand-in is strict, and as forgetful as the platform. */

import { afterEach, beforeEach, expect, it } from "vitest";
import type { StandIn } from "../stand-in.ts";
import { ZaloBotControl, type ZaloBotPerson } from "./person.ts";
import { startZaloBot, ZALO_BOT_TOKEN } from "./server.ts";

let peer: StandIn;
let control: ZaloBotControl;
let her: ZaloBotPerson;

beforeEach(async () => {
  peer = await startZaloBot();
  control = new ZaloBotControl(peer.url);
  her = await control.person();
});
afterEach(() => peer.close());

async function call(method: string, params: object = {}, token = ZALO_BOT_TOKEN) {
  const response = await fetch(`${peer.url}/bot${token}/${method}`, {
    method: "POST",
    body: JSON.stringify(params),
  });
  return (await response.json()) as { ok: boolean; error_code?: number };
}

it.each([
  ["unknown method", "deleteMessage", {}],
  ["method in the wrong case", "SendMessage", { text: "a" }],
  ["unknown field", "sendMessage", { text: "a", reply_markup: {} }],
  ["empty text", "sendMessage", { text: "" }],
  ["2001 characters", "sendMessage", { text: "x".repeat(2001) }],
  ["a number for a chat", "sendMessage", { chat_id: 5, text: "a" }],
  [
    "a secret by its other name",
    "setWebhook",
    { chat_id: undefined, url: "https://example.org", secretToken: "x".repeat(9) },
  ],
  ["a short secret", "setWebhook", { chat_id: undefined, url: "https://example.org", secret_token: "short" }],
  [
    "plain http",
    "setWebhook",
    { chat_id: undefined, url: "http://example.org", secret_token: "x".repeat(9) },
  ],
])("refuses and remembers: %s", async (_label, method, params) => {
  expect(await call(method, { chat_id: her.address, ...params })).toMatchObject({
    ok: false,
    error_code: 400,
  });
  expect(await control.violations()).toHaveLength(1);
});

it("refuses a wrong token, a chat that never wrote, the 51st user and message 3,001", async () => {
  expect(await call("getMe", {}, "1:x")).toMatchObject({ error_code: 401 });
  expect(await call("sendMessage", { chat_id: "nobody", text: "a" })).toMatchObject({ error_code: 404 });
  await control.ask("quota", { users: 1, messages: 0 });
  await expect(control.person()).rejects.toThrow(/free tier/);
  expect(await call("sendMessage", { chat_id: her.address, text: "a" })).toMatchObject({ error_code: 429 });
});

it("gives one update at a time, never twice, and ends an idle poll with 408", async () => {
  const poll = call("getUpdates", { timeout: "5" });
  await new Promise((resolve) => setTimeout(resolve, 30));
  await her.write("một");
  expect(await poll).toMatchObject({ result: { event_name: "message.text.received" } });
  expect(await call("getUpdates", { timeout: "0" })).toMatchObject({ ok: false, error_code: 408 });
});

it("loses what is written while nobody asks", async () => {
  await her.write("cứu");
  expect(await call("getUpdates", { timeout: "0" })).toMatchObject({ error_code: 408 });
});

it("refuses polls while a webhook is set, and keeps its address though the probe fails", async () => {
  await call("setWebhook", { url: "http://127.0.0.1:9/x", secret_token: "x".repeat(9) });
  expect(await call("getWebhookInfo")).toMatchObject({ result: { url: "http://127.0.0.1:9/x" } });
  expect(await call("getUpdates")).toMatchObject({ ok: false });
});
