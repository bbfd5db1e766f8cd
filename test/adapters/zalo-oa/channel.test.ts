/** Zalo OA over HTTP against its strict stand-in: webhook ladder, windows, quotas, tokens that die, every error code. */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ZaloOaChannel } from "../../../bot/adapters/zalo-oa/channel.ts";
import type { Inbound } from "../../../bot/core/message.ts";
import { outbound } from "../../contracts/channel.ts";
import type { Fault, StandIn } from "../../peers/stand-in.ts";
import { ZaloOaControl } from "../../peers/zalo-oa/person.ts";
import { startZaloOa, ZALO_OA } from "../../peers/zalo-oa/server.ts";
import { keepingLog, until } from "../witness.ts";
import { MemoryShelf, movedClock } from "./shelf.ts";

const DAY = 24 * 3_600_000;
let peer: StandIn;
let control: ZaloOaControl;
let channel: ZaloOaChannel;
let lines: string[];
let offset: { ms: number };

beforeEach(async () => {
  peer = await startZaloOa();
  control = new ZaloOaControl(peer.url);
  const kept = keepingLog();
  lines = kept.lines;
  offset = { ms: 0 };
  channel = new ZaloOaChannel({
    ...ZALO_OA,
    apiBase: `${peer.url}/`,
    oauthBase: `${peer.url}/`,
    shelf: new MemoryShelf(),
    log: kept.log,
    clock: movedClock(offset),
    timeoutMs: 500,
  });
});

afterEach(async () => {
  await channel.stop();
  const violations = await control.violations();
  await peer.close();
  expect(violations).toEqual([]);
  for (const secret of channel.secrets) expect(lines.join("\n")).not.toContain(secret);
  expect(lines.join("\n")).not.toMatch(/246000|PEER-/);
});

/** Time passes for Zalo and for us. */
async function pass(ms: number): Promise<void> {
  offset.ms += ms;
  await control.advance(ms);
}

async function somebody() {
  const her = await control.person();
  await her.do("follow");
  return her;
}

it("ends only when the pair that Zalo just gave is on disk: its refresh token works once", async () => {
  const shelf = new MemoryShelf();
  const one = new ZaloOaChannel({
    ...ZALO_OA,
    apiBase: peer.url,
    oauthBase: peer.url,
    shelf,
    log: keepingLog().log,
    clock: movedClock(offset),
  });
  await one.start(async () => {});
  await until(() => shelf.text?.includes("claim") ?? false);
  await one.stop();
  // The store closes behind it.
  shelf.before = () => {
    throw new Error("closed");
  };
  await until(async () => (await control.state()).refreshes === 1);
  expect(shelf.text).toContain("PEER-refresh-1-made-up");
});

