/**
 * `npm run bench:machines [-- --rounds 3 --chats 32 --turns 10 --stored 20000]`: the whole path on SQLite, on PostgreSQL and
 * Redis with one and with two processes of each role, beside a bare grammY echo with sessions in Redis, in one run and in
 * turn, as medians and ratios; then memory, bytes and cost per turn beside many stored conversations; and the disk's limit.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import pg from "pg";
import { openWire } from "../chaos/wire.ts";
import { cli } from "../machines.ts";
import { type Running, startService } from "../running.ts";
import { freePort, startPostgres, startRedis } from "../servers.ts";
import { startPlatform } from "./platform.ts";

const number = (standard: string) => ({ type: "string", default: standard }) as const;
const { values } = parseArgs({
  options: { rounds: number("3"), chats: number("32"), turns: number("10"), stored: number("20000") },
});
const [ROUNDS, CHATS, TURNS, STORED] = [values.rounds, values.chats, values.turns, values.stored].map(
  Number,
) as [number, number, number, number];
const SECRET = "a-secret-of-the-bench";
const WORDS = [
  "alo",
  "có",
  "5",
  "cấm tiếp xúc là gì",
  "menu",
  "4",
  "gọi số nào",
  "bị chồng đánh thì báo ở đâu",
];

const say = (line: string) => process.stdout.write(`${line}\n`);
const median = (all: readonly number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;

const folder = mkdtempSync(join(tmpdir(), "ben-an-bench-"));
const [platform, postgres, redis] = await Promise.all([
  startPlatform(),
  startPostgres({ fsync: true }),
  startRedis(),
]);
const running: Running[] = [];
let echo: ChildProcess | undefined;
let chat = 1_000_000;
try {
  await everything();
} finally {
  echo?.kill("SIGKILL");
  await Promise.all(running.map((r) => r.remove()));
  await Promise.all([platform.close(), postgres.end(), redis.end()]);
  rmSync(folder, { recursive: true, force: true });
}

interface Contender {
  readonly name: string;
  readonly url: string;
  readonly rates: number[];
}

async function everything(): Promise<void> {
  say(`disk                      ${fsyncRate()} fsyncs/s one after the other`);
  const channel = {
    LOG_LEVEL: "error",
    TELEGRAM_BOT_TOKEN: "1:bench",
    TELEGRAM_API_ROOT: platform.url,
    TELEGRAM_WEBHOOK_SECRET: SECRET,
  };
  const start = async (env: Record<string, string>, dataDir: string) => {
    const port = String(await freePort());
    const service = await startService(
      { ...channel, PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}`, ...env },
      dataDir,
    );
    running.push(service);
    return service;
  };
  const many = join(folder, "many");
  cli(["keys", "create"], { DATA_DIR: many });
  const apart = { DATABASE_URL: postgres.url, REDIS_URL: redis.url };
  const embedded = await start({}, join(folder, "one"));
  const [web, worker] = [
    await start({ ...apart, ROLE: "web" }, many),
    await start({ ...apart, ROLE: "worker" }, many),
  ];
  const bare = await startEcho();
  const one: Contender[] = [
    { name: "SQLite, one process", url: `${embedded.url}/hooks/telegram`, rates: [] },
    { name: "PostgreSQL + Redis, 1+1", url: `${web.url}/hooks/telegram`, rates: [] },
    { name: "bare grammY echo, Redis", url: bare, rates: [] },
  ];
  await inTurn(one);
  const [web2] = await Promise.all([
    start({ ...apart, ROLE: "web" }, many),
    start({ ...apart, ROLE: "worker" }, many),
  ]);
  const front = await openWire(() => [web.port, web2.port]);
  const two: Contender = {
    name: "PostgreSQL + Redis, 2+2",
    url: `http://127.0.0.1:${front.port}/hooks/telegram`,
    rates: [],
  };
  const again: Contender = { name: "bare grammY echo, again", url: bare, rates: [] };
  await inTurn([two, again]);
  const all = [...one, two, again];
  for (const { name, rates } of all) say(`${name.padEnd(26)}${median(rates).toFixed(0)} turns/s`);
  const against = (ours: Contender | undefined, theirs: Contender | undefined) =>
    median((ours?.rates ?? []).map((rate, i) => rate / (theirs?.rates[i] ?? 1))).toFixed(2);
  say(`ratio SQLite / echo       ${against(one[0], one[2])}`);
  say(`ratio 1+1 / echo          ${against(one[1], one[2])}`);
  say(`ratio 2+2 / echo          ${against(two, again)}`);
  await besideMany(two, web, worker);
  await front.close();
}

/** One round of each, again and again, so that a busy minute of the computer meets all of them; the first only warms up. */
async function inTurn(contenders: readonly Contender[]): Promise<void> {
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const { url, rates } of contenders) {
      const rate = await load(url);
      if (round > 0) rates.push(rate);
    }
  }
}

