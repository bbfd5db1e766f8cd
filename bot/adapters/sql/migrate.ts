/** Brings a database to this build's schema, once, whoever starts first; refuses one that this build can't serve. */

import type { Engine } from "./engine.ts";
import { StoreError } from "./errors.ts";
import { MIGRATIONS, type Migration } from "./migrations/list.ts";
import { exec, one, rows, type Script, statement } from "./statement.ts";

/** `installation`: who may use this database; the first one to come writes its name down. */
export async function migrate(
  engine: Engine,
  installation?: string,
  all: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  if (await isCurrent(engine, all, installation)) return;
  await engine.write(() => upwards(engine, all, installation));
}

/** Asked without a lock first, so that a start beside a busy process waits for nobody. */
async function isCurrent(engine: Engine, all: readonly Migration[], installation?: string): Promise<boolean> {
  const s = statements(engine);
  try {
    return await engine.read(function* () {
      const done = yield* rows(s.done, {});
      if (done.length < all.length) return false;
      yield* refuseStrangers(s, all, installation);
      return installation === undefined || (yield* one(s.meta, { name: "installation" })) !== undefined;
    });
  } catch (error) {
    // A database without tables answers with an error of its own; the change below finds out what it is.
    if (error instanceof StoreError && error.code === "store_bug") return false;
    throw error;
  }
}

function* upwards(engine: Engine, all: readonly Migration[], installation?: string): Script<void> {
  const { dialect } = engine;
  const s = statements(engine);
  if (dialect.migrationLock) yield* exec({ compile: () => dialect.migrationLock as never });
  yield* exec(
    dialect.db.schema
      .createTable("meta")
      .ifNotExists()
      .addColumn("name", "text", (c) => c.primaryKey())
      .addColumn("value", "text", (c) => c.notNull()),
  );
  yield* exec(
    dialect.db.schema
      .createTable("migrations")
      .ifNotExists()
      .addColumn("number", "integer", (c) => c.primaryKey())
      .addColumn("name", "text", (c) => c.notNull())
      .addColumn("at", dialect.int, (c) => c.notNull()),
  );
  yield* refuseStrangers(s, all, installation);
  const done = new Set((yield* rows(s.done, {})).map((row) => row.number));
  for (const migration of all) {
    if (done.has(migration.number)) continue;
    yield* migration.up(dialect);
    yield* rows(s.note, { number: migration.number, name: migration.name, at: Date.now() });
    yield* rows(s.setMeta, { name: "works_from", value: String(migration.worksFrom) });
  }
  if (installation !== undefined) yield* rows(s.keepMeta, { name: "installation", value: installation });
}

function* refuseStrangers(
  s: ReturnType<typeof statements>,
  all: readonly Migration[],
  installation?: string,
): Script<void> {
  const ours = all.at(-1)?.number ?? 0;
  const worksFrom = Number((yield* one(s.meta, { name: "works_from" }))?.value ?? 0);
  if (worksFrom > ours) {
    throw new StoreError(
      "store_newer_schema",
      `The database was changed by a later build (it needs schema ${worksFrom}, this build knows ${ours}). Start the later build, or restore a backup.`,
    );
  }
  refuseClosed((yield* one(s.meta, { name: "closed" }))?.value);
  const owner = (yield* one(s.meta, { name: "installation" }))?.value;
  if (installation !== undefined && owner !== undefined && owner !== installation) {
    throw new StoreError(
      "store_other_installation",
      "The database belongs to another installation (its keys are not ours). Nothing was changed. Check DATABASE_URL and DATA_DIR.",
    );
  }
}

/** Throws where `meta` says under "closed" that this is not, or not yet, what people's words are kept in. */
export function refuseClosed(closed: string | undefined): void {
  if (closed) throw new StoreError("store_closed", CLOSED[closed] ?? "This database is closed.");
}

/** Why a database is not to be served from, as `meta` says it under "closed"; empty or absent: it may be. */
const CLOSED: Readonly<Record<string, string>> = {
  moved:
    "This database was moved to PostgreSQL; what came since is there. Set DATABASE_URL. (Nothing was deleted here.)",
  filling:
    "This database is only half filled: a move or a restore was broken off. Run the same command again until it says that it is done.",
};

function statements(engine: Engine) {
  const { db } = engine.dialect;
  return {
    done: statement(() => db.selectFrom("migrations").select("number").orderBy("number")),
    note: statement((p: { number: number; name: string; at: number }) =>
      db.insertInto("migrations").values({ number: p.number, name: p.name, at: p.at }),
    ),
    meta: statement((p: { name: string }) =>
      db.selectFrom("meta").select("value").where("name", "=", p.name),
    ),
    keepMeta: statement((p: { name: string; value: string }) =>
      db
        .insertInto("meta")
        .values({ name: p.name, value: p.value })
        .onConflict((c) => c.column("name").doNothing()),
    ),
    setMeta: statement((p: { name: string; value: string }) =>
      db
        .insertInto("meta")
        .values({ name: p.name, value: p.value })
        .onConflict((c) => c.column("name").doUpdateSet({ value: p.value })),
    ),
  };
}
