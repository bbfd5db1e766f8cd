/** What every platform adapter needs of the wire: one request and its answer, why it failed, comparing secrets. */

import { createHash, timingSafeEqual } from "node:crypto";
import {
  type ClientRequest,
  Agent as HttpAgent,
  type IncomingHttpHeaders,
  request as overHttp,
} from "node:http";
import { Agent as HttpsAgent, request as overHttps } from "node:https";
import type { Socket } from "node:net";

/**
 * unreached: the request certainly did not arrive. cut: the connection broke after it was made, so it may have.
 * timeout: no answer in time, so it may have. stopped: we gave up ourselves.
 */
export type Failure = "unreached" | "cut" | "timeout" | "stopped";

/** How long an idle connection is used again. Longer, and whatever lies between may have dropped it without a word. */
const IDLE_MS = 4_000;
const CONNECT_MS = 10_000;
/** A safety text may come twice, so it waits for an answer only for this part of the usual time, and is sent again. */
export const HURRY = 0.4;

// Node's client and not its fetch, which costs several times as much, in time and in garbage, for each message sent.
const KEPT = {
  keepAlive: true,
  timeout: IDLE_MS,
  ...(process.env.NODE_USE_ENV_PROXY === "1" ? { proxyEnv: process.env } : {}),
};
const plainAgent = new HttpAgent(KEPT);
const secureAgent = new HttpsAgent(KEPT);

/** What we need of an AbortSignal; grammY's is not Node's. */
export interface StopSignal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

export interface Letter {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Without it `signal` alone ends the wait. */
  readonly timeoutMs?: number;
  /** Gives up early ("stopped", if the request may have arrived). */
  readonly signal?: StopSignal;
}

export type Answer =
  | {
      readonly ok: true;
      readonly status: number;
      readonly text: string;
      readonly headers: IncomingHttpHeaders;
    }
  | { readonly ok: false; readonly failure: Failure };

/**
 * POSTs and reads the answer whole. Throws nothing and keeps nothing of an error, which could quote the address, and with
 * it a token. Follows no redirect: one counts as cut.
 */
export function exchange({ url, headers, body, timeoutMs, signal }: Letter): Promise<Answer> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve({ ok: false, failure: "stopped" });
    const timers: NodeJS.Timeout[] = [];
    let asked: ClientRequest | undefined;
    let reached = false;
    const end = (answer: Answer) => {
      for (const timer of timers) clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      resolve(answer);
      if (!answer.ok) asked?.destroy();
    };
    const fail = (failure: Failure) => end({ ok: false, failure: reached ? failure : "unreached" });
    const stop = () => fail("stopped");
    const broken = () => fail("cut");
    signal?.addEventListener("abort", stop);
    if (timeoutMs !== undefined) timers.push(setTimeout(() => fail("timeout"), timeoutMs));
    try {
      asked = begin(url, headers, body);
    } catch {
      return fail("unreached");
    }
    // Also after the end: an error that nobody hears ends the process.
    asked.on("error", broken);
    asked.once("socket", (socket: Socket) => {
      reached = !socket.connecting;
      if (reached) return;
      const connecting = setTimeout(() => fail("unreached"), CONNECT_MS);
      timers.push(connecting);
      // Nothing of ours leaves before the other side has shown its certificate.
      socket.once("encrypted" in socket ? "secureConnect" : "connect", () => {
        reached = true;
        clearTimeout(connecting);
      });
    });
    asked.once("response", (response) => {
      const status = response.statusCode ?? 0;
      if (status >= 300 && status < 400) return fail("cut");
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("error", broken);
      response.once("end", () =>
        end({ ok: true, status, text: Buffer.concat(pieces).toString("utf8"), headers: response.headers }),
      );
    });
  });
}

function begin(url: string, headers: Letter["headers"], body: string): ClientRequest {
  const secure = url.startsWith("https:");
  const options = { method: "POST", headers: { ...headers, "content-length": Buffer.byteLength(body) } };
  const asked = secure
    ? overHttps(url, { ...options, agent: secureAgent })
    : overHttp(url, { ...options, agent: plainAgent });
  asked.end(body);
  return asked;
}

export type Reply =
  | {
      readonly ok: true;
      readonly status: number;
      readonly json: unknown;
      readonly headers: IncomingHttpHeaders;
    }
  | { readonly ok: false; readonly failure: Failure };

/** The same, reading JSON. `json` is undefined when the answer is not JSON. */
export async function post(letter: Letter & { readonly timeoutMs: number }): Promise<Reply> {
  const answer = await exchange(letter);
  if (!answer.ok) return answer;
  const { status, text, headers } = answer;
  return { ok: true, status, json: parse(text), headers };
}

/** Whether two secrets are equal, in a time that tells nothing about where they differ. */
export function isSameSecret(got: string, want: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(got), digest(want));
}

/** The JSON of a webhook's bytes; undefined: it is none, or not UTF-8. */
export function jsonOf(body: Uint8Array): unknown {
  try {
    return parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
