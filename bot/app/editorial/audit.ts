/** Who did what to which text. */

import type { Staff } from "../services.ts";

/** `at`: epoch ms. */
export function auditOf(at: number, by: Staff, action: string, subject: string, detail: string) {
  return { at, actor: by.login, action, subject, detail };
}
