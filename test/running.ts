/** The whole service as its own process, as a newcomer starts it, on free ports and an empty data folder. */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./servers.ts";

const here = join(import.meta.dirname, "..");
const START_MS = 60_000;

export interface Running {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly dataDir: string;
  /** The one-time link's token, if this was a first start. */
  readonly invite: string | null;
  /** All that the process has printed so far. */
  output(): string;
  kill(signal: NodeJS.Signals): Promise<number | null>;
  /** Starts the same installation again (after a kill). */
  again(env?: Record<string, string>): Promise<Running>;
  /** Ends the process and removes the data. */
  remove(): Promise<void>;
}

/** `root`: where another build lies. */
export async function startService(
  env: Record<string, string> = {},
  dataDir = mkdtempSync(join(tmpdir(), "ben-an-run-")),
  root = here,
): Promise<Running> {
  const port = Number(env.PORT ?? (await freePort()));
  const child = spawn(process.execPath, ["bot/main.ts"], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: "test",
      LOG_LEVEL: "warn",
      PORT: String(port),
      DATA_DIR: dataDir,
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (piece) => {
    output += piece;
  });
  child.stderr.on("data", (piece) => {
    output += piece;
  });
  const url = `http://127.0.0.1:${port}`;
  await ready(url, child, () => output);
  return {
    url,
    port,
    pid: child.pid ?? 0,
    dataDir,
    invite: /#\/invite\/([\w-]+)/.exec(output)?.[1] ?? null,
    output: () => output,
    kill: (signal) => end(child, signal),
    again: (more = {}) => startService({ ...env, ...more, PORT: String(port) }, dataDir, root),
    async remove() {
      await end(child, "SIGKILL");
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function ready(url: string, child: ChildProcess, output: () => string): Promise<void> {
  const until = Date.now() + START_MS;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`the service ended at start:\n${output()}`);
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok && output().includes("channels")) return;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  child.kill("SIGKILL");
  throw new Error(`the service was not ready in ${START_MS} ms:\n${output()}`);
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once("exit", (code) => resolve(code));
    child.kill(signal);
  });
}

/** A member of staff at the console's API. */
export class StaffClient {
  readonly #url: string;
  #cookie = "";

  constructor(url: string) {
    this.#url = url;
  }

  static async first(service: Running, login = "quanly", alias = "Mai"): Promise<StaffClient> {
    const client = new StaffClient(service.url);
    await client.post("/api/staff/accept", {
      token: service.invite,
      login,
      alias,
      password: "mat-khau-thu-nghiem",
    });
    return client;
  }

  async post<T = Record<string, unknown>>(path: string, body: unknown = {}): Promise<T> {
    const response = await fetch(this.#url + path, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-asked-by": "console",
        origin: this.#url,
        cookie: this.#cookie,
      },
      body: JSON.stringify(body),
    });
    const cookie = response.headers
      .getSetCookie()
      .map((c) => c.split(";")[0])
      .join("; ");
    if (cookie) this.#cookie = cookie;
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async get<T = Record<string, unknown>>(path: string): Promise<T> {
    const response = await fetch(this.#url + path, { headers: { cookie: this.#cookie } });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async cases(): Promise<
    readonly { id: string; code: string; level: string; state: string; headline: string[] }[]
  > {
    return (
      await this.get<{
        cases: { id: string; code: string; level: string; state: string; headline: string[] }[];
      }>("/api/desk/cases?states=waiting,claimed")
    ).cases;
  }
}
