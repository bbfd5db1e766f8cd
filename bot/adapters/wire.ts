/** What every platform adapter needs of the wire: why a request failed, without its address; comparing secrets. */

import { createHash, timingSafeEqual } from "node:crypto";

/**
 * unreached: the request certainly did not arrive. cut: the connection broke after it was made, so it may have.
 * timeout: no answer in time, so it may have. stopped: we gave up ourselves.
 */
export type Failure = "unreached" | "cut" | "timeout" | "stopped";

/** Connections that were never made: sending again cannot double anything. */
const UNREACHED: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

/** Reads an error of node's fetch. Nothing else of it may be kept: it can quote the address, which may hold a token. */
export function failureOf(error: unknown): "unreached" | "cut" {
  const codes = codesOf(error instanceof Error ? error.cause : undefined);
  return codes.every((code) => UNREACHED.has(code)) ? "unreached" : "cut";
}

/** A host with several addresses fails with one error for each. */
function codesOf(cause: unknown): readonly string[] {
  if (cause instanceof AggregateError && cause.errors.length > 0) return cause.errors.flatMap(codesOf);
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return [typeof code === "string" ? code : "unknown"];
}

export interface Ask {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  /** Gives up early ("stopped"). */
  readonly signal?: AbortSignal;
}

export type Reply =
  | { readonly ok: true; readonly status: number; readonly json: unknown; readonly headers: Headers }
  | { readonly ok: false; readonly failure: Failure };

/** POSTs and reads JSON. `json` is undefined when the answer is not JSON. Throws nothing, follows no redirect. */
export async function post(ask: Ask): Promise<Reply> {
  const limit = AbortSignal.timeout(ask.timeoutMs);
  const signal = ask.signal ? AbortSignal.any([limit, ask.signal]) : limit;
  try {
    const { url, headers, body } = ask;
    const response = await fetch(url, { method: "POST", headers, body, signal, redirect: "error" });
    return {
      ok: true,
      status: response.status,
      json: parse(await response.text()),
      headers: response.headers,
    };
  } catch (error) {
    if (ask.signal?.aborted) return { ok: false, failure: "stopped" };
    return { ok: false, failure: limit.aborted ? "timeout" : failureOf(error) };
  }
}

/** Whether two secrets are equal, in a time that tells nothing about where they differ. */
export function isSameSecret(got: string, want: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(got), digest(want));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
