/** Zalo Bot over HTTP: webhook and polling against the strict stand-in, quotas, and everything that can go wrong. */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ZaloBotChannel } from "../../../bot/adapters/zalo-bot/channel.ts";
import type { Inbound } from "../../../bot/core/message.ts";
import { outbound } from "../../contracts/channel.ts";
import type { Fault, StandIn } from "../../peers/stand-in.ts";
import { ZaloBotControl } from "../../peers/zalo-bot/person.ts";
import { startZaloBot, ZALO_BOT_TOKEN } from "../../peers/zalo-bot/server.ts";
import { hastyClock, keepingLog, until } from "../witness.ts";

const SECRET = "made-up_secret-0005";
let peer: StandIn;
let control: ZaloBotControl;
let channel: ZaloBotChannel;
let lines: string[];
let got: Inbound[];

function open(webhook?: { url: string; secret: string }): ZaloBotChannel {
  const kept = keepingLog();
  lines = kept.lines;
  channel = new ZaloBotChannel({
    token: ZALO_BOT_TOKEN,
    apiBase: peer.url,
    log: kept.log,
    clock: hastyClock,
    timeoutMs: 500,
    ...(webhook ? { webhook } : {}),
  });
  return channel;
}

const take = async (inbound: readonly Inbound[]) => void got.push(...inbound);

beforeEach(async () => {
  got = [];
  peer = await startZaloBot();
  control = new ZaloBotControl(peer.url);
});

afterEach(async () => {
  await channel.stop();
  const violations = await control.violations();
  await peer.close();
  expect(violations).toEqual([]);
  for (const secret of channel.secrets) expect(lines.join("\n")).not.toContain(secret);
  expect(lines.join("\n")).not.toMatch(/Mai|6ede9afa/);
});

describe("polling, for development", () => {
  it("gives what people do, one update at a time", async () => {
    await open().start(take);
    const her = await control.person();
    await her.write("một");
    await her.write("hai");
    await her.do("image", { caption: "ba" });
    await until(() => got.length === 3);
    expect(got.map((i) => i.content)).toEqual([
      { kind: "text", text: "một" },
      { kind: "text", text: "hai" },
      { kind: "media", media: "photo", caption: "ba" },
    ]);
  });

  it("holds what came until it is on disk, because it never comes again", async () => {
    let refusals = 3;
    await open().start(async (inbound) => {
      if (refusals-- > 0) throw new Error("the disk is full");
      got.push(...inbound);
    });
    const her = await control.person();
    await her.write("cứu");
    await until(() => got.length === 1);
    expect(lines.filter((line) => line.includes("zalo-bot.not_taken"))).toHaveLength(3);
  });

  it("says so when it has to stop with an update in its hand", async () => {
    await open().start(() => Promise.reject(new Error("the disk is full")));
    await (await control.person()).write("cứu");
    await until(() => lines.some((line) => line.includes("not_taken")));
    await channel.stop();
    expect(lines.join()).toContain("zalo-bot.lost");
  });

  it("goes on after outages and after the idle end of a poll, and takes a webhook off", async () => {
    await control.ask("quota", {});
    await fetch(`${peer.url}/bot${ZALO_BOT_TOKEN}/setWebhook`, {
      method: "POST",
      body: JSON.stringify({ url: "http://127.0.0.1:9/x", secret_token: SECRET }),
    });
    await control.fault({ fault: "html", path: "/deleteWebhook" });
    await control.fault({ fault: "answer", path: "/getUpdates", json: { ok: false, error_code: 408 } });
    await control.fault({ fault: "html", path: "/getUpdates" });
    await open().start(take);
    await until(async () => (await control.state()).webhook === "");
    const her = await control.person();
    await until(async () => {
      await her.write("còn đó không");
      return got.length > 0;
    });
  });
});

