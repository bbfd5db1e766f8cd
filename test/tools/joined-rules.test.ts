/** The rules joined beforehand are used exactly as long as they are those of the folder. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { joinedOf, joinedText } from "../../bot/tools/joined-rules.ts";
import { readRiskFolder } from "../../bot/tools/read-risk.ts";
import { published, RISK } from "../core/triage/published-ear.ts";

const folder = mkdtempSync(join(tmpdir(), "ear-"));
afterAll(() => rmSync(folder, { recursive: true }));
const source = join(folder, "rules.yaml");

describe("joined rules", () => {
  it("that are published are those of the YAML files", () => {
    expect(joinedOf(RISK)).toEqual(published.rules);
  });
  it("are not used when there are none, when they are torn, or when a source was edited since", () => {
    writeFileSync(source, "concepts:\n  knife: [dao]\n");
    expect(joinedOf(folder)).toBeUndefined();
    const { rules } = readRiskFolder(folder);
    const text = joinedText(folder, rules);
    writeFileSync(join(folder, "joined.json"), text);
    expect(joinedOf(folder)).toEqual(rules);
    writeFileSync(join(folder, "joined.json"), text.slice(0, -10));
    expect(joinedOf(folder)).toBeUndefined();
    writeFileSync(join(folder, "joined.json"), text);
    writeFileSync(source, "concepts:\n  knife: [dao, rựa]\n");
    expect(joinedOf(folder)).toBeUndefined();
  });
});
