/** The audit trail of what is kept in nothing else: requests by law, breaches. */

import type { AuditLine, Store } from "../ports/store.ts";

/** Nearly always enough; a list that is full is asked for anew, longer. */
const FIRST_LIMIT = 5_000;

/** All of it, newest first: what was asked first, and is overdue, must not be pushed out of sight by what came later. */
export async function wholeTrail(
  { upkeep }: Pick<Store, "upkeep">,
  subject: string,
): Promise<readonly AuditLine[]> {
  for (let limit = FIRST_LIMIT; ; limit *= 4) {
    const trail = await upkeep.auditTrail(limit, subject);
    if (trail.length < limit) return trail;
  }
}
