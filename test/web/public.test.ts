/** What the public may ask: page, page API, webhooks, health; headers, sizes, floods, bugs. */

import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Log } from "../../bot/ports/log.ts";
import { hookDoor, MAX_HOOK_BYTES } from "../../bot/web/hooks.ts";
import { missingPageTexts } from "../../bot/web/page-texts.ts";
import { STATUS_OF } from "../../bot/web/problem-status.ts";
import { formProof } from "../../bot/web/security.ts";
import { type Serving, serve } from "../../bot/web/server.ts";
import { ask, cookieOf, type House } from "./ask.ts";
import { fakeHouse } from "./fake-services.ts";

let house: House;
beforeEach(() => {
  house = fakeHouse();
});
const key = "key-00000001";

describe("webhooks", () => {
  const right = { "x-test-secret": "right" };
  let serving: Serving;
  beforeEach(async () => {
    const { app, services, logged } = house;
    const log: Log = (level, code, facts = {}) => logged.push({ level, code, facts });
    serving = await serve(app, 0, "127.0.0.1", hookDoor(services.hooks, log));
  });
  afterEach(() => serving.close());
  const post = (path: string, init: RequestInit & { duplex?: "half" } = {}) =>
    fetch(`${serving.url}/hooks/${path}`, { method: "POST", redirect: "manual", ...init });

  test.each(["telegram", "zalo-bot", "zalo-oa"])(
    "%s: the shell's word is the status, the raw bytes are its own",
    async (name) => {
      expect((await post(name, { body: '{"a": 1}' })).status).toBe(401);
      const taken = await post(`${name}?from=platform`, { headers: right, body: '{"a": 1}' });
      expect([taken.status, await taken.text()]).toEqual([200, ""]);
      expect(house.hooked).toEqual([{ channel: name, bytes: 8 }]);
    },
  );

  test("too large is 413 and never reaches the shell, announced or not", async () => {
    const body = new Uint8Array(MAX_HOOK_BYTES + 1);
    expect((await post("telegram", { headers: right, body })).status).toBe(413);
    const stream = new Blob([body]).stream();
    expect((await post("telegram", { headers: right, body: stream, duplex: "half" })).status).toBe(413);
    expect(house.hooked).toEqual([]);
    const most = new Blob([body.subarray(1)]).stream();
    expect((await post("telegram", { headers: right, body: most, duplex: "half" })).status).toBe(200);
  });

  test("who breaks off in the middle reaches nobody, and harms nobody", async () => {
    const cut = connect(serving.port, "127.0.0.1");
    cut.write(
      "POST /hooks/telegram HTTP/1.1\r\nhost: x\r\nx-test-secret: right\r\ncontent-length: 50\r\n\r\n{",
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    cut.destroy();
    expect((await post("telegram", { headers: right, body: "{}" })).status).toBe(200);
    expect(house.hooked).toEqual([{ channel: "telegram", bytes: 2 }]);
  });

  test("a fault of ours is a 500 and a line in the log without what was sent", async () => {
    house.services.hooks.take = async () => {
      throw new TypeError("hers: giup toi");
    };
    expect((await post("zalo-oa", { headers: right, body: "giup toi" })).status).toBe(500);
    expect(house.logged).toEqual([
      { level: "error", code: "web.bug", facts: { name: "TypeError", route: "/hooks/zalo-oa" } },
    ]);
  });

  test("a platform that we do not have is nothing, nor is another way of asking", async () => {
    expect((await post("web", { body: "" })).status).toBe(302);
    expect((await post("telegram", { method: "GET" })).status).toBe(302);
    expect(house.hooked).toEqual([]);
  });
});

describe("headers", () => {
  test.each(["/", "/api/openapi.json", "/healthz", "/api/none"])("%s is strict", async (path) => {
    const { headers } = await ask(house, "GET", path);
    const csp = headers.get("content-security-policy") ?? "";
    expect(csp).toContain("default-src 'none'");
    expect(csp).toContain("frame-ancestors 'none'");
    expect(csp).not.toContain("unsafe");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(headers.get("permissions-policy")).toContain("microphone=()");
  });

  test("a number stands beside its service's name once", async () => {
    expect((await ask(house, "GET", "/")).text).toMatch(/<b>113<\/b><span[^>]*>Công an, khi đang/);
  });

  test("looking at the page sets no cookie", async () => {
    expect((await ask(house, "GET", "/")).headers.get("set-cookie")).toBeNull();
  });
});

describe("page API", () => {
  const begin = async () => cookieOf((await ask(house, "POST", "/api/page/open")).headers);

  test("open, arrive, write, read; the same key is taken once", async () => {
    const cookie = await begin();
    expect((await ask(house, "POST", "/api/page/open", { cookie })).headers.get("set-cookie")).toBeNull();
    await ask(house, "POST", "/api/page/arrive", { cookie, body: { lang: "vi" } });
    for (let i = 0; i < 2; i++)
      await ask(house, "POST", "/api/page/write", { cookie, body: { key, text: "em sợ" } });
    const { body } = await ask(house, "GET", "/api/page/lines?after=0", { cookie });
    expect(body.lines.filter((l: { from: string }) => l.from === "you")).toHaveLength(1);
    expect(body.lines.map((l: { n: number }) => l.n)).toEqual([1, 2]);
    expect(body.topic).toBeUndefined();
  });

  test("without a session, or with one that ended, there is nothing", async () => {
    for (const cookie of ["", "s=made-up"]) {
      expect((await ask(house, "POST", "/api/page/write", { cookie, body: { key, text: "a" } })).status).toBe(
        404,
      );
      expect((await ask(house, "GET", "/api/page/lines", { cookie })).status).toBe(404);
      expect((await ask(house, "GET", "/api/page/stream", { cookie })).status).toBe(404);
    }
    const cookie = await begin();
    const left = await ask(house, "POST", "/api/page/leave", { cookie });
    expect(left.headers.get("set-cookie")).toMatch(/Max-Age=0/);
    expect((await ask(house, "POST", "/api/page/write", { cookie, body: { key, text: "a" } })).status).toBe(
      404,
    );
  });

  test("with the sign that she left while we were out of reach, a session is ended and opens nothing", async () => {
    const cookie = cookieOf((await ask(house, "POST", "/api/page/open")).headers);
    await ask(house, "POST", "/api/page/write", { cookie, body: { key, text: "em sợ" } });
    const left = `${cookie}; x=1`;
    expect((await ask(house, "GET", "/api/page/lines", { cookie: left })).status).toBe(404);
    const page = await ask(house, "GET", "/", { cookie: left });
    expect(page.text).not.toContain("em sợ");
    expect(page.text).toContain('action="/start"');
    expect(page.headers.getSetCookie().filter((set) => /^[sx]=; Max-Age=0/.test(set))).not.toHaveLength(0);
    expect(house.page.newest()?.ended).toBe(true);
  });

  test("other sites change nothing", async () => {
    const cookie = await begin();
    for (const path of ["open", "arrive", "write", "leave"]) {
      const headers = { "sec-fetch-site": "cross-site" };
      const answer = await ask(house, "POST", `/api/page/${path}`, {
        cookie,
        headers,
        body: { key, text: "a", lang: "vi" },
      });
      expect([path, answer.status]).toEqual([path, 403]);
    }
    expect(
      (await house.app.request("http://localhost/api/page/leave", { method: "POST", headers: { cookie } }))
        .status,
    ).toBe(403);
    expect(house.page.newest()?.ended ?? false).toBe(false);
  });

  test("who arrives a hundred times is slowed like who writes: each time we would say something", async () => {
    const cookie = cookieOf((await ask(house, "POST", "/api/page/open")).headers);
    const statuses: number[] = [];
    for (let i = 0; i < 45; i++)
      statuses.push((await ask(house, "POST", "/api/page/arrive", { cookie, body: { lang: "vi" } })).status);
    expect(statuses.slice(0, 40)).not.toContain(429);
    expect(statuses.at(-1)).toBe(429);
  });

  test("forty lines at once are taken, a flood is slowed with 429, and words too many with 400 or 413", async () => {
    const cookie = await begin();
    const statuses: number[] = [];
    for (let i = 0; i < 45; i++) {
      const answer = await ask(house, "POST", "/api/page/write", {
        cookie,
        body: { key: `key-${10_000 + i}`, text: "a" },
      });
      statuses.push(answer.status);
    }
    expect(statuses.slice(0, 40).every((s) => s === 200)).toBe(true);
    expect(statuses.at(-1)).toBe(429);
    const other = await begin();
    expect(
      (
        await ask(house, "POST", "/api/page/write", {
          cookie: other,
          body: { key, text: "ữ".repeat(10_000) },
        })
      ).status,
    ).toBe(200);
    expect(
      (
        await ask(house, "POST", "/api/page/write", {
          cookie: other,
          body: { key, text: "a".repeat(20_001) },
        })
      ).status,
    ).toBe(400);
    expect(
      (
        await ask(house, "POST", "/api/page/write", {
          cookie: other,
          body: { key, text: "a".repeat(300_000) },
        })
      ).status,
    ).toBe(413);
  });
});

describe("plain forms", () => {
  const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    house.app.request(`http://localhost${path}`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
      body: new URLSearchParams(fields).toString(),
    });

  test("a session's form needs its proof; a form from elsewhere is refused; both answer with the page and its numbers", async () => {
    const begun = await post("/start", { lang: "vi" });
    expect(begun.status).toBe(303);
    const cookie = cookieOf(begun.headers);
    const token = cookie.split("=")[1] ?? "";
    const refused = await post("/say", { text: "a", key }, { cookie });
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain("tel:113");
    const proof = formProof(token);
    expect(
      (await post("/say", { text: "a", key, proof }, { cookie, "sec-fetch-site": "cross-site" })).status,
    ).toBe(403);
    expect((await post("/say", { text: "a", key, proof }, { cookie })).status).toBe(303);
    const huge = await post("/say", { text: "a".repeat(300_000), key, proof }, { cookie });
    expect([huge.status, (await huge.text()).includes("tel:113")]).toEqual([413, true]);
    // A page that is older than the session (a link in another app, another tab) has no proof: the browser's word will do.
    const ours = { cookie, "sec-fetch-site": "same-origin" };
    expect((await post("/say", { text: "a", key: `${key}w` }, ours)).status).toBe(303);
  });

  test("what stood half written when the newest was asked for does not come back after the exit, nor after a gap or a lock", async () => {
    const cookie = cookieOf((await post("/start", { lang: "vi" })).headers);
    const look = async () => (await post("/look", { text: "nó đánh em", key: `${key}w` }, { cookie })).text();
    expect(await look()).toContain("nó đánh em");
    const lines = house.page.newest()?.lines.splice(0) ?? [];
    expect(await look()).not.toContain("nó đánh em");
    Object.assign(house.page.newest() ?? {}, { lines, isLocked: true });
    expect(await look()).not.toContain("nó đánh em");
    await post("/leave", {}, { cookie });
    // "Back", and yes to the browser's question whether to send the form once more.
    expect(await look()).not.toContain("nó đánh em");
  });

  test("quick exit ends the session also from a tab that was open before it, and not for another site", async () => {
    const cookie = cookieOf((await post("/start", { lang: "vi" })).headers);
    const leave = (headers: Record<string, string>) => post("/leave", {}, { cookie, ...headers });
    await leave({ "sec-fetch-site": "cross-site" });
    expect(house.page.newest()?.ended).toBe(false);
    expect((await leave({})).headers.get("location")).toBe("https://www.example.org/");
    expect(house.page.newest()?.ended).toBe(true);
  });
});

