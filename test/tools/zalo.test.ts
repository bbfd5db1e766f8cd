/** `zalo pin`: from one real event to the setting, and what it says when it cannot. */

import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../bot/adapters/system.ts";
import { assemble, type Service } from "../../bot/assemble.ts";
import { configFrom } from "../../bot/config.ts";
import { zalo } from "../../bot/tools/zalo.ts";
import { eventOf } from "../peers/zalo-oa/samples.ts";
import { ZALO_OA, zaloOaSettings } from "../peers/zalo-oa/server.ts";

const WORDS = "thử một chút zqxkw";
let folder: string;
let now: number;
const clock = { ...systemClock(), now: () => now };
const open: Service[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ben-an-zalo-"));
  now = Date.now();
});
afterEach(async () => {
  for (const service of open.splice(0)) await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

function config(more: Record<string, string> = {}) {
  const read = configFrom({
    DATA_DIR: folder,
    PUBLIC_URL: "https://chat.example.org",
    ...zaloOaSettings(),
    ...more,
  });
  if (!read.ok) throw new Error(read.faults.join());
  return read.config;
}

async function service(more: Record<string, string> = {}): Promise<Service> {
  const made = await assemble(config(more), { log: () => {}, clock });
  open.push(made);
  return made;
}

/** An event as Zalo would sign it under one of the disputed schemes. */
function event(first: string, key: string, appId: string = ZALO_OA.appId) {
  const timestamp = now;
  const facts = { ...ZALO_OA, appId, userId: "246", msgId: `m${timestamp}`, timestamp, text: WORDS };
  const body = JSON.stringify(eventOf("user_send_text", facts));
  const mac = createHash("sha256").update(`${first}${body}${timestamp}${key}`).digest("hex");
  return { headers: { "X-ZEvent-Signature": `mac=${mac}`, "x-forwarded-for": "192.0.2.1" }, body };
}

async function run(args: string, piped: string | null = null) {
  const said: string[] = [];
  const code = await zalo(config(), args.split(" "), {
    say: (line) => void said.push(line),
    complain: (line) => void said.push(line),
    usage: () => 2,
    piped: async () => piped,
    // The command's own opening of the store is cli.ts's; opened once a test, because it takes seconds.
    withStore: async (work) => work((open[0] ?? (await service())).parts),
  });
  return { code, said: said.join("\n") };
}

describe("zalo pin", () => {
  it.each([
    [ZALO_OA.appId, ZALO_OA.oaSecretKey, "app_id+oa_secret_key"],
    [ZALO_OA.oaId, ZALO_OA.oaSecretKey, "oa_id+oa_secret_key"],
    [ZALO_OA.appId, ZALO_OA.appSecret, "app_id+app_secret"],
    [ZALO_OA.oaId, ZALO_OA.appSecret, "oa_id+app_secret"],
  ])("finds the scheme of %s… in an event that is piped in", async (first, key, name) => {
    const { headers, body } = event(first, key);
    expect(await run("pin", JSON.stringify({ headers, body }))).toMatchObject({
      code: 0,
      said: expect.stringContaining(`ZALO_OA_SIGNATURE=${name}\n`),
    });
    const bodyBase64 = Buffer.from(body).toString("base64");
    expect((await run("pin", JSON.stringify({ headers, bodyBase64 }))).said).toContain(name);
  });

  it("keeps a refused event while asked to, pins it, writes the setting, and the next one is taken", async () => {
    const real = event(ZALO_OA.oaId, ZALO_OA.appSecret);
    const request = (e: typeof real) => ({
      headers: Object.fromEntries(Object.entries(e.headers).map(([n, v]) => [n.toLowerCase(), v])),
      body: Buffer.from(e.body),
    });
    const running = await service();
    expect(await running.services.hooks.take("zalo-oa", request(real))).toBe(401);
    expect((await run("pin")).said).toContain("No webhook was kept");
    now += 6_000;
    expect(await run("capture 5")).toMatchObject({ code: 0 });
    const nonsense = { headers: { "x-zevent-signature": "mac=00" }, body: Buffer.from("{}") };
    await running.services.hooks.take("zalo-oa", nonsense);
    await running.services.hooks.take("zalo-oa", request(real));
    const file = join(folder, "test.env");
    writeFileSync(file, "PORT=8080\nZALO_OA_SIGNATURE=\nHOST=127.0.0.1\n");
    expect(await run(`pin --write ${file}`)).toMatchObject({ code: 0 });
    expect(readFileSync(file, "utf8")).toBe(
      "PORT=8080\nZALO_OA_SIGNATURE=oa_id+app_secret\nHOST=127.0.0.1\n",
    );
    const pinned = await service({ ZALO_OA_SIGNATURE: "oa_id+app_secret" });
    expect(await pinned.services.hooks.take("zalo-oa", request(real))).toBe(200);
    // What was kept is erased, and before that it was sealed.
    expect((await run("pin")).said).toContain("No webhook was kept");
    expect(readFileSync(join(folder, "ben-an.sqlite")).includes("zqxkw")).toBe(false);
  }, 30_000);

  it("says the setting, and keeps no words, where the file of settings cannot be written", async () => {
    const running = await service();
    await run("capture 5");
    const { headers, body } = event(ZALO_OA.appId, ZALO_OA.oaSecretKey);
    await running.services.hooks.take("zalo-oa", {
      headers: { "x-zevent-signature": headers["X-ZEvent-Signature"] },
      body: Buffer.from(body),
    });
    const pinned = await run(`pin --write ${join(folder, "not-there", ".env")}`);
    expect(pinned.code).toBe(1);
    expect(pinned.said).toContain("ZALO_OA_SIGNATURE=app_id+oa_secret_key\n");
    expect(pinned.said).toMatch(/can't be written here \(ENOENT\).*\/etc\/ben-an\.env/);
    expect((await run("pin")).said).toContain("No webhook was kept");
  }, 30_000);

  it("keeps nothing once the minutes are over, and erases what was kept", async () => {
    const running = await service();
    await run("capture 1");
    const { headers, body } = event(ZALO_OA.appId, ZALO_OA.oaSecretKey);
    const request = {
      headers: { "x-zevent-signature": headers["X-ZEvent-Signature"] },
      body: Buffer.from(body),
    };
    await running.services.hooks.take("zalo-oa", request);
    now += 61_000;
    expect((await run("pin")).said).toContain("No webhook was kept");
    await running.services.hooks.take("zalo-oa", request);
    expect((await run("pin")).code).toBe(1);
  });

  it.each([
    ["not JSON", "{", "has no x-zevent-signature header"],
    ["no header", JSON.stringify({ headers: {}, body: "{}" }), "has no x-zevent-signature header"],
    [
      "another body",
      JSON.stringify({ headers: { "x-zevent-signature": "mac=00" }, body: "{}" }),
      "not one of Zalo's",
    ],
  ])("says what is wrong with %s", async (_, piped, words) => {
    expect(await run("pin", piped)).toMatchObject({ code: 1, said: expect.stringContaining(words) });
  });

  it("says when the event is of another app, or when nothing fits by a single byte", async () => {
    const other = event("999", ZALO_OA.oaSecretKey, "999");
    expect((await run("pin", JSON.stringify(other))).said).toContain("is of the app 999");
    const real = event(ZALO_OA.appId, ZALO_OA.oaSecretKey);
    const spoiled = JSON.stringify({ ...real, body: real.body.replace("thử", "thư") });
    expect((await run("pin", spoiled)).said).toContain("None of the four ways fits");
  });
});

it("refuses half-written asks and an installation without the OA", async () => {
  expect((await run("capture 90")).code).toBe(2);
  expect((await run("unpin")).code).toBe(2);
  const bare = configFrom({ DATA_DIR: folder });
  if (!bare.ok) throw new Error("settings");
  const said: string[] = [];
  const code = await zalo(bare.config, ["pin"], {
    say: (line) => void said.push(line),
    complain: (line) => void said.push(line),
    usage: () => 2,
    piped: async () => null,
    withStore: () => Promise.reject(new Error("must not be opened")),
  });
  expect(code).toBe(1);
  expect(said.join()).toContain("not set");
});
