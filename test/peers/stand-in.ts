/** What the Zalo stand-ins share: an HTTP server on loopback, answers that go wrong on purpose, a movable clock. */

import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Json = Readonly<Record<string, unknown>>;

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** Aborted when the caller went away. */
  readonly gone: AbortSignal;
}

export interface Answer {
  readonly status?: number;
  readonly json: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The next fitting answer goes wrong. `isDone`: the call takes effect first, only its answer is lost. */
export interface Fault {
  /** "answer" gives `status` and `json` instead. */
  readonly fault: "answer" | "html" | "hang" | "cut";
  /** Only for paths that end in this. */
  readonly path: string;
  readonly status?: number;
  readonly json?: unknown;
  readonly times?: number;
  /** How many fitting calls go well before. */
  readonly after?: number;
  readonly isDone?: boolean;
}

/** One platform's play: its own calls, and the verbs of the test. */
export interface Play {
  answer(call: Call): Promise<Answer> | Answer;
  readonly verbs: Readonly<Record<string, (ask: Json) => unknown | Promise<unknown>>>;
  stop?(): void;
}

export interface StandIn {
  readonly url: string;
  close(): Promise<void>;
}

/** A clock that a test can move forward. */
export class MovableClock {
  #offsetMs = 0;
  now(): number {
    return Date.now() + this.#offsetMs;
  }
  advance(ms: number): void {
    this.#offsetMs += ms;
  }
}

/** A body as JSON; undefined: it is none. */
export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a test asks of every stand-in: its clock moved, and which rules were broken. */
export function commonVerbs(clock: MovableClock, violations: readonly string[]): Play["verbs"] {
  return {
    clock: (ask) => {
      clock.advance(Number(ask.advanceMs));
      return {};
    },
    violations: () => ({ violations }),
  };
}

/** Serves `play` on 127.0.0.1 (`port` 0: a free one). `POST /control/VERB` is the test's side. */
export async function serve(play: Play, port = 0): Promise<StandIn> {
  const faults: (Fault & { left: number; spared: number })[] = [];
  const verbs: Play["verbs"] = {
    ...play.verbs,
    fault(ask) {
      const fault = ask as unknown as Fault;
      faults.push({ ...fault, left: fault.times ?? 1, spared: fault.after ?? 0 });
      return {};
    },
  };
  const takeFault = (path: string): Fault | undefined => {
    const at = faults.findIndex((fault) => path.endsWith(fault.path));
    const fault = faults[at];
    if (!fault || fault.spared-- > 0) return undefined;
    fault.left -= 1;
    if (fault.left <= 0) faults.splice(at, 1);
    return fault;
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? "/", "http://peer");
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const call: Call = {
      method: request.method ?? "GET",
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers as Record<string, string | undefined>,
      body: Buffer.concat(chunks).toString("utf8"),
      gone: gone.signal,
    };
    const verb = /^\/control\/(\w+)$/.exec(call.path)?.[1];
    if (verb !== undefined) return reply(response, await controlled(verbs, verb, call.body));
    const fault = takeFault(call.path);
    if (fault && !fault.isDone) return misbehave(fault, response);
    const answer = await play.answer(call);
    return fault ? misbehave(fault, response) : reply(response, answer);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        play.stop?.();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The test's side of a stand-in at `root`, also when it is another process. */
export async function ask<T>(root: string, verb: string, body: Json = {}): Promise<T> {
  const response = await fetch(`${root}/control/${verb}`, { method: "POST", body: JSON.stringify(body) });
  const json = (await response.json()) as T & { error?: string };
  if (!response.ok) throw new Error(`${verb}: ${json.error ?? response.status}`);
  return json;
}

async function controlled(verbs: Play["verbs"], verb: string, body: string): Promise<Answer> {
  const run = verbs[verb];
  if (!run)
    return { status: 404, json: { error: `no verb ${verb}; there are ${Object.keys(verbs).join(", ")}` } };
  try {
    return { json: await run(body === "" ? {} : JSON.parse(body)) };
  } catch (error) {
    return { status: 422, json: { error: (error as Error).message } };
  }
}

function misbehave(fault: Fault, response: ServerResponse): void {
  if (fault.fault === "answer") {
    reply(response, { status: fault.status ?? 200, json: fault.json });
  } else if (fault.fault === "html") {
    response.writeHead(fault.status ?? 502, { "content-type": "text/html" });
    response.end("<html><body><h1>502 Bad Gateway</h1></body></html>");
  } else if (fault.fault === "cut") {
    response.destroy();
  }
  // "hang": no answer at all, until the caller goes away.
}

function reply(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status ?? 200, { "content-type": "application/json", ...answer.headers });
  response.end(JSON.stringify(answer.json ?? null));
}
