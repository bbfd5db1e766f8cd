/** What can be wrong with the machines themselves: clocks, keys, databases and a Redis that is not as it should be. */

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { createClient } from "redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assemble, type Overrides, ROOT, type Service } from "../../bot/assemble.ts";
import { configFrom } from "../../bot/config.ts";
import type { Store } from "../../bot/ports/store.ts";
import { BotApiControl } from "../peers/bot-api/person.ts";
import { startBotApi } from "../peers/bot-api/server.ts";
import { postgresMissing, redisMissing, type Server, startPostgres, startRedis, until } from "../servers.ts";

const missing = postgresMissing() ?? redisMissing();
if (missing) console.warn(`skipped: ${missing}`);
const KEY = Buffer.alloc(32, 3).toString("base64");

describe.skipIf(missing)("many machines", () => {
  let postgres: Server;
  let redis: Server;
  const dataDir = mkdtempSync(join(tmpdir(), "ben-an-faults-"));
  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  }, 60_000);
  afterAll(async () => {
    await Promise.all([postgres?.end(), redis?.end()]);
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function emptyDatabase(name: string): Promise<{ DATABASE_URL: string }> {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    await client.query(`create database ${name}`).finally(() => client.end());
    return { DATABASE_URL: postgres.url.replace(/bot$/, name) };
  }

  function open(env: Record<string, string> = {}, overrides: Overrides = {}): Promise<Service> {
    const read = configFrom({
      DATA_DIR: dataDir,
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      MASTER_KEY: KEY,
      ...env,
    });
    if (!read.ok) throw new Error(read.faults.join());
    return assemble(read.config, { log: () => {}, ...overrides });
  }

  it("live by the database's clock when their own is wrong, and say so", async () => {
    const real = Date.now;
    const late = 5 * 60_000;
    Date.now = () => real() + late;
    try {
      const service = await open();
      expect(Math.abs(service.parts.clock.now() - real())).toBeLessThan(1_000);
      // A jump while it runs moves nothing.
      Date.now = () => real() - late;
      expect(Math.abs(service.parts.clock.now() - real())).toBeLessThan(1_000);
      const { ok, warnings } = await service.services.health.report();
      expect(ok).toBe(true);
      expect(warnings.join()).toMatch(/clock is 300 s behind the database's/);
      expect(await service.services.health.metrics()).toMatch(/benan_clock_ahead_seconds -(299|300)/);
      await service.stop();
    } finally {
      Date.now = real;
    }
  });

  it("start for the first time all at the same moment", async () => {
    const env = await emptyDatabase("together");
    const services = await Promise.all([open(env), open(env), open(env)]);
    const editions = await Promise.all(services.map((s) => s.parts.store.content.published()));
    expect(editions[0]?.revisions.length).toBeGreaterThan(100);
    for (const service of services) {
      expect(service.parts.library.fileProblems).toEqual([]);
      await service.stop();
    }
  }, 60_000);

  it("start again after the first start died in the middle", async () => {
    const env = await emptyDatabase("halfway");
    let n = 0;
    const around = (store: Store): Store => ({
      ...store,
      content: {
        ...store.content,
        bring: (ask) => (n++ < 3 ? store.content.bring(ask) : Promise.reject(new Error("killed here"))),
      },
    });
    await expect(open(env, { around })).rejects.toThrow("killed here");
    const service = await open(env);
    const { revisions } = await service.parts.store.content.published();
    expect(revisions.length).toBeGreaterThan(100);
    await service.stop();
  }, 60_000);

  it("leave the texts of a newer build in force when one of the old build starts again in an upgrade", async () => {
    const env = await emptyDatabase("rolling");
    const folder = (word: string) => {
      const made = mkdtempSync(join(tmpdir(), "ben-an-build-"));
      cpSync(join(ROOT, "flows"), made, { recursive: true });
      const file = join(made, "menu.yaml");
      writeFileSync(file, `# ${word}\n${readFileSync(file, "utf8")}`);
      return made;
    };
    const [old, next] = [folder("old"), folder("new")];
    const menu = async ({ parts }: Service) =>
      parts.library.sources().get("flow:menu")?.source.split("\n")[0];
    const start = (version: string, flowsDir: string) => open(env, { version, flowsDir });
    const history = async ({ parts }: Service) =>
      (await parts.store.content.history("flow", "menu")).map((r) => r.source.split("\n")[0]);

    const first = await start("0.9.0", old);
    expect(await menu(first)).toBe("# old");
    const second = await start("0.10.0", next);
    expect(await menu(second)).toBe("# new");
    const again = await start("0.9.0", old);
    expect(await menu(again)).toBe("# new");
    expect(await history(second)).toEqual(["# new", "# old"]);
    expect((await again.services.health.report()).warnings.join()).toMatch(/is older than 0\.10\.0/);
    expect((await second.services.health.report()).warnings.join()).not.toMatch(/is older than/);
    // Texts of the same build that were changed on disk are taken, as always.
    const mended = await start("0.10.0", folder("mended"));
    expect(await menu(mended)).toBe("# mended");
    await Promise.all([first, second, again, mended].map((service) => service.stop()));
    for (const made of [old, next]) rmSync(made, { recursive: true, force: true });
  }, 120_000);

  it("say what is wrong with the address, the account or the database, and what to do", async () => {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    for (const sql of [
      "create database latin encoding LATIN1 template template0",
      "create database theirs",
      "create database others",
      "create role limited login connection limit 0",
      "create role guest login",
    ])
      await client.query(sql);
    await client.end();
    for (const [name, sql] of [
      ["theirs", "create table meta (x int)"],
      ["others", "create table cases (x text)"],
    ] as const) {
      const other = new pg.Client({ connectionString: postgres.url.replace(/bot$/, name) });
      await other.connect();
      await other.query(sql).finally(() => other.end());
    }
    const at = (change: (url: string) => string) => open({ DATABASE_URL: change(postgres.url) });
    const named = (name: string) => at((url) => url.replace(/bot$/, name));
    await expect(named("nowhere")).rejects.toThrow(/is not there. Make it \(createdb\).*3D000/);
    await expect(at((url) => url.replace("bot@", "nobody@"))).rejects.toThrow(/refused the account.*28000/);
    await expect(at((url) => url.replace("bot@", "limited@"))).rejects.toThrow(
      /no connection left.*max_connections/,
    );
    await expect(at((url) => url.replace("bot@", "guest@").replace(/bot$/, "postgres"))).rejects.toThrow(
      /must own its schema/,
    );
    await expect(at((url) => url.replace(String(postgres.port), "1"))).rejects.toThrow(
      "PostgreSQL at 127.0.0.1:1 can't be reached or does not answer (ECONNREFUSED). Start it",
    );
    await expect(at((url) => `${url}?sslmode=verify-full`)).rejects.toThrow(
      /asks for TLS.*does not offer it/,
    );
    await expect(at((url) => `${url}?sslmode=verify-full&sslrootcert=/nowhere/ca.pem`)).rejects.toThrow(
      "names the file /nowhere/ca.pem, which can't be read (ENOENT)",
    );
    await expect(named("latin")).rejects.toThrow(/texts as LATIN1.*createdb --encoding UTF8/);
    for (const name of ["theirs", "others"])
      await expect(named(name), name).rejects.toThrow(/tables of another program/);
  }, 60_000);

  it("say which right on which table the account lacks, at a start and in health", async () => {
    const { DATABASE_URL } = await emptyDatabase("limited_rights");
    await (await open({ DATABASE_URL })).stop();
    const owner = new pg.Client({ connectionString: DATABASE_URL });
    await owner.connect();
    for (const sql of [
      "create role clerk login",
      "grant usage on schema public to clerk",
      "grant select, insert, update, delete on all tables in schema public to clerk",
      // Another program's table beside ours is none of our business.
      "create table theirs (x int)",
    ])
      await owner.query(sql);
    const clerk = { DATABASE_URL: DATABASE_URL.replace("bot@", "clerk@") };
    const service = await open(clerk);
    const health = async () => (await service.services.health.report()).parts.find((p) => p.name === "store");
    expect(await health()).toMatchObject({ ok: true });
    await owner.query("revoke insert, update on outbox from clerk");
    await owner.query("revoke select on audit from clerk");
    const missing = "clerk may not: insert, update on outbox; select on audit. Give it";
    expect(await health()).toMatchObject({
      ok: false,
      detail: expect.stringMatching(`^store_missing_rights: .*${missing}`),
    });
    await expect(open(clerk)).rejects.toThrow(missing);
    await owner.query("grant insert, update on outbox to clerk");
    await owner.query("grant select on audit to clerk");
    expect(await health()).toMatchObject({ ok: true });
    await service.stop();
    await owner.end();
  }, 60_000);

  it("say where Redis was looked for, and what came of it", async () => {
    for (const [REDIS_URL, word] of [
      ["redis://:geheim@127.0.0.1:1", "127.0.0.1:1: ECONNREFUSED"],
      [`${redis.url}/99`, "ERR DB index is out of range"],
    ] as const) {
      const service = await open({ REDIS_URL });
      const told = async () =>
        (await service.services.health.report()).parts.find((p) => p.name === "redis")?.detail ?? "";
      await until(async () => (await told()).includes(word), word);
      expect(await told()).not.toContain("geheim");
      await service.stop();
    }
  }, 60_000);

  it("leave no connection to Redis behind when they cannot start", async () => {
    const admin = createClient({ url: redis.url });
    await admin.connect();
    const connections = async () =>
      String(await admin.sendCommand(["CLIENT", "LIST"]))
        .trim()
        .split("\n").length;
    const nothing = mkdtempSync(join(tmpdir(), "ben-an-no-flows-"));
    const empty = await emptyDatabase("no_flows");
    await expect(open(empty, { flowsDir: nothing, knowledgeDir: nothing })).rejects.toThrow();
    await until(async () => (await connections()) === 1, "the connections to be closed");
    rmSync(nothing, { recursive: true });
    admin.destroy();
  }, 60_000);

  it("are refused one database when they are two installations", async () => {
    await (await open()).stop();
    await expect(open({ MASTER_KEY: Buffer.alloc(32, 4).toString("base64") })).rejects.toThrow(
      /belongs to another installation/,
    );
  });

  it("say of a Redis that throws keys away that it does no harm, and when Redis is gone and back", async () => {
    const service = await open();
    const told = async () => (await service.services.health.report()).parts.find((p) => p.name === "redis");
    await until(async () => (await told())?.ok === true, "Redis");
    const admin = createClient({ url: redis.url });
    await admin.connect();
    await admin.configSet("maxmemory", "50mb");
    await admin.configSet("maxmemory-policy", "allkeys-lru");
    expect((await told())?.detail).toMatch(/allkeys-lru\), which does no harm/);
    await admin.flushAll();
    admin.destroy();
    expect((await told())?.ok).toBe(true);
    await redis.stop("kill");
    await until(async () => (await told())?.ok === false, "health to tell");
    expect((await service.services.health.report()).ready).toBe(false);
    await service.start();
    expect((await service.services.health.report()).ready).toBe(true);
    await redis.start();
    await until(async () => (await told())?.ok === true, "Redis again");
    await service.stop();
  }, 60_000);

  it("say of a database that only lets us read what it is, at start and in health", async () => {
    const service = await open();
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    client.on("error", () => undefined);
    await client.query("alter database bot set default_transaction_read_only = on");
    await expect(open()).rejects.toThrow(/only lets us read/);
    await client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ben-an'",
    );
    await until(
      async () =>
        (await service.services.health.report()).parts.some((p) => p.detail.includes("only lets us read")),
      "health to tell",
    );
    expect((await service.services.health.report()).ok).toBe(false);
    await client.query("begin read write; alter database bot reset default_transaction_read_only; commit");
    await client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ben-an'",
    );
    await until(async () => (await service.services.health.report()).ok, "health to be well");
    await client.end();
    await service.stop();
  }, 60_000);

  it("poll Telegram one at a time; another goes on when one dies, and every message is answered once", async () => {
    const peer = await startBotApi({ port: 0 });
    const control = new BotApiControl(peer.url);
    const env = { TELEGRAM_BOT_TOKEN: peer.token, TELEGRAM_API_ROOT: peer.url };
    const [one, two] = [await open(env), await open(env)];
    await Promise.all([one.start(), two.start()]);
    const person = await control.person({ language: "vi" });
    await person.write("alo");
    await person.waitFor(/an toàn không\?/, 15_000);
    await one.stop();
    await person.write("có");
    await person.waitFor(/Điều nào gần với bạn nhất/, 30_000);
    expect((await person.history()).filter((m) => m.from === "bot")).toHaveLength(2);
    // Two that poll at once are told so by the platform (409).
    expect((await control.calls("getUpdates")).filter((c) => c.status === 409)).toEqual([]);
    expect(await control.violations()).toEqual([]);
    await two.stop();
    await peer.close();
  }, 90_000);
});