describe("webhook", () => {
  let ours: Server;
  let url: string;

  beforeEach(async () => {
    ours = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const headers = request.headers as Record<string, string | undefined>;
      const read = channel.read({ headers, body: Buffer.concat(chunks) });
      if (read.ok) got.push(...read.inbound);
      response.writeHead(read.ok ? 200 : read.status).end();
    });
    await new Promise<void>((resolve) => ours.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(ours.address() as AddressInfo).port}/hooks/zalo-bot`;
  });

  afterEach(() => {
    ours.closeAllConnections();
    ours.close();
  });

  it("registers itself, passes the probe, and reads both body shapes; a repeat has the same key", async () => {
    await open({ url, secret: SECRET }).start(take);
    expect(await channel.check()).toEqual({ ok: true, detail: "webhook" });
    const her = await control.person();
    await her.write("một");
    await control.form("flat");
    await her.write("hai");
    await control.ask("repeat");
    expect(got.map((i) => i.content)).toEqual([
      { kind: "text", text: "một" },
      { kind: "text", text: "hai" },
      { kind: "text", text: "hai" },
    ]);
    expect(got[2]?.key).toBe(got[1]?.key);
    expect((await control.state()).webhookAnswers).toEqual([200, 200, 200, 200]);
  });

  it("answers a protected sender where it can, counts where it cannot, and tells the operator", async () => {
    await open({ url, secret: SECRET }).start(take);
    const her = await control.person();
    await her.do("unsupported");
    await her.do("unsupported_without_message");
    await her.do("unsupported_without_message");
    expect(got.map((i) => [i.address, i.content])).toEqual([[her.address, { kind: "unreadable" }]]);
    expect(channel.hiddenSenders).toBe(2);
    expect((await channel.check()).detail).toContain("2 protected senders could not be answered");
    expect(lines.filter((line) => line.includes("protected_sender_unreachable"))).toHaveLength(2);
  });

  it.each([
    ["no secret", undefined, "{}", 403],
    ["another secret", "made-up_secret-0006", "{}", 403],
    ["broken JSON", SECRET, "{", 400],
  ])("refuses %s", (_label, secret, body, status) => {
    open({ url, secret: SECRET });
    const headers = { "x-bot-api-secret-token": secret };
    expect(channel.read({ headers, body: new TextEncoder().encode(body) })).toMatchObject({
      ok: false,
      status,
    });
  });

  it("lets an empty probe through without a secret: there is nothing in it", () => {
    open({ url, secret: SECRET });
    expect(channel.read({ headers: {}, body: new Uint8Array() })).toEqual({ ok: true, inbound: [] });
  });

  it("refuses a secret that Zalo would not take, and everything when it polls", () => {
    open();
    expect(channel.read({ headers: {}, body: new TextEncoder().encode("{}") })).toMatchObject({
      status: 403,
    });
    expect(() => open({ url, secret: "short" })).toThrow(/8 to 256/);
  });

  it("starts without Zalo and registers later", async () => {
    await control.fault({ fault: "html", path: "/setWebhook" });
    await open({ url, secret: SECRET }).start(take);
    expect(lines.join()).toContain("zalo-bot.webhook_not_set");
    await until(async () => (await control.state()).webhook === url);
  });
});

describe("send", () => {
  it("numbers the answers, and never the numbers to call", async () => {
    const her = await control.person();
    const choices = [
      { label: "Nói chuyện", kind: "answer", value: "talk" },
      { label: "Công an", kind: "call", value: "113" },
      { label: "Thoát", kind: "answer", value: "exit", style: "danger" },
    ] as const;
    await open().send(her.address, outbound("Bạn muốn gì?", { choices }), "vi");
    expect(await her.history()).toEqual(["Bạn muốn gì?\n\n1. Nói chuyện\nCông an: 113\n2. Thoát"]);
  });

  const api = (code: number): Omit<Fault, "path"> => ({
    fault: "answer",
    json: { ok: false, error_code: code, description: "no" },
  });
  const cases: readonly (readonly [label: string, fault: Omit<Fault, "path">, expected: object])[] = [
    ["400", api(400), { kind: "bug" }],
    ["401", api(401), { kind: "retry", code: "zalo-bot.token_refused" }],
    ["403, which says internal server error", api(403), { kind: "retry" }],
    ["404", api(404), { kind: "bug" }],
    ["408", api(408), { kind: "unclear" }],
    ["429", api(429), { kind: "quota", afterMs: 60_000 }],
    ["an unknown code", api(999), { kind: "retry" }],
    ["a code of its own", api(426), { kind: "bug" }],
    ["502 page", { fault: "html" }, { kind: "retry", code: "zalo-bot.gateway_502" }],
    ["504 page", { fault: "html", status: 504 }, { kind: "unclear" }],
    ["nothing", { fault: "hang" }, { kind: "unclear", code: "zalo-bot.timeout" }],
    ["a cut line", { fault: "cut" }, { kind: "unclear", code: "zalo-bot.cut" }],
  ];
  it.each(cases)("%s", async (_label, fault, expected) => {
    const her = await control.person();
    await control.fault({ ...fault, path: "/sendMessage" });
    expect(await open().send(her.address, outbound("xin chào"), "vi")).toMatchObject({
      ok: false,
      ...expected,
    });
    expect(await her.history()).toEqual([]);
  });

  it("waits less long for an answer to a safety text, which is sent again", async () => {
    const her = await control.person();
    await control.fault({ fault: "hang", path: "/sendMessage" });
    const began = performance.now();
    const sent = await open().send(her.address, outbound("Gọi 113", { safety: true }), "vi");
    expect(sent).toMatchObject({ ok: false, kind: "unclear" });
    // An ordinary one waits 500 ms.
    expect(performance.now() - began).toBeLessThan(450);
  });

  it("believes Zalo's ok even when the rest of the answer is odd", async () => {
    const her = await control.person();
    await control.fault({
      fault: "answer",
      json: { ok: true, result: { message_id: 5 } },
      path: "/sendMessage",
    });
    expect(await open().send(her.address, outbound("xin chào"), "vi")).toEqual({ ok: true });
  });

  it("says quota when the month's 3,000 are spent", async () => {
    const her = await control.person();
    await control.ask("quota", { messages: 1 });
    open();
    expect(await channel.send(her.address, outbound("một"), "vi")).toMatchObject({ ok: true });
    expect(await channel.send(her.address, outbound("hai"), "vi")).toMatchObject({ kind: "quota" });
  });

  it("client: photo and typing are what the documentation says", async () => {
    const her = await control.person();
    open();
    expect(await channel.api.sendPhoto(her.address, "https://example.org/a.jpg", "hình")).toMatchObject({
      ok: true,
    });
    expect(await channel.api.sendChatAction(her.address, "typing")).toEqual({ ok: true, result: undefined });
    expect(await her.history()).toEqual(["[ảnh] hình"]);
    await expect(channel.api.sendMessage(her.address, "")).rejects.toThrow();
  });
});
