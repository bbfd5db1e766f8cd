/** Telegram over HTTP: polling and webhook against the strict stand-in, and everything that can go wrong on the way. */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TelegramChannel } from "../../../bot/adapters/telegram/channel.ts";
import { applyProfile } from "../../../bot/adapters/telegram/profile.ts";
import type { Inbound } from "../../../bot/core/message.ts";
import { outbound } from "../../contracts/channel.ts";
import { BotApiControl, type Fault } from "../../peers/bot-api/person.ts";
import { type BotApiPeer, startBotApi } from "../../peers/bot-api/server.ts";
import { hastyClock, keepingLog, until } from "../witness.ts";

let peer: BotApiPeer;
let control: BotApiControl;
let channel: TelegramChannel;
let lines: string[];
const SECRET = "made-up_secret-0002";

function open(webhook?: { url: string; secret: string }): TelegramChannel {
  const kept = keepingLog();
  lines = kept.lines;
  channel = new TelegramChannel({
    token: peer.token,
    apiRoot: peer.url,
    log: kept.log,
    clock: hastyClock,
    timeoutMs: 500,
    ...(webhook ? { webhook } : {}),
  });
  return channel;
}

beforeEach(async () => {
  peer = await startBotApi();
  control = new BotApiControl(peer.url);
});

afterEach(async () => {
  await channel.stop();
  const violations = await control.violations();
  await peer.close();
  expect(violations).toEqual([]);
  for (const secret of channel.secrets) expect(lines.join("\n")).not.toContain(secret);
  expect(lines.join("\n")).not.toMatch(/Hoa|hoa_thu|51000000/);
});

/** A person who has written once. */
async function somebody() {
  const her = await control.person({ language: "vi" });
  await her.start();
  return her;
}

describe("polling", () => {
  it("gives what people do, in order, and confirms it only when it was taken", async () => {
    const got: Inbound[] = [];
    let refusals = 2;
    await open().start(async (inbound) => {
      if (refusals-- > 0) throw new Error("the disk is full");
      got.push(...inbound);
    });
    const her = await somebody();
    await her.write("một");
    await her.write("hai");
    expect((await control.state()).pending).toBeGreaterThan(0);
    await until(() => got.length >= 3, 8_000);
    expect(got.map((i) => (i.content.kind === "text" ? i.content.text : i.content.kind))).toEqual([
      "arrived",
      "một",
      "hai",
    ]);
    await channel.stop();
    expect((await control.state()).pending).toBe(0);
    expect(lines.filter((line) => line.includes("telegram.not_taken"))).toHaveLength(2);
  });

  it("takes what was not confirmed again after a restart", async () => {
    await open().start(() => Promise.reject(new Error("killed")));
    const her = await somebody();
    await until(() => lines.some((line) => line.includes("not_taken")));
    await channel.stop();
    const got: Inbound[] = [];
    await open().start(async (inbound) => void got.push(...inbound));
    await until(() => got.length === 1);
    expect(got[0]).toMatchObject({ address: her.address, content: { kind: "arrived" } });
  });

  it("goes on after outages, and when a webhook is in the way takes it off", async () => {
    const got: Inbound[] = [];
    for (const fault of ["html", "server_error", "cut"] as const)
      await control.fault({ fault, method: "getUpdates" });
    await open().start(async (inbound) => void got.push(...inbound));
    const her = await somebody();
    await until(() => got.length === 1, 12_000);
    await fetch(`${peer.url}/bot${peer.token}/setWebhook`, {
      method: "POST",
      body: JSON.stringify({ url: "http://127.0.0.1:9/x" }),
    });
    await until(async () => (await control.state()).webhook === null);
    await her.write("còn đó không");
    await until(() => got.length === 2, 12_000);
  }, 25_000);

  it("hears blocking, presses (whose loading sign ends), edits, groups", async () => {
    const got: Inbound[] = [];
    await open().start(async (inbound) => void got.push(...inbound));
    const her = await somebody();
    await channel.send(
      her.address,
      outbound("Bạn ổn chứ?", { choices: [{ label: "Có", kind: "answer", value: "ok" }] }),
      "vi",
    );
    const { press } = await her.tap("Có");
    await until(() => her.isAnswered(press ?? ""));
    const id = await her.write("em ổn");
    await her.edit(id, "em không ổn");
    const group = await control.person({ type: "group" });
    await group.write("xin chào nhóm");
    await her.block();
    await until(() => got.length === 6);
    expect(got.slice(1).map((i) => i.content)).toEqual([
      { kind: "choice", value: "ok" },
      { kind: "text", text: "em ổn" },
      { kind: "edited", text: "em không ổn" },
      { kind: "refused", why: "group" },
      { kind: "left" },
    ]);
  });
});

