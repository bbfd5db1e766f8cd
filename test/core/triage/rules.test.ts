/** The published rules are whole, and wrong ones are named by file, line and field. */

import { describe, expect, it } from "vitest";
import { readContent } from "../../../bot/app/read-content.ts";
import { readModel } from "../../../bot/core/triage/model.ts";
import { joinRules, riskFileSchema } from "../../../bot/core/triage/rules.ts";
import { published, storedModel } from "./published-ear.ts";

describe("the published rules", () => {
  it("have no problem", () => expect(published.problems).toEqual([]));
  it("hold every category that the service promises to hear", () => {
    const names = Object.keys(published.rules.categories);
    for (const name of [
      "violence",
      "weapon",
      "threat_to_kill",
      "strangulation",
      "sexual",
      "child",
      "suicide",
      "self_harm",
      "medical",
      "captivity",
      "trafficking",
      "stalking",
      "device",
      "economic",
      "control",
      "pregnancy",
      "escalation",
      "separation",
      "own_violence",
      "elder",
      "disability",
      "threat_to_others",
    ]) {
      expect(names).toContain(name);
    }
  });
});

const read = (source: string) => readContent({ kind: "rules", key: "draft", file: "draft.yaml", source });

describe("wrong rules", () => {
  it("are named by file, line and field", () => {
    const source =
      "rules:\n  - id: x\n    category: violence\n    level: severe\n    evidence: e\n    patterns: [a]\n";
    const [problem] = read(source).problems;
    expect(problem).toMatchObject({ file: "draft.yaml", line: 4, field: "rules.0.level", severity: "error" });
  });
  it("that are no YAML are a problem with a line", () => {
    expect(read("rules: [\n").problems[0]).toMatchObject({
      code: "document.yaml",
      file: "draft.yaml",
      line: 2,
    });
  });
  it("that name an unknown concept or category are refused", () => {
    const rules = riskFileSchema.parse({
      rules: [{ id: "x", category: "nope", level: "high", evidence: "e", patterns: ["<nobody> a"] }],
    });
    const messages = joinRules([{ file: "draft.yaml", rules }]).problems.map((p) => p.message);
    expect(messages).toEqual(['"nope" is not among the categories', '"nobody" is not among the concepts']);
  });
  it.each(["null", "3", "x", "[]", "rules: 3", 'concepts: { a: [""] }'])(
    "of any shape are a problem: %s",
    (source) => {
      expect(read(source)).toMatchObject({ problems: [{ file: "draft.yaml", severity: "error" }] });
    },
  );
});

describe("the stored model", () => {
  it("is readable", () => expect(readModel(storedModel, "model.json").problems).toEqual([]));
  it("that is cut short is a problem, not a throw", () => {
    const cut = { ...(storedModel as object), buckets: 32 };
    expect(readModel(cut, "model.json").problems).toHaveLength(1);
    expect(readModel({}, "model.json").problems.length).toBeGreaterThan(0);
  });
});
