/** A message of nothing but one sign must not hold up everybody else's: its cost grows with its length, not with the square. */

import { expect, test } from "vitest";
import { beginRehearsal, says } from "../../bot/core/rehearsal.ts";
import { repositoryWorld } from "../world.ts";

const LONG = 20_000;
const SIGNS = ["@", "1", "a", ",", "\n", "a.", "co ", "em em "];

test("held keys and endless lists are read in a moment", async () => {
  const r = beginRehearsal(await repositoryWorld("web"), Date.parse("2026-11-22T21:30+07:00"), "vi");
  // The first question to the library makes its index.
  for (const text of ["alo", "có", "tôi chỉ muốn hỏi", "ly hôn nộp đơn ở đâu"])
    says(r, { kind: "text", text });
  const started = process.cpuUsage();
  for (const sign of SIGNS) says(r, { kind: "text", text: `${sign.repeat(LONG / sign.length)}x` });
  expect(process.cpuUsage(started).user / 1_000).toBeLessThan(2_500);
}, 120_000);
