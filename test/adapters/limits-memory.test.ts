/** The limits' contract in memory, where time is ours, and that memory stays bounded. */

import { expect, it } from "vitest";
import { openMemoryLimits } from "../../bot/adapters/memory/limits.ts";
import { limitsContract } from "../contracts/limits.ts";

limitsContract("limits in memory", async () => {
  let now = 0;
  const limits = openMemoryLimits({ now: () => now });
  return {
    limits,
    again: limits,
    pass: (ms) => {
      now += ms;
    },
    end: () => {},
  };
});

it("is patient with a clock that goes back", async () => {
  let now = 1_000_000;
  const limits = openMemoryLimits({ now: () => now });
  const limit = { burst: 1, everyMs: 1_000 };
  await limits.take("a", limit);
  now = 0;
  expect(await limits.take("a", limit)).toBe(1_000);
});

it("does not go through all that it remembers for each that asks", async () => {
  let now = 0;
  const limits = openMemoryLimits({ now: () => now });
  const limit = { burst: 2, everyMs: 3_600_000 };
  for (let n = 0; n < 30_000; n += 1) await limits.take(`k${n}`, limit);
  const began = performance.now();
  for (let n = 0; n < 5_000; n += 1) {
    now += 0.1;
    await limits.take(`k${n}`, limit);
  }
  expect(performance.now() - began).toBeLessThan(400);
});
