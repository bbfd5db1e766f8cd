/** Proving that a webhook is Zalo's: off by one byte, replayed, stale, in all forms of the header. */

import { describe, expect, it } from "vitest";
import { ZaloOaChannel } from "../../../bot/adapters/zalo-oa/channel.ts";
import { fittingSchemes, isSigned, type SigningScheme } from "../../../bot/adapters/zalo-oa/signature.ts";
import { eventOf } from "../../peers/zalo-oa/samples.ts";
import { type SignedWith, signatureOf, ZALO_OA } from "../../peers/zalo-oa/server.ts";
import { keepingLog } from "../witness.ts";
import { MemoryShelf, movedClock } from "./shelf.ts";

const DOCUMENTED: SignedWith = { first: ZALO_OA.appId, key: ZALO_OA.oaSecretKey };
const bytes = (text: string) => new TextEncoder().encode(text);

describe("isSigned", () => {
  it("agrees with sha256sum on a fixed event", () => {
    const body =
      '{"app_id":"4310000000000000001","event_name":"user_send_text","timestamp":"1795330000000","message":{"text":"cứu"}}';
    const header = "mac=106a68a19a9bac41887eb1560600f74c4da28150049f9d89a822a112001b7bb0";
    const scheme: SigningScheme = { firstTerm: "app_id", key: "oa_secret_key" };
    expect(isSigned(bytes(body), header, "1795330000000", scheme, ZALO_OA)).toBe(true);
    expect(isSigned(bytes(body), header, "1795330000001", scheme, ZALO_OA)).toBe(false);
  });

  it.each([
    ["app_id", "oa_secret_key", DOCUMENTED],
    ["oa_id", "oa_secret_key", { first: ZALO_OA.oaId, key: ZALO_OA.oaSecretKey }],
    ["app_id", "app_secret", { first: ZALO_OA.appId, key: ZALO_OA.appSecret }],
    ["oa_id", "app_secret", { first: ZALO_OA.oaId, key: ZALO_OA.appSecret }],
  ] as const)("zalo pin finds %s with %s", (firstTerm, key, how) => {
    const header = signatureOf("{}", "5", how);
    expect(fittingSchemes(bytes("{}"), header, "5", ZALO_OA)).toEqual([{ firstTerm, key }]);
    expect(fittingSchemes(bytes("{} "), header, "5", ZALO_OA)).toEqual([]);
  });
});

describe("read", () => {
  const offset = { ms: 0 };
  const kept = keepingLog();
  const channel = new ZaloOaChannel({
    ...ZALO_OA,
    apiBase: "http://127.0.0.1:9",
    oauthBase: "http://127.0.0.1:9",
    shelf: new MemoryShelf(),
    log: kept.log,
    clock: movedClock(offset),
  });
  const event = (timestamp: string | number, more: object = {}) =>
    JSON.stringify({
      ...eventOf("user_send_text", { ...ZALO_OA, userId: "246", msgId: "m", timestamp, text: "chào" }),
      ...more,
    });
  const read = (body: string, header: string | undefined, headers: object = {}) =>
    channel.read({ headers: { "x-zevent-signature": header, ...headers }, body: bytes(body) });
  const now = Date.now();

  it("takes the header with and without mac=, in capitals, and a numeric timestamp", () => {
    for (const timestamp of [String(now), now]) {
      const header = signatureOf(event(timestamp), String(timestamp), DOCUMENTED);
      for (const form of [header, header.slice(4), header.toUpperCase(), ` ${header.replace("=", " = ")}`]) {
        expect(read(event(timestamp), form)).toMatchObject({
          ok: true,
          inbound: [{ content: { text: "chào" } }],
        });
      }
    }
  });

  it("refuses any changed byte of body or signature", () => {
    const body = event(String(now));
    const header = signatureOf(body, String(now), DOCUMENTED);
    expect(read(body, header).ok).toBe(true);
    expect(read(body.replace("chào", "cháo"), header)).toMatchObject({ ok: false, status: 401 });
    expect(read(`${body} `, header)).toMatchObject({ ok: false, status: 401 });
    for (const bad of [
      undefined,
      "",
      "mac=",
      "mac=zz",
      header.slice(0, -1),
      header.slice(0, -2),
      `${header}00`,
      header.replace(/.$/, (c) => (c === "0" ? "1" : "0")),
    ]) {
      expect(read(body, bad)).toMatchObject({ ok: false, status: 401 });
    }
  });

  it("refuses another app, and what is not an event", () => {
    const other = event(String(now), { app_id: "999" });
    expect(read(other, signatureOf(other, String(now), DOCUMENTED))).toMatchObject({
      ok: false,
      status: 401,
    });
    for (const body of ["", "{", "null", "[]", "{}", event("soon"), event(-5), event(1.5), event("5")]) {
      expect(read(body, signatureOf(body, "5", DOCUMENTED))).toMatchObject({ ok: false, status: 400 });
    }
  });

  it("takes the last retry of Zalo's ladder and refuses a replay of three hours ago, or from the future", () => {
    const after = (ms: number) => {
      const at = String(Date.now() - ms);
      return read(event(at), signatureOf(event(at), at, DOCUMENTED), { num_retry: "5" }).ok;
    };
    expect([2.2, 2.99, 3.01, -3.01].map((hours) => after(hours * 3_600_000))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    // Rightly signed: one of the clocks is wrong, and after five refusals Zalo calls us for nobody any more.
    const told = kept.lines.filter((line) => line.includes("zalo-oa.stale"));
    expect(told.map((line) => JSON.parse(line))).toMatchObject([
      { level: "error", minutes: 181 },
      { level: "error", minutes: -181 },
    ]);
  });

  it("does not start with an empty secret, with which anybody could sign", () => {
    const options = {
      ...ZALO_OA,
      oaSecretKey: " ",
      shelf: new MemoryShelf(),
      log: keepingLog().log,
      clock: movedClock(offset),
    };
    expect(() => new ZaloOaChannel(options)).toThrow(/oaSecretKey/);
  });
});
