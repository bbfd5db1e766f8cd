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

    it("gives places in the order of asking, to whoever asks, and no more in any time than the rate", async () => {
      const { limits, again } = opened;
      const key = fresh();
      const line = (n: number) => [{ key, rate: { burst: 3, perSecond: 0.1 }, n }];
      const waits: number[] = [];
      for (const [i, n] of [1, 2, 1, 2].entries())
        waits.push((await (i % 2 ? again : limits).reserve(line(n)))[0] ?? Number.NaN);
      // Three at once, then one every ten seconds; time goes by while we ask.
      expect(waits.slice(0, 2)).toEqual([0, 0]);
      for (const [i, least] of [
        [2, 10_000],
        [3, 30_000],
      ] as const) {
        expect(waits[i]).toBeLessThanOrEqual(least);
        expect(waits[i]).toBeGreaterThan(least - 5_000);
      }
    });

    it("gives a place in several lines at once, each by its own rate", async () => {
      const { limits } = opened;
      const [own, all] = [fresh(), fresh()];
      const slow = { burst: 1, perSecond: 0.01 };
      const quick = { burst: 9, perSecond: 9 };
      const both = () =>
        limits.reserve([
          { key: own, rate: slow, n: 1 },
          { key: all, rate: quick, n: 1 },
        ]);
      expect(await both()).toEqual([0, 0]);
      const [wait, none] = await both();
      expect(wait).toBeGreaterThan(50_000);
      expect(none).toBe(0);
    });

    it("fills a line again with time, and never beyond its burst", async () => {
      const { limits, pass } = opened;
      const key = fresh();
      const ask = async (n: number) =>
        (await limits.reserve([{ key, rate: { burst: 2, perSecond: 2 }, n }]))[0] ?? Number.NaN;
      await ask(2);
      await pass(3_000);
      expect(await ask(2)).toBe(0);
      expect(await ask(2)).toBeGreaterThan(500);
    });

    it("counts over all who ask, from the first one until its window ends", async () => {
      const { limits, again, pass } = opened;
      const [key, other] = [fresh(), fresh()];
      for (const n of [1, 2, 3, 4]) expect(await (n % 2 ? limits : again).count(key, 60_000)).toBe(n);
      expect(await limits.count(other, 1_000)).toBe(1);
      await pass(1_200);
      expect(await limits.count(other, 1_000)).toBe(1);
      expect(await limits.count(key, 60_000)).toBe(5);
    });

    it("looks at a count without counting, and forgets it when it is told to", async () => {
      const { limits, again } = opened;
      const key = fresh();
      expect(await limits.count(key, 60_000, 0)).toBe(0);
      expect(await again.count(key, 60_000, 3)).toBe(3);
      expect(await limits.count(key, 60_000, 0)).toBe(3);
      await limits.clear(key);
      expect(await again.count(key, 60_000, 0)).toBe(0);
      expect(await again.count(key, 60_000)).toBe(1);
    });

    it("keeps a line, a count and a bucket of one name apart", async () => {
      const { limits } = opened;
      const key = fresh();
      expect(await limits.count(key, 60_000)).toBe(1);
      expect(await limits.take(key, LIMIT)).toBe(0);
      expect(await limits.reserve([{ key, rate: { burst: 1, perSecond: 1 }, n: 1 }])).toEqual([0]);
    });
  });
}
