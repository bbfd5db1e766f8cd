/** Keys, moving, backup and the restore drill: what a person wrote is there afterwards, and nothing is half done unnoticed. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { gunzipSync, gzipSync } from "node:zlib";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect } from "../../bot/adapters/sql/postgres.ts";
import { systemClock } from "../../bot/adapters/system.ts";
import { assemble, type Service } from "../../bot/assemble.ts";
import { configFrom } from "../../bot/config.ts";
import { maintain } from "../../bot/tools/maintain.ts";
import { postgresMissing, type Server, startPostgres, until } from "../servers.ts";

const WORDS = "câu riêng của một người: \u2028 em sợ lắm zqxkw";

const folders: string[] = [];
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "ben-an-maintain-"));
  folders.push(made);
  return made;
}
afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true, force: true });
});

function configOf(env: Record<string, string>) {
  const read = configFrom(env);
  if (!read.ok) throw new Error(read.faults.join());
  return read.config;
}

function open(env: Record<string, string>): Promise<Service> {
  return assemble(configOf(env), { log: () => {} });
}

async function verb(env: Record<string, string>, line: string): Promise<{ code: number; said: string }> {
  const said: string[] = [];
  const [name = "", ...args] = line.split(" ");
  const say = (words: string) => void said.push(words);
  const code = await maintain(configOf(env), name, args, { say, complain: say });
  return { code, said: said.join("\n") };
}

/** An installation in which one person wrote, an answer is there, and a case waits. */
async function lived(env: Record<string, string>): Promise<string> {
  const service = await open(env);
  await service.start();
  const { page } = service.services;
  const token = page.open();
  await page.arrive(token, "vi");
  await page.write(token, { key: "key-1", text: "no dang cam dao ngoai cua" });
  await page.write(token, { key: "key-2", text: WORDS });
  await until(
    async () => (await lines(service, token)).filter((l) => l.from === "bot").length >= 3,
    "the answers",
  );
  await service.stop();
  return token;
}

async function lines(service: Service, token: string) {
  const read = await service.services.page.read(token, 0);
  return read.ok ? read.lines : [];
}

/** All that this installation holds of her and her case, as it is shown. */
async function holdings(env: Record<string, string>, token: string) {
  const service = await open(env);
  const cases = await service.parts.store.cases.list({ states: ["waiting", "claimed", "closed"], limit: 10 });
  const found = {
    edition: await service.parts.store.content.edition(),
    lines: await lines(service, token),
    cases: cases.map(({ code, level, state }) => ({ code, level, state })),
  };
  await service.stop();
  return found;
}

describe("keys", () => {
  it("are made once, named without being shown, and copied apart from the data", async () => {
    const env = { DATA_DIR: folder() };
    const copy = join(folder(), "copy.key");
    expect((await verb(env, "keys show-id")).said).toMatch(/no installation/);
    const made = await verb(env, "keys create");
    expect(made.code).toBe(0);
    const id = (await verb(env, "keys show-id")).said;
    expect(id).toMatch(/^[0-9a-f]{16}$/);
    expect(await verb(env, "keys create")).toMatchObject({
      code: 1,
      said: expect.stringContaining("left as it is"),
    });
    expect((await verb(env, `keys backup ${copy}`)).code).toBe(0);
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    const text = JSON.parse(readFileSync(copy, "utf8")) as { key: string };
    expect(made.said + id).not.toContain(text.key);
    const elsewhere = { DATA_DIR: folder() };
    expect((await verb(elsewhere, `keys restore ${copy}`)).code).toBe(0);
    expect((await verb(elsewhere, "keys show-id")).said).toBe(id);
    expect((await verb({ DATA_DIR: folder(), MASTER_KEY: text.key }, "keys show-id")).said).toBe(id);
  });

  it("of another installation are refused beside its data", async () => {
    const env = { DATA_DIR: folder() };
    await (await open(env)).stop();
    // Who goes from one process to many has it already, and is told no more than that.
    const again = await verb(env, "keys create");
    expect(again).toMatchObject({ code: 1, said: expect.stringContaining("There is a key") });
    expect(again.said).not.toContain("Restore");
    const other = join(folder(), "other.key");
    await verb(
      { DATA_DIR: folder(), MASTER_KEY: Buffer.alloc(32, 7).toString("base64") },
      `keys backup ${other}`,
    );
    rmSync(join(env.DATA_DIR, "master.key"));
    expect(await verb(env, `keys restore ${other}`)).toMatchObject({
      code: 1,
      said: expect.stringContaining("belongs to the key"),
    });
    expect(await verb(env, "keys create")).toMatchObject({ code: 1 });
    expect(existsSync(join(env.DATA_DIR, "master.key"))).toBe(false);
  });
});

