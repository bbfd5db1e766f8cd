/** Reads `knowledge/risk/*.yaml` from disk into the rules of the ear, with problems that name file, line and field. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import type { Problem } from "../core/problem.ts";
import { joinRules, type LineOf, type RiskRules, readRules } from "../core/triage/rules.ts";

/** Parses one YAML text; usable for a draft in the console too. */
export function readRiskSource(source: string, file: string): { rules?: RiskRules; problems: Problem[] } {
  const lines = new LineCounter();
  const doc = parseDocument(source, { lineCounter: lines });
  if (doc.errors.length > 0) {
    return {
      problems: doc.errors.map((error) => ({
        code: "risk.yaml",
        message: error.message.split("\n")[0] ?? "not YAML",
        file,
        line: lines.linePos(error.pos[0]).line,
        severity: "error",
      })),
    };
  }
  const lineOf: LineOf = (path) => {
    for (let length = path.length; length >= 0; length--) {
      const node = doc.getIn(path.slice(0, length), true);
      if (typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range)) {
        return lines.linePos(Number(node.range[0])).line;
      }
    }
    return undefined;
  };
  return readRules(doc.toJS(), file, lineOf);
}

/** Reads and joins all rule files of a folder, in the order of their names. */
export function readRiskFolder(folder: string): { rules: RiskRules; problems: Problem[] } {
  const problems: Problem[] = [];
  const parts: { file: string; rules: RiskRules }[] = [];
  for (const name of readdirSync(folder)
    .filter((n) => n.endsWith(".yaml"))
    .sort()) {
    const file = join(folder, name);
    const read = readRiskSource(readFileSync(file, "utf8"), file);
    problems.push(...read.problems);
    if (read.rules) parts.push({ file, rules: read.rules });
  }
  const joined = joinRules(parts);
  return { rules: joined.rules, problems: [...problems, ...joined.problems] };
}