/** Every chat writes its next message when the answer to the last one has come. Turns a second. */
async function load(url: string): Promise<number> {
  platform.aim(url, SECRET);
  chat += 1_000;
  const first = chat;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: CHATS }, async (_, i) => {
      for (let n = 0; n < TURNS; n += 1) await platform.turn(first + i, WORDS[n % WORDS.length] ?? "alo");
    }),
  );
  return ((CHATS * TURNS) / (performance.now() - started)) * 1_000;
}

/** Copies of the conversations that are there, quiet ones: what a year leaves behind. */
async function besideMany(two: Contender, web: Running, worker: Running): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  const size = async () =>
    Number((await client.query("select pg_database_size('bot')::float8 as n")).rows[0]?.n);
  const memory = async (of: Running) =>
    Number(
      /^process_resident_memory_bytes (\S+)/m.exec(await (await fetch(`${of.url}/metrics`)).text())?.[1] ?? 0,
    ) /
    2 ** 20;
  const tell = async (stored: string, rate: number) =>
    say(
      `${stored.padStart(9)} stored          ${rate.toFixed(0)} turns/s, web ${(await memory(web)).toFixed(0)} MB, worker ${(await memory(worker)).toFixed(0)} MB`,
    );
  const here = Number((await client.query("select count(*)::int as n from conversations")).rows[0]?.n);
  await tell(String(here), median(two.rates));
  const before = await size();
  const copies = Math.max(1, Math.ceil(STORED / here));
  const id = "c.id || '-' || g";
  const from = `from TABLE t join conversations c on c.id = t.conversation_id cross join generate_series(1, ${copies}) g`;
  const copied = async (
    table: string,
    columns: readonly string[],
    change: Readonly<Record<string, string>>,
  ) => {
    const source = columns.map((c) => change[c] ?? `t.${c}`).join(", ");
    await client.query(
      `insert into ${table} (${columns.join(", ")}) select ${source} ${from.replace("TABLE", table)} where position('-' in t.conversation_id) = 0`,
    );
  };
  const columnsOf = async (table: string, without: readonly string[] = []) =>
    (
      await client.query(
        "select column_name as c from information_schema.columns where table_name = $1 order by ordinal_position",
        [table],
      )
    ).rows
      .map((r) => String(r.c))
      .filter((c) => !without.includes(c));
  for (const table of ["keys", "states", "messages", "timers"]) {
    await copied(table, await columnsOf(table, table === "keys" ? ["n"] : []), {
      conversation_id: id,
      id: "t.id || '-' || g",
      due_at: "t.due_at + 86400000",
    });
  }
  const columns = await columnsOf("conversations");
  const source = columns
    .map((c) => ({ id, pseudonym: "c.pseudonym || '-' || g", waiting_since: "null" })[c] ?? `c.${c}`)
    .join(", ");
  await client.query(
    `insert into conversations (${columns.join(", ")}) select ${source} from conversations c cross join generate_series(1, ${copies}) g where position('-' in c.id) = 0`,
  );
  await client.query("vacuum analyze");
  const now = Number((await client.query("select count(*)::int as n from conversations")).rows[0]?.n);
  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) rates.push(await load(two.url));
  await tell(String(now), median(rates.slice(1)));
  say(
    `bytes per conversation    ${Math.round(((await size()) - before) / (now - here))} on PostgreSQL's disk (${TURNS} turns each)`,
  );
  await client.end();
}

async function startEcho(): Promise<string> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, "echo-redis.ts"), platform.url, redis.url, SECRET],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  echo = child;
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (piece) => {
      const found = /PORT (\d+)/.exec(String(piece))?.[1];
      if (found) resolve(found);
    });
    child.once("exit", () => reject(new Error("the echo bot ended")));
  });
  return `http://127.0.0.1:${port}/`;
}

function fsyncRate(): number {
  const handle = openSync(join(folder, "fsync"), "w");
  const page = Buffer.alloc(4_096);
  let n = 0;
  const started = performance.now();
  for (; performance.now() - started < 1_000; n += 1) {
    writeSync(handle, page, 0, page.length, 0);
    fdatasyncSync(handle);
  }
  closeSync(handle);
  return n;
}
