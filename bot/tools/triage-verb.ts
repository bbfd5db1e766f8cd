/** The `triage` verb with the rules and weights of a folder, loading nothing that hearing does not need. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describeProblem, type Problem } from "../core/problem.ts";
import { makeEar } from "../core/triage/assess.ts";
import { readModel } from "../core/triage/model.ts";
import type { RiskRules } from "../core/triage/rules.ts";
import { joinedOf } from "./joined-rules.ts";
import { outlet } from "./outlet.ts";
import { triageLines } from "./triage-lines.ts";

/** Hears standard input line by line; 0, or 1 if the rules cannot be read. */
export async function triage(folder: string): Promise<number> {
  const rules = joinedOf(folder) ?? (await parsed(folder));
  if (!rules) return 1;
  const read = readModel(json(join(folder, "model.json")), "knowledge/risk/model.json");
  // The texts that they were read from are not held beside what is heard (the cli script gives the flag).
  globalThis.gc?.();
  tell(read.problems);
  process.stdin.setEncoding("utf8");
  await triageLines(process.stdin, makeEar(rules, read.model), outlet(process.stdout).write);
  return 0;
}

/** The slow way, when the rules were edited since they were joined. */
async function parsed(folder: string): Promise<RiskRules | undefined> {
  const { readRiskFolder } = await import("./read-risk.ts");
  const { rules, problems } = readRiskFolder(folder);
  tell(problems);
  return problems.some((p) => p.severity === "error") ? undefined : rules;
}

function tell(problems: readonly Problem[]): void {
  for (const p of problems) process.stderr.write(`${p.severity}: ${describeProblem(p)}\n`);
}

function json(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}