test("without a script, words that could not be taken stand in the box again and then go through once", async () => {
  const post = (cookie: string, fields: Record<string, string>) =>
    house.app.request("http://localhost/say", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", cookie },
      body: new URLSearchParams(fields).toString(),
    });
  house.page.break(true);
  const refused = await post("", { text: "em sợ <b>lắm</b>", key: "key-00000001w" });
  const page = await refused.text();
  expect(refused.status).toBe(500);
  expect(page).toContain(">em sợ &lt;b&gt;lắm&lt;/b&gt;</textarea>");
  house.page.break(false);
  const cookie = cookieOf(refused.headers);
  const hidden = (name: string) =>
    new RegExp(`id="write">.*?name="${name}" value="([^"]+)"`, "s").exec(page)?.[1] ?? "";
  const again = { text: "em sợ lắm", key: hidden("key"), proof: hidden("proof") };
  expect(again.key).toBe("key-00000001w");
  for (let i = 0; i < 2; i++) expect((await post(cookie, again)).status).toBe(303);
  expect(house.page.newest()?.lines.filter((l) => l.from === "you")).toHaveLength(1);
});

test("a bug of ours: the page still comes with numbers, the API says nothing, the log has no words", async () => {
  const cookie = cookieOf((await ask(house, "POST", "/api/page/open")).headers);
  house.page.break(true);
  const api = await ask(house, "POST", "/api/page/write", { cookie, body: { key, text: "bí mật" } });
  expect([api.status, api.body]).toEqual([
    500,
    { ok: false, code: "internal", message: "Something went wrong." },
  ]);
  const form = await house.app.request("http://localhost/start", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "lang=vi",
  });
  expect(form.status).toBe(500);
  expect(await form.text()).toContain("tel:1900969680");
  expect(JSON.stringify(house.logged)).not.toMatch(/planted|bí mật/);
  expect(house.logged.filter((l) => l.code === "web.bug")).toHaveLength(2);
});

describe("health", () => {
  test("near: details; through a proxy: yes or no, and no metrics", async () => {
    house.setReady(false);
    expect((await ask(house, "GET", "/readyz")).body.parts[0].detail).toBe("locked");
    const headers = { "x-forwarded-for": "203.0.113.9" };
    expect((await ask(house, "GET", "/readyz", { headers })).body).toEqual({ ready: false });
    expect((await ask(house, "GET", "/healthz", { headers })).body).toEqual({ ok: true });
    expect((await ask(house, "GET", "/metrics")).text).toContain("ben_an_turns 3");
    expect((await ask(house, "GET", "/metrics", { headers })).status).not.toBe(200);
  });
});

test("the console that is not built says how to build it", async () => {
  const answer = await ask(house, "GET", "/console/");
  expect([answer.status, answer.text]).toEqual([503, "The console is not built yet: npm run build\n"]);
});

test("texts that are missing are named, and every code has one status", () => {
  const front = house.services.page.front();
  expect(missingPageTexts(front)).toEqual([]);
  expect(missingPageTexts({ ...front, texts: {} }).length).toBeGreaterThan(20);
  expect(new Set(Object.values(STATUS_OF))).not.toContain(200);
});
