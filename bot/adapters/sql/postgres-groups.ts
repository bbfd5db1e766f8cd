/**
 * Changes of conversations that come together share one transaction, one flush to disk and their trips to the server.
 * A change that fails or would have to wait for another process is taken out and made alone.
 */

import type pg from "pg";
import type { Home } from "./engine.ts";
import { StoreError } from "./errors.ts";
import { Rows } from "./postgres-rows.ts";
import { sideBySide } from "./postgres-side-by-side.ts";
import type { Wire } from "./postgres-wire.ts";
import type { Ask, Script, Statement, Values } from "./statement.ts";

/** How many changes share a transaction at most. */
const MOST = 64;
/** Groups of this process that run at the same time: one computes while the other one's log is flushed. */
const LANES = 2;
/** A group holds rows of many people: rather than wait for another process's row, its changes are made one by one. */
const BEGIN = "begin; set local lock_timeout = '250ms'";
const LOCK: Statement<Values, unknown> = {
  sql: "select id from conversations where id = any (array(select json_array_elements_text($1::json))) for update skip locked",
  parameters: [null],
};

interface Job {
  readonly script: () => Script<unknown>;
  readonly home: Home;
  readonly since: number;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

export interface Ground {
  readonly wire: Wire;
  readonly patienceMs: number;
  withClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T>;
  /** In a transaction of its own, waiting for rows and trying again as needed. */
  alone<T>(script: () => Script<T>): Promise<T>;
}

export class Groups {
  readonly #ground: Ground;
  readonly #rows = new Rows();
  /** Homes with a change on its way: the next one waits for the next group, so that two never meet. */
  readonly #busy = new Set<string>();
  #waiting: Job[] = [];
  #lanes = 0;
  #counting = false;
  #scheduled = false;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  write<T>(script: () => Script<T>, home: Home): Promise<T> {
    return new Promise<unknown>((resolve, reject) => {
      this.#waiting.push({ script, home, since: Date.now(), resolve, reject });
      this.#schedule();
    }) as Promise<T>;
  }

  #schedule(): void {
    if (this.#scheduled || this.#lanes >= LANES || this.#waiting.length === 0) return;
    this.#scheduled = true;
    // After the input that is already waiting was read, so that what arrives together is written together.
    setImmediate(() => {
      this.#scheduled = false;
      const jobs = this.#take();
      if (jobs.length === 0) return;
      const counts = jobs.some(({ home }) => home.counts);
      this.#lanes += 1;
      if (counts) this.#counting = true;
      void this.#settle(jobs).finally(() => {
        this.#lanes -= 1;
        if (counts) this.#counting = false;
        for (const job of jobs) this.#busy.delete(job.home.line);
        this.#schedule();
      });
      this.#schedule();
    });
  }

  /** The oldest, one for each home. */
  #take(): readonly Job[] {
    const taken: Job[] = [];
    const left: Job[] = [];
    const late = Date.now() - this.#ground.patienceMs;
    for (const job of this.#waiting) {
      if (job.since < late)
        job.reject(new StoreError("store_unavailable", "PostgreSQL is too slow. It is tried again."));
      else if (taken.length >= MOST || this.#mustWait(job)) left.push(job);
      else {
        this.#busy.add(job.home.line);
        taken.push(job);
      }
    }
    this.#waiting = left;
    return taken;
  }

  #mustWait({ home }: Job): boolean {
    return this.#busy.has(home.line) || (home.counts === true && this.#counting);
  }

  async #settle(jobs: readonly Job[]): Promise<void> {
    let done: ReadonlyMap<Job, unknown> | null = null;
    try {
      if (jobs.length > 1) done = await this.#ground.withClient((client) => this.#together(client, jobs));
    } catch (error) {
      // The connection is lost, and with it the knowledge whether the group was committed.
      for (const job of jobs) job.reject(error);
      return;
    }
    await Promise.all(
      jobs.map(async (job) => {
        if (done?.has(job)) return job.resolve(done.get(job));
        await this.#ground.alone(job.script).then(job.resolve, job.reject);
      }),
    );
  }

  /** What was committed, with results; null: the group came to nothing and left nothing. */
  async #together(client: pg.PoolClient, jobs: readonly Job[]): Promise<ReadonlyMap<Job, unknown> | null> {
    try {
      const free = await this.#lock(client, jobs);
      const scripts = free.map((job) => job.script());
      const results = await sideBySide(client, this.#ground.wire, this.#rows, scripts, "commit");
      return new Map(free.map((job, i) => [job, results[i]]));
    } catch {
      // Throws when the connection is lost; else everything was undone.
      await this.#ground.wire.send(client, ["rollback"]);
      return null;
    }
  }

  /** Those whose conversation is ours now, or not there yet. */
  async #lock(client: pg.PoolClient, jobs: readonly Job[]): Promise<readonly Job[]> {
    const ids = jobs.flatMap(({ home }) => (home.row === null ? [] : [home.row]));
    const ask: Ask = { statement: LOCK, values: [JSON.stringify(ids)], wants: "rows" };
    const [, locked] = await this.#ground.wire.send(client, [BEGIN, ask]);
    const ours = new Set((locked?.rows as readonly { id: string }[] | undefined)?.map((row) => row.id));
    return jobs.filter(({ home }) => home.row === null || ours.has(home.row));
  }
}