describe("webhook", () => {
  let ours: Server;
  let got: Inbound[];
  let answer: (n: number) => number;
  let posts: number;

  beforeEach(async () => {
    got = [];
    posts = 0;
    answer = () => 200;
    ours = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const headers = request.headers as Record<string, string | undefined>;
      const read = channel.read({ headers, body: Buffer.concat(chunks) });
      const status = read.ok ? answer(posts++) : read.status;
      if (read.ok && status === 200) got.push(...read.inbound);
      response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => ours.listen(0, "127.0.0.1", resolve));
    const { port } = ours.address() as AddressInfo;
    await control.set({ webhook: `http://127.0.0.1:${port}/hooks/zalo-oa`, ladderScale: 1 / 30_000 });
  });

  afterEach(() => {
    ours.closeAllConnections();
    ours.close();
  });

  it("reads what she does, with string and numeric timestamps", async () => {
    const her = await somebody();
    await her.write("chào");
    await her.do("user_send_text", { text: "cứu em".normalize("NFD"), isNumber: true });
    await her.do("user_send_image", { text: "vết bầm" });
    await her.do("user_seen_message");
    await her.do("user_withdraw");
    await her.do("unfollow");
    expect(got.map((i) => i.content)).toEqual([
      { kind: "arrived" },
      { kind: "text", text: "chào" },
      { kind: "text", text: "cứu em".normalize("NFD") },
      { kind: "media", media: "photo", caption: "vết bầm" },
      { kind: "withdrawn" },
      { kind: "left" },
    ]);
    expect(new Set(got.map((i) => i.address))).toEqual(new Set([her.address]));
  });

  it("is sent to again along the ladder, with the same key, until it says 200", async () => {
    answer = (n) => (n < 3 ? 503 : 200);
    const her = await somebody();
    await until(() => got.length === 1);
    expect((await control.state()).deliveries.map((d) => [d.retry, d.status])).toEqual([
      [0, 503],
      [1, 503],
      [2, 503],
      [3, 200],
    ]);
    await her.write("một");
    await control.ask("repeat");
    expect(got[2]?.key).toBe(got[1]?.key);
    expect(lines.filter((line) => line.includes("zalo-oa.redelivered")).length).toBe(4);
  });

  it("loses its webhook after the last retry: what that looks like", async () => {
    answer = () => 500;
    await somebody();
    await until(async () => !(await control.state()).isSubscribed);
    expect((await control.state()).deliveries.map((d) => d.retry)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("takes a press for an answer, and answers with buttons that dial", async () => {
    const her = await somebody();
    const choices = [
      { label: "Có", kind: "answer", value: "safe:yes" },
      { label: "Gọi 111", kind: "call", value: "111" },
    ] as const;
    await channel.send(her.address, outbound("An toàn không?", { choices }), "vi");
    expect(await her.tap("Gọi 111")).toEqual({ dialled: "111" });
    await her.tap("Có");
    expect(got.at(-1)?.content).toEqual({ kind: "choice", value: "safe:yes" });
  });

  it("reads what goes out in the OA's name as a voice, with its id, and never as her words", async () => {
    const her = await somebody();
    await her.do("oa_send_text", { text: "chị là người thật", msgId: "human1" });
    await her.do("oa_send_image", { msgId: "human2" });
    expect(got.slice(1)).toMatchObject([
      {
        address: her.address,
        platformRef: "human1",
        content: { kind: "other_voice", text: "chị là người thật" },
      },
      { address: her.address, platformRef: "human2", content: { kind: "other_voice" } },
    ]);
  });

  it("raises its voice when a message comes that nobody could answer, and quotes nothing of it", async () => {
    const her = await somebody();
    // A visitor's words without the visit that an answer needs.
    await her.do("anonymous_send_text", { text: "cứu em" });
    expect(got.map((m) => m.content.kind)).toEqual(["arrived"]);
    expect(lines.join()).toContain("zalo-oa.unread");
    expect(lines.join()).not.toContain("cứu em");
  });

  it("raises its voice when a demand to erase names nobody", async () => {
    const her = await somebody();
    await her.do("user_withdraw", { isNameless: true });
    expect(got).toHaveLength(1);
    expect(lines.join()).toContain("zalo-oa.withdrawal_without_person");
  });
});

describe("send", () => {
  const zalo = (error: number): Omit<Fault, "path"> => ({ fault: "answer", json: { error, message: "no" } });
  const cases: readonly (readonly [label: string, fault: Omit<Fault, "path">, expected: object])[] = [
    ["-32 rate", zalo(-32), { kind: "retry", afterMs: 60_000 }],
    ["-200", zalo(-200), { kind: "retry" }],
    ["-201", zalo(-201), { kind: "bug" }],
    ["-211 quota", zalo(-211), { kind: "quota" }],
    ["-213 not following", zalo(-213), { kind: "gone" }],
    ["-221 not verified", zalo(-221), { kind: "quota" }],
    ["-224 package", zalo(-224), { kind: "quota" }],
    ["-230 window", zalo(-230), { kind: "closed", code: "zalo-oa.window_closed" }],
    ["-234 night", zalo(-234), { kind: "bug" }],
    ["-244 restricted", zalo(-244), { kind: "gone" }],
    ["an unknown code", zalo(-999), { kind: "bug", code: "zalo-oa.error_999" }],
    ["a code as text", { fault: "answer", json: { error: "-230" } }, { kind: "closed" }],
    ["502 page", { fault: "html" }, { kind: "retry", code: "zalo-oa.gateway_502" }],
    ["504 page", { fault: "html", status: 504 }, { kind: "unclear" }],
    ["nothing", { fault: "hang" }, { kind: "unclear", code: "zalo-oa.timeout" }],
    ["a cut line", { fault: "cut" }, { kind: "unclear", code: "zalo-oa.cut" }],
  ];
  it.each(cases)("%s", async (_label, fault, expected) => {
    const her = await somebody();
    await control.fault({ ...fault, path: "/message/cs" });
    expect(await channel.send(her.address, outbound("xin chào"), "vi")).toMatchObject({
      ok: false,
      ...expected,
    });
    expect(await her.history()).toEqual([]);
  });

  it("gives her the words when Zalo refuses the buttons", async () => {
    const her = await control.person();
    await her.write("alo");
    const message = outbound("Bạn an toàn không?", {
      choices: [
        { kind: "answer", label: "Có", value: "yes" },
        { kind: "call", label: "113", value: "113" },
      ],
    });
    await control.fault({ fault: "answer", json: { error: -201 }, path: "/message/cs" });
    expect(await channel.send(her.address, message, "vi")).toMatchObject({ ok: true });
    const last = (await her.history()).at(-1);
    expect(last?.text).toMatch(/^Bạn an toàn không\?[\s\S]*1\. Có[\s\S]*113/);
    expect(JSON.stringify(last)).not.toContain("oa.query");
    expect(lines.join("\n")).toContain("zalo-oa.buttons_refused");
    await control.fault({ fault: "answer", json: { error: -201 }, path: "/message/cs", times: 1 });
    expect(await channel.send(her.address, outbound("alo"), "vi")).toMatchObject({ kind: "bug" });
  });

  it("waits less long for an answer to a safety text, which is sent again", async () => {
    const her = await somebody();
    // The token is fetched before: only the send hangs.
    await channel.send(her.address, outbound("chào"), "vi");
    await control.fault({ fault: "hang", path: "/message/cs" });
    const began = performance.now();
    const sent = await channel.send(her.address, outbound("Gọi 113", { safety: true }), "vi");
    expect(sent).toMatchObject({ ok: false, kind: "unclear" });
    // An ordinary one waits 500 ms.
    expect(performance.now() - began).toBeLessThan(450);
  });

  it("is free for 48 hours, paid for up to 7 days, and then closed", async () => {
    const her = await somebody();
    const send = () => channel.send(her.address, outbound("chào"), "vi");
    await pass(1.9 * DAY);
    expect(await send()).toMatchObject({ ok: true });
    await pass(0.2 * DAY);
    expect(await send()).toMatchObject({ ok: true });
    await pass(5 * DAY);
    expect(await send()).toMatchObject({ kind: "closed", code: "zalo-oa.window_closed" });
    await her.write("em đây");
    expect(await send()).toMatchObject({ ok: true });
    expect((await her.history()).map((m) => m.isFree)).toEqual([true, false, true]);
    const { replyWindowMs, freeReplyWindowMs } = channel.caps;
    expect([freeReplyWindowMs, replyWindowMs]).toEqual([2 * DAY, 7 * DAY]);
  });

  it("answers a visitor of the web widget", async () => {
    const her = await control.person({ anonymous: true });
    await her.write("chào");
    const choices = [{ label: "Gọi 111", kind: "call", value: "111" }] as const;
    expect(await channel.send(her.address, outbound("Chào bạn", { choices }), "vi")).toMatchObject({
      ok: true,
    });
    expect(await her.history()).toEqual([{ text: "Chào bạn\n\nGọi 111", buttons: [], isFree: true }]);
  });

  it("survives a token that dies at night: renewed once, the message goes out once", async () => {
    const her = await somebody();
    await channel.send(her.address, outbound("một"), "vi");
    await control.ask("revoke");
    expect(await channel.send(her.address, outbound("hai"), "vi")).toMatchObject({ ok: true });
    expect((await her.history()).map((m) => m.text)).toEqual(["một", "hai"]);
    expect((await control.state()).refreshes).toBe(2);
  });

  it("does not go round and round when the new token is refused too", async () => {
    const her = await somebody();
    await control.fault({ fault: "answer", json: { error: -216 }, path: "/message/cs", times: 5 });
    expect(await channel.send(her.address, outbound("một"), "vi")).toMatchObject({
      kind: "retry",
      code: "zalo-oa.token_refused",
    });
    expect((await control.state()).refreshes).toBe(2);
  });

  it("lets a message wait while no token can be had", async () => {
    const her = await somebody();
    await control.fault({ fault: "html", path: "/access_token" });
    expect(await channel.send(her.address, outbound("một"), "vi")).toMatchObject({
      kind: "retry",
      code: "zalo-oa.no_token",
    });
  });

  it("says when Zalo's rate is nearly used up, and that it is", async () => {
    const her = await somebody();
    await control.set({ rate: 1 });
    expect(await channel.send(her.address, outbound("một"), "vi")).toMatchObject({ ok: true });
    expect(lines.join()).toContain("zalo-oa.rate_nearly_used");
    expect(await channel.send(her.address, outbound("hai"), "vi")).toMatchObject({
      code: "zalo-oa.rate_limited",
    });
  });
});

it("keeps the token alive in a quiet night, and check tells how long it is good", async () => {
  await channel.start(async () => undefined);
  await until(async () => (await control.state()).refreshes === 1);
  expect(await channel.check()).toEqual({ ok: true, detail: "token good for 25 h" });
});
