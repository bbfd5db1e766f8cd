/** The order in which a counsellor reads why: what she told first, what only her wording suggests last. */

import { expect, it } from "vitest";
import { WORDING } from "../../bot/core/level.ts";
import { beginRehearsal, move } from "../../bot/core/rehearsal.ts";
import { readTalk } from "../../bot/core/talk.ts";
import type { Ear } from "../../bot/core/triage/ear.ts";
import { repositoryWorld } from "../world.ts";

/** Hears as the line says: which lines only their wording betrays changes with every edition of the model. */
const ear: Ear = (text) => {
  if (text.includes("giữ hết lương")) return { level: "medium", reasons: [money] };
  if (text.includes("cầm dao")) return { level: "emergency", reasons: [weapon, suggested] };
  return { level: "high", reasons: [text.includes("bóp cổ") ? told : suggested] };
};
const told = { category: "strangulation", evidence: "bị bóp cổ" };
const money = { category: "economic_control", evidence: "giữ hết lương" };
const weapon = { category: "weapon", evidence: "đang cầm dao" };
const suggested = { category: WORDING, evidence: "cách nói đáng lo" };

async function reasonsAfter(...lines: string[]) {
  const { talk } = readTalk(
    `# Lý do\n@ telegram vi 2026-11-22T21:30+07:00\n> alo\n${lines.map((l) => `> ${l}\n`).join("")}`,
    "reasons",
  );
  if (!talk) throw new Error("no talk");
  const r = beginRehearsal({ ...(await repositoryWorld("telegram")), ear }, talk.startsAt, talk.lang);
  for (const step of talk.steps) move(r, step);
  return r.state.reasons;
}

it("what she tells later stands before worrying wording that was heard first", async () => {
  expect(await reasonsAfter("anh ấy bảo đã đào sẵn hố sau vườn", "hôm qua ổng bóp cổ em")).toEqual([
    told,
    suggested,
  ]);
});

it("what calls people stands before milder things that she told before, and what she adds afterwards behind", async () => {
  expect(
    await reasonsAfter("nó giữ hết lương của em", "giờ nó cầm dao ngoài cửa", "hôm qua ổng bóp cổ em"),
  ).toEqual([weapon, money, told, suggested]);
});
