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
import { type Ask, askFor, NOTHING_TOLD, type Script } from "./statement.ts";

/** How many changes share a transaction at most. */
const MOST = 64;
/**
 * Groups of this process that run at the same time. The second one begins only when it would be full, or when somebody
 * waits for long: what comes while one is flushed had better go together than in two small groups.
 */
const LANES = 2;
const LONG_MS = 100;
/**
 * So often a change whose conversation another process has is put into a later group, after ever longer pauses; then it
 * is made alone, and waits. Together they are about as long as that process's own group takes on a slow disk.
 */
const MOST_MISSES = 4;
const MISS_PAUSE_MS = 2;
/** While so many are made alone no further group begins: each of them takes a connection. */
const MOST_ALONE = 6;
/**
 * A group holds rows of many people: rather than wait for another process's row, its changes are made one by one. All that
 * a group asks goes by a key, so there is nothing to be won by planning it anew for each length of a list.
 */
const BEGIN = "begin; set local lock_timeout = '250ms'; set local plan_cache_mode = force_generic_plan";

interface Job {
  readonly script: () => Script<unknown>;
  readonly home: Home;
  readonly since: number;
  /** How often another process had what it needs. */
  readonly misses: number;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

export interface Ground {
  readonly wire: Wire;
  readonly homes: Homes;
  readonly patienceMs: number;
  withClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T>;
  /**
   * In a transaction of its own, waiting for rows and trying again as needed. `early`: what the script is expected to ask
   * first, in this order; it goes over in one trip.
   */
  alone<T>(script: () => Script<T>, early: readonly Ask[]): Promise<T>;
}

export class Groups {
  readonly #ground: Ground;
  readonly #rows = new Rows();
  /** Homes with a change on its way: the next one waits for the next group, so that two never meet. */
  readonly #busy = new Set<string>();
  #waiting: Job[] = [];
  #lanes = 0;
  /** Changes that are being made by themselves. */
  #alone = 0;
  /** Groups and single changes under way that add to counts. */
  #counting = 0;
  #scheduled = false;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  write<T>(script: () => Script<T>, home: Home): Promise<T> {
    return new Promise<unknown>((resolve, reject) => {
      this.#waiting.push({ script, home, since: Date.now(), misses: 0, resolve, reject });
      this.#schedule();
    }) as Promise<T>;
  }

  #schedule(): void {
    if (this.#scheduled || this.#alone >= MOST_ALONE || !this.#hasLane()) return;
    this.#scheduled = true;
    // After the input that is already waiting was read, so that what arrives together is written together.
    setImmediate(() => {
      this.#scheduled = false;
      const jobs = this.#take();
      if (jobs.length === 0) return;
      void this.#group(jobs);
      this.#schedule();
    });
  }

  #hasLane(): boolean {
    const [first] = this.#waiting;
    if (!first || this.#lanes >= LANES) return false;
    return this.#lanes === 0 || this.#waiting.length >= MOST || Date.now() - first.since > LONG_MS;
  }

  async #group(jobs: readonly Job[]): Promise<void> {
    const counts = jobs.some(({ home }) => home.counts);
    this.#lanes += 1;
    if (counts) this.#counting += 1;
    // The lane is free for the next group while those that must wait for somebody do so.
    for (const job of await this.#settle(jobs)) void this.#byItself(job);
    this.#lanes -= 1;
    if (counts) this.#counting -= 1;
    this.#schedule();
  }

  async #byItself(job: Job): Promise<void> {
    this.#alone += 1;
    if (job.home.counts) this.#counting += 1;
    const { row, ahead } = job.home;
    const early = row === null ? [] : [askFor(this.#ground.homes.lock, { id: row as ConversationId })];
    if (ahead) early.push(ahead.ask);
    await this.#ground.alone(job.script, early).then(job.resolve, job.reject);
    this.#alone -= 1;
    if (job.home.counts) this.#counting -= 1;
    this.#busy.delete(job.home.line);
    this.#schedule();
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
    return this.#busy.has(home.line) || (home.counts === true && this.#counting > 0);
  }

  /** Those that must be made alone. */
  async #settle(jobs: readonly Job[]): Promise<readonly Job[]> {
    let done: ReadonlyMap<Job, unknown> | null = null;
    try {
      if (jobs.length > 1) done = await this.#ground.withClient((client) => this.#together(client, jobs));
    } catch (error) {
      // The connection is lost, and with it the knowledge whether the group was committed.
      for (const job of jobs) {
        this.#busy.delete(job.home.line);
        job.reject(error);
      }
      return [];
    }
    const left: Job[] = [];
    for (const job of jobs) {
      if (done?.has(job)) {
        this.#busy.delete(job.home.line);
        job.resolve(done.get(job));
      } else if (done && job.misses < MOST_MISSES) this.#later(job);
      else left.push(job);
    }
    return left;
  }

  /** Another process has its conversation for a moment, to settle what it sent, say. Nothing of its line overtakes it. */
  #later(job: Job): void {
    setTimeout(() => {
      this.#busy.delete(job.home.line);
      this.#waiting.unshift({ ...job, misses: job.misses + 1 });
      this.#schedule();
    }, MISS_PAUSE_MS << job.misses);
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
