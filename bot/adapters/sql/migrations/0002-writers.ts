/** Who wrote a revision, beside who put it in force: publishing overwrote the one with the other. */

import type { Dialect } from "../dialect.ts";
import { exec, type Script } from "../statement.ts";

export function* writers(d: Dialect): Script<void> {
  yield* exec(
    d.db.schema.alterTable("revisions").addColumn("written_by", "text", (c) => c.notNull().defaultTo("")),
  );
}
