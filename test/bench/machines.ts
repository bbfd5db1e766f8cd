/**
 * `npm run bench:machines [-- --quick]`: the whole path on SQLite, and on PostgreSQL and Redis with one and with two
 * processes of each role, beside a bare grammY echo and beside @grammyjs/conversations, both with their sessions in the
 * same Redis; claims of cases beside BullMQ; then cost, memory and bytes beside many stored conversations. All in turn in
 * one run, as medians and ratios, every write of ours on disk before it is answered. Takes about 8 minutes; `--quick` two.
 * `--part path,claims,stored` measures some of it; `stored-sqlite` and `stored-postgres` one store only.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import pg from "pg";
import { openWire, type Wire } from "../chaos/wire.ts";
import { cli } from "../machines.ts";
import { type Running, startService } from "../running.ts";
import { freePort, startPostgres, startRedis } from "../servers.ts";
import { bullClaims, ourClaims } from "./claims.ts";
import { type BareBot, Contender, inTurn, load, SECRET, startBare } from "./contenders.ts";
import { type Filled, fill } from "./filling.ts";
import { fsyncRate, machine, median, parentOf, ratio, rssMb, say, treeCpuMs } from "./measure.ts";
import { startPlatform } from "./platform.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    part: { type: "string", default: "path,claims,stored" },
  },
});
const parts = new Set(values.part.split(","));
const SIZE = values.quick
  ? { rounds: 2, warmUps: 1, chats: 32, turns: 8, pairs: 300, stored: [500, 20_000] }
  : { rounds: 3, warmUps: 2, chats: 64, turns: 16, pairs: 1_500, stored: [1_000, 100_000, 1_000_000] };
/** Turns of the conversations that are copied: what most people leave is short. */
const MODEL_TURNS = 2;

const folder = mkdtempSync(join(tmpdir(), "ben-an-bench-"));
const [platform, postgres, redis] = await Promise.all([
  startPlatform(),
  // Room between checkpoints, as whoever runs a million conversations gives it; fsync on.
  startPostgres({ fsync: true, settings: ["max_wal_size=8GB", "track_wal_io_timing=on"] }),
  startRedis(),
]);
const services: Running[] = [];
const bots: BareBot[] = [];
let front: Wire | undefined;
try {
  await everything();
} finally {
  for (const bot of bots) bot.end();
  await front?.close();
  await Promise.all(services.map((one) => one.remove()));
  await Promise.all([platform.close(), postgres.end(), redis.end()]);
  rmSync(folder, { recursive: true, force: true });
}

async function everything(): Promise<void> {
  say(machine());
  say(`the disk: ${fsyncRate(folder)} fsyncs/s, one after the other`);
  const embedded = await start({}, join(folder, "one"));
  const many = join(folder, "many");
  cli(["keys", "create"], { DATA_DIR: many });
  const role = (ROLE: "web" | "worker") =>
    start({ DATABASE_URL: postgres.url, REDIS_URL: redis.url, ROLE }, many);
  const [web, worker] = [await role("web"), await role("worker")];
  const sqlite = new Contender("SQLite, one process", hook(embedded), [embedded.pid]);
  const pair = new Contender("PostgreSQL + Redis, 1+1", hook(web), [web.pid, worker.pid]);
  if (parts.has("path")) {
    await wholePath(sqlite, pair, async () => {
      const more = [await role("web"), await role("worker")];
      front = await openWire(() => [web.port, more[0]?.port ?? 0]);
      return {
        url: `http://127.0.0.1:${front.port}/hooks/telegram`,
        pids: more.map((one) => one.pid),
        end: () => Promise.all(more.map((one) => one.remove())),
      };
    });
  }
  if (parts.has("claims")) await claims();
  const storedIn = (name: string) => parts.has("stored") || parts.has(`stored-${name}`);
  if (storedIn("sqlite") || storedIn("postgres"))
    say(`\nbeside stored conversations (each: key, state, ${MODEL_TURNS} turns of transcript)`);
  if (storedIn("postgres")) await besideMany(pair.name, [web, worker], { url: postgres.url });
  if (storedIn("sqlite"))
    await besideMany(sqlite.name, [embedded], { file: join(folder, "one", "ben-an.sqlite") });
  say(`\n${machine()}`);
}

interface Second {
  readonly url: string;
  readonly pids: readonly number[];
  end(): Promise<unknown>;
}

async function wholePath(
  sqlite: Contender,
  pair: Contender,
  startSecond: () => Promise<Second>,
): Promise<void> {
  const bare = (kind: string) => startBare("echo-redis.ts", [platform.url, redis.url, SECRET, kind]);
  bots.push(await bare("--echo"), await bare("--conversations"));
  const [echo, talk] = ["bare grammY echo", "@grammyjs/conversations"].map(
    (name, i) => new Contender(name, bots[i]?.url ?? "", [bots[i]?.pid ?? 0]),
  ) as [Contender, Contender];
  say(`\nthe whole path (${SIZE.chats} chats at a time, ${SIZE.turns} turns each, ${SIZE.rounds} rounds)`);
  await compare([sqlite, pair], echo, talk);
  const second = await startSecond();
  const two = new Contender("PostgreSQL + Redis, 2+2", second.url, [...pair.pids, ...second.pids]);
  const again = (one: Contender) => new Contender(one.name, one.webhook, one.pids);
  await compare([two], again(echo), again(talk));
  await second.end();
}

