/** Every instrument in knowledge/risk/instruments is readable and routes as its source says. */

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type Instrument, instrumentSchema, scoreInstrument } from "../../../bot/core/triage/instrument.ts";
import { published, RISK } from "./published-ear.ts";

const all = new Map<string, Instrument>(
  readdirSync(`${RISK}/instruments`).map((name) => {
    const read = instrumentSchema.parse(parse(readFileSync(`${RISK}/instruments/${name}`, "utf8")));
    return [read.id, read];
  }),
);
const get = (id: string): Instrument => {
  const found = all.get(id);
  if (!found) throw new Error(`no instrument ${id}`);
  return found;
};

describe("instruments", () => {
  it("are the six that are promised", () => {
    expect([...all.keys()].sort()).toEqual([
      "c-ssrs",
      "child-red-flags",
      "da-5",
      "lap",
      "sexual-violence-windows",
      "strangulation-signs",
    ]);
  });
  it.each([...all.values()])(
    "$id: every question is of a known category, unreviewed text says so, no score is shown",
    (one) => {
      for (const q of one.questions) {
        expect(Object.keys(published.rules.categories)).toContain(q.category);
        for (const text of [q.text.vi, q.text.en])
          expect(text).not.toMatch(/điểm số|score|nguy cơ thấp|low risk|an toàn rồi|you are safe/i);
      }
      expect(one.review.state).toBe("pending");
      for (const cut of one.cut_offs)
        for (const id of cut.of ?? []) expect(one.questions.map((q) => q.id)).toContain(id);
    },
  );
});

describe("routing", () => {
  it("DA-5: strangulation alone is high; today it is an emergency; three yes are high", () => {
    expect(scoreInstrument(get("da-5"), { strangled: "yes" })).toMatchObject({ level: "high", stop: true });
    expect(scoreInstrument(get("da-5"), { strangled: "yes" }, { strangled: "yes" }).level).toBe("emergency");
    expect(scoreInstrument(get("da-5"), { jealousy: "yes" }).level).toBe("medium");
    expect(
      scoreInstrument(get("da-5"), {
        strangled: "no",
        weapon: "no",
        "could-kill": "no",
        escalation: "no",
        jealousy: "no",
      }).level,
    ).toBe("none");
  });
  it.each(["weapon", "threat-to-kill", "might-kill", "strangled"])("LAP: %s alone refers", (id) => {
    expect(scoreInstrument(get("lap"), { [id]: "yes" }).level).toBe("high");
  });
  it("LAP: four of the others refer, three do not by themselves", () => {
    expect(
      scoreInstrument(get("lap"), { gun: "yes", jealousy: "yes", separation: "yes", unemployed: "yes" })
        .level,
    ).toBe("high");
    expect(scoreInstrument(get("lap"), { jealousy: "yes", separation: "yes", unemployed: "yes" }).level).toBe(
      "medium",
    );
  });
  it("C-SSRS: a wish is medium; intent, plan, method or behaviour high; tonight an emergency", () => {
    expect(scoreInstrument(get("c-ssrs"), { "wish-dead": "yes", thoughts: "yes" }).level).toBe("medium");
    for (const id of ["intent", "plan", "behaviour", "method"])
      expect(scoreInstrument(get("c-ssrs"), { [id]: "yes" }).level).toBe("high");
    expect(scoreInstrument(get("c-ssrs"), { plan: "yes" }, { plan: "yes" }).level).toBe("emergency");
  });
  it.each([...all.keys()])("%s: a skip of a red question is never lower than medium", (id) => {
    const red = get(id).questions.find((q) => q.red);
    expect(red && scoreInstrument(get(id), { [red.id]: "skipped" }).level).toBe("medium");
  });
});
