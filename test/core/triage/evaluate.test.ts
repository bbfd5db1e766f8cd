/** The gate for publishing rules: figures, intervals, and what falls. */

import { describe, expect, it } from "vitest";
import {
  compare,
  describeFall,
  evaluateRules,
  figuresOf,
  type LabelledLine,
  type Verdict,
  wilson,
} from "../../../bot/core/triage/evaluate.ts";
import { joinRules } from "../../../bot/core/triage/rules.ts";
import { published } from "./published-ear.ts";

const lines: LabelledLine[] = [
  { text: "nó đang cầm dao ngoài cửa", level: "emergency", category: "weapon", form: "marked" },
  { text: "no doa giet em", level: "high", category: "threat_to_kill", form: "unmarked" },
  { text: "phim này giết người", level: "none", category: "film", form: "marked" },
];

describe("evaluateRules", () => {
  it("hears the published rules' own lines", () => {
    const { figures } = evaluateRules(published.rules, lines);
    expect(figures.agreement).toEqual({ hits: 3, of: 3 });
    expect(figures.harmlessRaised).toEqual({ hits: 0, of: 1 });
  });
  it("refuses a draft that hears less, line by line", () => {
    const before = evaluateRules(published.rules, lines).verdicts;
    const after = evaluateRules(joinRules([]).rules, lines).verdicts;
    const { changed, falls } = compare(before, after);
    expect(changed.map((c) => [c.before, c.after])).toEqual([
      ["emergency", "none"],
      ["high", "none"],
    ]);
    expect(falls.map(describeFall).some((f) => f.startsWith("serious falls"))).toBe(true);
    expect(compare(before, before)).toEqual({ changed: [], falls: [] });
  });
});

describe("figuresOf", () => {
  it("counts two levels too low, and harmless lines raised", () => {
    const verdict = (level: Verdict["level"], heard: Verdict["heard"]): Verdict => ({
      text: `${level}${heard}`,
      level,
      heard,
      category: "c",
      form: "f",
    });
    const figures = figuresOf([
      verdict("emergency", "medium"),
      verdict("high", "medium"),
      verdict("none", "high"),
    ]);
    expect(figures.twoTooLow).toEqual({ hits: 1, of: 3 });
    expect(figures.harmlessRaised).toEqual({ hits: 1, of: 1 });
    expect(figures.serious).toEqual({ hits: 0, of: 2 });
  });
});

describe("wilson", () => {
  it("gives the known interval", () => {
    const [low, high] = wilson({ hits: 98, of: 100 });
    expect(low).toBeCloseTo(0.93, 2);
    expect(high).toBeCloseTo(0.9945, 3);
    expect(wilson({ hits: 0, of: 0 })).toEqual([0, 1]);
  });
});
