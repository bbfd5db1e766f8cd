/** Whoever asks when, no span of time sees more than the burst and the steady rate. */

import fc from "fast-check";
import { expect, it } from "vitest";
import { type Bucket, fullBucket, isFull, take } from "../../bot/core/rate.ts";

it("keeps the rate in every span, wastes none of it, and gives turns in the order of asking", () => {
  const rates = fc.record({
    burst: fc.integer({ min: 1, max: 30 }),
    perSecond: fc.constantFrom(0.5, 1, 7, 30),
  });
  const gaps = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 120 });
  fc.assert(
    fc.property(rates, gaps, (rate, asked) => {
      let now = 1_000_000;
      let bucket: Bucket = fullBucket(rate, now);
      const sent: number[] = [];
      for (const gap of asked) {
        now += gap;
        const turn = take(bucket, rate, 1, now);
        bucket = turn.bucket;
        sent.push(now + turn.waitMs);
      }
      expect(sent).toEqual(sent.toSorted((a, b) => a - b));
      for (let i = 0; i < sent.length; i += 1) {
        for (let j = i; j < sent.length; j += 1) {
          const span = ((sent[j] ?? 0) - (sent[i] ?? 0) + 1) / 1_000;
          expect(j - i + 1).toBeLessThanOrEqual(rate.burst + span * rate.perSecond + 1e-6);
        }
      }
      // The last asker waits no longer than all before her need.
      expect((sent.at(-1) ?? 0) - now).toBeLessThanOrEqual((asked.length * 1_000) / rate.perSecond + 1);
    }),
  );
});

it("is full again after a rest, and never fuller than the burst", () => {
  const rate = { burst: 3, perSecond: 1 };
  let bucket = take(fullBucket(rate, 0), rate, 3, 0).bucket;
  expect(isFull(bucket, rate, 2_999)).toBe(false);
  expect(isFull(bucket, rate, 3_000)).toBe(true);
  const waits = [0, 1, 2, 3].map(() => {
    const turn = take(bucket, rate, 1, 100_000);
    bucket = turn.bucket;
    return turn.waitMs;
  });
  expect(waits).toEqual([0, 0, 0, 1_000]);
});

it("is not fooled by a clock that went back", () => {
  const rate = { burst: 1, perSecond: 1 };
  const first = take(fullBucket(rate, 5_000), rate, 1, 5_000);
  expect(take(first.bucket, rate, 1, 1_000).waitMs).toBeGreaterThanOrEqual(1_000);
});
