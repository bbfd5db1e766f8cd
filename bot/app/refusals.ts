/** "No", with a sentence for each code. */

import type { Refusal } from "./services.ts";

const SENTENCES: Readonly<Record<Refusal["code"], string>> = {
  not_found: "there is no such thing",
  forbidden: "your roles do not allow this",
  bad_request: "something in the request is wrong",
  already_claimed: "somebody else was first",
  not_yours: "this case is with somebody else",
  closed: "this case is closed",
  stale: "somebody else has saved meanwhile",
  invalid: "there are errors to mend first",
  second_person: "you wrote this draft: somebody else must read and publish it",
  falls: "something that works now would work worse",
  name_taken: "something has this name already",
  login_taken: "this sign-in name is taken",
  wrong_login: "name or password is wrong",
  unavailable: "the service cannot do this right now",
  too_many: "too many tries; wait a little",
};

export function refuse(code: Refusal["code"], message?: string, problems?: Refusal["problems"]): Refusal {
  return { ok: false, code, message: message ?? SENTENCES[code], ...(problems ? { problems } : {}) };
}
