/** What was leased is read, also while the database is away for a moment. */

import { StoreError } from "./errors.ts";

const PAUSE_MS = 100;

/**
 * Asks again for `forMs` at most while the database may come back. A lease whose work was never read would run out like
 * that of a process that died: what is to be sent would count as perhaps sent, and who wrote would wait for it.
 */
export async function insist<T>(read: () => Promise<T>, forMs: number): Promise<T> {
  const until = performance.now() + forMs;
  for (;;)
    try {
      return await read();
    } catch (error) {
      const isAway = error instanceof StoreError && error.retry;
      if (!isAway || performance.now() + PAUSE_MS > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
}
