/** Since when a person waits for the answer of who has her case: read words that nobody answered rang nowhere. */

import type { Dialect } from "../dialect.ts";
import { exec, type Script } from "../statement.ts";

export function* awaited(d: Dialect): Script<void> {
  yield* exec(d.db.schema.alterTable("cases").addColumn("awaited_since", d.int));
}
