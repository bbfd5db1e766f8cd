/** Two webs and two workers on a real PostgreSQL and Redis: any call may land anywhere, and what dies comes back. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cluster, searchNumber, startCluster, Visitor } from "../machines.ts";
import { BotApiControl } from "../peers/bot-api/person.ts";
import { startBotApi } from "../peers/bot-api/server.ts";
import { postgresMissing, redisMissing, until } from "../servers.ts";

const missing = postgresMissing() ?? redisMissing();
if (missing) console.warn(`skipped: ${missing}`);

interface Line {
  readonly n: number;
  readonly from: string;
  readonly text: string;
}

describe.skipIf(missing)("two webs and two workers", () => {
  let peer: Awaited<ReturnType<typeof startBotApi>>;
  let control: BotApiControl;
  let cluster: Cluster;
  let here: string;
  let there: string;
  let staff: Visitor;

  beforeAll(async () => {
    peer = await startBotApi({ port: 0 });
    control = new BotApiControl(peer.url);
    cluster = await startCluster({
      TELEGRAM_BOT_TOKEN: peer.token,
      TELEGRAM_API_ROOT: peer.url,
      TELEGRAM_WEBHOOK_SECRET: "a-secret-of-the-test",
    });
    [here, there] = cluster.webs.map((w) => w.url) as [string, string];
    staff = new Visitor(cluster.publicUrl);
    const who = { token: cluster.invite, login: "quanly", alias: "Mai", password: "mat-khau-thu-nghiem" };
    expect((await staff.post(there, "/api/staff/accept", who)).status).toBe(200);
  }, 120_000);
  afterAll(async () => {
    await cluster?.end();
    await peer?.close();
  }, 30_000);

  const cases = async (at: string) =>
    (await staff.get(at, "/api/desk/cases?states=waiting,claimed")).body.cases as {
      id: string;
      level: string;
      state: string;
      channel: string;
    }[];

  it("carries a person on the page whose calls land on either web", async () => {
    expect((await staff.post(here, "/api/desk/duty", { on: true })).status).toBe(200);
    const her = new Visitor(cluster.publicUrl);
    await her.post(here, "/api/page/open");
    await her.post(there, "/api/page/arrive", { lang: "vi" });
    const first = await her.watch(here, "/api/page/stream", "line", 1);
    expect(first[0]?.data).toContain("an toàn không?");
    expect(
      (await her.post(here, "/api/page/write", { key: "key-00001", text: "no dang cam dao ngoai cua" }))
        .status,
    ).toBe(200);
    // The same again, as a browser does after a lost answer, on the other machine.
    expect(
      (await her.post(there, "/api/page/write", { key: "key-00001", text: "no dang cam dao ngoai cua" }))
        .status,
    ).toBe(200);
    // Her stream broke and comes back elsewhere, where it stopped: her words once, then the answer.
    const rest = (await her.watch(there, "/api/page/stream", "line", 2, first[0]?.id)).map(
      (e) => JSON.parse(e.data) as Line,
    );
    expect(rest.map((l) => l.n)).toEqual(rest.map((_, i) => Number(first[0]?.id) + 1 + i));
    expect(rest[0]).toMatchObject({ from: "you", text: "no dang cam dao ngoai cua" });
    expect(rest[1]?.text).toMatch(/113/);
    await until(async () => (await cases(there)).some((c) => c.channel === "web"), "the case to be seen");
    expect((await cases(here)).find((c) => c.channel === "web")).toMatchObject({
      level: "emergency",
      state: "waiting",
    });
  }, 60_000);

  it("lets one of two counsellors claim, wherever they ask at the same moment", async () => {
    const invited = await staff.post(here, "/api/staff/invite", { roles: ["counsellor"] });
    const other = new Visitor(cluster.publicUrl);
    await other.post(there, "/api/staff/accept", {
      token: invited.body.token,
      login: "hai",
      alias: "Lan",
      password: "mat-khau-thu-hai-2",
    });
    const [waiting] = await cases(here);
    const claims = await Promise.all([
      staff.post(here, `/api/desk/cases/${waiting?.id}/claim`),
      other.post(there, `/api/desk/cases/${waiting?.id}/claim`),
    ]);
    expect(claims.map((c) => c.status).sort()).toEqual([200, 409]);
  }, 30_000);

  it("answers on Telegram through webhook, workers and console on different machines", async () => {
    const person = await control.person({ language: "vi" });
    await person.start();
    await person.waitFor(/an toàn không\?/, 15_000);
    await person.write("gọi người thật");
    await until(async () => (await cases(there)).some((c) => c.channel === "telegram"), "the case");
    const mine = (await cases(there)).find((c) => c.channel === "telegram");
    expect((await staff.post(there, `/api/desk/cases/${mine?.id}/claim`)).status).toBe(200);
    await person.waitFor(/Mai đã vào/);
    await staff.post(here, `/api/desk/cases/${mine?.id}/reply`, { text: "Mình là Mai.", key: "reply-0001" });
    await staff.post(there, `/api/desk/cases/${mine?.id}/reply`, { text: "Mình là Mai.", key: "reply-0001" });
    await person.waitFor(/^Mình là Mai\.$/);
    expect((await person.history()).filter((m) => m.text === "Mình là Mai.")).toHaveLength(1);
  }, 60_000);

  it("counts guesses at one account together, and takes an effort that was asked on the other web", async () => {
    const CROWD = "203.0.113.7";
    const stranger = new Visitor(cluster.publicUrl, CROWD);
    const guess = async (at: string) =>
      (await stranger.post(at, "/api/staff/sign-in", { login: "nobody", password: "mot-mat-khau-sai" }))
        .status;
    const told = [];
    for (let n = 0; n < 12; n += 1) told.push(await guess(n % 2 ? here : there));
    expect(told.filter((status) => status === 401)).toHaveLength(10);
    expect(told.slice(-2)).toEqual([429, 429]);

    // From one place many conversations begin: the next one proves an effort, wherever its calls land.
    const asked = async (at: string, her: Visitor, body: object = {}) =>
      (await her.post(at, "/api/page/open", body)).body.effort as
        | { challenge: string; bits: number }
        | undefined;
    const her = new Visitor(cluster.publicUrl, CROWD);
    let effort = await asked(here, her);
    for (let n = 0; n < 60 && !effort; n += 1) {
      const another = new Visitor(cluster.publicUrl, CROWD);
      effort = await asked(here, another);
      if (effort) {
        const solved = { effort: { challenge: effort.challenge, number: searchNumber(effort) } };
        expect(await asked(there, another, solved)).toBeUndefined();
      }
    }
    expect(effort).toBeDefined();
  }, 60_000);

  it("goes on without Redis, says so, and without one of each", async () => {
    await cluster.redis.stop("kill");
    await Promise.all([cluster.webs[1]?.kill("SIGKILL"), cluster.workers[0]?.kill("SIGKILL")]);
    const person = await control.person({ language: "vi" });
    await person.write("no dang cam dao ngoai cua");
    await person.waitFor(/113/, 20_000);
    const health = (await (await fetch(`${here}/healthz`)).json()) as {
      ok: boolean;
      parts: { name: string; ok: boolean }[];
    };
    expect(health.ok).toBe(true);
    expect(health.parts).toContainEqual(expect.objectContaining({ name: "redis", ok: false }));
    await cluster.redis.start();
    await until(
      async () => (await (await fetch(`${here}/metrics`)).text()).includes("benan_redis_up 1"),
      "Redis in the figures",
    );
  }, 60_000);

  it("says 503 to platforms, page and console without PostgreSQL, and goes on by itself", async () => {
    const person = await control.person({ language: "vi" });
    await cluster.postgres.stop("kill");
    const hook = await fetch(`${here}/hooks/telegram`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-telegram-bot-api-secret-token": "a-secret-of-the-test",
      },
      body: JSON.stringify({
        update_id: 1,
        message: {
          message_id: 1,
          date: 1,
          chat: { id: 7, type: "private" },
          from: { id: 7, is_bot: false, first_name: "x" },
          text: "alo",
        },
      }),
    });
    expect(hook.status).toBe(503);
    const her = new Visitor(cluster.publicUrl);
    expect((await her.post(here, "/api/page/open")).status).toBe(200);
    expect((await her.post(here, "/api/page/arrive", { lang: "vi" })).status).toBe(503);
    const page = await her.get(here, "/");
    expect(page.status).toBe(503);
    expect(page.body.text).toMatch(/113/);
    expect(await staff.get(here, "/api/desk/cases")).toMatchObject({
      status: 503,
      body: { code: "unavailable" },
    });
    expect((await fetch(`${here}/readyz`)).status).toBe(503);
    await person.write("alo");
    await until(
      () =>
        cluster.postgres.start().then(
          () => true,
          () => false,
        ),
      "PostgreSQL to start again",
    );
    await person.waitFor(/an toàn không\?/, 30_000);
    expect((await fetch(`${here}/readyz`)).status).toBe(200);
  }, 90_000);
});
