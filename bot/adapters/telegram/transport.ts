/** How grammY reaches Telegram: failures become words that hold no address, because the address holds the token. */

import { type Failure, failureOf } from "../wire.ts";

export class TransportError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    // Nothing of the cause is kept: node's fetch errors may quote the address.
    super(`telegram: ${failure}`);
    this.name = "TransportError";
    this.failure = failure;
  }
}

/**
 * A fetch for grammY. Node's own, because it tells a connection that was never made (safe to send again)
 * from a time-out in the middle; grammY's node-fetch does not. An answer that is not the Bot API's envelope (a gateway's
 * HTML page, a provider's block page) becomes an envelope with its status and the description `NOT_JSON`.
 */
export async function reach(address: unknown, init: unknown): Promise<Response> {
  const { method, headers, body, signal } = init as {
    method: string;
    headers: Record<string, string>;
    body: string;
    signal?: { aborted: boolean; addEventListener(type: "abort", listener: () => void): void };
  };
  // grammY's signal comes from a polyfill that node's fetch does not take.
  const stop = new AbortController();
  if (signal?.aborted) stop.abort();
  signal?.addEventListener("abort", () => stop.abort());
  try {
    const response = await fetch(String(address), {
      method,
      headers,
      body,
      signal: stop.signal,
      redirect: "error",
    });
    return envelope(response.status, await response.text());
  } catch (error) {
    throw new TransportError(stop.signal.aborted ? "stopped" : failureOf(error));
  }
}

/** The description of an answer that did not come from the Bot API itself. */
export const NOT_JSON = "not an answer of the Bot API";

function envelope(status: number, text: string): Response {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === "object" && json !== null && "ok" in json) return new Response(text);
  } catch {
    // Not JSON: said below.
  }
  return new Response(JSON.stringify({ ok: false, error_code: status, description: NOT_JSON }));
}
