/** Who else can see what she writes is said as it is on her channel; where an app stands between, talks/first-words-*.talk. */

import { expect, it } from "vitest";
import { openBench } from "./service.ts";

it("names no messaging app on the page", async () => {
  const bench = await openBench();
  await bench.says("first-words", "alo");
  const said = (await bench.lines("first-words")).map((l) => l.text).join("\n");
  await bench.close();
  expect(said).toContain("Mình là máy trả lời tự động");
  expect(said).not.toContain("Ứng dụng nhắn tin");
});
