/**
 * Changes of conversations that come together share one transaction, one flush to disk and their trips to the server.
 * A change that fails or would have to wait for another process is taken out and made alone.
 */

import type pg from "pg";
import type { Home } from "./engine.ts";
import { StoreError } from "./errors.ts";
import { Rows } from "./postgres-rows.ts";
import type { Wire } from "./postgres-wire.ts";
import { type Ask, NOTHING_TOLD, type Script, type Statement, type Told, type Values } from "./statement.ts";

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
      return await this.#run(client, await this.#lock(client, jobs));
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

  /** All scripts side by side, until each waits for an answer or has ended; what they sent meanwhile goes over in one trip. */
  async #run(client: pg.PoolClient, jobs: readonly Job[]): Promise<ReadonlyMap<Job, unknown>> {
    const results = new Map<Job, unknown>();
    const runs = jobs.map((job): Run => ({ job, script: job.script(), asks: [], told: NOTHING_TOLD }));
    let open: readonly Run[] = runs;
    let last: readonly Run[] = [];
    while (open.length > 0) {
      for (const run of open) if (!advance(run)) results.set(run.job, run.result);
      last = open.filter((run) => results.has(run.job));
      open = open.filter((run) => !results.has(run.job));
      if (open.length > 0) await this.#trip(client, [...last, ...open]);
    }
    await this.#trip(client, last, "commit");
    return results;
  }

  /**
   * Sends what each run asks, each in its own order, statements that several ask for as one. Each learns the answer to its
   * last one.
   */
  async #trip(client: pg.PoolClient, runs: readonly Run[], end?: string): Promise<void> {
    const sent: (Ask | string)[] = [];
    const shares: (() => void)[] = [];
    let told: readonly Told[] = [];
    for (let left = runs.filter(hasAsk); left.length > 0; left = left.filter(hasAsk)) {
      const together = sameHead(left);
      const plan = this.#rows.plan(together.flatMap(({ asks }) => asks.shift() ?? []));
      const from = sent.length;
      sent.push(...plan.sent);
      shares.push(() => {
        const answers = plan.share(told.slice(from, from + plan.sent.length));
        together.forEach((run, i) => {
          run.told = answers[i] ?? NOTHING_TOLD;
        });
      });
    }
    if (end !== undefined) sent.push(end);
    if (sent.length === 0) return;
    told = await this.#ground.wire.send(client, sent);
    for (const share of shares) share();
  }
}

/** A script under way in a group. */
interface Run {
  readonly job: Job;
  readonly script: Script<unknown>;
  /** To be sent, in this order; it waits for the last one's answer. */
  readonly asks: Ask[];
  told: Told;
  result?: unknown;
}

/** Goes on until it waits for an answer. false: it has ended. */
function advance(run: Run): boolean {
  let step = run.script.next(run.told);
  while (!step.done) {
    run.asks.push(step.value);
    if (step.value.wants !== "nothing") return true;
    step = run.script.next(NOTHING_TOLD);
  }
  run.result = step.value;
  return false;
}

function hasAsk({ asks }: Run): boolean {
  return asks.length > 0;
}

/** Those whose next statement is the one that most of them have next. */
function sameHead(runs: readonly Run[]): readonly Run[] {
  const groups = [...Map.groupBy(runs, ({ asks }) => asks[0]?.statement).values()];
  return groups.reduce((most, one) => (one.length > most.length ? one : most));
}
