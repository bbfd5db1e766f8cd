/** What stays of a turn for reports and supervisors: counts, audit lines, unanswered questions. No person's words. */

import type { AuditLine, CountLine, TurnCommit } from "../../ports/store.ts";
import type { Dialect } from "./dialect.ts";
import { put, type Script, statement } from "./statement.ts";

/** Viet Nam has had UTC+7 without summer time since 1975. */
const VIETNAM_MS = 7 * 3_600_000;

/** The day in Viet Nam, "2026-11-22". */
export function vietnamDay(at: number): string {
  return new Date(at + VIETNAM_MS).toISOString().slice(0, 10);
}

/** The same labels in any order are the same text. */
function canonical(labels: CountLine["labels"]): string {
  return JSON.stringify(Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))));
}

export function ledger(d: Dialect) {
  const { db } = d;
  const count = statement((p: { day: string; name: string; labels: string; shard: number }) =>
    db
      .insertInto("counts")
      .values({ day: p.day, name: p.name, labels: p.labels, shard: p.shard, n: 1 })
      .onConflict((c) =>
        c
          .columns(["day", "name", "labels", "shard"])
          .doUpdateSet((e) => ({ n: e("counts.n", "+", e.ref("excluded.n")) })),
      ),
  );
  const auditInsert = statement(
    (p: { at: number; actor: string; action: string; subject: string; detail: string }) =>
      db
        .insertInto("audit")
        .values({ at: p.at, actor: p.actor, action: p.action, subject: p.subject, detail: p.detail }),
  );
  const noteUnanswered = statement((p: { at: number; question: string }) =>
    db.insertInto("unanswered").values({ at: p.at, question: p.question }),
  );
  // One for each process, so that none waits for the rows that another one's group of turns holds.
  const shard = Math.floor(Math.random() * d.countShards);
  return { write, audit };

  function* write(turn: TurnCommit): Script<void> {
    const day = vietnamDay(turn.at);
    // In one order everywhere, so that two turns never wait for each other's rows in a circle.
    const lines = turn.counts.map((c) => ({ name: c.name, labels: canonical(c.labels) }));
    lines.sort((a, b) => (a.name + a.labels < b.name + b.labels ? -1 : 1));
    for (const question of turn.unanswered) yield* put(noteUnanswered, { at: turn.at, question });
    for (const line of turn.audit) yield* audit(line);
    for (const line of lines) yield* put(count, { day, shard, ...line });
  }

  function* audit(line: AuditLine): Script<void> {
    yield* put(auditInsert, { ...line });
  }
}
