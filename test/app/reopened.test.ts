/** A counsellor closes a case in the moment in which the person tells of danger: it waits again, and she can be reached. */

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
