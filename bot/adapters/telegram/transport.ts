/** How grammY reaches Telegram: failures become words that hold no address, because the address holds the token. */

import { exchange, type Failure, type StopSignal } from "../wire.ts";

export class TransportError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(`telegram: ${failure}`);
    this.name = "TransportError";
    this.failure = failure;
  }
}

/** All that grammY asks of an answer. */
export interface ToldJson {
  json(): Promise<unknown>;
}

/**
 * A fetch for grammY. Ours, because it tells a connection that was never made (safe to send again) from a time-out in the
 * middle; grammY's node-fetch does not. An answer that is not the Bot API's envelope (a gateway's HTML page, a provider's
 * block page) becomes an envelope with its status and the description `NOT_JSON`.
 */
export async function reach(address: unknown, init: unknown): Promise<ToldJson> {
  const { headers, body, signal } = init as {
    headers: Record<string, string>;
    body: string;
    signal?: StopSignal;
  };
  const answer = await exchange({
    url: String(address),
    headers: { "content-type": headers["content-type"] ?? "application/json" },
    body,
    ...(signal ? { signal } : {}),
  });
  if (!answer.ok) throw new TransportError(answer.failure);
  const told = envelope(answer.status, answer.text);
  return { json: async () => told };
}

/** The description of an answer that did not come from the Bot API itself. */
export const NOT_JSON = "not an answer of the Bot API";

function envelope(status: number, text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === "object" && json !== null && "ok" in json) return json;
  } catch {
    // Not JSON: said below.
  }
  return { ok: false, error_code: status, description: NOT_JSON };
}
