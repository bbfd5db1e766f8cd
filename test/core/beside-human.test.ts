/** What only sounds like danger puts no card over a talk with a human; what is told does, and the desk rings for both. */

import { expect, test } from "vitest";
import type { CaseId } from "../../bot/core/ids.ts";
import { type Reason, WORDING } from "../../bot/core/level.ts";
import { beginRehearsal, says } from "../../bot/core/rehearsal.ts";
import { repositoryWorld } from "../world.ts";

const AT = Date.parse("2026-11-23T20:00+07:00");
const wording: Reason = { category: WORDING, evidence: "cách nói giống những tin nhắn nguy hiểm" };
const knife: Reason = { category: "weapon", evidence: "có vũ khí" };

async function hearing(reasons: readonly Reason[], isClaimed: boolean) {
  const world = {
    ...(await repositoryWorld("telegram")),
    ear: () => ({ level: "emergency", reasons }) as const,
  };
  const r = beginRehearsal(world, AT, "vi");
  const id = "c-1" as CaseId;
  r.state = { ...r.state, greeted: true, lastPersonAt: AT - 60_000, level: "medium" };
  if (isClaimed) r.state.case = { id, state: "claimed", asked: true, alias: "Mai" };
  const { sent, effects } = says(r, { kind: "text", text: "dạ có chị gái em, em cảm ơn chị" });
  const rise = effects.find((e) => e.type === "raise_case" || e.type === "open_case");
  return { isCard: sent.some((m) => m.text.includes("113")), level: rise?.level };
}

test.each([
  ["by its wording alone, while a human is here", [wording], true, { isCard: false, level: "high" }],
  ["by its wording alone, with the machine", [wording], false, { isCard: true, level: "emergency" }],
  ["by what is told, while a human is here", [wording, knife], true, { isCard: true, level: "emergency" }],
] as const)("%s", async (_, reasons, isClaimed, expected) => {
  expect(await hearing(reasons, isClaimed)).toEqual(expected);
});
