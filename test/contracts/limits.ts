/** The suite that every Limits must pass. `again` is that of another process, or the same one where there is only one. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Limits } from "../../bot/ports/limits.ts";

export interface OpenedLimits {
  readonly limits: Limits;
  readonly again: Limits;
  /** Lets time pass for the buckets. */
  pass(ms: number): Promise<void> | void;
  end(): Promise<void> | void;
}

/** Far longer than a busy machine takes for three questions. */
const LIMIT = { burst: 2, everyMs: 60_000 };
const QUICK = { burst: 2, everyMs: 1_500 };
let n = 0;
const fresh = () => {
  n += 1;
  return `key-${n}`;
};

export function limitsContract(name: string, open: () => Promise<OpenedLimits>): void {
  describe(name, () => {
    let opened: OpenedLimits;
    beforeAll(async () => {
      opened = await open();
    }, 30_000);
    afterAll(() => opened?.end());

    it("gives a burst whoever is asked, then says how long to wait, and keeps others apart", async () => {
      const { limits, again } = opened;
      const [key, other] = [fresh(), fresh()];
      expect(await limits.take(key, LIMIT)).toBe(0);
      expect(await again.take(key, LIMIT)).toBe(0);
      const wait = await limits.take(key, LIMIT);
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(LIMIT.everyMs);
      expect(await again.take(key, LIMIT)).toBeGreaterThan(0);
      expect(await limits.take(other, LIMIT)).toBe(0);
    });

    it("gives one more after each pause, and never more than the burst", async () => {
      const { limits } = opened;
      const key = fresh();
      for (let i = 0; i < 2; i += 1) await limits.take(key, QUICK);
      await opened.pass(QUICK.everyMs + 100);
      expect(await limits.take(key, QUICK)).toBe(0);
      expect(await limits.take(key, QUICK)).toBeGreaterThan(0);
      await opened.pass(2 * QUICK.everyMs + 200);
      const taken = [];
      for (let i = 0; i < 3; i += 1) taken.push(await limits.take(key, QUICK));
      expect(taken.map((t) => t > 0)).toEqual([false, false, true]);
    });

    it("counts exactly when many ask at once", async () => {
      const { limits, again } = opened;
      const key = fresh();
      const slow = { burst: 10, everyMs: 60_000 };
      const told = await Promise.all(
        Array.from({ length: 40 }, (_, i) => (i % 2 ? limits : again).take(key, slow)),
      );
      expect(told.filter((wait) => wait === 0)).toHaveLength(10);
    });
  });
}
