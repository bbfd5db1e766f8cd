/** A database as plain rows, for copies of everything: one consistent moment to read, batches to write. */

import { DatabaseSync } from "node:sqlite";
import { StoreError } from "./errors.ts";
import type { Plain } from "./postgres.ts";
import { explain, isBusy } from "./sqlite-errors.ts";
import type { Value } from "./statement.ts";
import { TABLES, type Table } from "./tables.ts";

export type Row = Readonly<Record<string, Value>>;

/** What of `meta` belongs to the data: the number of the published edition, and the newest build that brought texts. */
export const CARRIED_META = ["edition", "build"] as const;

/** In `meta`: when a copy was last written, epoch ms. It stays behind when the data moves. */
export const LAST_BACKUP = "last_backup";

export interface Rows {
  readonly kind: "SQLite" | "PostgreSQL";
  /** In the order of the key, bytes by bytes, all of one moment. */
  stream(table: Table): AsyncIterable<Row>;
  /** Names of all tables there are. */
  tables(): Promise<readonly string[]>;
  meta(name: string): Promise<string | undefined>;
  setMeta(name: string, value: string): Promise<void>;
  /** The highest migration that has run; 0: an empty database. */
  schema(): Promise<number>;
  /** Writes over what has the same key. One batch is there wholly or not at all. */
  put(table: Table, rows: readonly Row[]): Promise<void>;
  remove(table: Table, rows: readonly Row[]): Promise<void>;
  /** Takes away all rows of a table. */
  clear(table: Table): Promise<void>;
  /** After filling: what counts upwards by itself goes on after the highest number. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

const COUNTERS = TABLES.filter((t) => t.key[0] === "n").map((t) => t.name);
const FETCH = 500;
/** Whoever has it open for longer than this is no passing reader. */
const IN_USE_AFTER_MS = 1_000;
/** A copy beside a busy service waits so long to note that it was made. */
const BUSY_MS = 30_000;

/** The order of keys in both databases: numbers by size, texts and bytes byte by byte. */
export function compareKeys(table: Table, a: Row, b: Row): number {
  for (const column of table.key) {
    const [x, y] = [a[column] ?? null, b[column] ?? null];
    const order = typeof x === "number" && typeof y === "number" ? x - y : Buffer.compare(bytes(x), bytes(y));
    if (order !== 0) return order;
  }
  return 0;
}

function bytes(value: Value): Uint8Array {
  return value instanceof Uint8Array ? value : Buffer.from(String(value));
}

export function isSameRow(a: Row, b: Row): boolean {
  const columns = Object.keys(a);
  return columns.length === Object.keys(b).length && columns.every((c) => isSame(a[c] ?? null, b[c] ?? null));
}

function isSame(a: Value, b: Value): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  return a === b;
}

const q = (name: string) => `"${name}"`;
const list = (names: readonly string[]) => names.map(q).join(", ");

// ── SQLite ─────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * `alone`: nobody else may have it open, now and until it is closed. Throws `store_locked` when somebody has, and like each of
 * its verbs a StoreError where it is the file's or the disk's doing.
 */
export function sqliteRows(file: string, alone: boolean): Rows {
  const told = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw explain(error, file);
    }
  };
  const db = told(() => new DatabaseSync(file, { timeout: alone ? IN_USE_AFTER_MS : BUSY_MS }));
  try {
    if (alone) told(() => db.exec("pragma locking_mode = exclusive; begin immediate; commit"));
  } catch (error) {
    db.close();
    if (!isBusy(error)) throw error;
    throw new StoreError(
      "store_locked",
      `${file} is in use. Stop the service first, so that nothing is written meanwhile.`,
    );
  }
  let reading = false;
  const has = (name: string) =>
    db.prepare("select 1 from sqlite_schema where type = 'table' and name = ?").get(name) !== undefined;
  const inOne = (work: () => void) => {
    if (reading) throw new Error("written while a moment is held for reading");
    told(() => {
      db.exec("begin immediate");
      try {
        work();
        db.exec("commit");
      } catch (error) {
        // On a full disk SQLite has done it already.
        if (db.isTransaction) db.exec("rollback");
        throw error;
      }
    });
  };
  return {
    kind: "SQLite",
    async *stream(table) {
      const order = table.key.map(q).join(", ");
      const rows = told(() => {
        // With the first read the moment is fixed; it ends when this is closed.
        if (!reading) db.exec("begin");
        reading = true;
        return db.prepare(`select * from ${q(table.name)} order by ${order}`).iterate();
      });
      try {
        for (let next = told(() => rows.next()); !next.done; next = told(() => rows.next()))
          yield next.value as Row;
      } finally {
        rows.return?.();
      }
    },
    tables: async () =>
      told(() =>
        db
          .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'")
          .all()
          .map((r) => String(r.name)),
      ),
    meta: async (name) =>
      told(() => {
        if (!has("meta")) return undefined;
        const row = db.prepare("select value from meta where name = ?").get(name);
        return row ? String(row.value) : undefined;
      }),
    async setMeta(name, value) {
      told(() => {
        if (reading) db.exec("commit");
        reading = false;
        db.prepare(
          "insert into meta (name, value) values (?, ?) on conflict (name) do update set value = excluded.value",
        ).run(name, value);
      });
    },
    schema: async () =>
      told(() =>
        has("migrations")
          ? Number(db.prepare("select coalesce(max(number), 0) as n from migrations").get()?.n)
          : 0,
      ),
    async put(table, rows) {
      const [first] = rows;
      if (!first) return;
      const columns = Object.keys(first);
      inOne(() => {
        const write = db.prepare(
          `insert or replace into ${q(table.name)} (${list(columns)}) values (${columns.map(() => "?").join(", ")})`,
        );
        for (const row of rows) write.run(...columns.map((c) => row[c] ?? null));
      });
    },
    async remove(table, rows) {
      inOne(() => {
        const drop = db.prepare(
          `delete from ${q(table.name)} where ${table.key.map((c) => `${q(c)} = ?`).join(" and ")}`,
        );
        for (const row of rows) drop.run(...table.key.map((c) => row[c] ?? null));
      });
    },
    async clear(table) {
      inOne(() => db.exec(`delete from ${q(table.name)}`));
    },
    // AUTOINCREMENT remembers the highest number by itself.
    finish: async () => undefined,
    async close() {
      if (db.isOpen) db.close();
    },
  };
}