describe("webhook", () => {
  let ours: Server;
  let url: string;
  let answer: (n: number) => number;
  let reads: { status: number; inbound: readonly Inbound[] }[];

  beforeEach(async () => {
    reads = [];
    answer = () => 200;
    ours = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const headers = request.headers as Record<string, string | undefined>;
      const read = channel.read({ headers, body: Buffer.concat(chunks) });
      const status = read.ok ? answer(reads.length) : read.status;
      reads.push({ status, inbound: read.ok ? read.inbound : [] });
      response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => ours.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(ours.address() as AddressInfo).port}/hooks/telegram`;
  });

  afterEach(() => {
    ours.closeAllConnections();
    ours.close();
  });

  it("registers itself with its secret, is sent to, and sent to again until it says 200", async () => {
    answer = (n) => (n < 2 ? 503 : 200);
    await open({ url, secret: SECRET }).start(async () => undefined);
    expect(await channel.check()).toMatchObject({ ok: true });
    await somebody();
    await until(() => reads.length === 3);
    expect(new Set(reads.map((r) => r.inbound[0]?.key)).size).toBe(1);
    await until(async () => (await control.state()).pending === 0);
    await control.repeatLast();
    expect(reads[3]?.inbound[0]?.key).toBe(reads[0]?.inbound[0]?.key);
    expect((await control.state()).allowed).toEqual([
      "message",
      "edited_message",
      "callback_query",
      "my_chat_member",
    ]);
  });

  it("keeps the order within a chat while a message is refused", async () => {
    answer = (n) => (n === 0 ? 500 : 200);
    await open({ url, secret: SECRET }).start(async () => undefined);
    const her = await somebody();
    await her.write("một");
    await her.write("hai");
    await until(() => reads.filter((r) => r.status === 200).length === 3);
    const good = reads.filter((r) => r.status === 200).map((r) => r.inbound[0]?.content);
    expect(good).toEqual([{ kind: "arrived" }, { kind: "text", text: "một" }, { kind: "text", text: "hai" }]);
  });

  it.each([
    ["no secret", undefined, "{}", 401],
    ["another secret", "made-up_secret-0003", "{}", 401],
    ["a prefix of it", SECRET.slice(0, -1), "{}", 401],
    ["broken JSON", SECRET, "{", 400],
    ["another shape", SECRET, '{"hello":1}', 400],
  ])("refuses %s", async (_label, secret, body, status) => {
    open({ url, secret: SECRET });
    const headers = { "x-telegram-bot-api-secret-token": secret };
    expect(channel.read({ headers, body: new TextEncoder().encode(body) })).toMatchObject({
      ok: false,
      status,
    });
  });

  it("refuses every webhook when it polls, and a secret that Telegram would not take", () => {
    open();
    expect(channel.read({ headers: {}, body: new Uint8Array() })).toMatchObject({ ok: false, status: 401 });
    expect(() => open({ url, secret: "" })).toThrow(/secret/);
    expect(() => open({ url, secret: "có dấu" })).toThrow(/secret/);
  });

  it("starts without Telegram, and says so", async () => {
    await control.fault({ fault: "server_error", method: "setWebhook" });
    await open({ url, secret: SECRET }).start(async () => undefined);
    expect(lines.join()).toContain("telegram.webhook_not_set");
    expect(await channel.check()).toMatchObject({ ok: false });
  });
});

describe("send", () => {
  const cases: readonly (readonly [label: string, fault: Fault, expected: object])[] = [
    ["429 that is long", { fault: "too_many", retryAfter: 40 }, { kind: "retry", afterMs: 40_000 }],
    ["403", { fault: "blocked" }, { kind: "gone", code: "telegram.blocked" }],
    ["chat not found", { fault: "bad_request" }, { kind: "gone", code: "telegram.no_such_chat" }],
    [
      "user is deactivated",
      { fault: "bad_request", description: "Bad Request: user is deactivated" },
      { kind: "gone" },
    ],
    ["another 400", { fault: "bad_request", description: "Bad Request: wrong thing" }, { kind: "bug" }],
    ["500", { fault: "server_error" }, { kind: "retry" }],
    ["502 page", { fault: "html" }, { kind: "retry", code: "telegram.gateway_502" }],
    ["504 page", { fault: "html", status: 504 }, { kind: "unclear" }],
    ["a provider's block page", { fault: "html", status: 200 }, { kind: "retry" }],
    ["a token that died", { fault: "unauthorized" }, { kind: "retry", code: "telegram.token_refused" }],
    ["nothing", { fault: "hang" }, { kind: "unclear", code: "telegram.timeout" }],
    ["a cut line", { fault: "cut" }, { kind: "unclear", code: "telegram.cut" }],
  ];
  it.each(cases)("%s", async (_label, fault, expected) => {
    const her = await somebody();
    await control.fault({ ...fault, method: "sendMessage" });
    expect(await open().send(her.address, outbound("xin chào"), "vi")).toMatchObject({
      ok: false,
      ...expected,
    });
    expect(await her.history()).toHaveLength(1);
  });

  it("waits less long for an answer to a safety text, which is sent again", async () => {
    const her = await somebody();
    await control.fault({ fault: "hang", method: "sendMessage" });
    const began = performance.now();
    const sent = await open().send(her.address, outbound("Gọi 113", { safety: true }), "vi");
    expect(sent).toMatchObject({ ok: false, kind: "unclear" });
    // An ordinary one waits 500 ms.
    expect(performance.now() - began).toBeLessThan(450);
  });

  it("waits a short 429 out by itself", async () => {
    const her = await somebody();
    await control.fault({ fault: "too_many", retryAfter: 1, method: "sendMessage" });
    expect(await open().send(her.address, outbound("xin chào"), "vi")).toMatchObject({ ok: true });
    expect((await control.calls("sendMessage")).map((c) => c.status)).toEqual([429, 200]);
  });

  it("says the words without their buttons when Telegram refuses the buttons", async () => {
    const her = await somebody();
    await control.fault({
      fault: "bad_request",
      description: "Bad Request: BUTTON_URL_INVALID",
      method: "sendMessage",
    });
    const choices = [{ label: "Công an", kind: "call", value: "113" }] as const;
    expect(await open().send(her.address, outbound("Gọi ngay", { choices }), "vi")).toMatchObject({
      ok: true,
    });
    expect((await her.history()).at(-1)?.text).toBe("Gọi ngay\n\nCông an: 113");
  });

  it("goes on with a long text where it was stopped, without repeating", async () => {
    const her = await somebody();
    const long = outbound("chữ ".repeat(2100));
    open();
    await control.fault({ fault: "server_error", method: "sendMessage", after: 1 });
    expect(await channel.send(her.address, long, "vi")).toMatchObject({ kind: "retry" });
    await her.write("?");
    expect(await channel.send(her.address, long, "vi")).toMatchObject({ ok: true, platformRef: "2,4,5" });
    expect((await her.history()).filter((m) => m.from === "bot")).toHaveLength(3);
  });

  it("does not try again after a wait in which another process got the message", async () => {
    const her = await somebody();
    await control.fault({ fault: "too_many", retryAfter: 1, method: "sendMessage" });
    let isOurs = true;
    const sending = open().send(her.address, outbound("chào"), "vi", () => isOurs);
    await expect.poll(async () => (await control.calls("sendMessage")).length).toBe(1);
    isOurs = false;
    expect(await sending).toMatchObject({ kind: "retry", code: "lease_lapsed" });
    expect(await control.calls("sendMessage")).toHaveLength(1);
  });

  it("is gone when she blocked us in mid-sentence", async () => {
    const her = await somebody();
    await her.block();
    expect(await open().send(her.address, outbound("alo"), "vi")).toMatchObject({ kind: "gone" });
  });
});

describe("wipe", () => {
  it("deletes both sides' messages, a hundred at a time, and gives back what is too old", async () => {
    const her = await somebody();
    open();
    const old = await channel.send(her.address, outbound("cũ"), "vi");
    await control.advance(49 * 3_600_000);
    const hers = await her.write("mới");
    const sent = await Promise.all(
      Array.from({ length: 105 }, (_, n) => channel.send(her.address, outbound(`tin ${n}`), "vi")),
    );
    const refs = [...sent, old].flatMap((s) => (s.ok && s.platformRef ? [s.platformRef] : []));
    const tooOld = old.ok ? old.platformRef : "";
    expect(await channel.wipe(her.address, [...refs, String(hers), "nonsense", "999999"])).toEqual([
      tooOld,
      "nonsense",
    ]);
    expect((await her.history()).map((m) => m.text)).toEqual(["/start", "cũ"]);
    const sizes = (await control.calls("deleteMessages")).map(
      (c) => (c.params.message_ids as number[]).length,
    );
    expect(Math.max(...sizes)).toBe(100);
  });

  it("tries a hiccup again at once: somebody may be taking the phone", async () => {
    const her = await somebody();
    const sent = await open().send(her.address, outbound("bí mật ".repeat(800)), "vi");
    const ref = sent.ok ? (sent.platformRef ?? "") : "";
    expect(ref).toMatch(/^\d+,\d+$/);
    await control.fault({ fault: "cut", method: "deleteMessages", times: 2 });
    expect(await channel.wipe(her.address, [ref])).toEqual([]);
    expect(await her.history()).toHaveLength(1);
  });

  it("gives everything back when Telegram fails in it", async () => {
    const her = await somebody();
    await control.fault({ fault: "server_error", method: "deleteMessages", times: 3 });
    expect(await open().wipe(her.address, ["1"])).toEqual(["1"]);
  });

  it("says that it could not ask when Telegram is away", async () => {
    const her = await somebody();
    await control.fault({ fault: "cut", method: "deleteMessages", times: 3 });
    expect(await open().wipe(her.address, ["1"])).toBeNull();
    expect(await channel.wipe(her.address, ["1"])).toEqual([]);
  });
});

it("applyProfile sets the neutral face once, in both languages, and not again", async () => {
  const texts = {
    name: { vi: "Góc bếp nhỏ", en: "Little kitchen" },
    description: { vi: "Mẹo vặt trong nhà.", en: "Tips for the home." },
    about: { vi: "Mẹo vặt", en: "Tips" },
    commands: [{ command: "thoat", description: { vi: "Đóng", en: "Close" } }],
  };
  open();
  const first = await applyProfile(channel.api, texts);
  expect(first.filter((one) => one.failed !== undefined)).toEqual([]);
  expect(first).toContainEqual({ what: "name en", before: "Góc bếp nhỏ", after: "Little kitchen" });
  expect(first).toContainEqual({ what: "commands default", before: "", after: "/thoat Đóng" });
  const second = await applyProfile(channel.api, texts);
  expect(second.map(({ before }) => before)).toEqual(second.map(({ after }) => after));
  await control.fault({ fault: "too_many", retryAfter: 3600, method: "getMyName" });
  expect((await applyProfile(channel.api, texts)).filter((one) => one.failed !== undefined)).toMatchObject([
    { what: "name default", failed: "telegram.too_many" },
  ]);
});
