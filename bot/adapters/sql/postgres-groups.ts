/**
 * Changes of conversations that come together share one transaction, one flush to disk and their trips to the server.
 * A change that fails or would have to wait for another process is taken out and made alone.
 */

import type pg from "pg";
import type { ConversationId } from "../../core/ids.ts";
import type { HomeRow, Homes } from "./dialect.ts";
import type { Home } from "./engine.ts";
import { StoreError } from "./errors.ts";
import { Rows } from "./postgres-rows.ts";
import { type Known, sideBySide } from "./postgres-side-by-side.ts";
import type { Wire } from "./postgres-wire.ts";
import { askFor, NOTHING_TOLD, type Script } from "./statement.ts";

/** How many changes share a transaction at most. */
const MOST = 64;
/** Groups of this process that run at the same time: one computes while the other one's log is flushed. */
const LANES = 2;
/** A group holds rows of many people: rather than wait for another process's row, its changes are made one by one. */
const BEGIN = "begin; set local lock_timeout = '250ms'";

interface Job {
  readonly script: () => Script<unknown>;
  readonly home: Home;
  readonly since: number;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

export interface Ground {
  readonly wire: Wire;
  readonly homes: Homes;
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
      const ours = await this.#lock(client, jobs);
      const runs = [...ours].map(([job, known]) => ({ script: job.script(), known }));
      const results = await sideBySide(client, this.#ground.wire, this.#rows, runs, "commit");
      return new Map([...ours.keys()].map((job, i) => [job, results[i]]));
    } catch {
      // Throws when the connection is lost; else everything was undone.
      await this.#ground.wire.send(client, ["rollback"]);
      return null;
    }
  }

  /**
   * Takes the conversations, and reads in the same trip what the changes ask first. Gives those changes that may be made
   * together, with what is known for them: nobody else has what they need.
   */
  async #lock(client: pg.PoolClient, jobs: readonly Job[]): Promise<ReadonlyMap<Job, readonly Known[]>> {
    const { lock, lockFree } = this.#ground.homes;
    const ids = jobs.flatMap(({ home }) => (home.row === null ? [] : [home.row]));
    const early = jobs.filter(({ home }) => home.ahead);
    const plan = this.#rows.plan(early.flatMap(({ home: { ahead } }) => ahead?.free ?? ahead?.ask ?? []));
    const [, locked, ...rest] = await this.#ground.wire.send(client, [
      BEGIN,
      askFor(lockFree, { ids: JSON.stringify(ids) }),
      ...plan.sent,
    ]);
    const homes = new Map((locked?.rows as readonly HomeRow[] | undefined)?.map((row) => [row.id, row]));
    const answers = plan.share(rest);
    const read = new Map(early.map((job, i) => [job, answers[i] ?? NOTHING_TOLD]));
    const ours = new Map<Job, readonly Known[]>();
    for (const job of jobs) {
      const { row: id, ahead } = job.home;
      const home = id === null ? undefined : homes.get(id as ConversationId);
      const told = read.get(job);
      if ((id !== null && !home) || (ahead?.free && told?.rows.length === 0)) continue;
      const known: Known[] = [];
      if (home) known.push({ ask: askFor(lock, { id: home.id }), told: { rows: [home], changes: 0 } });
      if (ahead && told) known.push({ ask: ahead.ask, told });
      ours.set(job, known);
    }
    return ours;
  }
}
