/** Real servers for tests, from Debian's packages: on free loopback ports, in a folder of their own, always ended. */

import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createConnection, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Server {
  readonly url: string;
  readonly port: number;
  /** All that it keeps on disk is below here. */
  readonly folder: string;
  /** Ends it at once (as a power cut does) or in order, and can be started again with the same data. */
  stop(how?: "kill" | "orderly"): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes its folder. */
  end(): Promise<void>;
}

const READY_MS = 30_000;

/** Why PostgreSQL can't be tested here; null: it can. */
export function postgresMissing(): string | null {
  return postgresFolder() ? null : "PostgreSQL is not installed (Debian: postgresql)";
}

/** Why Redis can't be tested here; null: it can. */
export function redisMissing(): string | null {
  return redisProgram() ? null : "Redis is not installed (Debian: redis-server or valkey-server)";
}

/** A PostgreSQL with one database `bot` and the superuser `bot`, without fsync unless `fsync` is given. */
export async function startPostgres(
  options: { fsync?: boolean; settings?: readonly string[] } = {},
): Promise<Server> {
  const programs = postgresFolder();
  if (!programs) throw new Error(postgresMissing() ?? "");
  const folder = ownFolder();
  const data = join(folder, "data");
  asOther([
    join(programs, "initdb"),
    "-D",
    data,
    "-U",
    "bot",
    "-A",
    "trust",
    "-E",
    "UTF8",
    "--no-sync",
    "--locale=C",
  ]);
  const port = await freePort();
  const settings = [
    `port=${port}`,
    "listen_addresses=127.0.0.1",
    `unix_socket_directories=${folder}`,
    `fsync=${options.fsync ? "on" : "off"}`,
    // In its own folder, so that nothing stays in /dev/shm when it is killed.
    "dynamic_shared_memory_type=mmap",
  ];
  const flags = [...settings, ...(options.settings ?? [])].flatMap((setting) => ["-c", setting]);
  const url = `postgres://bot@127.0.0.1:${port}/bot`;
  const server = serverOf({
    url,
    port,
    folder,
    command: otherUser([join(programs, "postgres"), "-D", data, ...flags]),
    orderly: "SIGINT",
    last: "SIGQUIT",
    // The socket opens before it takes connections; pg_isready knows.
    ready: () =>
      spawnSync(join(programs, "pg_isready"), ["-q", "-h", "127.0.0.1", "-p", String(port)]).status === 0,
  });
  await server.start();
  execFileSync(join(programs, "createdb"), ["-h", "127.0.0.1", "-p", String(port), "-U", "bot", "bot"]);
  return server;
}

/** A Redis without persistence. `settings`: further flags of its command line. */
export async function startRedis(settings: readonly string[] = []): Promise<Server> {
  const program = redisProgram();
  if (!program) throw new Error(redisMissing() ?? "");
  const folder = ownFolder();
  const port = await freePort();
  const flags = [
    "--port",
    String(port),
    "--bind",
    "127.0.0.1",
    "--save",
    "",
    "--appendonly",
    "no",
    "--dir",
    folder,
    ...settings,
  ];
  const server = serverOf({
    url: `redis://127.0.0.1:${port}`,
    port,
    folder,
    command: otherUser([program, ...flags]),
    orderly: "SIGTERM",
    last: "SIGKILL",
    ready: () => answers(port),
  });
  await server.start();
  return server;
}