async function start(env: Record<string, string>, dataDir: string): Promise<Running> {
  const port = String(await freePort());
  const platformOf = { TELEGRAM_BOT_TOKEN: "1:bench", TELEGRAM_API_ROOT: platform.url };
  const own = { PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}`, LOG_LEVEL: "error" };
  const service = await startService(
    { ...platformOf, ...own, TELEGRAM_WEBHOOK_SECRET: SECRET, ...env },
    dataDir,
  );
  services.push(service);
  return service;
}

function hook(of: Running): string {
  return `${of.url}/hooks/telegram`;
}

async function compare(ours: readonly Contender[], echo: Contender, talk: Contender): Promise<void> {
  await inTurn(platform, [...ours, echo, talk], SIZE);
  for (const one of [...ours, echo, talk]) say(`  ${one.line()}`);
  for (const one of ours) {
    say(`  ${one.against(echo)}   (aim 0.8)`);
    say(`  ${one.against(talk)}   (aim 5)`);
  }
}

async function claims(): Promise<void> {
  const flushing = await startRedis(["--appendonly", "yes", "--appendfsync", "always"]);
  const ours = await ourClaims(postgres.url);
  const theirs = await bullClaims(redis.url, "BullMQ, Redis in memory");
  const onDisk = await bullClaims(flushing.url, "BullMQ, Redis on disk (fsync always)");
  const rates = new Map([ours, theirs, onDisk].map((one) => [one, [] as number[]]));
  const [began, took] = [await ours.flushes?.(), { ms: 0, pairs: 0 }];
  for (let n = 0; n <= SIZE.rounds; n += 1)
    for (const [one, all] of rates) {
      const rate = await one.round(SIZE.pairs);
      if (n > 0) all.push(rate);
      if (one === ours) took.ms += (SIZE.pairs / rate) * 1_000;
      if (one === ours) took.pairs += SIZE.pairs;
    }
  const ended = await ours.flushes?.();
  say("\nclaiming one of the most urgent cases and giving it back (16 counsellors at a time)");
  for (const [{ name }, all] of rates)
    say(`  ${name.padEnd(38)}${median(all).toFixed(0).padStart(6)} a second`);
  if (began && ended) {
    const [n, ms] = [ended.n - began.n, ended.ms - began.ms];
    const share = `${Math.round((100 * ms) / took.ms)} % of the time`;
    say(
      `  of ours, the disk was flushing ${share}: ${(ms / n).toFixed(2)} ms for each ${(took.pairs / n).toFixed(1)} pairs`,
    );
  }
  for (const [other, aim] of [
    [theirs, "   (aim 1)"],
    [onDisk, ""],
  ] as const) {
    const against = ratio(rates.get(ours) ?? [], rates.get(other) ?? []).toFixed(2);
    say(`  ${`${ours.name} / ${other.name}`.padEnd(64)} ${against}${aim}`);
  }
  await Promise.all([ours.close(), theirs.close(), onDisk.close()]);
  await flushing.end();
}

async function besideMany(
  name: string,
  running: readonly Running[],
  where: { url: string } | { file: string },
): Promise<void> {
  let now = running;
  let before: Filled | undefined;
  for (const stored of SIZE.stored) {
    const here = () =>
      new Contender(
        name,
        hook(now[0] as Running),
        now.map((one) => one.pid),
      );
    if (before === undefined) await load(platform, here(), SIZE.chats, MODEL_TURNS);
    now = await filled(now, where, stored, (got) => {
      if (before && got.conversations > before.conversations) {
        const each = (got.bytes - before.bytes) / (got.conversations - before.conversations);
        say(`  ${name}: ${Math.round(each)} bytes on disk for each conversation`);
      }
      before = got;
    });
    const one = here();
    const database = "url" in where ? await serverOf(where.url) : null;
    const used = () => (database === null ? 0 : treeCpuMs(database));
    const server: number[] = [];
    for (let n = 0; n < 1 + SIZE.rounds; n += 1) {
      const started = used();
      const round = await load(platform, one, SIZE.chats, SIZE.turns);
      if (n === 0) continue;
      one.rounds.push(round);
      server.push((used() - started) / (SIZE.chats * SIZE.turns));
    }
    const memory = now.map((each) => `${rssMb(each.pid).toFixed(0)} MB`).join(" + ");
    const beside = database === null ? "" : `, the server ${median(server).toFixed(2)} ms`;
    say(`  ${String(before?.conversations).padStart(9)} stored  ${one.line()}${beside}, memory ${memory}`);
  }
}

/** SQLite's file is filled while nobody has it open, so the process begins anew; PostgreSQL is filled beside the work. */
async function filled(
  running: readonly Running[],
  where: { url: string } | { file: string },
  stored: number,
  tell: (got: Filled) => void,
): Promise<readonly Running[]> {
  if ("url" in where) {
    tell(await fill(where, stored));
    return running;
  }
  await Promise.all(running.map((one) => one.kill("SIGTERM")));
  tell(await fill(where, stored));
  const again = await Promise.all(running.map((one) => one.again()));
  services.push(...again);
  return again;
}

/** The first process of the PostgreSQL server that answers here. */
async function serverOf(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const backend = Number((await client.query("select pg_backend_pid() as pid")).rows[0]?.pid);
  const root = parentOf(backend);
  await client.end();
  return root;
}
