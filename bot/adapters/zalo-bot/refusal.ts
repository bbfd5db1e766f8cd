/** Zalo Bot's refusals → what the outbox should do (channels.md §1.6). */

import type { SendResult } from "../../ports/channel.ts";
import type { ZaloBotRefusal } from "./api.ts";

type Refused = Extract<SendResult, { ok: false }>;
type Verdict = Omit<Refused, "ok">;

const MINUTE_MS = 60_000;

/** By Zalo's `error_code`. */
const VERDICTS: Readonly<Record<number, Verdict>> = {
  400: { code: "zalo-bot.refused_400", kind: "bug" },
  // An operator's emergency, not this person's: her message waits.
  401: { code: "zalo-bot.token_refused", kind: "retry", afterMs: MINUTE_MS, whole: true },
  // The documentation's own text for 403 is "internal server error".
  403: { code: "zalo-bot.down", kind: "retry" },
  404: { code: "zalo-bot.refused_404", kind: "bug" },
  408: { code: "zalo-bot.timeout", kind: "unclear" },
  // May be the month's quota: never loop, and a human must know.
  429: { code: "zalo-bot.quota", kind: "quota", afterMs: MINUTE_MS, whole: true },
};

export function refusalOf(refusal: ZaloBotRefusal): Refused {
  return { ok: false, ...verdictOf(refusal) };
}

function verdictOf(refusal: ZaloBotRefusal): Verdict {
  switch (refusal.by) {
    case "wire":
      return {
        code: `zalo-bot.${refusal.failure}`,
        kind: refusal.failure === "unreached" ? "retry" : "unclear",
      };
    case "gateway":
      // 504: Zalo got the request and its answer came too late for the gateway.
      if (refusal.status === 504) return { code: "zalo-bot.gateway_timeout", kind: "unclear" };
      return { code: `zalo-bot.gateway_${refusal.status}`, kind: "retry" };
    case "api":
      if (refusal.errorCode >= 500) return { code: "zalo-bot.down", kind: "retry" };
      return VERDICTS[refusal.errorCode] ?? { code: `zalo-bot.refused_${refusal.errorCode}`, kind: "bug" };
  }
}
