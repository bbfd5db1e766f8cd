/** The house that is shaken: real PostgreSQL and Redis, a platform, two webs and two workers, and cables between them. */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cli } from "../machines.ts";
import { BotApiControl } from "../peers/bot-api/person.ts";
import { startBotApi } from "../peers/bot-api/server.ts";
import { freePort, type Server, startPostgres, startRedis } from "../servers.ts";
import { openWire, type Wire } from "./wire.ts";

const root = join(import.meta.dirname, "..", "..");

const children = new Set<ChildProcess>();
// Whatever way the run ends, nothing of it stays; a paused process too.
process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

/** As deploy/systemd does it (RestartSec): what ended by itself, because its database was away when it started, is started again. */
const RESTART_MS = 2_000;

/** Four processes start at the same moment, perhaps on a small and busy computer. */
const HEAL_MS = 120_000;

export interface Machine {
  readonly role: "web" | "worker";
  readonly port: number;
  /** Is a process running (perhaps asleep)? */
  isUp(): boolean;
  /** For how long it has been at work, in ms; 0 while it starts. */
  workingMs(): number;
  start(): void;
  signal(name: NodeJS.Signals): void;
}

export interface House {
  readonly machines: readonly Machine[];
  readonly postgres: Server;
  readonly redis: Server;
  readonly cables: { readonly front: Wire; readonly postgres: Wire; readonly redis: Wire };
  readonly control: BotApiControl;
  readonly publicUrl: string;
  readonly invite: string;
  /** Everything runs, is awake, and answers that it is ready. */
  heal(): Promise<void>;
  /** What the processes printed that was not in order. */
  said(): string;
  end(): Promise<void>;
}

/** `program`: what each machine runs, with its arguments. */
export async function buildHouse(program: readonly string[]): Promise<House> {
  const peer = await startBotApi({ port: 0 });
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const ports = [await freePort(), await freePort(), await freePort(), await freePort()];
  const cables = {
    front: await openWire(() => ports.slice(0, 2)),
    postgres: await openWire(() => [postgres.port]),
    redis: await openWire(() => [redis.port]),
  };
  const publicUrl = `http://127.0.0.1:${cables.front.port}`;
  const dataDir = mkdtempSync(join(tmpdir(), "ben-an-chaos-"));
  cli(["keys", "create"], { DATA_DIR: dataDir });
  let said = "";
  let isOver = false;
  const env = {
    PATH: process.env.PATH,
    // As `npm start` does: a process that died is there again sooner.
    NODE_COMPILE_CACHE: join(root, "node_modules/.cache/compile"),
    NODE_ENV: "test",
    LOG_LEVEL: "error",
    DATA_DIR: dataDir,
    PUBLIC_URL: publicUrl,
    DATABASE_URL: `postgres://bot@127.0.0.1:${cables.postgres.port}/bot`,
    REDIS_URL: `redis://127.0.0.1:${cables.redis.port}`,
    TELEGRAM_BOT_TOKEN: peer.token,
    TELEGRAM_API_ROOT: peer.url,
    TELEGRAM_WEBHOOK_SECRET: "a-secret-of-the-test",
    // Past the webs the faulty house needs the database itself.
    CHAOS_DATABASE_URL: postgres.url,
  };
  const machines = ports.map((port, i): Machine => {
    const role = i < 2 ? "web" : "worker";
    // The last one's clock is five minutes ahead.
    const shift = i === 3 ? { CHAOS_CLOCK_SHIFT_MS: "300000" } : {};
    let child: ChildProcess | undefined;
    let workingSince = 0;
    const isUp = () => child !== undefined && child.exitCode === null && child.signalCode === null;
    return {
      role,
      port,
      isUp,
      workingMs: () => (isUp() && workingSince > 0 ? Date.now() - workingSince : 0),
      start() {
        if (isUp()) return;
        workingSince = 0;
        child = spawn(process.execPath, ["--import", join(root, "test/chaos/shift-clock.ts"), ...program], {
          cwd: root,
          env: { ...env, ...shift, ROLE: role, PORT: String(port) },
          stdio: ["ignore", "pipe", "pipe"],
        });
        const started = child;
        children.add(started);
        started.once("exit", () => {
          children.delete(started);
          setTimeout(() => !isOver && this.start(), RESTART_MS);
        });
        for (const out of [child.stdout, child.stderr]) {
          out?.on("data", (piece: Buffer) => {
            const text = piece.toString("utf8");
            // The greeting comes when everything runs.
            if (child === started && /^ +health /m.test(text)) workingSince = Date.now();
            said = (said + text).slice(-200_000);
          });
        }
      },
      signal(name) {
        if (isUp()) child?.kill(name);
      },
    };
  });
  const house: House = {
    machines,
    postgres,
    redis,
    cables,
    control: new BotApiControl(peer.url),
    publicUrl,
    get invite() {
      return /#\/invite\/([\w-]+)/.exec(said)?.[1] ?? "";
    },
    async heal() {
      for (const cable of Object.values(cables)) cable.slow(0);
      for (const machine of machines) {
        machine.signal("SIGCONT");
        machine.start();
      }
      const states = new Map<number, string>();
      const isReady = async ({ port }: Machine) => {
        const asked = { signal: AbortSignal.timeout(5_000) };
        const answer = await fetch(`http://127.0.0.1:${port}/readyz`, asked).catch(() => null);
        states.set(port, answer ? await answer.text() : "no answer");
        return answer?.ok ?? false;
      };
      for (const endAt = Date.now() + HEAL_MS; ; await new Promise((resolve) => setTimeout(resolve, 300))) {
        if ((await Promise.all(machines.map(isReady))).every(Boolean)) return;
        if (Date.now() > endAt) throw new Error([...states].map((s) => s.join(" ")).join("\n"));
      }
    },
    said: () => said,
    async end() {
      isOver = true;
      for (const machine of machines) machine.signal("SIGKILL");
      await Promise.all(Object.values(cables).map((c) => c.close()));
      await Promise.all([postgres.end(), redis.end(), peer.close()]);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  try {
    machines[0]?.start();
    for (
      const endAt = Date.now() + HEAL_MS;
      house.invite === "";
      await new Promise((resolve) => setTimeout(resolve, 100))
    ) {
      if (Date.now() > endAt) throw new Error("the first machine does not start");
    }
    await house.heal();
    return house;
  } catch (error) {
    await house.end();
    throw new Error(`the house did not stand: ${(error as Error).message}\n${said}`);
  }
}
