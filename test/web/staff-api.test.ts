/** Every staff route: who may, from where, how large, and which refusal has which status. */

import { beforeEach, describe, expect, test, vi } from "vitest";
import type { CaseId } from "../../bot/core/ids.ts";
import { ask, cookieOf, type House, OURS, signIn } from "./ask.ts";
import { TEST_PASSWORD } from "./fake-accounts.ts";
import { fakeHouse } from "./fake-services.ts";

let house: House;
beforeEach(() => {
  house = fakeHouse();
});

const item = { kind: "flow", key: "welcome" };
/** method, path, body, who may, status when it may. */
const ROUTES: ["GET" | "POST", string, object, readonly string[], number][] = [
  ["GET", "/api/staff/me", {}, ["mai", "hanh", "tu", "quan"], 200],
  [
    "POST",
    "/api/staff/password",
    { old: TEST_PASSWORD, fresh: "mat khau moi dai" },
    ["mai", "hanh", "tu", "quan"],
    200,
  ],
  ["GET", "/api/staff/list", {}, ["quan"], 200],
  ["POST", "/api/staff/invite", { roles: ["counsellor"] }, ["quan"], 200],
  ["POST", "/api/staff/password-link", { id: "staff-mai" }, ["quan"], 200],
  ["GET", "/api/staff/links", {}, ["quan"], 200],
  ["POST", "/api/staff/take-back", { id: "used" }, ["quan"], 404],
  ["POST", "/api/staff/change", { id: "staff-mai", alias: "Mai B" }, ["quan"], 200],
  ["GET", "/api/staff/health", {}, ["quan"], 200],
  ["GET", "/api/privacy/overview", {}, ["quan"], 200],
  ["POST", "/api/privacy/request", { code: "K7M2QF", act: "done" }, ["quan"], 200],
  ["POST", "/api/privacy/breach", { kind: "key", discoveredAt: 1, note: "lộ khóa" }, ["quan"], 200],
  ["POST", "/api/privacy/breach-step", { code: "NONE", step: "closed" }, ["quan"], 404],
  ["GET", "/api/desk/cases", {}, ["mai", "hanh"], 200],
  ["GET", "/api/desk/newest", {}, ["mai", "hanh"], 200],
  ["GET", "/api/desk/cases/C1", {}, ["mai", "hanh"], 200],
  ["GET", "/api/desk/cases/C1/lines?after=3", {}, ["mai", "hanh"], 200],
  ["GET", "/api/desk/outcomes", {}, ["mai", "hanh"], 200],
  ["POST", "/api/desk/duty", { on: true }, ["mai", "hanh"], 200],
  ["POST", "/api/desk/cases/C1/claim", {}, ["mai", "hanh"], 200],
  ["POST", "/api/desk/cases/C1/read", {}, ["mai", "hanh"], 200],
  ["POST", "/api/desk/cases/C1/reply", { text: "chào bạn", key: "k1234567" }, ["mai", "hanh"], 409],
  ["POST", "/api/desk/cases/C1/note", { text: "ghi chú" }, ["mai", "hanh"], 409],
  ["POST", "/api/desk/cases/C1/level", { level: "high", reason: "đã ra ngoài" }, ["mai", "hanh"], 409],
  ["POST", "/api/desk/cases/C1/release", {}, ["mai", "hanh"], 409],
  ["POST", "/api/desk/cases/C1/close", { outcome: "left" }, ["mai", "hanh"], 409],
  ["GET", "/api/content/items?kind=flow", {}, ["tu", "quan"], 200],
  ["GET", "/api/content/item?kind=flow&key=welcome", {}, ["tu", "quan"], 200],
  ["GET", "/api/content/schema?kind=flow", {}, ["tu", "quan"], 200],
  ["GET", "/api/content/history?kind=flow&key=welcome", {}, ["tu", "quan"], 200],
  ["GET", "/api/content/unanswered", {}, ["tu", "quan"], 200],
  ["POST", "/api/content/check", { ...item, source: "id: x" }, ["tu", "quan"], 200],
  ["POST", "/api/content/save", { ...item, source: "id: x", basedOn: 2 }, ["tu", "quan"], 200],
  ["POST", "/api/content/publish", { ...item, number: 1 }, ["tu", "quan"], 200],
  ["POST", "/api/content/revert", { ...item, number: 1 }, ["tu", "quan"], 200],
  ["POST", "/api/content/create", { kind: "article", key: "new-one" }, ["tu", "quan"], 200],
  ["POST", "/api/content/discard", { ...item, number: 9 }, ["tu", "quan"], 409],
  ["POST", "/api/content/evaluate", { ...item, source: "id: x" }, ["tu", "quan"], 200],
  ["POST", "/api/content/preview", { ...item, source: "id: x", lang: "vi" }, ["tu", "quan"], 200],
  ["POST", "/api/content/settle", { ids: ["q1"] }, ["tu", "quan"], 200],
  ["GET", "/api/content/files", {}, ["tu", "quan"], 200],
  ["POST", "/api/content/import", { files: [{ path: "flows/a.yaml", text: "x" }] }, ["tu", "quan"], 200],
  [
    "POST",
    "/api/content/simulate",
    { drafts: [], said: [], channel: "web", lang: "vi" },
    ["tu", "quan"],
    200,
  ],
  [
    "POST",
    "/api/content/ask",
    { question: "cấm tiếp xúc là gì", lang: "vi" },
    ["mai", "hanh", "tu", "quan"],
    200,
  ],
];

