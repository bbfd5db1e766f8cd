/** What the desk may read, and until when. */

import { afterEach, beforeEach, expect, it } from "vitest";
import type { Staff } from "../../bot/app/services.ts";
import type { CaseId, StaffId } from "../../bot/core/ids.ts";
import { type Bench, MINUTE, openBench } from "./service.ts";

const supervisor: Staff = { id: "staff-2" as StaffId, login: "lan", alias: "Lan", roles: ["supervisor"] };
const HER = "desk-person";
let bench: Bench;

beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

it("stops reading her where the case was closed, and reads on when a new case opens", async () => {
  const { desk } = bench.services;
  const first = await toCase();
  await desk.claim(bench.staff, first);
  await bench.settle();
  await bench.says(HER, "em đang ở ngoài sân");
  await desk.reply(bench.staff, first, "Chị nghe em đây.", "key-of-a-reply");
  bench.pass(5);
  await desk.close(bench.staff, first, "supported", "");
  bench.pass(5);
  await bench.settle();
  bench.pass(MINUTE);
  await bench.says(HER, "lời chỉ dành cho máy");
  for (const by of [bench.staff, supervisor]) {
    const texts = await textsOf(by, first);
    expect(texts).toContain("em đang ở ngoài sân");
    // Sent before the close, though it was decided after it.
    expect(texts).toContain("Chị nghe em đây.");
    expect(texts).not.toContain("lời chỉ dành cho máy");
    // Whether she knows that she is alone with the machine.
    expect(texts.at(-1)).toContain("Tư vấn viên đã rời");
  }
  const second = await toCase();
  expect(second).not.toBe(first);
  expect(await textsOf(bench.staff, second)).toContain("lời chỉ dành cho máy");
  expect(await textsOf(bench.staff, first)).not.toContain("lời chỉ dành cho máy");
});

it("shows no answers of hers that came after the close", async () => {
  const { desk } = bench.services;
  const id = await toCase();
  await desk.claim(bench.staff, id);
  await desk.close(bench.staff, id, "supported", "");
  await bench.settle();
  const before = await answersIn(id);
  bench.pass(MINUTE);
  await bench.says(HER, "em bị chồng đánh hôm qua");
  for (let i = 0; i < 4; i += 1) await bench.says(HER, "không");
  expect(await answersIn(id)).toEqual(before);
});

it("says that a case is closed to who still writes in it", async () => {
  const { desk } = bench.services;
  const id = await toCase();
  await desk.claim(bench.staff, id);
  await desk.close(bench.staff, id, "supported", "");
  expect(await desk.reply(bench.staff, id, "Em ơi", "key-of-a-late-one")).toMatchObject({ code: "closed" });
});

/** The waiting case that she opens by naming danger. */
async function toCase(): Promise<CaseId> {
  await bench.says(HER, "nó đang cầm dao ngoài cửa");
  const listed = await bench.services.desk.list(bench.staff, ["waiting"]);
  if (!listed.ok || !listed.cases[0]) throw new Error("no case");
  return listed.cases[0].id;
}

async function textsOf(by: Staff, id: CaseId): Promise<readonly string[]> {
  const found = await bench.services.desk.lines(by, id, 0);
  if (!found.ok) throw new Error(found.code);
  return found.lines.map((l) => l.text);
}

async function answersIn(id: CaseId) {
  const opened = await bench.services.desk.open(bench.staff, id);
  return opened.ok ? opened.file.answers : null;
}
