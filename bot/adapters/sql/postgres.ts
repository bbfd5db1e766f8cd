/** PostgreSQL through pg: each change is one transaction; a lost connection costs that one change, not the process. */

import pg from "pg";
import { type Dialect, postgresDialect } from "./dialect.ts";
import type { Engine, Home } from "./engine.ts";
import { StoreError } from "./errors.ts";
import type { PostgresOptions } from "./open.ts";
import {
  atStart,
  badUrl,
  Conflict,
  explain,
  inTheMiddle,
  NOT_OURS,
  refuseBadUrl,
  stateOf,
} from "./postgres-errors.ts";
import { type Ground, Groups } from "./postgres-groups.ts";
import { Reads } from "./postgres-reads.ts";
import { refuseMissingRights } from "./postgres-rights.ts";
import { isSame, type Known } from "./postgres-side-by-side.ts";
import { Wire } from "./postgres-wire.ts";
import { type Ask, NOTHING_TOLD, type Script, type Told, Undo, type Value } from "./statement.ts";

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
    throw atStart(error, options.url);
  }
}

/** One connection, for copies of whole tables. */
export interface Plain {
  query(sql: string, values?: readonly Value[]): Promise<pg.QueryResult>;
  end(): Promise<void>;
}

/** Throws a StoreError that says what to do; so do its queries. */
export async function connect(url: string): Promise<Plain> {
  refuseBadUrl(url);
  const client = clientOf(url);
  // What a lost connection means is told by the query that it breaks.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return {
      async query(sql, values = []) {
        try {
          return await client.query(sql, [...values]);
        } catch (error) {
          throw inTheMiddle(explain(error));
        }
      },
      end: () => client.end(),
    };
  } catch (error) {
    throw atStart(explain(error), url);
  }
}

function clientOf(url: string): pg.Client {
  try {
    return new pg.Client({
      connectionString: url,
      application_name: "ben-an copy",
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      types: OUR_TYPES,
    });
  } catch (error) {
    throw badUrl(error);
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
    const encoding = await this.#value("select current_setting('server_encoding') as v");
    if (encoding !== "UTF8") {
      throw new StoreError(
        "store_not_a_database",
        `The database keeps texts as ${encoding}, which has no place for Vietnamese. Make one with: createdb --encoding UTF8 --template template0 NAME`,
      );
    }
    if ((await this.#value(STRANGERS)) === "true") throw new StoreError("store_not_a_database", NOT_OURS);
    await this.#withClient(refuseMissingRights);
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
    await this.#withClient(async (client) => {
      const { rows } = await client.query("select current_setting('transaction_read_only') as v");
      if (rows[0]?.v === "on") throw new StoreError("store_read_only", "PostgreSQL only lets us read.");
    });
    await this.#value("select count(*) as v from migrations");
    await this.#withClient(refuseMissingRights);
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
      // After a lost connection or a time-out nobody knows what the connection is still doing. One that only reads leads to
      // what was the primary before, while its name may lead to the new one by now.
      broken =
        explained instanceof StoreError && ["store_unavailable", "store_read_only"].includes(explained.code);
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
  } catch (error) {
    throw badUrl(error);
  }
}

const INT8 = 20;
const NUMERIC = 1700;

/** Times and counts fit a number exactly (2^53), so they come as numbers, as SQLite gives them. */
function parserOf(oid: number, format?: "text" | "binary"): unknown {
  if (oid === INT8 || oid === NUMERIC) return Number;
  return format === "binary" ? pg.types.getTypeParser(oid, "binary") : pg.types.getTypeParser(oid, "text");
}

const OUR_TYPES = { getTypeParser: parserOf as typeof pg.types.getTypeParser };

/** Tables that have the names of our first two, and not their columns. */
const STRANGERS = `select count(distinct t.oid) > 0 and count(*) filter
  (where (t.relname, c.attname) in (('meta', 'name'), ('meta', 'value'), ('migrations', 'number'))) < 3 as v
  from pg_class t join pg_attribute c on c.attrelid = t.oid
  where t.relnamespace = to_regnamespace(current_schema()) and t.relname in ('meta', 'migrations')`;