describe.each(ROUTES)("%s %s", (method, path, body, who, status) => {
  test("refuses strangers, other roles and other sites; lets the right ones in", async () => {
    expect((await ask(house, method, path, { body })).status).toBe(401);
    for (const login of ["mai", "hanh", "tu", "quan"]) {
      house = fakeHouse();
      const cookie = await signIn(house, login);
      const answer = await ask(house, method, path, { body, cookie });
      expect([login, answer.status]).toEqual([login, who.includes(login) ? status : 403]);
      if (method === "GET") continue;
      for (const headers of [{ "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "same-site" }]) {
        expect((await ask(house, method, path, { body, cookie, headers })).body.code).toBe("cross_site");
      }
      const bare = await house.app.request(`http://localhost${path}`, {
        method,
        headers: { cookie, "content-type": "application/json", "sec-fetch-site": "same-origin" },
        body: JSON.stringify(body),
      });
      expect(bare.status).toBe(403);
    }
  });
});

test("every staff route of the description is in the table above", async () => {
  const described = Object.entries(
    (await ask(house, "GET", "/api/openapi.json")).body.paths as Record<string, object>,
  )
    .flatMap(([path, verbs]) => Object.keys(verbs).map((verb) => `${verb.toUpperCase()} ${path}`))
    .filter(
      (one) =>
        !/\/api\/(page|staff\/(sign-in|sign-out|accept|invitation|password-link-of|set-password)|desk\/.*stream)/.test(
          one,
        ),
    );
  const tabled = new Set(
    ROUTES.map(([method, path]) => `${method} ${path.split("?")[0]?.replace("/C1", "/{id}")}`),
  );
  expect(described.filter((one) => !tabled.has(one))).toEqual([]);
});

test("who asks for the lines alone has opened the case: the trail says who read it", async () => {
  const open = vi.spyOn(house.desk.desk, "open");
  await ask(house, "GET", "/api/desk/cases/C1/lines?after=3", { cookie: await signIn(house, "mai") });
  expect(open).toHaveBeenCalledWith(expect.objectContaining({ login: "mai" }), "C1");
});

describe("signing in", () => {
  test("sets a cookie that no script reads, and signing out ends it", async () => {
    const answer = await ask(house, "POST", "/api/staff/sign-in", {
      body: { login: "mai", password: TEST_PASSWORD },
    });
    const [set = "", device = ""] = answer.headers.getSetCookie();
    for (const one of [set, device]) expect(one).toMatch(/HttpOnly.*SameSite=Strict/);
    expect(set).not.toMatch(/Max-Age|Expires|Secure/);
    // What stays on the device opens nothing.
    expect((await ask(house, "GET", "/api/staff/me", { cookie: device.split(";")[0] ?? "" })).status).toBe(
      401,
    );
    expect(answer.text).not.toContain("session-");
    const cookie = cookieOf(answer.headers);
    await ask(house, "POST", "/api/staff/sign-out", { cookie });
    expect((await ask(house, "GET", "/api/staff/me", { cookie })).status).toBe(401);
  });

  test("over https the cookie is Secure and bound to the host", async () => {
    house = fakeHouse({ publicUrl: "https://example.org" });
    const answer = await ask(house, "POST", "/api/staff/sign-in", {
      body: { login: "mai", password: TEST_PASSWORD },
    });
    expect(answer.headers.get("set-cookie")).toMatch(/^__Host-d=.*Secure/);
    expect(answer.headers.get("strict-transport-security")).toBeTruthy();
  });

  test("guessing is slowed with 429 and Retry-After", async () => {
    const statuses: number[] = [];
    let last = await ask(house, "POST", "/api/staff/sign-in", { body: { login: "mai", password: "sai" } });
    for (let i = 0; i < 12; i++) {
      last = await ask(house, "POST", "/api/staff/sign-in", { body: { login: "Mai", password: "sai" } });
      statuses.push(last.status);
    }
    expect(statuses[0]).toBe(401);
    expect(statuses.at(-1)).toBe(429);
    expect(Number(last.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  test("strangers who guess at her name do not keep her out of a device where she signed in before", async () => {
    const body = { login: "mai", password: TEST_PASSWORD };
    const first = await ask(house, "POST", "/api/staff/sign-in", { body });
    const device = first.headers.getSetCookie()[1]?.split(";")[0] ?? "";
    const from = (n: number) => ({ "x-forwarded-for": `203.0.113.${n}` });
    for (let i = 0; i < 12; i++) {
      const headers = from(i);
      await ask(house, "POST", "/api/staff/sign-in", { body: { login: "mai", password: "sai" }, headers });
    }
    const headers = from(99);
    expect((await ask(house, "POST", "/api/staff/sign-in", { body, headers })).status).toBe(429);
    expect((await ask(house, "POST", "/api/staff/sign-in", { body, headers, cookie: device })).status).toBe(
      200,
    );
    // The mark is of her name only, and her device is slowed too.
    const others = { login: "tu", password: "sai" };
    const statuses: number[] = [];
    for (let i = 0; i < 12; i++)
      statuses.push(
        (
          await ask(house, "POST", "/api/staff/sign-in", {
            body: { ...body, password: "sai" },
            headers,
            cookie: device,
          })
        ).status,
      );
    expect(statuses.at(-1)).toBe(429);
    expect(
      (await ask(house, "POST", "/api/staff/sign-in", { body: others, headers, cookie: device })).status,
    ).toBe(401);
  });

  test("a thousand addresses together are slowed too, but no device where somebody signed in before", async () => {
    const body = { login: "mai", password: TEST_PASSWORD };
    const first = await ask(house, "POST", "/api/staff/sign-in", { body });
    const device = first.headers.getSetCookie()[1]?.split(";")[0] ?? "";
    const statuses = await Promise.all(
      Array.from({ length: 100 }, async (_, i) => {
        const guess = { login: `name${i}`, password: "sai" };
        const headers = { "x-forwarded-for": `203.0.113.${i}` };
        return (await ask(house, "POST", "/api/staff/sign-in", { body: guess, headers })).status;
      }),
    );
    expect(statuses.filter((status) => status === 401).length).toBeLessThan(60);
    expect((await ask(house, "POST", "/api/staff/sign-in", { body, cookie: device })).status).toBe(200);
  });

  test("an invitation is read, used once, and asks for a long password", async () => {
    const cookie = await signIn(house, "quan");
    const { token } = (await ask(house, "POST", "/api/staff/invite", { cookie, body: { roles: ["editor"] } }))
      .body;
    expect((await ask(house, "POST", "/api/staff/invitation", { body: { token } })).body.roles).toEqual([
      "editor",
    ]);
    const who = { token, login: "hoa", alias: "Hoa", password: "ngan" };
    expect((await ask(house, "POST", "/api/staff/accept", { body: who })).status).toBe(400);
    const good = { ...who, password: "mot mat khau rat dai" };
    expect((await ask(house, "POST", "/api/staff/accept", { body: { ...good, login: "mai" } })).status).toBe(
      409,
    );
    expect((await ask(house, "POST", "/api/staff/accept", { body: good })).body.staff.roles).toEqual([
      "editor",
    ]);
    expect((await ask(house, "POST", "/api/staff/accept", { body: good })).status).toBe(404);
  });
});

test("a password link is read, used once, and asks for a long password", async () => {
  const cookie = await signIn(house, "quan");
  const { token } = (
    await ask(house, "POST", "/api/staff/password-link", { cookie, body: { id: "staff-mai" } })
  ).body;
  const of = await ask(house, "POST", "/api/staff/password-link-of", { body: { token } });
  expect(of.body).toMatchObject({ login: "mai", alias: "Mai" });
  const set = (password: string) =>
    ask(house, "POST", "/api/staff/set-password", { body: { token, password } });
  expect((await set("ngan")).status).toBe(400);
  const done = await set("mot mat khau rat dai");
  expect(done.body.staff.login).toBe("mai");
  const hers = (done.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  expect((await ask(house, "GET", "/api/staff/me", { cookie: hers })).status).toBe(200);
  expect((await set("mot mat khau rat dai")).status).toBe(404);
});

describe("refusals", () => {
  test.each([
    ["/api/desk/cases/none/claim", {}, 404, "not_found"],
    ["/api/desk/cases/C5/claim", {}, 409, "already_claimed"],
    ["/api/desk/cases/C5/reply", { text: "a", key: "k1234567" }, 409, "not_yours"],
    ["/api/desk/cases/C1/reply", { text: " ", key: "k1234567" }, 400, "bad_request"],
    ["/api/desk/cases/C1/level", { level: "terrible", reason: "x" }, 400, "bad_request"],
    ["/api/desk/cases/C1/level", { level: "low", reason: "" }, 400, "bad_request"],
  ])("%s → %i", async (path, body, status, code) => {
    const cookie = await signIn(house, "mai");
    const answer = await ask(house, "POST", path as string, { cookie, body });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  test("a draft saved over somebody else's is stale; a wrong one cannot be published and says where", async () => {
    const cookie = await signIn(house, "tu");
    const save = (basedOn: number, source: string) =>
      ask(house, "POST", "/api/content/save", { cookie, body: { ...item, source, basedOn } });
    expect((await save(2, "id: welcome\n")).status).toBe(200);
    expect((await save(2, "id: other\n")).body.code).toBe("stale");
    const answer = await ask(house, "POST", "/api/content/publish", { cookie, body: { ...item, number: 3 } });
    expect(answer.status).toBe(422);
    expect(answer.body.problems[0].line).toBeGreaterThan(0);
  });

  test("a case never carries what is not named", async () => {
    const cookie = await signIn(house, "mai");
    const { file } = (await ask(house, "GET", "/api/desk/cases/C1", { cookie })).body;
    expect(file.topicName).toBeUndefined();
    expect(file.reasons.length).toBeGreaterThan(0);
  });

  test("states that are none are refused; broken JSON is 400; 3 MB is 413", async () => {
    const cookie = await signIn(house, "mai");
    expect((await ask(house, "GET", "/api/desk/cases?states=lost", { cookie })).status).toBe(400);
    const broken = await house.app.request("http://localhost/api/desk/duty", {
      method: "POST",
      headers: { ...OURS, cookie },
      body: "{",
    });
    expect(broken.status).toBe(400);
    const editor = await signIn(house, "tu");
    const huge = await ask(house, "POST", "/api/content/check", {
      cookie: editor,
      body: { ...item, source: "x".repeat(3e6) },
    });
    expect(huge.status).toBe(413);
  });
});

test("live: the queue comes at once and again when it changes; a conversation resumes after the last number", async () => {
  const cookie = await signIn(house, "mai");
  const queue = await openStream("/api/desk/stream", cookie);
  expect(await queue.next("cases")).toContain("K7M2");
  house.desk.addUrgent();
  expect(await queue.next("cases")).toContain("R4TN");
  await queue.close();

  await ask(house, "POST", "/api/desk/cases/C1/claim", { cookie });
  const talk = await openStream("/api/desk/cases/C1/stream", cookie, { "last-event-id": "7" });
  expect(await talk.next("line")).toContain("Mai đã vào");
  await ask(house, "POST", "/api/desk/cases/C1/reply", {
    cookie,
    body: { text: "chị đây", key: "k1234567" },
  });
  const queued = await talk.next("line");
  expect(queued).toContain('"state":"queued"');
  // Who comes back now must hear what became of it.
  expect(queued).toContain("id: 8");
  const again = await openStream("/api/desk/cases/C1/stream?after=8", cookie);
  expect(await again.next("line")).toContain("chị đây");
  await again.close();
  expect(await talk.next("line")).toContain('"state":"sent"');
  await talk.close();
  await expect.poll(() => house.bus.size()).toBe(0);
});

async function openStream(path: string, cookie: string, headers: Record<string, string> = {}) {
  const response = await house.app.request(`http://localhost${path}`, { headers: { cookie, ...headers } });
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  return {
    /** The data of the next event of this name. */
    next: async (name: string): Promise<string> => {
      for (;;) {
        const end = rest.indexOf("\n\n");
        if (end >= 0) {
          const event = rest.slice(0, end);
          rest = rest.slice(end + 2);
          if (event.includes(`event: ${name}`)) return event;
          continue;
        }
        const part = await reader?.read();
        if (!part || part.done) throw new Error("the stream ended");
        rest += part.value;
      }
    },
    close: () => reader?.cancel(),
  };
}

test("live: a conversation of more lines than are read at once comes whole, without a pause", async () => {
  const cookie = await signIn(house, "mai");
  for (let i = 0; i < 260; i += 1) house.desk.personSays("C1" as CaseId, `tin ${i}`);
  const whole = house.desk.desk.lines;
  house.desk.desk.lines = async (by, id, after) => {
    const found = await whole(by, id, after);
    return found.ok ? { ok: true, lines: found.lines.slice(0, 120) } : found;
  };
  const startedAt = Date.now();
  const talk = await openStream("/api/desk/cases/C1/stream", cookie);
  while (!(await talk.next("line")).includes("tin 259"));
  expect(Date.now() - startedAt).toBeLessThan(4_000);
  await talk.close();
});

test.each(["unclear", "queued"] as const)(
  "live: a message that stays %s does not keep what came long after it from the desk",
  async (state) => {
    const cookie = await signIn(house, "mai");
    await ask(house, "POST", "/api/desk/cases/C1/claim", { cookie });
    house.desk.deliver(state);
    await ask(house, "POST", "/api/desk/cases/C1/reply", {
      cookie,
      body: { text: "chị đây", key: "k1234567" },
    });
    for (let i = 0; i < 260; i += 1) house.desk.personSays("C1" as CaseId, `tin ${i}`);
    const whole = house.desk.desk.lines;
    house.desk.desk.lines = async (by, id, after) => {
      const found = await whole(by, id, after);
      return found.ok ? { ok: true, lines: found.lines.slice(0, 120) } : found;
    };
    const talk = await openStream("/api/desk/cases/C1/stream", cookie);
    for (let last = ""; !last.includes("tin 259"); last = await talk.next("line"));
    await talk.close();
  },
);

test("who asks only for the head of a stream leaves none open", async () => {
  const cookie = await signIn(house, "mai");
  for (let i = 0; i < 7; i += 1) {
    const head = await house.app.request("http://localhost/api/desk/stream", {
      method: "HEAD",
      headers: { cookie },
    });
    expect(head.status).toBe(200);
  }
  const queue = await openStream("/api/desk/stream", cookie);
  expect(await queue.next("cases")).toContain("K7M2");
  await queue.close();
  await expect.poll(() => house.bus.size()).toBe(0);
});

test("a stream ends when the session does", async () => {
  const cookie = await signIn(house, "mai");
  const queue = await openStream("/api/desk/stream", cookie);
  await queue.next("cases");
  await ask(house, "POST", "/api/staff/sign-out", { cookie });
  house.desk.addUrgent();
  await expect(queue.next("cases")).rejects.toThrow("the stream ended");
});

test("a supervisor who is none any more reads a colleague's case no further, also in a window that is open", async () => {
  const admin = await signIn(house, "quan");
  const cookie = await signIn(house, "hanh");
  house.desk.beStrict();
  const talk = await openStream("/api/desk/cases/C5/stream", cookie);
  house.desk.personSays("C5" as CaseId, "chị ơi");
  expect(await talk.next("line")).toContain("chị ơi");
  await ask(house, "POST", "/api/staff/change", {
    cookie: admin,
    body: { id: "staff-hanh", roles: ["counsellor"] },
  });
  house.desk.personSays("C5" as CaseId, "nó quay lại rồi");
  expect(await talk.next("gone")).toContain("not_yours");
});
