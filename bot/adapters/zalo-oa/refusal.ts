/** Zalo OA's error codes → what the outbox should do: one table (channels.md §2.6). */

import type { SendResult } from "../../ports/channel.ts";

type Refused = Extract<SendResult, { ok: false }>;
type Verdict = Pick<Refused, "kind" | "afterMs" | "whole"> & { readonly name: string };

const MINUTE_MS = 60_000;
/** An operator may mend it at any time, and what is too old by then is not sent any more. */
const MENDED_MS = 5 * MINUTE_MS;

/** An access token that a fresh one may mend. */
export const TOKEN_ERRORS: ReadonlySet<number> = new Set([-216, -220]);

/** By Zalo's `error`. `quota` here also means: nothing goes until a human has put the OA in order. */
const VERDICTS: Readonly<Record<number, Verdict>> = {
  [-32]: { name: "rate_limited", kind: "retry", afterMs: MINUTE_MS, whole: true },
  [-200]: { name: "send_failed", kind: "retry" },
  [-213]: { name: "does_not_follow", kind: "gone" },
  [-217]: { name: "blocked_invitations", kind: "gone" },
  [-227]: { name: "banned_or_idle", kind: "gone" },
  [-230]: { name: "window_closed", kind: "closed" },
  [-232]: { name: "window_closed", kind: "closed" },
  [-244]: { name: "restricted_by_person", kind: "gone" },
  [-204]: { name: "oa_deleted", kind: "quota", afterMs: MENDED_MS, whole: true },
  [-205]: { name: "oa_missing", kind: "quota", afterMs: MENDED_MS, whole: true },
  [-209]: { name: "app_not_active", kind: "quota", afterMs: MENDED_MS, whole: true },
  [-211]: { name: "out_of_quota", kind: "quota", afterMs: MENDED_MS, whole: true },
  [-212]: { name: "api_not_registered", kind: "quota", afterMs: MENDED_MS, whole: true },
  [-218]: { name: "recipient_quota", kind: "quota", afterMs: MENDED_MS },
  [-219]: { name: "app_disabled", kind: "quota", afterMs: MENDED_MS, whole: true },
  [-221]: { name: "oa_not_verified", kind: "quota", afterMs: MENDED_MS, whole: true },
  [-223]: { name: "not_authorised", kind: "quota", afterMs: MENDED_MS, whole: true },
  [-224]: { name: "package_needed", kind: "quota", afterMs: MENDED_MS, whole: true },
  [-216]: { name: "token_refused", kind: "retry", afterMs: MINUTE_MS },
  [-220]: { name: "token_expired", kind: "retry", afterMs: MINUTE_MS },
  [-201]: { name: "bad_parameter", kind: "bug" },
  [-210]: { name: "too_large", kind: "bug" },
  [-233]: { name: "type_not_allowed", kind: "bug" },
  [-234]: { name: "night", kind: "bug" },
  [-240]: { name: "v2_shut_down", kind: "bug" },
  [-248]: { name: "policy", kind: "bug" },
};

/** What `error` means. A code that nobody has described is a bug to be looked at. */
export function refusalOf(error: number): Refused {
  const verdict = VERDICTS[error];
  if (!verdict) return { ok: false, code: `zalo-oa.error_${Math.abs(error)}`, kind: "bug" };
  const { name, ...how } = verdict;
  return { ok: false, code: `zalo-oa.${name}`, ...how };
}
