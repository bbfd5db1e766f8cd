/** Reads `knowledge/risk/*.yaml` from disk into the rules of the ear, as the service itself reads them. */

import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { readContent } from "../app/read-content.ts";
import type { Problem } from "../core/problem.ts";
import { joinRules, type RiskRules } from "../core/triage/rules.ts";

/** Reads and joins all rule files of a folder, in the order of their names; problems name file, line and field. */
export function readRiskFolder(folder: string): { rules: RiskRules; problems: Problem[] } {
  const problems: Problem[] = [];
  const parts: { file: string; rules: RiskRules }[] = [];
  for (const name of readdirSync(folder)
    .filter((n) => n.endsWith(".yaml"))
    .sort()) {
    const file = join(folder, name);
    const source = readFileSync(file, "utf8");
    const read = readContent({ kind: "rules", key: basename(name, ".yaml"), file, source });
    problems.push(...read.problems);
    if (read.value?.is === "risk") parts.push({ file, rules: read.value.rules });
  }
  const joined = joinRules(parts);
  return { rules: joined.rules, problems: [...problems, ...joined.problems] };
}
