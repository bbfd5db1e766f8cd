/** PostgreSQL through pg: each change is one transaction; a lost connection costs that one change, not the process. */

import pg from "pg";
import { type Dialect, postgresDialect } from "./dialect.ts";
import type { Engine, Home } from "./engine.ts";
import { type StoreCode, StoreError } from "./errors.ts";
import type { PostgresOptions } from "./open.ts";
import { type Ground, Groups } from "./postgres-groups.ts";
import { Reads } from "./postgres-reads.ts";
import { isSame, type Known } from "./postgres-side-by-side.ts";
import { Wire } from "./postgres-wire.ts";
import { type Ask, NOTHING_TOLD, type Script, type Told, Undo } from "./statement.ts";

const OLDEST_VERSION = 150_000;
const DEFAULT_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** Two changes met: PostgreSQL undid one of them, and it can simply be made again. */
const CONFLICTS = new Set(["40001", "40P01", "23505"]);
const MAX_TRIES = 5;

/** Connects once to see that the server is what we need. */
export async function connectPostgres(options: PostgresOptions): Promise<Engine> {
  const engine = new PostgresEngine(options);
  try {
    await engine.examine();
    return engine;
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** One connection, for copies of whole tables. Throws a StoreError that says what to do. */
export async function connect(url: string): Promise<pg.Client> {
  refuseBadUrl(url);
  const client = new pg.Client({
    connectionString: url,
    application_name: "ben-an copy",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    types: OUR_TYPES,
  });
  // What a lost connection means is told by the query that it breaks.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    throw explain(error);
  }
}

class PostgresEngine implements Engine {
  readonly dialect: Dialect = postgresDialect();
  readonly #pool: pg.Pool;
  readonly #wire = new Wire();
  readonly #groups: Groups;
  readonly #reads: Reads;
  #closed = false;
  #sweep: Promise<void> | undefined;
  #isSweepDue = false;

  constructor(options: PostgresOptions) {
    this.#pool = poolOf(options);
    const ground: Ground = {
      wire: this.#wire,
      homes: this.dialect.homes,
      patienceMs: 2 * (options.timeoutMs ?? DEFAULT_TIMEOUT_MS),
      withClient: (work) => this.#withClient(work),
      alone: (script, early) => this.#alone(script, early),
    };
    this.#groups = new Groups(ground);
    this.#reads = new Reads(ground, (script) => this.#readAlone(script));
    // A connection that dies ends the process unless somebody listens; its change fails by itself, the next one
    // opens another connection.
    this.#pool.on("error", () => undefined);
    this.#pool.on("connect", (client) => client.on("error", () => undefined));
  }

  async examine(): Promise<void> {
    const version = await this.#value("select current_setting('server_version_num') as v");
    if (Number(version) < OLDEST_VERSION) {
      throw new StoreError("store_too_old", `PostgreSQL 15 or later is needed; this server says ${version}.`);
    }
    const readOnly = await this.#value("select current_setting('transaction_read_only') as v");
    if (readOnly === "on") {
      throw new StoreError(
        "store_read_only",
        "This PostgreSQL only lets us read (a standby, or default_transaction_read_only). Point DATABASE_URL at the primary.",
      );
    }
  }

  read<T>(script: () => Script<T>, isSmall = false): Promise<T> {
    return isSmall ? this.#reads.read(script) : this.#readAlone(script);
  }

  #readAlone<T>(script: () => Script<T>): Promise<T> {
    return this.#withClient((client) => this.#run(client, script()));
  }

  write<T>(script: () => Script<T>, home?: Home): Promise<T> {
    return home ? this.#groups.write(script, home) : this.#alone(script);
  }

  /** The server makes a transaction of it by itself. */
  async change(ask: Ask): Promise<Told> {
    const told = await this.#patiently(async (client) => {
      try {
        return await this.#wire.send(client, [ask]);
      } catch (error) {
        throw CONFLICTS.has(stateOf(error)) ? new Conflict() : error;
      }
    });
    return told[0] ?? NOTHING_TOLD;
  }

  #alone<T>(script: () => Script<T>, early: readonly Ask[] = []): Promise<T> {
    return this.#patiently((client) => this.#transaction(client, script, early));
  }

  async #patiently<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#withClient(work);
      } catch (error) {
        if (!(error instanceof Conflict)) throw error;
        if (tries === MAX_TRIES)
          throw new StoreError("store_unavailable", "Changes kept meeting each other; try again.");
      }
    }
  }

  /**
   * Only the small table of keys is swept: elsewhere dead rows are ciphertext whose key is overwritten here. Where the
   * account may, the server's log is also ended and written off, because it holds the key as it was. Nobody waits for
   * it, and many that come at once share one sweep.
   */
  async scrub(): Promise<void> {
    this.#isSweepDue = true;
    this.#sweep ??= this.#sweepAll().finally(() => {
      this.#sweep = undefined;
    });
  }

  async #sweepAll(): Promise<void> {
    while (this.#isSweepDue) {
      this.#isSweepDue = false;
      for (const sql of ["vacuum keys", "select pg_switch_wal()", "checkpoint"])
        await this.#withClient((client) => client.query(sql)).catch(() => undefined);
    }
  }

  async probe(deep: boolean): Promise<string> {
    const started = performance.now();
    const readOnly = await this.#value("select current_setting('transaction_read_only') as v");
    if (readOnly === "on") throw new StoreError("store_read_only", "PostgreSQL only lets us read.");
    await this.#value("select count(*) as v from migrations");
    if (deep) await this.write(() => touch());
    return `PostgreSQL ${Math.round(performance.now() - started)} ms`;
  }

  async time(): Promise<number> {
    return Number(await this.#value("select extract(epoch from clock_timestamp()) * 1000 as v"));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#sweep;
    await this.#pool.end();
  }

  async #value(sql: string): Promise<string> {
    const told = await this.#withClient((client) => client.query(sql));
    return String(told.rows[0]?.v);
  }

  async #withClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    let client: pg.PoolClient | undefined;
    let broken = false;
    try {
      client = await this.#pool.connect();
      return await work(client);
    } catch (error) {
      const explained = explain(error);
      // After a lost connection or a time-out nobody knows what the connection is still doing.
      broken = explained instanceof StoreError && explained.code === "store_unavailable";
      throw explained;
    } finally {
      client?.release(broken);
    }
  }

  async #transaction<T>(client: pg.PoolClient, script: () => Script<T>, early: readonly Ask[]): Promise<T> {
    try {
      const known: Known[] = [];
      if (early.length > 0) {
        const [, ...told] = await this.#wire.send(client, ["begin", ...early]);
        early.forEach((ask, i) => {
          known.push({ ask, told: told[i] ?? NOTHING_TOLD });
        });
      }
      return await this.#run(client, script(), {
        first: known.length > 0 ? [] : ["begin"],
        known,
        last: "commit",
      });
    } catch (error) {
      await this.#wire.send(client, ["rollback"]).catch(() => undefined);
      if (error instanceof Undo) return error.result as T;
      if (CONFLICTS.has(stateOf(error))) throw new Conflict();
      throw error;
    }
  }

  /**
   * `first` and `last` go over in one trip with the first statement and with the last ones; what is `known` does not go
   * over at all.
   */
  async #run<T>(
    client: pg.PoolClient,
    script: Script<T>,
    { first = [], known = [], last }: Frame = {},
  ): Promise<T> {
    let ahead: (Ask | string)[] = [...first];
    let step = script.next();
    for (const { ask, told } of known) {
      if (step.done || !isSame(step.value, ask)) break;
      step = script.next(told);
    }
    while (!step.done) {
      ahead.push(step.value);
      if (step.value.wants === "nothing") {
        step = script.next(NOTHING_TOLD);
        continue;
      }
      const told = await this.#wire.send(client, ahead);
      ahead = [];
      step = script.next(told.at(-1) ?? NOTHING_TOLD);
    }
    if (last !== undefined) ahead.push(last);
    if (ahead.length > 0) await this.#wire.send(client, ahead);
    return step.value;
  }
}

