/** The one table from a refusal's code to an HTTP status; nothing else in the house knows statuses of refusals. */

import type { Refusal } from "../app/services.ts";

/** Refusals of the shell, and the few that the web wing gives by itself. */
export type RefusalCode = Refusal["code"] | "signed_out" | "cross_site" | "too_large" | "internal";

export const STATUS_OF = {
  bad_request: 400,
  signed_out: 401,
  wrong_login: 401,
  forbidden: 403,
  cross_site: 403,
  not_found: 404,
  already_claimed: 409,
  not_yours: 409,
  closed: 409,
  stale: 409,
  login_taken: 409,
  too_large: 413,
  invalid: 422,
  second_person: 403,
  falls: 409,
  name_taken: 409,
  too_many: 429,
  internal: 500,
  unavailable: 503,
} as const satisfies Record<RefusalCode, number>;

export type RefusalStatus = (typeof STATUS_OF)[RefusalCode];

/** The status of a refusal. */
export function statusOf(code: RefusalCode): RefusalStatus {
  return STATUS_OF[code];
}
