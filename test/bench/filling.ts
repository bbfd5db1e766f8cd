/** Fills a store with quiet conversations, by copying in SQL some that real turns left behind, sealed as they are. */

import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import pg from "pg";

/** How many conversations are copied, again and again. */
const MODELS = 40;
/** Conversations made with one statement of each table. */
const AT_ONCE = 50_000;
/** What is left of a conversation after a day: its key, its state, its transcript. Handled events are gone. */
const TABLES = ["keys", "states", "messages", "conversations"] as const;

export interface Filled {
  readonly conversations: number;
  readonly bytes: number;
}

interface Database {
  columns(table: string): Promise<readonly string[]>;
  ids(query: string): Promise<readonly string[]>;
  run(sql: string): Promise<void>;
  size(): Promise<number>;
  /** `from` to `to` as rows of one column g, called `series`. */
  series(from: number, to: number): string;
  /** Another id of the same length and order of age. */
  id(column: string): string;
  pseudonym: string;
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** Adds quiet conversations until there are `wanted`, or leaves it when there are. Returns how many there are, and their bytes. */
export async function fill(where: { url: string } | { file: string }, wanted: number): Promise<Filled> {
  const db = "url" in where ? await postgres(where.url) : sqlite(where.file);
  try {
    const count = async () => Number((await db.ids("select count(*) as id from conversations"))[0]);
    const here = await count();
    // Not the copies: in their ids a number stands where others have chance.
    const models = await db.ids(
      `select id from conversations where waiting_since is null and gone = 0 and substr(id, 11, 3) <> '000' order by last_ordinal, id limit ${MODELS}`,
    );
    const first = here;
    const last = here + Math.ceil(Math.max(0, wanted - here) / models.length) - 1;
    for (let from = first; from <= last; from += AT_ONCE / MODELS) {
      const to = Math.min(last, from + AT_ONCE / MODELS - 1);
      for (const table of TABLES) await db.run(await copying(db, table, models, from, to));
    }
    await db.settle();
    return { conversations: await count(), bytes: await db.size() };
  } finally {
    await db.close();
  }
}

async function copying(
  db: Database,
  table: (typeof TABLES)[number],
  models: readonly string[],
  from: number,
  to: number,
): Promise<string> {
  const home = table === "conversations" ? "id" : "conversation_id";
  const columns = (await db.columns(table)).filter((c) => !(table === "keys" && c === "n"));
  const values = columns.map((c) => {
    if (c === home || c === "id") return db.id(`t.${c}`);
    return c === "pseudonym" ? db.pseudonym : `t.${c}`;
  });
  const list = models.map((id) => `'${id}'`).join(", ");
  return `insert into ${table} (${columns.join(", ")}) ${db.series(from, to)}
    select ${values.join(", ")} from series cross join ${table} t where t.${home} in (${list})`;
}

async function postgres(url: string): Promise<Database> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const texts = async (sql: string) =>
    (await client.query({ text: sql, rowMode: "array" })).rows.map((row) => String((row as unknown[])[0]));
  await client.query("set synchronous_commit = off");
  return {
    columns: (table) =>
      texts(`select column_name from information_schema.columns where table_name = '${table}' order by 1`),
    ids: texts,
    run: async (sql) => void (await client.query(sql)),
    size: async () => Number((await texts("select pg_database_size(current_database())"))[0]),
    series: (from, to) => `with series as (select generate_series(${from}, ${to}) as g)`,
    id: (column) => `substr(${column}, 1, 10) || lpad(series.g::text, 8, '0') || substr(${column}, 19)`,
    pseudonym:
      "translate(rtrim(encode(sha256(convert_to(t.pseudonym || series.g, 'UTF8')), 'base64'), '='), '+/', '-_')",
    async settle() {
      await client.query("vacuum analyze");
      await client.query("checkpoint");
    },
    close: () => client.end(),
  };
}

/** Nobody else may have the file open. */
function sqlite(file: string): Database {
  const db = new DatabaseSync(file);
  db.function("other_name", { deterministic: true }, (name, n) =>
    createHash("sha256").update(`${name}${n}`).digest("base64url"),
  );
  // A bench may lose what it fills with a power cut; the service that opens the file next sets its own.
  db.exec("pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -200000");
  const texts = (sql: string) =>
    db
      .prepare(sql)
      .all()
      .map((row) => String(Object.values(row)[0]));
  return {
    columns: async (table) => texts(`select name from pragma_table_info('${table}')`),
    ids: async (sql) => texts(sql),
    run: async (sql) => db.exec(sql),
    size: async () =>
      Number(texts("select page_count * page_size from pragma_page_count(), pragma_page_size()")[0]),
    series: (from, to) =>
      `with recursive series(g) as (select ${from} union all select g + 1 from series where g < ${to})`,
    id: (column) => `substr(${column}, 1, 10) || printf('%08d', series.g) || substr(${column}, 19)`,
    pseudonym: "other_name(t.pseudonym, series.g)",
    settle: async () => db.exec("analyze"),
    close: async () => db.close(),
  };
}
