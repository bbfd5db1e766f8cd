/**
 * SQLite through node:sqlite: scripts run without a pause, and changes that come together share one transaction and one
 * fsync, which runs beside the next ones: nobody is told of a change before it is on disk, but the process goes on.
 */

import { closeSync, fdatasync, openSync, realpathSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { makeFolder } from "../folder.ts";
import { type Dialect, sqliteDialect } from "./dialect.ts";
import type { Engine } from "./engine.ts";
import { StoreError } from "./errors.ts";
import { CLOSED, explain, isBusy, lost } from "./sqlite-errors.ts";
import {
  type Ask,
  NOTHING_TOLD,
  type Script,
  type Statement,
  type Told,
  Undo,
  type Values,
} from "./statement.ts";

/** How long one try waits for another program's lock, with the whole process at a stand. */
const LOCK_TRY_MS = 50;
/** At the start nobody else waits in this process, and the one before us may still be closing. */
const OPEN_LOCK_MS = 2_000;
/** How long a change is tried again before it is refused as locked. */
const LOCK_PATIENCE_MS = 5_000;
const LOCK_PAUSE_MS = 40;

/** Below this the deep check says that the disk is full, while there is still time. */
const LOW_SPACE_MB = 50;

interface Job {
  readonly script: () => Script<unknown>;
  readonly since: number;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

type Outcome =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error: unknown };

/** What came of a job, to be told once it is on disk. */
interface Done {
  readonly job: Job;
  readonly outcome: Outcome;
}

export interface SqliteOptions {
  /** Path, or ":memory:". */
  readonly file: string;
  /** Largest size in pages of 4096 bytes; for tests of a full disk. */
  readonly maxPages?: number;
  readonly lockPatienceMs?: number;
  /** Brings what was written to a file onto the disk; Node's fdatasync unless a test has a disk of its own. */
  readonly toDisk?: (file: number, told: (error: Error | null) => void) => void;
}

export class SqliteEngine implements Engine {
  readonly dialect: Dialect = sqliteDialect();
  readonly #file: string;
  readonly #db: DatabaseSync;
  readonly #prepared = new Map<Statement<Values, unknown>, StatementSync>();
  readonly #steps: ReturnType<typeof transactionSteps>;
  readonly #patienceMs: number;
  readonly #toDisk: NonNullable<SqliteOptions["toDisk"]>;
  /** The log's file, once something was written. */
  #log: number | null = null;
  /** Committed since the fsync that runs began: they wait for the next one. */
  #committed: Done[] = [];
  /** They wait for the fsync that runs; null: none does. */
  #flushing: Done[] | null = null;
  #changes = 0;
  #isLost = false;
  #jobs: Job[] = [];
  #scheduled = false;
  #scrubDue = false;
  /** Changes that are not answered yet. */
  #open = 0;
  #closing = false;

  constructor(options: SqliteOptions) {
    this.#patienceMs = options.lockPatienceMs ?? LOCK_PATIENCE_MS;
    this.#toDisk = options.toDisk ?? fdatasync;
    this.#file = options.file;
    this.#db = openFile(options);
    this.#steps = transactionSteps(this.#db);
  }

  async read<T>(script: () => Script<T>): Promise<T> {
    try {
      return this.#run(script());
    } catch (error) {
      throw explain(error);
    }
  }

  write<T>(script: () => Script<T>): Promise<T> {
    if (this.#closing) return Promise.reject(explain(CLOSED));
    if (this.#isLost) return Promise.reject(lost());
    this.#open += 1;
    const written = new Promise<unknown>((resolve, reject) => {
      this.#jobs.push({ script, since: Date.now(), resolve, reject });
      this.#schedule();
    });
    return written.finally(() => {
      this.#open -= 1;
    }) as Promise<T>;
  }

  change(ask: Ask): Promise<Told> {
    return this.write(function* (): Script<Told> {
      return yield ask;
    });
  }

  async scrub(): Promise<void> {
    this.#scrubDue = true;
    const until = Date.now() + this.#patienceMs;
    while (this.#scrubDue) {
      // A reader in another program can hold the log's end; it is tried again after the next change, too.
      if (this.#truncateLog() || Date.now() > until) return;
      await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS));
    }
  }

  async probe(deep: boolean): Promise<string> {
    const started = performance.now();
    if (this.#isLost) throw lost();
    try {
      this.#db.prepare("select count(*) from migrations").get();
      if (deep) {
        this.#measureDisk();
        await this.write(function* (): Script<void> {
          yield {
            statement: TOUCH,
            values: [String(Date.now())],
            wants: "changes",
          };
        });
      }
    } catch (error) {
      throw explain(error);
    }
    return `SQLite ${Math.round(performance.now() - started)} ms`;
  }

  async time(): Promise<null> {
    return null;
  }

  /** Ends what was begun, then closes. */
  async close(): Promise<void> {
    this.#closing = true;
    while (this.#open > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    if (this.#log !== null) closeSync(this.#log);
    this.#log = null;
    if (this.#db.isOpen) this.#db.close();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    // After the input that is already waiting was read, so that what arrives together is written together.
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#scheduled = false;
    const jobs = this.#jobs;
    this.#jobs = [];
    if (jobs.length === 0) return;
    const outcomes = this.#try(jobs);
    if (outcomes) this.#keep(jobs, outcomes);
    // The database undid everything (disk full, say): one by one, so that only those that can't be written fail.
    else if (jobs.length > 1) for (const job of jobs) this.#keep([job], this.#try([job]) ?? []);
    if (this.#scrubDue) this.#truncateLog();
  }

  /** null: nothing was changed; a single job, and whoever waits for a lock, has been answered or put off. */
  #try(jobs: readonly Job[]): readonly Outcome[] | null {
    try {
      if (this.#isLost) throw lost();
      return this.#together(jobs);
    } catch (error) {
      if (isBusy(error)) {
        this.#again(jobs, error);
        return [];
      }
      if (jobs.length === 1) jobs[0]?.reject(explain(error));
      return null;
    }
  }

  /**
   * One transaction for all. First without savepoints, which make SQLite copy every page that it touches; when a job
   * fails, all is undone and done again with a savepoint for each, so that the one that fails goes alone.
   * Throws when the transaction as a whole came to nothing.
   */
  #together(jobs: readonly Job[]): readonly Outcome[] {
    try {
      return this.#transaction(() => jobs.map((job) => ({ ok: true, result: this.#run(job.script()) })));
    } catch (error) {
      if (jobs.length === 1 && error instanceof Undo) return [{ ok: true, result: error.result }];
      if (jobs.length === 1 || isBusy(error)) throw error;
      return this.#transaction(() => jobs.map((job) => this.#guarded(job)));
    }
  }

  #transaction<T>(work: () => T): T {
    this.#steps.begin.run();
    try {
      const result = work();
      this.#steps.commit.run();
      return result;
    } catch (error) {
      // Some errors make SQLite roll back by itself.
      if (this.#db.isTransaction) this.#steps.rollback.run();
      throw error;
    }
  }

  #guarded(job: Job): Outcome {
    this.#steps.savepoint.run();
    try {
      const result = this.#run(job.script());
      this.#steps.release.run();
      return { ok: true, result };
    } catch (error) {
      if (!this.#db.isTransaction) throw error;
      this.#steps.rollbackTo.run();
      this.#steps.release.run();
      return error instanceof Undo
        ? { ok: true, result: error.result }
        : { ok: false, error: explain(error) };
    }
  }

  /**
   * Tells what came of it when it is on disk. Who changed nothing waits too for what was committed before: an arrival
   * that is known already must not be answered before the first one is safe.
   */
  #keep(jobs: readonly Job[], outcomes: readonly Outcome[]): void {
    const done = jobs.flatMap((job, i): Done[] => {
      const outcome = outcomes[i];
      return outcome ? [{ job, outcome }] : [];
    });
    const { changes } = this.#steps.changes.get() as { changes: number };
    const isChanged = changes !== this.#changes;
    this.#changes = changes;
    if (isChanged || this.#committed.length > 0) this.#committed.push(...done);
    else if (this.#flushing) this.#flushing.push(...done);
    else settle(done);
    this.#bringToDisk();
  }

  #bringToDisk(): void {
    if (this.#flushing || this.#committed.length === 0) return;
    const waiting = this.#committed;
    this.#committed = [];
    if (this.#file === ":memory:") return settle(waiting);
    try {
      this.#log ??= openSync(`${realpathSync(this.#file)}-wal`, "r+");
    } catch {
      return this.#lose(waiting);
    }
    this.#flushing = waiting;
    this.#toDisk(this.#log, (error) => {
      this.#flushing = null;
      if (error) this.#lose([...waiting, ...this.#committed.splice(0)]);
      else settle(waiting);
      this.#bringToDisk();
    });
  }

  /**
   * What the disk did not take may be gone or not, and asking it again proves nothing: the system forgets such a page.
   * So nothing is promised any more until a new start has read the log from the disk.
   */
  #lose(done: readonly Done[]): void {
    this.#isLost = true;
    for (const { job } of done) job.reject(lost());
  }

  #again(jobs: readonly Job[], error: unknown): void {
    const oldest = Date.now() - this.#patienceMs;
    const patient = jobs.filter((job) => job.since > oldest);
    for (const job of jobs) if (job.since <= oldest) job.reject(explain(error));
    if (patient.length === 0) return;
    setTimeout(() => {
      this.#jobs.unshift(...patient);
      this.#schedule();
    }, LOCK_PAUSE_MS);
  }

  #run<T>(script: Script<T>): T {
    let step = script.next();
    while (!step.done) step = script.next(this.#execute(step.value));
    return step.value;
  }

  #execute(ask: Ask): Told {
    let prepared = this.#prepared.get(ask.statement);
    if (!prepared) {
      prepared = this.#db.prepare(ask.statement.sql);
      this.#prepared.set(ask.statement, prepared);
    }
    const values = ask.values as (string | number | Uint8Array | null)[];
    if (ask.wants === "rows") return { rows: prepared.all(...values), changes: 0 };
    if (ask.wants === "row") {
      const row = prepared.get(...values);
      return { rows: row === undefined ? [] : [row], changes: 0 };
    }
    const { changes } = prepared.run(...values);
    return ask.wants === "nothing" ? NOTHING_TOLD : { rows: [], changes: Number(changes) };
  }

  /** A small change may still fit when nothing else does, so a write alone does not tell. */
  #measureDisk(): void {
    if (this.#file === ":memory:") return;
    const disk = statfsSync(dirname(this.#file));
    const freeMb = Math.floor((disk.bavail * disk.bsize) / 2 ** 20);
    if (freeMb >= LOW_SPACE_MB) return;
    throw new StoreError(
      "store_full",
      `Only ${freeMb} MB are left on the disk of the database. Free space now.`,
    );
  }

  /** What it holds is safe in it: a full or failing disk that does not take it over is asked again after the next change. */
  #truncateLog(): boolean {
    try {
      const done = this.#db.prepare("pragma wal_checkpoint(truncate)").get() as { busy: number } | undefined;
      if (done?.busy === 0) this.#scrubDue = false;
    } catch (error) {
      if (!(explain(error) instanceof StoreError)) throw error;
    }
    return !this.#scrubDue;
  }
}

function transactionSteps(db: DatabaseSync) {
  return {
    begin: db.prepare("begin immediate"),
    commit: db.prepare("commit"),
    rollback: db.prepare("rollback"),
    savepoint: db.prepare("savepoint job"),
    release: db.prepare("release job"),
    rollbackTo: db.prepare("rollback to job"),
    changes: db.prepare("select total_changes() as changes"),
  };
}

function settle(done: readonly Done[]): void {
  for (const { job, outcome } of done) {
    if (outcome.ok) job.resolve(outcome.result);
    else job.reject(outcome.error);
  }
}

const TOUCH: Statement<Values, unknown> = {
  sql: "insert into meta (name, value) values ('probe', ?) on conflict (name) do update set value = excluded.value",
  parameters: [],
};

function openFile({ file, maxPages }: SqliteOptions): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    if (file !== ":memory:") makeFile(file);
    db = new DatabaseSync(file, { timeout: OPEN_LOCK_MS, enableForeignKeyConstraints: true });
    // secure_delete: deleted bytes are overwritten.
    db.exec("pragma secure_delete = on");
    db.exec("pragma journal_mode = wal");
    // Nothing is torn by a power cut; that what was told outlives it is our own fsync's work (`#bringToDisk`).
    db.exec("pragma synchronous = normal");
    db.exec("pragma temp_store = memory");
    // The log grows to 16 MB before it is carried over: a page that changes with every turn is then carried over less often.
    db.exec("pragma wal_autocheckpoint = 4000");
    db.exec("pragma cache_size = -32000");
    db.exec(`pragma busy_timeout = ${LOCK_TRY_MS}`);
    if (maxPages) db.exec(`pragma max_page_count = ${maxPages}`);
    return db;
  } catch (error) {
    db?.close();
    throw explain(error, file);
  }
}

/** For the owner only, and so before SQLite opens it: the log and its index take over the file's rights. */
function makeFile(file: string): void {
  makeFolder(dirname(file));
  closeSync(openSync(file, "a", 0o600));
}
