/** Opens a database, brings it to today's schema, and gives it out as the Store. */

import type { Log } from "../../ports/log.ts";
import type { Store } from "../../ports/store.ts";
import { cases } from "./cases.ts";
import { content } from "./content.ts";
import { conversations } from "./conversations.ts";
import { doubting } from "./doubt.ts";
import type { Engine } from "./engine.ts";
import { migrate } from "./migrate.ts";
import { MIGRATIONS } from "./migrations/list.ts";
import { outbox } from "./outbox.ts";
import { SqliteEngine, type SqliteOptions } from "./sqlite.ts";
import { staff } from "./staff.ts";
import { upkeep } from "./upkeep.ts";

interface Common {
  readonly log?: Log;
  /** Who this installation is (a fingerprint of its keys); a database of another one is refused. */
  readonly installation?: string;
}

/** The embedded store: one file (made if it is not there), or ":memory:". Throws a StoreError that says what to do. */
export async function openSqlite(options: SqliteOptions & Common): Promise<Store> {
  return ready(new SqliteEngine(options), options);
}

/** The store for many machines. `pg` is loaded only here. Throws a StoreError that says what to do. */
export async function openPostgres(options: PostgresOptions & Common): Promise<Store> {
  const { connectPostgres } = await import("./postgres.ts");
  return ready(await connectPostgres(options), options);
}

export interface PostgresOptions {
  /** postgres://user:password@host:port/database */
  readonly url: string;
  /** Connections of this process. */
  readonly maxConnections?: number;
  /** A statement that takes longer is given up. */
  readonly timeoutMs?: number;
}

/** Throws a StoreError that says why this PostgreSQL, this database or this account can't be ours. */
export async function examinePostgres(url: string): Promise<void> {
  const { connectPostgres } = await import("./postgres.ts");
  await (await connectPostgres({ url })).close();
}

/** Makes the tables as they were after migration `schema`, for filling them from a copy of that time. */
export async function prepareTables(
  place: { file: string } | { url: string },
  installation: string,
  schema: number,
): Promise<void> {
  const engine =
    "file" in place ? new SqliteEngine(place) : await (await import("./postgres.ts")).connectPostgres(place);
  try {
    await migrate(
      engine,
      installation,
      MIGRATIONS.filter((m) => m.number <= schema),
    );
  } finally {
    await engine.close();
  }
}

/** The last migration that this build knows. */
export const SCHEMA = MIGRATIONS.at(-1)?.number ?? 0;

async function ready(engine: Engine, { installation, log }: Common): Promise<Store> {
  const started = performance.now();
  try {
    await migrate(engine, installation);
  } catch (error) {
    await engine.close();
    throw error;
  }
  log?.("info", "store_open", { kind: engine.dialect.name, ms: Math.round(performance.now() - started) });
  return storeOn(doubting(engine));
}

/** The six groups of verbs over one engine. */
function storeOn(engine: Engine): Store {
  return {
    conversations: conversations(engine),
    outbox: outbox(engine),
    cases: cases(engine),
    content: content(engine),
    staff: staff(engine),
    upkeep: upkeep(engine),
  };
}
