/** Runs a piece of work again and again: at once while there is more, on a wake-up, and from time to time anyway. */

import { errorKind } from "../core/error-kind.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";

export interface Loop {
  /** Resolves when nothing is left to do now; after failures, when the work goes on. */
  wake(): Promise<void>;
  /** Resolves when the piece of work that runs now has ended; no other begins. */
  stop(): Promise<void>;
}

/** Longest pause after failures: a store that is away is asked again at least this often. */
const MAX_PAUSE_MS = 5_000;

/** `work` returns how much it did; 0 means that there is nothing now. A failure is logged and tried again, ever slower. */
export function startLoop(
  name: string,
  everyMs: number,
  work: () => Promise<number>,
  { clock, log }: { clock: Clock; log: Log },
): Loop {
  let running: Promise<void> | null = null;
  let again = false;
  let stopped = false;
  let failures = 0;
  let cancel = () => {};
  let recovered: PromiseWithResolvers<void> | null = null;

  const run = async () => {
    do {
      again = false;
      try {
        if ((await work()) > 0) again = true;
        if (failures > 0) log("info", "work_goes_on", { loop: name });
        failures = 0;
      } catch (error) {
        failures += 1;
        again = false;
        if (failures === 1 || failures % 20 === 0) {
          log("error", "work_failed", {
            loop: name,
            failures,
            error: errorKind(error),
            reason: error instanceof Error && "code" in error ? String(error.code) : undefined,
          });
        }
      }
    } while (again && !stopped);
    running = null;
    if (failures === 0) tellRecovered();
    if (!stopped) later();
  };
  const later = () => {
    cancel();
    const pause = failures > 0 ? Math.min(MAX_PAUSE_MS, 100 * 2 ** failures) : everyMs;
    cancel = clock.after(pause, wake);
  };
  const wake = async () => {
    if (stopped) return;
    if (running) again = true;
    else {
      cancel();
      running = run();
    }
    await running;
  };
  const tellRecovered = () => {
    recovered?.resolve();
    recovered = null;
  };
  void wake();
  return {
    wake() {
      if (failures === 0 || stopped) return wake();
      recovered ??= Promise.withResolvers();
      return recovered.promise;
    },
    async stop() {
      stopped = true;
      cancel();
      tellRecovered();
      await running;
    },
  };
}
