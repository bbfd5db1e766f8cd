/** Who takes a case reaches the person, also where her conversation has lost it: it was closed in the moment of danger, or her state was. */

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import type { CaseId } from "../../bot/core/ids.ts";
import { openBench } from "./service.ts";

const HER = "a-page-session-of-the-test";

it("hears the counsellor who takes the case that danger has opened again while it was being closed", async () => {
  const bench = await openBench();
  const { desk } = bench.services;
  const { conversations, cases } = bench.parts.store;
  for (const words of ["alo", "có", "cho em gặp người thật"]) await bench.says(HER, words);
  const [row] = await cases.list({ states: ["waiting"], limit: 1 });
  const id = row?.id as CaseId;
  expect((await desk.claim(bench.staff, id)).ok).toBe(true);
  await bench.settle();

  const { commit } = conversations;
  Object.assign(conversations, {
    commit: async (turn: Parameters<typeof commit>[0]) => {
      Object.assign(conversations, { commit });
      expect((await desk.close(bench.staff, id, "supported", "")).ok).toBe(true);
      return commit(turn);
    },
  });
  await bench.says(HER, "nó đang cầm dao ngoài cửa");
  expect(await cases.get(id)).toMatchObject({ state: "waiting", level: "emergency" });

  expect((await desk.claim(bench.staff, id)).ok).toBe(true);
  await bench.settle();
  expect((await desk.reply(bench.staff, id, "Chị đây, em khóa cửa lại", "k")).ok).toBe(true);
  await bench.settle();
  expect((await bench.lines(HER)).map((l) => l.text)).toContain("Chị đây, em khóa cửa lại");
  await bench.close();
});

it("hears the counsellor of a case whose conversation began anew because its state could not be read", async () => {
  const bench = await openBench();
  const { desk } = bench.services;
  for (const words of ["alo", "có", "cho em gặp người thật"]) await bench.says(HER, words);
  const [row] = await bench.parts.store.cases.list({ states: ["waiting"], limit: 1 });
  const id = row?.id as CaseId;
  const database = new DatabaseSync(join(bench.dataDir, "ben-an.sqlite"));
  database.exec("update states set sealed = zeroblob(64)");
  database.close();
  expect((await desk.claim(bench.staff, id)).ok).toBe(true);
  expect((await desk.reply(bench.staff, id, "Chị đây", "k")).ok).toBe(true);
  await bench.settle();
  // Her phone may be in other hands: nothing of the talk is known any more.
  for (const words of ["chị ơi", "vâng"]) await bench.says(HER, words);
  expect((await bench.lines(HER)).map((l) => l.text).join("\n")).toContain("Chị đây");
  await bench.close();
});
