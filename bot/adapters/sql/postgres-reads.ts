/** Small reads that come together: one connection, one trip, one statement for those that ask for the same. */

import type { Ground } from "./postgres-groups.ts";
import { Rows } from "./postgres-rows.ts";
import { sideBySide } from "./postgres-side-by-side.ts";
import type { Script } from "./statement.ts";

/** How many reads share a trip at most. */
const MOST = 64;
/** Trips at the same time: the next reads need not wait for those that are on their way. */
const LANES = 2;

interface Job {
  readonly script: () => Script<unknown>;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

export class Reads {
  readonly #ground: Pick<Ground, "wire" | "withClient">;
  readonly #rows = new Rows();
  readonly #byItself: (script: () => Script<unknown>) => Promise<unknown>;
  #waiting: Job[] = [];
  #lanes = 0;
  #scheduled = false;

  constructor(
    ground: Pick<Ground, "wire" | "withClient">,
    byItself: (script: () => Script<unknown>) => Promise<unknown>,
  ) {
    this.#ground = ground;
    this.#byItself = byItself;
  }

  read<T>(script: () => Script<T>): Promise<T> {
    return new Promise<unknown>((resolve, reject) => {
      this.#waiting.push({ script, resolve, reject });
      this.#schedule();
    }) as Promise<T>;
  }

  #schedule(): void {
    if (this.#scheduled || this.#lanes >= LANES || this.#waiting.length === 0) return;
    this.#scheduled = true;
    // After the input that is already waiting was read.
    setImmediate(() => {
      this.#scheduled = false;
      const jobs = this.#waiting.splice(0, MOST);
      this.#lanes += 1;
      void this.#settle(jobs).finally(() => {
        this.#lanes -= 1;
        this.#schedule();
      });
      this.#schedule();
    });
  }

  async #settle(jobs: readonly Job[]): Promise<void> {
    try {
      const scripts = jobs.map((job) => ({ script: job.script() }));
      const results = await this.#ground.withClient((client) =>
        sideBySide(client, this.#ground.wire, this.#rows, scripts),
      );
      jobs.forEach((job, i) => {
        job.resolve(results[i]);
      });
    } catch (error) {
      if (jobs.length === 1) return jobs[0]?.reject(error);
      // Whoever asked for what cannot be answered must not cost the others their answers.
      await Promise.all(jobs.map((job) => this.#byItself(job.script).then(job.resolve, job.reject)));
    }
  }
}
