/** Waiting by the service's clock, cut short when somebody ends the work. */

import type { Clock } from "../ports/clock.ts";

/** Resolves after `ms`, or at once when `stop` is or becomes aborted. Leaves nothing behind on `stop`. */
export function pause(clock: Clock, ms: number, stop: AbortSignal): Promise<void> {
  if (stop.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    // A poller pauses for months on one signal: a listener that stayed would be a leak.
    const end = () => {
      stop.removeEventListener("abort", end);
      cancel();
      resolve();
    };
    const cancel = clock.after(ms, end);
    stop.addEventListener("abort", end);
  });
}
