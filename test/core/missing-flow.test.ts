/** A flow that was left out as unsound leaves nobody without an answer. */

import { expect, test } from "vitest";
import { beginRehearsal, says } from "../../bot/core/rehearsal.ts";
import type { World } from "../../bot/core/world.ts";
import { repositoryWorld } from "../world.ts";

async function without(...ids: string[]): Promise<World> {
  const world = await repositoryWorld("zalo-oa");
  return { ...world, flows: new Map([...world.flows].filter(([id]) => !ids.includes(id))) };
}

test.each([
  ["emergency", "chồng em đang cầm dao đòi giết em"],
  ["first-words", "alo"],
])('without the flow %s, "%s" still gets the numbers', async (id, words) => {
  const r = beginRehearsal(await without(id), Date.parse("2026-11-22T21:30+07:00"), "vi");
  const { sent } = says(r, { kind: "text", text: words });
  expect(sent.map((m) => m.text).join("\n")).toContain("113");
});

test("a flow that leads to one that is missing says the numbers, and an emergency still opens its case", async () => {
  const world = await without("emergency", "human");
  const r = beginRehearsal(world, Date.parse("2026-11-22T21:30+07:00"), "vi");
  const { effects } = says(r, { kind: "text", text: "nó đang cầm dao ngoài cửa" });
  expect(effects.map((e) => e.type)).toContain("open_case");
  const { sent } = says(r, { kind: "text", text: "gọi người thật" });
  expect(sent.map((m) => m.text).join("\n")).toContain("113");
});