interface Frame {
  readonly first?: readonly string[];
  readonly known?: readonly Known[];
  readonly last?: string;
}

class Conflict extends Error {}

function* touch(): Script<void> {
  yield {
    statement: {
      sql: "insert into meta (name, value) values ('probe', $1) on conflict (name) do update set value = excluded.value",
      parameters: [],
    },
    values: [String(Date.now())],
    wants: "changes",
  };
}

function poolOf({ url, maxConnections, timeoutMs = DEFAULT_TIMEOUT_MS }: PostgresOptions): pg.Pool {
  refuseBadUrl(url);
  try {
    return new pg.Pool({
      connectionString: url,
      max: maxConnections ?? 10,
      application_name: "ben-an",
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      // The server gives up first and says so; the client's own clock is for a server that is silent.
      statement_timeout: timeoutMs,
      query_timeout: timeoutMs + 1_000,
      idle_in_transaction_session_timeout: timeoutMs * 3,
      // Nearly all that we ask goes by a key. Told that a page costs as much to find as to read on (as on any disk without
      // a moving arm), the server looks the keys up, instead of reading a small table whole with all its dead rows.
      options: "-c random_page_cost=1.1 -c jit=off",
      keepAlive: true,
      pipeline: true,
      types: OUR_TYPES,
    });
  } catch {
    // Without the cause: the address holds the password.
    throw new StoreError("store_bad_url", "DATABASE_URL can't be read as an address.");
  }
}