describe("a restore drill on SQLite", () => {
  it("brings everything back on a new machine, from a backup made while the service runs", async () => {
    const env = { DATA_DIR: folder() };
    const safe = folder();
    const token = await lived(env);
    const before = await holdings(env, token);
    expect(before.cases).toHaveLength(1);
    expect(before.lines.map((l) => l.text)).toContain(WORDS);
    let days = 0;
    const clock = { ...systemClock(), now: () => Date.now() + days * 86_400_000 };
    const running = await assemble(configOf(env), { log: () => {}, clock });
    const told = async () => {
      const { warnings } = await running.services.health.report();
      const figure = /^benan_backup_timestamp_seconds (\S+)$/m.exec(await running.services.health.metrics());
      return { late: warnings.some((w) => w.includes("backup")), at: Number(figure?.[1]) };
    };
    expect(await told()).toEqual({ late: false, at: 0 });
    expect((await verb(env, `backup ${join(safe, "data")}`)).code).toBe(0);
    const { late, at } = await told();
    expect(late).toBe(false);
    expect(Math.abs(at * 1_000 - Date.now())).toBeLessThan(600_000);
    // The copy of the next night stays away.
    days = 2;
    expect((await told()).late).toBe(true);
    await running.stop();
    await verb(env, `keys backup ${join(safe, "key")}`);
    // Nothing that she wrote, and no key, is readable in it.
    const plain = gunzipSync(readFileSync(join(safe, "data"))).toString("utf8");
    expect(plain).not.toContain("zqxkw");
    expect(plain).not.toContain((JSON.parse(readFileSync(join(safe, "key"), "utf8")) as { key: string }).key);

    const fresh = { DATA_DIR: folder() };
    expect(await verb(fresh, `restore ${join(safe, "data")}`)).toMatchObject({
      code: 1,
      said: expect.stringContaining("no master key"),
    });
    await verb(fresh, `keys restore ${join(safe, "key")}`);
    expect(await verb(fresh, `restore ${join(safe, "data")}`)).toMatchObject({ code: 0 });
    expect(await holdings(fresh, token)).toEqual(before);
    // It is not filled twice.
    expect(await verb(fresh, `restore ${join(safe, "data")}`)).toMatchObject({
      code: 1,
      said: expect.stringContaining("holds data already"),
    });
  }, 60_000);

  it("opens no session, invitation or password link of that time again: it may have been used or taken back since", async () => {
    const env = { DATA_DIR: folder() };
    const safe = folder();
    const mai = { login: "mai", alias: "Mai", password: "mot hai ba bon nam" };
    const before = await open(env);
    const joined = await before.services.accounts.accept(
      (await before.services.accounts.firstLink()) ?? "",
      mai,
    );
    if (!joined.ok) throw new Error(joined.message);
    const invited = await before.services.accounts.invite(joined.staff, ["counsellor"]);
    await before.stop();
    expect((await verb(env, `backup ${join(safe, "data")}`)).code).toBe(0);
    await verb(env, `keys backup ${join(safe, "key")}`);

    const fresh = { DATA_DIR: folder() };
    await verb(fresh, `keys restore ${join(safe, "key")}`);
    const { code, said } = await verb(fresh, `restore ${join(safe, "data")}`);
    expect(code).toBe(0);
    expect(said).toContain("All staff sign in again");
    const { services, stop } = await open(fresh);
    expect(await services.accounts.who(joined.session)).toBeNull();
    expect(await services.accounts.invitation(invited.ok ? invited.token : "")).toMatchObject({ ok: false });
    expect(await services.accounts.signIn("mai", mai.password, "here")).toMatchObject({ ok: true });
    await stop();
  }, 60_000);

  it("says where a backup can't be written, and leaves nothing there", async () => {
    const env = { DATA_DIR: folder() };
    await (await open(env)).stop();
    for (const file of [join(folder(), "nowhere", "data"), "/proc/data"])
      expect(await verb(env, `backup ${file}`)).toEqual({
        code: 1,
        said: `${file} can't be written (ENOENT). Its folder must be there, and this account must be allowed to write in it.`,
      });
    expect(await verb(env, "backup /dev/full/data")).toMatchObject({
      code: 1,
      said: expect.stringContaining("/dev/full/data can't be written"),
    });
  });

  it("says what is wrong with a database that is damaged, and does not call it in use", async () => {
    const env = { DATA_DIR: folder() };
    const copy = join(folder(), "copy");
    await (await open(env)).stop();
    expect((await verb(env, `backup ${copy}`)).code).toBe(0);
    const broken = { DATA_DIR: folder() };
    copyFileSync(join(env.DATA_DIR, "master.key"), join(broken.DATA_DIR, "master.key"));
    writeFileSync(
      join(broken.DATA_DIR, "ben-an.sqlite"),
      "eggs and milk, as often as there is room. ".repeat(200),
    );
    for (const what of [`backup ${copy}-2`, `restore ${copy}`, `keys restore ${copy}.key`]) {
      if (what.startsWith("keys")) await verb(env, `keys backup ${copy}.key`);
      const { code, said } = await verb(broken, what);
      expect({ what, code, said }).toMatchObject({ code: 1, said: expect.stringContaining("it is damaged") });
    }
  }, 60_000);

  it("copies no database that was moved away or is half filled: nobody would miss the right one", async () => {
    const env = { DATA_DIR: folder() };
    await (await open(env)).stop();
    for (const [closed, words] of [
      ["moved", "was moved to PostgreSQL"],
      ["filling", "only half filled"],
    ] as const) {
      const db = new DatabaseSync(join(env.DATA_DIR, "ben-an.sqlite"));
      db.prepare("insert or replace into meta (name, value) values ('closed', ?)").run(closed);
      db.close();
      const copy = join(folder(), "data");
      expect(await verb(env, `backup ${copy}`)).toMatchObject({
        code: 1,
        said: expect.stringContaining(words),
      });
      expect(existsSync(copy)).toBe(false);
    }
  }, 30_000);

  it("waits to note a backup while the service is writing", async () => {
    const env = { DATA_DIR: folder() };
    await (await open(env)).stop();
    const busy = spawn(process.execPath, [
      "-e",
      `const db = new (require("node:sqlite").DatabaseSync)(${JSON.stringify(join(env.DATA_DIR, "ben-an.sqlite"))});
       db.exec("begin immediate"); console.log("held"); setTimeout(() => db.exec("commit"), 4_000);`,
    ]);
    await once(busy.stdout, "data");
    expect(await verb(env, `backup ${join(folder(), "data")}`)).toMatchObject({ code: 0 });
    await once(busy, "exit");
  }, 30_000);

  it("refuses a copy that is cut off, changed, or something else, and touches nothing", async () => {
    const env = { DATA_DIR: folder() };
    const safe = folder();
    await lived(env);
    await verb(env, `backup ${join(safe, "good")}`);
    const good = readFileSync(join(safe, "good"));
    writeFileSync(join(safe, "cut"), good.subarray(0, good.length - 200));
    const text = gunzipSync(good).toString("utf8");
    writeFileSync(join(safe, "changed"), gzipSync(text.replace('"level":"emergency"', '"level":"low"')));
    writeFileSync(join(safe, "short"), gzipSync(text.split("\n").slice(0, 5).join("\n")));
    writeFileSync(join(safe, "list"), "eggs and milk");
    const fresh = { DATA_DIR: folder() };
    copyFileSync(join(env.DATA_DIR, "master.key"), join(fresh.DATA_DIR, "master.key"));
    for (const name of ["cut", "changed", "short", "list", "nothing"]) {
      const { code, said } = await verb(fresh, `restore ${join(safe, name)}`);
      expect({ name, code }).toEqual({ name, code: 1 });
      expect(said).toMatch(/can't be used|There is no/);
    }
    expect(existsSync(join(fresh.DATA_DIR, "ben-an.sqlite"))).toBe(false);
    expect(await verb(env, `backup ${join(safe, "good")}`)).toMatchObject({
      code: 1,
      said: expect.stringContaining("there already"),
    });
  }, 60_000);
});

const missing = postgresMissing();
if (missing) console.warn(`skipped: ${missing}`);

describe.skipIf(missing)("with PostgreSQL", () => {
  let server: Server;
  let n = 0;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server?.end());

  async function sql(url: string, text: string) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return client.query(text).finally(() => client.end());
  }
  async function emptyDatabase(): Promise<string> {
    n += 1;
    await sql(server.url, `create database empty${n}`);
    return server.url.replace(/bot$/, `empty${n}`);
  }

  it("demands a key at a first start instead of making one of its own", async () => {
    const env = { DATA_DIR: folder(), DATABASE_URL: await emptyDatabase() };
    await expect(open(env)).rejects.toThrow(/keys create/);
    await verb(env, "keys create");
    await (await open(env)).stop();
    // A second machine that would make its own is told whose the database is.
    const second = { DATA_DIR: folder(), DATABASE_URL: env.DATABASE_URL };
    expect(await verb(second, "keys create")).toMatchObject({
      code: 1,
      said: expect.stringContaining("belongs to the key"),
    });
  }, 30_000);

  it("takes over an embedded installation, also after the move was broken off", async () => {
    const env = { DATA_DIR: folder() };
    const token = await lived(env);
    const before = await holdings(env, token);
    const to = await emptyDatabase();
    const moved = { ...env, DATABASE_URL: to };

    const busy = await open(env);
    expect(await verb(env, `move --to ${to}`)).toMatchObject({
      code: 1,
      said: expect.stringContaining("Stop the service"),
    });
    await busy.stop();

    expect((await verb(env, `move --to ${to}`)).code).toBe(0);
    await expect(open(env)).rejects.toThrow(/was moved to PostgreSQL/);
    expect(await holdings(moved, token)).toEqual(before);

    // As it looks when it was broken off: rows missing, rows wrong, rows too many, both databases still open to it.
    const source = new DatabaseSync(join(env.DATA_DIR, "ben-an.sqlite"));
    source.exec("update meta set value = '' where name = 'closed'");
    source.close();
    await sql(
      to,
      "delete from messages where ordinal = 2; update cases set level = 'low'; insert into duty values ('nobody', 5); update meta set value = 'filling' where name = 'closed'",
    );
    await expect(open(moved)).rejects.toThrow(/half filled/);
    const again = await verb(env, `move --to ${to}`);
    expect(again).toMatchObject({ code: 0, said: expect.stringMatching(/2 written now, 1 taken away/) });
    expect(await holdings(moved, token)).toEqual(before);
    // And life goes on: what counts upwards does not collide.
    const service = await open(moved);
    await service.start();
    await service.services.page.write(token, { key: "key-3", text: "cảm ơn" });
    await until(
      async () => (await lines(service, token)).length > before.lines.length + 1,
      "an answer after the move",
    );
    await service.stop();
  }, 60_000);

  it("is finished by the next try when the move ended between closing the old one and opening the new one", async () => {
    const env = { DATA_DIR: folder() };
    const token = await lived(env);
    const before = await holdings(env, token);
    const to = await emptyDatabase();
    expect((await verb(env, `move --to ${to}`)).code).toBe(0);
    expect(await verb(env, `move --to ${to}`)).toMatchObject({
      code: 1,
      said: expect.stringContaining("was moved"),
    });
    await sql(to, "update meta set value = 'filling' where name = 'closed'");
    await expect(open({ ...env, DATABASE_URL: to })).rejects.toThrow(/half filled/);
    expect(await verb(env, `move --to ${to}`)).toMatchObject({
      code: 0,
      said: expect.stringContaining("0 written now, 0 taken away"),
    });
    expect(await holdings({ ...env, DATABASE_URL: to }, token)).toEqual(before);
  }, 60_000);

  it("is left alone by the move and the restore of another installation, also half filled", async () => {
    const [first, second] = [{ DATA_DIR: folder() }, { DATA_DIR: folder() }];
    await lived(first);
    const token = await lived(second);
    const before = await holdings(second, token);
    const copy = join(folder(), "data");
    await verb(second, `backup ${copy}`);
    const to = await emptyDatabase();
    expect((await verb(first, `move --to ${to}`)).code).toBe(0);
    await sql(to, "update meta set value = 'filling' where name = 'closed'");
    const rows = async () => (await sql(to, "select * from keys order by n")).rows;
    const filled = await rows();
    expect(filled.length).toBeGreaterThan(0);
    for (const [env, line] of [
      [second, `move --to ${to}`],
      [{ ...second, DATABASE_URL: to }, `restore ${copy}`],
    ] as const)
      expect(await verb(env, line)).toMatchObject({
        code: 1,
        said: expect.stringContaining("belongs to another installation"),
      });
    expect(await rows()).toEqual(filled);
    expect(await holdings(second, token)).toEqual(before);
  }, 60_000);

  it("that is another program's is refused in one sentence, and so is a connection that ends in the middle", async () => {
    const env = { DATA_DIR: folder() };
    await (await open(env)).stop();
    for (const tables of ["create table migrations (foo text)", "create table cases (x int)"]) {
      const to = await emptyDatabase();
      await sql(to, tables);
      expect(await verb(env, `move --to ${to}`)).toMatchObject({
        code: 1,
        said: expect.stringContaining("tables of another program"),
      });
    }
    const plain = await connect(server.url);
    await sql(
      server.url,
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ben-an copy'",
    );
    await expect(plain.query("select 1")).rejects.toThrow(/Run the same command again/);
    await plain.end();
  }, 60_000);

  it("holds nothing of a copy whose restore was broken off, when another copy is restored after it", async () => {
    const env = { DATA_DIR: folder() };
    await lived(env);
    const [older, newer] = [join(folder(), "older"), join(folder(), "newer")];
    await verb(env, `backup ${older}`);
    await lived(env);
    await verb(env, `backup ${newer}`);
    const fresh = { DATA_DIR: folder() };
    copyFileSync(join(env.DATA_DIR, "master.key"), join(fresh.DATA_DIR, "master.key"));
    const file = join(fresh.DATA_DIR, "ben-an.sqlite");
    const inPostgres = { ...fresh, DATABASE_URL: await emptyDatabase() };
    const halfFilled = "update meta set value = 'filling' where name = 'closed'";
    const people = "select count(*) as n from conversations";
    expect((await verb(fresh, `restore ${newer}`)).code).toBe(0);
    const here = new DatabaseSync(file);
    here.exec(halfFilled);
    here.close();
    expect((await verb(fresh, `restore ${older}`)).code).toBe(0);
    const restored = new DatabaseSync(file);
    expect(restored.prepare(people).get()?.n).toBe(1);
    restored.close();
    expect((await verb(inPostgres, `restore ${newer}`)).code).toBe(0);
    await sql(inPostgres.DATABASE_URL, halfFilled);
    expect((await verb(inPostgres, `restore ${older}`)).code).toBe(0);
    expect(Number((await sql(inPostgres.DATABASE_URL, people)).rows[0]?.n)).toBe(1);
  }, 60_000);

  it("is not overwritten by a move or a restore", async () => {
    const env = { DATA_DIR: folder() };
    const safe = folder();
    const token = await lived(env);
    await verb(env, `backup ${join(safe, "data")}`);
    const to = await emptyDatabase();
    const other = { ...env, DATABASE_URL: to };
    expect((await verb(other, `restore ${join(safe, "data")}`)).code).toBe(0);
    const inPostgres = await holdings(other, token);
    expect(inPostgres).toEqual(await holdings(env, token));
    expect(await verb(env, `move --to ${to}`)).toMatchObject({
      code: 1,
      said: expect.stringContaining("holds data already"),
    });
    expect(await verb(other, `restore ${join(safe, "data")}`)).toMatchObject({
      code: 1,
      said: expect.stringContaining("holds data already"),
    });

    // The drill from PostgreSQL: a backup, a new database, and all is there.
    expect((await verb(other, `backup ${join(safe, "from-postgres")}`)).code).toBe(0);
    const third = { ...env, DATABASE_URL: await emptyDatabase() };
    expect((await verb(third, `restore ${join(safe, "from-postgres")}`)).code).toBe(0);
    expect(await holdings(third, token)).toEqual(inPostgres);
  }, 60_000);
});