/** Three Sentinels that watch a master and its copy, quick to notice. `url`: what REDIS_URL says then. */
export async function startSentinels(): Promise<{
  readonly url: string;
  /** As a power cut does. */
  killMaster(): Promise<void>;
  end(): Promise<void>;
}> {
  const program = redisProgram();
  if (!program) throw new Error(redisMissing() ?? "");
  const folder = ownFolder();
  const one = async (name: string, flags: (port: number) => readonly string[]): Promise<Server> => {
    const port = await freePort();
    const own = join(folder, name);
    mkdirSync(own);
    const other = otherAccount();
    const file = join(own, "settings.conf");
    // A Sentinel writes what it learns into its own file.
    const lines = [`port ${port}`, "bind 127.0.0.1", `dir ${own}`, ...flags(port)];
    writeFileSync(file, `${lines.join("\n")}\n`);
    if (other) for (const place of [own, file]) chownSync(place, other.uid, other.gid);
    const server = serverOf({
      url: `redis://127.0.0.1:${port}`,
      port,
      folder: own,
      command: otherUser([program, file, ...(name.startsWith("sentinel") ? ["--sentinel"] : [])]),
      orderly: "SIGTERM",
      last: "SIGKILL",
      ready: () => answers(port),
    });
    await server.start();
    return server;
  };
  const NO_FILES = ['save ""', "appendonly no"];
  const master = await one("master", () => NO_FILES);
  const copy = await one("copy", () => [...NO_FILES, `replicaof 127.0.0.1 ${master.port}`]);
  const sentinels: Server[] = [];
  for (const n of [1, 2, 3]) {
    const watch = [
      `sentinel monitor house 127.0.0.1 ${master.port} 2`,
      "sentinel down-after-milliseconds house 1000",
      "sentinel failover-timeout house 3000",
    ];
    sentinels.push(await one(`sentinel-${n}`, () => watch));
  }
  return {
    url: `redis+sentinel://${sentinels.map((s) => `127.0.0.1:${s.port}`).join(",")}/house`,
    killMaster: () => master.stop("kill"),
    async end() {
      await Promise.all([...sentinels, master, copy].map((s) => s.end()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Plan {
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  readonly command: readonly string[];
  readonly orderly: NodeJS.Signals;
  /** Ends it at once, but lets it clean up what the kernel keeps for it. */
  readonly last: NodeJS.Signals;
  ready(): boolean | Promise<boolean>;
}

const running = new Set<ChildProcess>();
// Whatever way the test process ends, nothing of it stays.
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

function serverOf(plan: Plan): Server {
  let child: ChildProcess | undefined;
  const stop = async (how: "kill" | "orderly" | "last" = "orderly") => {
    const ending = child;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = new Promise((resolve) => ending.once("exit", resolve));
    ending.kill(how === "kill" ? "SIGKILL" : plan[how]);
    await ended;
  };
  return {
    url: plan.url,
    port: plan.port,
    folder: plan.folder,
    stop,
    async start() {
      const [program = "", ...flags] = plan.command;
      const started = spawn(program, flags, { stdio: "ignore", cwd: plan.folder });
      child = started;
      running.add(started);
      started.once("exit", () => running.delete(started));
      await until(() => plan.ready(), `${program} to take connections`);
    },
    async end() {
      await stop("last");
      // After a kill its helpers end by themselves, a moment later.
      await until(() => removed(plan.folder), "the folder to be free");
    },
  };
}

function removed(folder: string): boolean {
  try {
    rmSync(folder, { recursive: true, force: true });
    return true;
  } catch {
    return false;
  }
}

/** Waits until it holds; fails after half a minute. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + READY_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Stands before a server and changes one thing that it says, to something of the same length: an older version, say. */
export async function saying(
  port: number,
  truth: string,
  instead: string,
): Promise<{ readonly port: number; end(): void }> {
  if (truth.length !== instead.length) throw new Error("both must have one length, or the protocol breaks");
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = createConnection({ port, host: "127.0.0.1" });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.on("data", (piece: Buffer) => {
      near.write(Buffer.from(piece.toString("latin1").replaceAll(truth, instead), "latin1"));
    });
  });
  const own = await freePort();
  await new Promise<void>((resolve) => server.listen(own, "127.0.0.1", resolve));
  return {
    port: own,
    end() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/**
 * A port that nothing listens on, from below those that the system hands out by itself (Linux from 32768): one of
 * those may be the near end of somebody's connection before the server that asked for it is up.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

function postgresFolder(): string | undefined {
  const root = "/usr/lib/postgresql";
  if (!existsSync(root)) return undefined;
  const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  return versions
    .map((version) => join(root, version, "bin"))
    .find((folder) => existsSync(join(folder, "initdb")));
}

function redisProgram(): string | undefined {
  return ["/usr/bin/redis-server", "/usr/bin/valkey-server"].find((program) => existsSync(program));
}

/** PostgreSQL refuses to run as root, so as root we run it as the account that its package made. */
function otherAccount(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const number = (flag: string) =>
    Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }).trim());
  return { uid: number("-u"), gid: number("-g") };
}

function otherUser(command: readonly string[]): readonly string[] {
  const other = otherAccount();
  if (!other) return command;
  return [
    "/usr/bin/setpriv",
    `--reuid=${other.uid}`,
    `--regid=${other.gid}`,
    "--clear-groups",
    "--",
    ...command,
  ];
}

function asOther(command: readonly string[]): void {
  const [program = "", ...flags] = otherUser(command);
  execFileSync(program, flags, { stdio: "pipe" });
}

function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "ben-an-server-"));
  chmodSync(folder, 0o700);
  const other = otherAccount();
  if (other) chownSync(folder, other.uid, other.gid);
  return folder;
}
