/** Who else can see what she writes is said as it is on her channel. */

import { afterAll, beforeAll, expect, it } from "vitest";
import { type Bench, openBench } from "./service.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

it.each([
  ["web", false],
  ["zalo-oa", true],
  ["telegram", true],
] as const)("names a messaging app only where there is one: %s", async (channel, hasApp) => {
  await bench.says("first-words", "alo", channel);
  const said = (await bench.lines("first-words", channel)).map((l) => l.text).join("\n");
  expect(said).toContain("Mình là máy trả lời tự động");
  expect(said.includes("Ứng dụng nhắn tin vẫn có thể thấy")).toBe(hasApp);
});
