/** The loop that runs a piece of work, and what whoever wakes it is told. */

import { describe, expect, it } from "vitest";
import { startLoop } from "../../bot/app/loop.ts";
import type { Clock } from "../../bot/ports/clock.ts";

/** A loop whose work ends when the test says so, and a clock on which nothing comes by itself. */
function scene() {
  const begun: PromiseWithResolvers<number>[] = [];
  const later: (() => void)[] = [];
  const clock = {
    after(_: number, act: () => void) {
      later.push(act);
      return () => void later.splice(later.indexOf(act), 1);
    },
  } as unknown as Clock;
  const work = () => {
    const one = Promise.withResolvers<number>();
    begun.push(one);
    return one.promise;
  };
  const logged: unknown[] = [];
  const loop = startLoop("test", 1_000, work, {
    clock,
    log: (_, code, facts) => logged.push({ code, ...facts }),
  });
  const pause = () => new Promise((resolve) => setImmediate(resolve));
  return {
    begun,
    logged,
    loop,
    later,
    async end(how: number | Error) {
      const last = begun.at(-1);
      if (how instanceof Error) last?.reject(how);
      else last?.resolve(how);
      await pause();
    },
    /** Has it ended? */
    async over(woken: Promise<void>) {
      await pause();
      return Promise.race([woken.then(() => true), pause().then(() => false)]);
    },
  };
}

describe("a loop that is woken", () => {
  it("is busy until nothing is left, also of what came meanwhile", async () => {
    const { begun, loop, end, over } = scene();
    await end(0);
    const woken = loop.wake();
    expect(begun).toHaveLength(2);
    await end(3);
    expect(begun).toHaveLength(3);
    const again = loop.wake();
    await end(0);
    expect([begun.length, await over(woken)]).toEqual([4, false]);
    await end(0);
    expect([begun.length, await over(woken), await over(again)]).toEqual([4, true, true]);
    await loop.stop();
  });

  it("says why its work fails by the error's code, without its words", async () => {
    const { loop, end, logged } = scene();
    await end(Object.assign(new Error("words"), { code: "store_full" }));
    expect(logged).toEqual([
      { code: "work_failed", loop: "test", failures: 1, error: "Error", reason: "store_full" },
    ]);
    await loop.stop();
  });

  it("is busy while its work fails, and free when it goes on", async () => {
    const { begun, loop, end, over, later } = scene();
    await end(new Error("away"));
    const [one, two] = [loop.wake(), loop.wake()];
    expect(begun).toHaveLength(1);
    later[0]?.();
    await end(new Error("away"));
    expect(await over(one)).toBe(false);
    later.at(-1)?.();
    await end(0);
    expect([await over(one), await over(two)]).toEqual([true, true]);
    await loop.stop();
  });

  it("keeps nobody waiting after it was stopped", async () => {
    const { loop, end, over } = scene();
    await end(new Error("away"));
    const woken = loop.wake();
    await loop.stop();
    expect([await over(woken), await over(loop.wake())]).toEqual([true, true]);
  });
});
