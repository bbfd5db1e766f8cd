/** What the desk may read, and until when. */

import { afterEach, beforeEach, expect, it } from "vitest";
import { makeDesk } from "../../bot/app/desk.ts";
import type { Staff } from "../../bot/app/services.ts";
import type { CaseId, StaffId } from "../../bot/core/ids.ts";
import type { CaseRow, TranscriptLine } from "../../bot/ports/store.ts";
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
    // Nor from any line on: what answers her words says what they were.
    const answered = (await bench.lines(HER)).findIndex((l) => l.text === "lời chỉ dành cho máy") + 1;
    expect(await textsOf(by, first, answered)).toEqual([]);
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

it("lets a colleague take over a case whose counsellor has gone, and only then", async () => {
  const { desk } = bench.services;
  const hanh: Staff = { id: "staff-3" as StaffId, login: "hanh", alias: "Hạnh", roles: ["counsellor"] };
  const id = await toCase();
  await desk.onDuty(bench.staff, true);
  await desk.claim(bench.staff, id);
  await bench.settle();
  expect(await desk.claim(hanh, id, bench.staff.id)).toMatchObject({ code: "already_claimed" });
  expect(await cardOf(hanh, id)).toMatchObject({ isLeftAlone: false, canTakeOver: false });
  // The laptop was closed: no beat for more than two minutes. She writes, and nobody reads it.
  bench.pass(3 * MINUTE);
  await bench.says(HER, "chị ơi nó quay lại rồi");
  expect(await cardOf(hanh, id)).toMatchObject({ isLeftAlone: true, canTakeOver: true });
  expect(await desk.claim(hanh, id)).toMatchObject({ code: "already_claimed" });
  expect(await desk.claim(hanh, id, bench.staff.id)).toMatchObject({ ok: true, card: { mine: true } });
  await bench.settle();
  expect((await bench.lines(HER)).at(-1)?.text).toContain("Hạnh đã vào");
  expect(await textsOf(hanh, id)).toContain("chị ơi nó quay lại rồi");
  const opened = await desk.open(hanh, id);
  expect(opened.ok && opened.file.history.map((h) => [h.actor, h.action, h.detail])).toContainEqual([
    "hanh",
    "case_taken_over",
    "mai",
  ]);
  const plain: Staff = { ...bench.staff, roles: ["counsellor"] };
  expect(await desk.reply(plain, id, "Chị đây", "key-of-who-was-gone")).toMatchObject({ code: "not_yours" });
});

it("shows words that were read and not answered, and lets a colleague take the case though its counsellor is on duty", async () => {
  const { desk } = bench.services;
  const hanh: Staff = { id: "staff-3" as StaffId, login: "hanh", alias: "Hạnh", roles: ["counsellor"] };
  const id = await toCase();
  await desk.setLevel(bench.staff, id, "high", "nghe qua điện thoại");
  await desk.claim(bench.staff, id);
  await bench.settle();
  const later = async (minutes: number) => {
    for (let i = 0; i < minutes; i += 1) {
      bench.pass(MINUTE);
      await desk.onDuty(bench.staff, true);
      await desk.read(bench.staff, id);
    }
    return cardOf(hanh, id);
  };
  await desk.reply(bench.staff, id, "Chị nghe em đây.", "key-answered-at-once");
  await bench.settle();
  expect(await later(40)).toMatchObject({ isUnanswered: false, isLeftAlone: false, awaitedSince: null });
  await bench.says(HER, "em kể chị nghe chuyện này được không");
  // Ten minutes (flows/settings.yaml); a word more does not begin them anew.
  await later(8);
  await bench.says(HER, "chị ơi");
  expect(await later(1)).toMatchObject({ unread: 0, isUnanswered: false, canTakeOver: false });
  expect(await desk.claim(hanh, id, bench.staff.id)).toMatchObject({ code: "already_claimed" });
  expect(await later(1)).toMatchObject({
    unread: 0,
    isUnanswered: true,
    isLeftAlone: true,
    canTakeOver: true,
  });
  expect(await cardOf(bench.staff, id)).toMatchObject({ mine: true, isUnanswered: true });
  const taken = await desk.claim(hanh, id, bench.staff.id);
  expect(taken).toMatchObject({ ok: true, card: { mine: true, isUnanswered: false } });
  await bench.settle();
  await desk.reply(hanh, id, "Chào em, mình là Hạnh.", "key-of-the-colleague");
  await bench.settle();
  expect(await later(40)).toMatchObject({ isUnanswered: false, awaitedSince: null });
});

it("takes who answers from the forum, without a console, for a counsellor at work", async () => {
  const { desk } = bench.services;
  const hanh: Staff = { id: "staff-3" as StaffId, login: "hanh", alias: "Hạnh", roles: ["counsellor"] };
  const id = await toCase();
  await desk.claim(bench.staff, id);
  bench.pass(10 * MINUTE);
  await desk.reply(bench.staff, id, "Chị vẫn ở đây", "key-from-the-forum");
  await bench.settle();
  expect(await cardOf(hanh, id)).toMatchObject({ isLeftAlone: false });
  bench.pass(10 * MINUTE);
  expect(await cardOf(hanh, id)).toMatchObject({ isLeftAlone: true });
});

