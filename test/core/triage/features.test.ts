/** Features are counted once each, in messages of any length, and those of one message never leak into the next. */

import { expect, it } from "vitest";
import { hearRules } from "../../../bot/core/triage/assess.ts";
import { compile } from "../../../bot/core/triage/compile.ts";
import { makeFinder } from "../../../bot/core/triage/features.ts";
import { makeListener } from "../../../bot/core/triage/listen.ts";
import { published } from "./published-ear.ts";

const compiled = compile(published.rules);
const listener = makeListener(published.rules, compiled.vocabulary);
const BUCKETS = 1 << 24;

function featuresOf(find: ReturnType<typeof makeFinder>, text: string): number[] {
  const { scene } = hearRules(text, compiled, listener);
  const { list, count } = find(scene, [], 0, scene.tokens.length);
  return [...list.subarray(0, count)];
}

/** A made-up word for each number: to the model one number is like another. */
const word = (n: number): string =>
  `${[...String(n)].map((digit) => "bcdghklmnp"[Number(digit)]).join("")}zq`;
const LONG = Array.from({ length: 900 }, (_, i) => `chuyện ${word(i)} kể ${word(i * 7)} lần`).join(" ");

it("has no feature twice, also when there are thousands", () => {
  const found = featuresOf(makeFinder(compiled, BUCKETS), LONG);
  expect(found.length).toBeGreaterThan(4096);
  expect(new Set(found).size).toBe(found.length);
});

it("finds the same in a message whatever was heard before it", () => {
  const fresh = featuresOf(makeFinder(compiled, BUCKETS), "chồng em cầm dao đứng ngoài cửa");
  const find = makeFinder(compiled, BUCKETS);
  featuresOf(find, LONG);
  expect(featuresOf(find, "chồng em cầm dao đứng ngoài cửa")).toEqual(fresh);
});

it("takes one number for another, but not for a number that calls for help", () => {
  const find = makeFinder(compiled, BUCKETS);
  expect(featuresOf(find, "phòng 12")).toEqual(featuresOf(find, "phòng 14"));
  expect(featuresOf(find, "phòng 12")).not.toEqual(featuresOf(find, "gọi 113"));
});
