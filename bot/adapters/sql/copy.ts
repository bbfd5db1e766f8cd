/** Makes one database the same as another, row by row, and proves it; can be broken off and begun again at any point. */

import { StoreError } from "./errors.ts";
import { CARRIED_META, compareKeys, isSameRow, type Row, type Rows } from "./rows.ts";
import { OWN_TABLES, TABLES, type Table } from "./tables.ts";

const BATCH = 500;

export interface Copied {
  /** Rows of the source, all of them now in the target. */
  readonly rows: number;
  /** Of these, written by this run; the rest was there already. */
  readonly written: number;
  /** Rows that were only in the target (of an earlier run, and gone from the source since). */
  readonly removed: number;
}

/** Both must be of one schema. Throws a StoreError when the two are not equal in the end. */
export async function copyRows(
  source: Rows,
  openTarget: () => Promise<Rows>,
  tell: (line: string) => void,
): Promise<Copied> {
  await refuseUnknownTables(source);
  let [rows, written, removed] = [0, 0, 0];
  for (const table of TABLES) {
    // A fresh look at the target for each table: what is read there is one moment, and we write beside it.
    const target = await openTarget();
    try {
      const batch = batches((some) => target.put(table, some));
      let n = 0;
      for await (const { ours, theirs } of merged(table, source, target)) {
        if (!ours) continue;
        n += 1;
        if (theirs && isSameRow(ours, theirs)) continue;
        written += 1;
        await batch.add(ours);
      }
      await batch.end();
      rows += n;
      if (n > 0) tell(`${table.name}: ${n}`);
    } finally {
      await target.close();
    }
  }
  for (const table of TABLES.toReversed()) {
    const target = await openTarget();
    try {
      const batch = batches((some) => target.remove(table, some));
      for await (const { ours, theirs } of merged(table, source, target)) {
        if (ours && (!theirs || !isSameRow(ours, theirs))) throw notEqual(table);
        if (ours || !theirs) continue;
        removed += 1;
        await batch.add(theirs);
      }
      await batch.end();
    } finally {
      await target.close();
    }
  }
  const target = await openTarget();
  for (const name of CARRIED_META) await target.setMeta(name, (await source.meta(name)) ?? "0");
  await target.finish();
  await target.close();
  return { rows, written, removed };
}

function notEqual(table: Table): StoreError {
  return new StoreError(
    "store_bug",
    `After copying, a row of "${table.name}" is not the same in both databases. Nothing was taken away from the first one.`,
  );
}

/** A table that a later build added must not be forgotten silently. */
export async function refuseUnknownTables(source: Rows): Promise<void> {
  const known = new Set([...TABLES.map((t) => t.name), ...OWN_TABLES]);
  const strange = (await source.tables()).filter((name) => !known.has(name));
  if (strange.length > 0) {
    throw new StoreError(
      "store_newer_schema",
      `The database holds tables that this build does not copy: ${strange.join(", ")}. Use the build that made them.`,
    );
  }
}

/** Both tables side by side, in the order of their key. */
async function* merged(
  table: Table,
  source: Rows,
  target: Rows,
): AsyncGenerator<{ ours?: Row; theirs?: Row }> {
  const [left, right] = [
    source.stream(table)[Symbol.asyncIterator](),
    target.stream(table)[Symbol.asyncIterator](),
  ];
  let [a, b] = [await left.next(), await right.next()];
  while (!a.done || !b.done) {
    const order = a.done ? 1 : b.done ? -1 : compareKeys(table, a.value, b.value);
    yield {
      ...(order <= 0 && !a.done ? { ours: a.value } : {}),
      ...(order >= 0 && !b.done ? { theirs: b.value } : {}),
    };
    const [stepLeft, stepRight] = [order <= 0, order >= 0];
    if (stepLeft) a = await left.next();
    if (stepRight) b = await right.next();
  }
}

/** Gathers rows and hands them on in batches. */
export function batches(write: (rows: readonly Row[]) => Promise<void>): {
  add(row: Row): Promise<void>;
  end(): Promise<void>;
} {
  let waiting: Row[] = [];
  const flush = async () => {
    const now = waiting;
    waiting = [];
    if (now.length > 0) await write(now);
  };
  return {
    async add(row) {
      waiting.push(row);
      if (waiting.length >= BATCH) await flush();
    },
    end: flush,
  };
}