function refuseBadUrl(url: string): void {
  if (/^postgres(ql)?:\/\//.test(url)) return;
  throw new StoreError(
    "store_bad_url",
    "DATABASE_URL must look like postgres://user:password@host:5432/database.",
  );
}

const INT8 = 20;
const NUMERIC = 1700;

/** Times and counts fit a number exactly (2^53), so they come as numbers, as SQLite gives them. */
function parserOf(oid: number, format?: "text" | "binary"): unknown {
  if (oid === INT8 || oid === NUMERIC) return Number;
  return format === "binary" ? pg.types.getTypeParser(oid, "binary") : pg.types.getTypeParser(oid, "text");
}

const OUR_TYPES = { getTypeParser: parserOf as typeof pg.types.getTypeParser };

/** Classes and codes of the PostgreSQL documentation, appendix A; and Node's own for the network. */
const CODES: readonly (readonly [RegExp, StoreCode, string])[] = [
  [/^25006$/, "store_read_only", "PostgreSQL only lets us read. Point DATABASE_URL at the primary."],
  [
    /^42501$/,
    "store_missing_rights",
    "The database account may not do this. It must own its schema (create, read, write).",
  ],
  [
    /^28|^3D000$/,
    "store_missing_rights",
    "PostgreSQL refused the account, the password or the database of DATABASE_URL.",
  ],
  [/^53100$/, "store_full", "PostgreSQL has no space left on its disk. Nothing of the change was written."],
  [/^55P03$/, "store_locked", "Another program holds a lock in PostgreSQL for too long."],
  [
    /^08|^57P0|^53|^57014$|^25P03$/,
    "store_unavailable",
    "PostgreSQL is away, restarting or too slow. It is tried again.",
  ],
  [
    /^(ECONN|ENOTFOUND|EPIPE|ETIMEDOUT|EHOST|ENET|EAI_)/,
    "store_unavailable",
    "PostgreSQL can't be reached. It is tried again.",
  ],
];

function stateOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}

/** Never with the cause: a detail of PostgreSQL can hold the values of a row. */
function explain(error: unknown): unknown {
  if (error instanceof StoreError || error instanceof Undo || error instanceof Conflict) return error;
  const state = stateOf(error);
  const found = CODES.find(([pattern]) => pattern.test(state));
  if (found) return new StoreError(found[1], `${found[2]} (${state})`);
  const message = error instanceof Error ? error.message : "";
  if (/timeout|terminated|Connection ended|not queryable|after calling end/i.test(message)) {
    return new StoreError("store_unavailable", "PostgreSQL does not answer. It is tried again.");
  }
  return error instanceof pg.DatabaseError
    ? new StoreError("store_bug", `PostgreSQL: ${message} (${state})`)
    : error;
}
