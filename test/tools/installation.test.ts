/** What a verb says where there is nothing to work on, or where it cannot work: sentences, no stack, and nothing is made. */

import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, expect, it } from "vitest";
import { assemble } from "../../bot/assemble.ts";
import { configFrom } from "../../bot/config.ts";
import { doctor } from "../../bot/tools/doctor.ts";
import { postgresMissing, startPostgres } from "../servers.ts";

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "ben-an-verbs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const OA = {
  ZALO_OA_ID: "1",
  ZALO_OA_APP_ID: "2",
  ZALO_OA_APP_SECRET: "secret",
  ZALO_OA_SECRET_KEY: "key",
  ZALO_OA_REFRESH_TOKEN: "token",
  PUBLIC_URL: "https://chat.example.org",
};

function verb(line: string, env: Record<string, string>) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["bot/cli.ts", ...line.split(" ")], {
    cwd: root,
    env: { PATH: process.env.PATH, ...env },
    encoding: "utf8",
    input: "",
  });
  return { status, said: stdout + stderr };
}

it("makes no installation: beside the service's own an empty one would look well", () => {
  const DATA_DIR = join(folder, "empty");
  mkdirSync(DATA_DIR);
  for (const line of [
    "keys show-id",
    `keys backup ${folder}/copy`,
    `backup ${folder}/backup`,
    "move --to postgres://bot@127.0.0.1:1/bot",
    "requests",
    "password-link mai",
    `content export --to ${folder}/texts`,
    `content import --from ${root}`,
    "zalo pin",
    "doctor",
  ]) {
    const { status, said } = verb(line, { DATA_DIR, ...(line.startsWith("zalo") ? OA : {}) });
    expect(said, line).toContain(`There is no installation in ${DATA_DIR}`);
    expect(said, line).toContain("deploy/cli");
    expect(said, line).not.toMatch(/^ {4}at /m);
    if (line !== "doctor") expect(status, line).toBe(1);
    expect(readdirSync(DATA_DIR), line).toEqual([]);
  }
  expect(readdirSync(folder)).toEqual(["empty"]);
}, 60_000);

it.skipIf(postgresMissing())(
  "makes none in an empty PostgreSQL either, where a slip in DATABASE_URL leads",
  async () => {
    const server = await startPostgres();
    try {
      const env = {
        DATA_DIR: join(folder, "none"),
        MASTER_KEY: Buffer.alloc(32, 3).toString("base64"),
        DATABASE_URL: server.url,
      };
      for (const line of ["requests", "password-link mai", `backup ${folder}/backup`, "doctor"]) {
        const { status, said } = verb(line, env);
        expect(said, line).toContain("There is no installation in the database that DATABASE_URL names");
        expect(said, line).not.toMatch(/^ {4}at /m);
        if (line !== "doctor") expect(status, line).toBe(1);
      }
      const client = new pg.Client({ connectionString: server.url });
      await client.connect();
      const { rows } = await client.query("select tablename from pg_tables where schemaname = 'public'");
      await client.end();
      expect(rows).toEqual([]);
    } finally {
      await server.end();
    }
  },
  90_000,
);

it("gives the only administrator a way back, beside the running service, and says whom it does not know", async () => {
  const DATA_DIR = join(folder, "forgotten");
  const config = configFrom({ DATA_DIR, PUBLIC_URL: "https://chat.example.org" });
  if (!config.ok) throw new Error(config.faults.join());
  const service = await assemble(config.config, { log: () => {} });
  const { accounts } = service.services;
  const boss = { login: "boss", alias: "Boss", password: "a long password of hers" };
  expect((await accounts.accept((await accounts.firstLink()) ?? "", boss)).ok).toBe(true);
  const env = { DATA_DIR, PUBLIC_URL: "https://chat.example.org" };
  expect(verb("password-link nobody", env)).toMatchObject({
    status: 1,
    said: expect.stringContaining("nobody signs in as nobody"),
  });
  expect(verb("password-link", env).status).toBe(2);
  const { status, said } = verb("password-link Boss", env);
  expect(status).toBe(0);
  const [, token] = /^https:\/\/chat\.example\.org\/console\/#\/password\/(\S+)\n$/.exec(said) ?? [];
  expect((await accounts.setPassword(token ?? "", "another long password")).ok).toBe(true);
  await service.stop();
}, 60_000);

it("says in a sentence what keeps it from working, without a stack", () => {
  const MASTER_KEY = Buffer.alloc(32, 3).toString("base64");
  const away = { DATA_DIR: folder, MASTER_KEY, DATABASE_URL: "postgres://bot@127.0.0.1:1/bot" };
  for (const line of ["requests", `content export --to ${folder}/texts`, "zalo pin", `backup ${folder}/b`]) {
    const { status, said } = verb(line, { ...away, ...(line.startsWith("zalo") ? OA : {}) });
    expect(said, line).toMatch(/^PostgreSQL at 127\.0\.0\.1:1 can't be reached/);
    expect(said.trim().split("\n"), line).toHaveLength(1);
    expect(status, line).toBe(1);
  }
  expect(verb(`move --to foo`, { DATA_DIR: folder }).said).not.toContain("DATABASE_URL must");
  expect(verb("--help", {})).toMatchObject({ status: 0, said: expect.stringContaining("doctor") });
}, 60_000);

it("exports to no folder that cannot be written, and copies no key where a stick is missing", async () => {
  const DATA_DIR = join(folder, "data");
  const config = configFrom({ DATA_DIR });
  if (!config.ok) throw new Error(config.faults.join());
  await (await assemble(config.config, { log: () => {} })).stop();
  const exported = verb("content export --to /proc/texts", { DATA_DIR });
  expect(exported).toMatchObject({ status: 1, said: expect.stringContaining("can't be written (ENOENT)") });
  expect(exported.said).not.toMatch(/^ {4}at /m);
  expect(verb(`keys backup ${folder}/stick/key`, { DATA_DIR })).toMatchObject({
    status: 1,
    said: expect.stringContaining("is the stick mounted?"),
  });

  chmodSync(join(DATA_DIR, "master.key"), 0o644);
  const said: string[] = [];
  expect(await doctor(config, [], (line) => void said.push(line))).toBe(0);
  expect(said.join("\n")).toContain(`chmod 600 ${DATA_DIR}/master.key`);
  // A slip of the pen is not "nothing to apply".
  expect(await doctor(config, ["--appply"], (line) => void said.push(line))).toBe(2);
  expect(said.at(-1)).toContain("--appply");
}, 60_000);
