/** Several processes of one installation on a real PostgreSQL and Redis, and a visitor whose calls land where a test says. */

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Running, startService } from "./running.ts";
import { freePort, type Server, startPostgres, startRedis } from "./servers.ts";

const root = join(import.meta.dirname, "..");

export interface Cluster {
  readonly postgres: Server;
  readonly redis: Server;
  /** As people reach it; the first web listens there. */
  readonly publicUrl: string;
  readonly webs: Running[];
  readonly workers: Running[];
  readonly invite: string;
  end(): Promise<void>;
}

/** Two webs and two workers; the key is made as an operator makes it, and lies on all machines. */
export async function startCluster(env: Record<string, string> = {}): Promise<Cluster> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const dataDir = mkdtempSync(join(tmpdir(), "ben-an-machines-"));
  const port = String(await freePort());
  const publicUrl = `http://127.0.0.1:${port}`;
  const shared = { DATABASE_URL: postgres.url, REDIS_URL: redis.url, PUBLIC_URL: publicUrl, ...env };
  cli(["keys", "create"], { DATA_DIR: dataDir });
  const first = await startService({ ...shared, PORT: port, ROLE: "web" }, dataDir);
  const others = await Promise.all(
    ["web", "worker", "worker"].map((ROLE) => startService({ ...shared, ROLE }, dataDir)),
  );
  const [second, ...workers] = others as [Running, ...Running[]];
  return {
    postgres,
    redis,
    publicUrl,
    webs: [first, second],
    workers,
    invite: first.invite ?? "",
    async end() {
      await Promise.all([first, ...others].map((one) => one.kill("SIGKILL")));
      await Promise.all([postgres.end(), redis.end()]);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Runs a verb of the command line to its end; throws with what it said when it fails. */
export function cli(args: readonly string[], env: Record<string, string>): string {
  return execFileSync(process.execPath, ["bot/cli.ts", ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, LOG_LEVEL: "error", ...env },
    encoding: "utf8",
  });
}

/** A call that hangs (its machine is paused, its cable was cut) is given up and made again, as browsers do. */
const patience = () => AbortSignal.timeout(10_000);

/** What a browser does when it is asked for an effort before a new conversation. */
export function searchNumber({ challenge, bits }: { challenge: string; bits: number }): number {
  const zeros = (n: number) =>
    Math.clz32(createHash("sha256").update(`${challenge}:${n}`).digest().readUInt32BE(0));
  let number = 0;
  while (zeros(number) < bits) number += 1;
  return number;
}

export interface Told {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A browser with its cookies; each call names the machine that it lands on. */
export class Visitor {
  readonly #origin: string;
  readonly #cookies = new Map<string, string>();
  readonly #from: Readonly<Record<string, string>>;

  /** `from`: the address that a proxy in front of the service saw. */
  constructor(publicUrl: string, from?: string) {
    this.#origin = publicUrl;
    this.#from = from === undefined ? {} : { "x-forwarded-for": from };
  }

  async post(at: string, path: string, body: unknown = {}): Promise<Told> {
    const headers = {
      "content-type": "application/json",
      "x-asked-by": "console",
      origin: this.#origin,
      ...this.#from,
      ...this.#cookie(),
    };
    return this.#told(
      await fetch(at + path, { method: "POST", headers, body: JSON.stringify(body), signal: patience() }),
    );
  }

  async get(at: string, path: string): Promise<Told> {
    return this.#told(await fetch(at + path, { headers: this.#cookie(), signal: patience() }));
  }

  /** Ids and kinds of what a live view brings until `count` of `event` came; then it hangs up. */
  async watch(
    at: string,
    path: string,
    event: string,
    count: number,
    lastId?: string,
  ): Promise<readonly { id: string; data: string }[]> {
    const hangUp = new AbortController();
    const late = setTimeout(() => hangUp.abort(), 15_000);
    const response = await fetch(at + path, {
      headers: { ...this.#cookie(), ...(lastId ? { "last-event-id": lastId } : {}) },
      signal: hangUp.signal,
    });
    const came: { id: string; data: string }[] = [];
    let text = "";
    const decoder = new TextDecoder();
    try {
      for await (const piece of response.body ?? []) {
        text += decoder.decode(piece, { stream: true });
        const blocks = text.split("\n\n");
        text = blocks.pop() ?? "";
        for (const block of blocks) {
          const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, "m").exec(block)?.[1] ?? "";
          if (field("event") === event) came.push({ id: field("id"), data: field("data") });
        }
        if (came.length >= count) break;
      }
    } catch (error) {
      if (!hangUp.signal.aborted) throw error;
    } finally {
      clearTimeout(late);
      hangUp.abort();
    }
    return came;
  }

  #cookie(): Record<string, string> {
    return { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ") };
  }

  async #told(response: Response): Promise<Told> {
    for (const line of response.headers.getSetCookie()) {
      const [name = "", value = ""] = (line.split(";")[0] ?? "").split("=");
      this.#cookies.set(name, value);
    }
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json");
    return {
      status: response.status,
      body: isJson ? (JSON.parse(text) as Record<string, unknown>) : { text },
    };
  }
}
