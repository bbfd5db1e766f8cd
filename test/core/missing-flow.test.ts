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

// An editor publishes while she reads the question.
test.each(["có", "không", "bỏ qua", "quay lại", "sao lại hỏi vậy", "alo", "tap"])(
  "a question that was taken away meanwhile is no trap: %s is answered, and so is what follows",
  async (words) => {
    const world = await repositoryWorld("telegram");
    const start = world.flows.get("first-words");
    if (!start) throw new Error("no first words");
    const { safe: _, ...steps } = start.steps;
    const changed = { ...world, flows: new Map([...world.flows, ["first-words", { ...start, steps }]]) };
    for (const now of [changed, await without("first-words")]) {
      const before = beginRehearsal(world, Date.parse("2026-11-22T21:30+07:00"), "vi");
      says(before, { kind: "text", text: "alo" });
      const r = { ...before, world: now };
      const { sent } =
        words === "tap"
          ? says(r, { kind: "choice", value: "f:first-words:safe:yes" })
          : says(r, { kind: "text", text: words });
      expect(sent.map((m) => m.text).join("\n")).not.toBe("");
      expect(r.state.frames.map((f) => f.step)).not.toContain("safe");
    }
  },
);
