/** An answer that may be "no". */

import type { Problem } from "../../core/problem.ts";

/** An answer that may be "no": `code` from one list, turned into a status and a sentence by the web wing. */
export type Refusal = {
  readonly ok: false;
  readonly code:
    | "not_found"
    | "forbidden"
    | "bad_request"
    | "already_claimed"
    | "not_yours"
    | "closed"
    | "stale"
    | "invalid"
    | "second_person"
    | "falls"
    | "name_taken"
    | "login_taken"
    | "wrong_login"
    | "unavailable"
    | "too_many";
  readonly message: string;
  readonly problems?: readonly Problem[];
};
export type Answer<T> = ({ readonly ok: true } & T) | Refusal;
