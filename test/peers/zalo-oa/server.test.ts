/** The Zalo OA stand-in is strict, and its tokens, windows and ladder are Zalo's. */

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { StandIn } from "../stand-in.ts";
import { ZaloOaControl, type ZaloOaPerson } from "./person.ts";
import { startZaloOa, ZALO_OA } from "./server.ts";

let peer: StandIn;
let control: ZaloOaControl;
let her: ZaloOaPerson;
let token: string;

async function grant(refreshToken: string, headers: Record<string, string> = {}, more: object = {}) {
  const response = await fetch(`${peer.url}/v4/oa/access_token`, {
    method: "POST",
    headers: { secret_key: ZALO_OA.appSecret, ...headers },
    body: new URLSearchParams({
      grant_type: "refresh_token",
      app_id: ZALO_OA.appId,
      refresh_token: refreshToken,
      ...more,
    }),
  });
  return (await response.json()) as { error?: number; access_token?: string; expires_in?: unknown };
}

async function call(path: string, body: unknown, headers: Record<string, string> = { access_token: token }) {
  const response = await fetch(`${peer.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  return (await response.json()) as { error: number };
}

beforeEach(async () => {
  peer = await startZaloOa();
  control = new ZaloOaControl(peer.url);
  her = await control.person();
  await her.do("follow");
  token = (await grant(ZALO_OA.firstRefreshToken)).access_token ?? "";
});
afterEach(() => peer.close());

it("gives 25 hours as a text, and takes a refresh token once", async () => {
  expect(token).not.toBe("");
  expect(await grant(ZALO_OA.firstRefreshToken)).toMatchObject({ error: -14020 });
  expect(await grant("PEER-refresh-1-made-up")).toMatchObject({ expires_in: "90000" });
  expect(await control.violations()).toEqual([]);
});

describe("refuses and remembers", () => {
  const message = (more: object) => ({
    recipient: { user_id: her.address },
    message: { text: "a", ...more },
  });
  const buttons = (...list: object[]) =>
    message({ attachment: { type: "template", payload: { buttons: list } } });
  const button = { title: "a", type: "oa.query.hide", payload: "#a" };
  it.each([
    ["an unknown path", "/v3.0/oa/message/transaction", () => message({})],
    ["an unknown field", "/v3.0/oa/message/cs", () => message({ parse_mode: "html" })],
    ["an empty text", "/v3.0/oa/message/cs", () => message({ text: "" })],
    ["2001 characters", "/v3.0/oa/message/cs", () => message({ text: "x".repeat(2001) })],
    ["decomposed text", "/v3.0/oa/message/cs", () => message({ text: "cứu".normalize("NFD") })],
    ["six buttons", "/v3.0/oa/message/cs", () => buttons(button, button, button, button, button, button)],
    ["an unknown button", "/v3.0/oa/message/cs", () => buttons({ ...button, type: "oa.query.loud" })],
    ["a long title", "/v3.0/oa/message/cs", () => buttons({ ...button, title: "x".repeat(101) })],
    [
      "words to dial",
      "/v3.0/oa/message/cs",
      () => buttons({ title: "a", type: "oa.open.phone", payload: { phone_code: "gọi" } }),
    ],
    ["v2 for an ordinary person", "/v2.0/oa/message", () => message({})],
  ])("%s", async (_label, path, body) => {
    expect((await call(path, body())).error).toBeLessThan(0);
    expect(await control.violations()).toHaveLength(1);
  });

  it("a wrong app secret, and a form with more than is asked", async () => {
    expect(await grant("x", { secret_key: "x" })).toMatchObject({ error: -14004 });
    expect(await grant("x", {}, { code: "1" })).toMatchObject({ error: -201 });
    expect(await control.violations()).toHaveLength(2);
  });
});

it("says no in Zalo's numbers", async () => {
  const to = (user_id: string) => ({ recipient: { user_id }, message: { text: "a" } });
  const stranger = await control.person();
  const cs = "/v3.0/oa/message/cs";
  const errors = [
    await call(cs, to(her.address), { access_token: "x" }),
    await call(cs, to(her.address), { Authorization: `Bearer ${token}` }),
    await call(cs, to("999")),
    await call(cs, to(stranger.address)),
    await call(cs, to(her.address)),
  ].map(({ error }) => error);
  expect(errors).toEqual([-216, -216, -213, -230, 0]);
  await control.set({ quota: 0 });
  expect(await call(cs, to(her.address))).toMatchObject({ error: -211 });
  await control.advance(26 * 3_600_000);
  expect(await call(cs, to(her.address))).toMatchObject({ error: -220 });
});