it("lets a supervisor take over from a counsellor who is at work", async () => {
  const { desk } = bench.services;
  const id = await toCase();
  await desk.onDuty(bench.staff, true);
  await desk.claim(bench.staff, id);
  expect(await cardOf(supervisor, id)).toMatchObject({ isLeftAlone: false, canTakeOver: true });
  expect(await desk.claim(supervisor, id, bench.staff.id)).toMatchObject({ ok: true });
});

it("keeps one line of a reading, however often the console asks, and another when it is read later", async () => {
  const { desk } = bench.services;
  const id = await toCase();
  await desk.claim(bench.staff, id);
  for (let i = 0; i < 60; i += 1) {
    bench.pass(5_000);
    await desk.open(bench.staff, id);
  }
  const actions = async () => {
    const opened = await desk.open(bench.staff, id);
    return opened.ok ? opened.file.history.map((h) => h.action) : [];
  };
  expect((await actions()).filter((a) => a === "case_read")).toHaveLength(1);
  expect(await actions()).toContain("case_claimed");
  bench.pass(11 * MINUTE);
  await actions();
  expect((await actions()).filter((a) => a === "case_read")).toHaveLength(2);
});

it("says how many wait besides those in the list, and always lists the cases that are held", async () => {
  const { desk } = bench.services;
  const mine = await toCase();
  await desk.claim(bench.staff, mine);
  for (let i = 0; i < 203; i += 1) await bench.put(`desk-many-${i}`, "nó đang cầm dao ngoài cửa");
  await bench.settle();
  const listed = await desk.list(bench.staff, ["waiting", "claimed"]);
  if (!listed.ok) throw new Error(listed.code);
  expect(listed.more).toBe(3);
  expect(listed.cases.at(-1)?.id).toBe(mine);
  await bench.says("desk-last", "nó đang bóp cổ em");
  const newest = await desk.newest(bench.staff);
  const last = newest.ok ? newest.cases[0] : undefined;
  expect(last?.headline).toContain("strangulation");
  expect(listed.cases.map((c) => c.id)).not.toContain(last?.id);
});

it("lists every case, also one whose reasons cannot be read: nobody may wait unseen for it", async () => {
  const { cases } = bench.parts.store;
  const id = await toCase();
  await bench.says("desk-other", "nó đang bóp cổ em");
  const whole = cases.list;
  const spoiltLine = { sealed: new Uint8Array(40) as TranscriptLine["sealed"] };
  const spoilt = { sealedReasons: new Uint8Array(40) as NonNullable<CaseRow["sealedReasons"]> };
  cases.list = async (asked) =>
    (await whole.call(cases, asked)).map((row) => (row.id === id ? { ...row, ...spoilt } : row));
  const listed = await bench.services.desk.list(bench.staff, ["waiting"]);
  cases.list = whole;
  const seen = listed.ok ? listed.cases.map((c) => [c.level, c.headline.length > 0]) : [];
  expect(seen).toHaveLength(2);
  expect(seen).toContainEqual(["emergency", false]);
  expect(seen).toContainEqual(["emergency", true]);
  const { conversations } = bench.parts.store;
  const all = conversations.transcript;
  conversations.transcript = async (...asked) =>
    (await all.apply(conversations, asked)).map((l) => (l.ordinal === 1 ? { ...l, ...spoiltLine } : l));
  const texts = await textsOf(bench.staff, id);
  conversations.transcript = all;
  expect([texts[0], texts.length > 1]).toEqual(["[…]", true]);
  await bench.services.desk.claim(bench.staff, id);
  await bench.services.desk.note(bench.staff, id, "hẹn gọi lại tối nay");
  await bench.services.desk.note(bench.staff, id, "đã gọi");
  const notes = cases.notes;
  cases.notes = async (asked) =>
    (await notes.call(cases, asked)).map((n, i) => (i === 0 ? { ...n, sealed: spoiltLine.sealed } : n));
  const opened = await bench.services.desk.open(bench.staff, id);
  cases.notes = notes;
  expect(opened.ok && opened.file.notes.map((n) => n.text)).toEqual(["[…]", "đã gọi"]);
});

/** The waiting case that she opens by naming danger. */
async function toCase(): Promise<CaseId> {
  await bench.says(HER, "nó đang cầm dao ngoài cửa");
  const listed = await bench.services.desk.list(bench.staff, ["waiting"]);
  if (!listed.ok || !listed.cases[0]) throw new Error("no case");
  return listed.cases[0].id;
}

async function cardOf(by: Staff, id: CaseId) {
  const listed = await bench.services.desk.list(by, ["waiting", "claimed"]);
  return listed.ok ? listed.cases.find((c) => c.id === id) : null;
}

async function textsOf(by: Staff, id: CaseId, after = 0): Promise<readonly string[]> {
  const found = await bench.services.desk.lines(by, id, after);
  if (!found.ok) throw new Error(found.code);
  return found.lines.map((l) => l.text);
}

async function answersIn(id: CaseId) {
  const opened = await bench.services.desk.open(bench.staff, id);
  return opened.ok ? opened.file.answers : null;
}

it("says of a reply that nobody will get it, where she had all erased in that moment", async () => {
  const { store } = bench.parts;
  const id = await toCase();
  await bench.services.desk.claim(bench.staff, id);
  await bench.settle();
  const desk = makeDesk({
    ...bench.parts,
    store: { ...store, conversations: { ...store.conversations, append: async () => false } },
  });
  expect(await desk.reply(bench.staff, id, "Chị nghe em đây.", "key-of-a-reply")).toMatchObject({
    ok: false,
    code: "closed",
  });
});
