/** Packed weights come back as they were, whatever the numbers; anything else is refused, never half read. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packWeights, rowOf, unpackWeights } from "../../bot/core/weights.ts";

const BUCKETS = 1 << 12;
const WIDTH = 5;

const tables = fc
  .uniqueArray(fc.record({ bucket: fc.nat(BUCKETS - 1), row: rowOfWeights() }), { selector: (r) => r.bucket })
  .map((rows) => rows.sort((a, b) => a.bucket - b.bucket));

function rowOfWeights() {
  return fc.array(fc.integer({ min: -127, max: 127 }), { minLength: WIDTH, maxLength: WIDTH });
}

function packed(table: { bucket: number; row: number[] }[]): string {
  return packWeights(
    Int32Array.from(table, (r) => r.bucket),
    Int8Array.from(table.flatMap((r) => r.row)),
  );
}

describe("packed weights", () => {
  it("come back for every bucket, and nothing for the others", () => {
    fc.assert(
      fc.property(tables, (table) => {
        const weights = unpackWeights(packed(table), BUCKETS, WIDTH);
        if (!weights) throw new Error("not read");
        const expected = new Map(table.map(({ bucket, row }) => [bucket, row]));
        for (let bucket = 0; bucket < BUCKETS; bucket++) {
          const row = rowOf(weights, bucket);
          const found = row < 0 ? undefined : [...weights.rows.slice(row * WIDTH, (row + 1) * WIDTH)];
          expect(found).toEqual(expected.get(bucket));
        }
      }),
      { numRuns: 40 },
    );
  });

  const whole = packed([
    { bucket: 3, row: [1, 2, 3, 4, 5] },
    { bucket: 4000, row: [-1, -127, 127, 0, 1] },
  ]);

  it.each([
    ["cut short", whole.slice(0, 12)],
    ["of a bucket that is too high", packWeights(Int32Array.of(BUCKETS), new Int8Array(WIDTH))],
    ["no base64", "không"],
    ["with a gap that never ends", btoa("\x80\x80\x80\x80\x80\x80")],
  ])("are refused when they are %s", (_, text) => {
    expect(unpackWeights(text, BUCKETS, WIDTH)).toBeUndefined();
  });

  it("may be none", () => {
    expect(unpackWeights("", BUCKETS, WIDTH)?.rows).toHaveLength(0);
  });
});
