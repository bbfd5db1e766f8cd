/** Telegram's refusals → what the outbox should do. One table, one function; the token never gets into a code. */

import { GrammyError, HttpError } from "grammy";
import type { SendResult } from "../../ports/channel.ts";
import { NOT_JSON, TransportError } from "./transport.ts";

export type Refused = Extract<SendResult, { ok: false }>;

/** A dead token is an operator's emergency, not this person's: her message waits and is tried again. */
const TOKEN_DEAD_RETRY_MS = 60_000;

/** Answers of 400 that mean that nobody is there (core.telegram.org shows them only by example). */
const NOBODY = [
  /chat not found/i,
  /user not found/i,
  /PEER_ID_INVALID/i,
  /user is deactivated/i,
  /group chat was upgraded/i,
];

/** Why a call failed. Anything that is neither grammY's nor ours is a bug of ours. */
export function refusalOf(error: unknown): Refused {
  if (error instanceof GrammyError) return answered(error);
  if (error instanceof HttpError) {
    const failure = error.error instanceof TransportError ? error.error.failure : "timeout";
    const kind = failure === "unreached" ? "retry" : "unclear";
    return { ok: false, code: `telegram.${failure}`, kind };
  }
  return { ok: false, code: "telegram.bug", kind: "bug" };
}

function answered(error: GrammyError): Refused {
  const { error_code: status, description } = error;
  if (status === 429) {
    const seconds = error.parameters.retry_after;
    const wait = seconds === undefined ? {} : { afterMs: seconds * 1000 };
    return { ok: false, code: "telegram.too_many", kind: "retry", ...wait };
  }
  if (description === NOT_JSON) return notTelegram(status);
  // Telegram says 404 for a token that cannot be one, 401 for one that was withdrawn.
  if (status === 401 || status === 404) {
    return {
      ok: false,
      code: "telegram.token_refused",
      kind: "retry",
      afterMs: TOKEN_DEAD_RETRY_MS,
      whole: true,
    };
  }
  if (status === 403) return { ok: false, code: "telegram.blocked", kind: "gone" };
  if (status >= 500) return { ok: false, code: "telegram.down", kind: "retry" };
  if (NOBODY.some((words) => words.test(description))) {
    return { ok: false, code: "telegram.no_such_chat", kind: "gone" };
  }
  return { ok: false, code: `telegram.refused_${status}`, kind: "bug" };
}

/** A gateway, or somebody's block page, answered in Telegram's place. */
function notTelegram(status: number): Refused {
  // 504: Telegram got the request and its answer came too late for the gateway.
  if (status === 504) return { ok: false, code: "telegram.gateway_timeout", kind: "unclear" };
  return { ok: false, code: `telegram.gateway_${status}`, kind: "retry" };
}
