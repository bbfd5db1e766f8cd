/** A draft of an instrument beside the one in force: which answers would count for less. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type Instrument, instrumentSchema } from "../../../bot/core/triage/instrument.ts";
import { compareInstruments, describeChange } from "../../../bot/core/triage/instrument-change.ts";
import { RISK } from "./published-ear.ts";

const read = (name: string) =>
  instrumentSchema.parse(parse(readFileSync(`${RISK}/instruments/${name}.yaml`, "utf8")));
const da5 = read("da-5");
const withQuestion = (id: string, change: Partial<Instrument["questions"][number]>): Instrument => ({
  ...da5,
  questions: da5.questions.map((q) => (q.id === id ? { ...q, ...change } : q)),
});
const said = (changes: ReturnType<typeof compareInstruments>["falls"]) => changes.map(describeChange);

describe("comparing instruments", () => {
  it("finds nothing where only the wording changes", () => {
    const worded = withQuestion("strangled", { text: { vi: "Khác?", en: "Other?" } });
    expect(compareInstruments(da5, worded)).toEqual({ signs: [], falls: [], rises: [] });
  });

  it("names a sign of danger whose hard stop, follow-up or red mark is gone", () => {
    const soft = withQuestion("strangled", { hard_stop: undefined, follow_up: undefined, red: false });
    const { signs } = compareInstruments(da5, soft);
    expect(said(signs)).toEqual([
      "strangled: yes gives medium instead of high",
      "strangled: follow_up gives medium instead of emergency",
      "strangled: skipped gives none instead of medium",
    ]);
  });

  it("names a question that is no longer asked", () => {
    const fewer = { ...da5, questions: da5.questions.filter(({ id }) => id !== "could-kill") };
    expect(compareInstruments(da5, fewer).signs.map((c) => c.answers[0]?.question)).toContain("could-kill");
  });

  it("names the smallest sets of answers that a moved cut-off lets fall, and no sign", () => {
    const lap = read("lap");
    const moved: Instrument = { ...lap, cut_offs: lap.cut_offs.map((c) => ({ ...c, sum: c.sum + 1 })) };
    const { falls, rises } = compareInstruments(lap, moved);
    expect(falls.length).toBeGreaterThan(0);
    expect(rises).toEqual([]);
    for (const a of falls) {
      const inside = falls.filter(
        (b) =>
          b !== a &&
          b.before === a.before &&
          b.after === a.after &&
          b.answers.every((x) => a.answers.some((y) => x.question === y.question && x.said === y.said)),
      );
      expect(inside).toEqual([]);
    }
  });

  it("tells what rises from what falls", () => {
    const stricter = withQuestion("jealousy", { hard_stop: "emergency" });
    const { signs, falls, rises } = compareInstruments(da5, stricter);
    expect([signs, falls]).toEqual([[], []]);
    expect(said(rises)).toContain("jealousy: yes gives emergency instead of medium");
  });

  it("is quick with many questions", () => {
    const many: Instrument = {
      ...da5,
      questions: Array.from({ length: 40 }, (_, i) => ({
        ...(da5.questions[4] as Instrument["questions"][number]),
        id: `q-${i}`,
      })),
      cut_offs: [{ sum: 3, level: "high" }],
    };
    const looser = { ...many, cut_offs: [{ sum: 4, level: "high" as const }] };
    expect(compareInstruments(many, looser).falls).toHaveLength((40 * 39 * 38) / 6);
  });
});
