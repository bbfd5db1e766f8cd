/** How grammY reaches Telegram: failures become words that hold no address, because the address holds the token. */

/**
 * unreached: the request certainly did not arrive. cut: the connection broke after it was made, so it may have.
 * timeout: no answer in time, so it may have. stopped: we gave up ourselves.
 */
export type Failure = "unreached" | "cut" | "timeout" | "stopped";

export class TransportError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    // Nothing of the cause is kept: node's fetch errors may quote the address.
    super(`telegram: ${failure}`);
    this.name = "TransportError";
    this.failure = failure;
  }
}

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

/**
 * A fetch for grammY. Node's own, because it tells a connection that was never made (`UNREACHED`: safe to send again)
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

function failureOf(error: unknown): Failure {
  const cause = error instanceof Error ? error.cause : undefined;
  const codes = codesOf(cause);
  return codes.length > 0 && codes.every((code) => UNREACHED.has(code)) ? "unreached" : "cut";
}

/** A host with several addresses fails with one error for each. */
function codesOf(cause: unknown): readonly string[] {
  if (cause instanceof AggregateError) return cause.errors.flatMap(codesOf);
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return [typeof code === "string" ? code : "unknown"];
}