// ── PostgreSQL ─────────────────────────────────────────────────────────────────────────────────────────────

/** Two connections: one holds the moment that is read, the other writes. `pg` is loaded only here. */
export async function postgresRows(url: string): Promise<Rows> {
  const { connect } = await import("./postgres.ts");
  const [reader, writer] = [await connect(url), await connect(url)];
  let reading = false;
  const one = async (sql: string, values: readonly Value[] = []) =>
    (await writer.query(sql, values)).rows[0] as Row | undefined;
  const there = async (name: string) =>
    (await one("select (to_regclass($1) is not null)::int as n", [q(name)]))?.n === 1;
  return {
    kind: "PostgreSQL",
    async *stream(table) {
      if (!reading) await reader.query("begin isolation level repeatable read read only");
      reading = true;
      const texts = await textColumns(reader, table.name);
      const order = table.key.map((c) => (texts.has(c) ? `${q(c)} collate "C"` : q(c))).join(", ");
      await reader.query(
        `declare copying no scroll cursor for select * from ${q(table.name)} order by ${order}`,
      );
      for (;;) {
        const { rows } = await reader.query(`fetch ${FETCH} from copying`);
        if (rows.length === 0) break;
        yield* rows as Row[];
      }
      await reader.query("close copying");
    },
    tables: async () =>
      (await writer.query("select tablename from pg_tables where schemaname = current_schema()")).rows.map(
        (r) => String(r.tablename),
      ),
    meta: async (name) => {
      if (!(await there("meta"))) return undefined;
      const row = await one("select value from meta where name = $1", [name]);
      return row ? String(row.value) : undefined;
    },
    async setMeta(name, value) {
      await one(
        "insert into meta (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value",
        [name, value],
      );
    },
    schema: async () =>
      (await there("migrations"))
        ? Number((await one("select coalesce(max(number), 0) as n from migrations"))?.n)
        : 0,
    async put(table, rows) {
      const [first] = rows;
      if (!first) return;
      const columns = Object.keys(first);
      const values = rows.flatMap((row) => columns.map((c) => row[c] ?? null));
      const tuples = rows
        .map((_, r) => `(${columns.map((__, c) => `$${r * columns.length + c + 1}`).join(", ")})`)
        .join(", ");
      const rest = columns.filter((c) => !table.key.includes(c)).map((c) => `${q(c)} = excluded.${q(c)}`);
      const update = rest.length > 0 ? `do update set ${rest.join(", ")}` : "do nothing";
      await writer.query(
        `insert into ${q(table.name)} (${list(columns)}) values ${tuples} on conflict (${list(table.key)}) ${update}`,
        values,
      );
    },
    async remove(table, rows) {
      for (const row of rows) {
        const where = table.key.map((c, i) => `${q(c)} = $${i + 1}`).join(" and ");
        await writer.query(
          `delete from ${q(table.name)} where ${where}`,
          table.key.map((c) => row[c] ?? null),
        );
      }
    },
    async clear(table) {
      await writer.query(`delete from ${q(table.name)}`);
    },
    async finish() {
      for (const name of COUNTERS) {
        await one(
          `select setval(pg_get_serial_sequence($1, 'n'), coalesce((select max(n) from ${q(name)}), 0) + 1, false)`,
          [name],
        );
      }
    },
    async close() {
      await Promise.all([reader.end(), writer.end()]).catch(() => undefined);
    },
  };
}

async function textColumns(client: Plain, table: string): Promise<ReadonlySet<string>> {
  const { rows } = await client.query(
    "select column_name from information_schema.columns where table_schema = current_schema() and table_name = $1 and data_type = 'text'",
    [table],
  );
  return new Set(rows.map((r) => String(r.column_name)));
}
