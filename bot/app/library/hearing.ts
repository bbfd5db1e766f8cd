/** The ear, made of the rules that are published and of its weights. */

import type { Problem } from "../../core/problem.ts";
import { makeEar } from "../../core/triage/assess.ts";
import type { Ear } from "../../core/triage/ear.ts";
import { readModel } from "../../core/triage/model.ts";
import { joinRules, type RiskRules } from "../../core/triage/rules.ts";
import type { Source } from "../../ports/sources.ts";
import { readContent } from "../read-content.ts";
import { type Reader, remember } from "./reader.ts";

/** The rules of the ear out of its sources, joined. */
function rulesOf(
  sources: readonly Source[],
  read: (source: Source) => ReturnType<typeof readContent> = readContent,
): { rules?: RiskRules; problems: Problem[] } {
  const problems: Problem[] = [];
  const parts = sources.flatMap((s): { file: string; rules: RiskRules }[] => {
    if (s.kind !== "rules" || s.key.startsWith("instruments/")) return [];
    const found = read(s);
    problems.push(...found.problems);
    return found.value?.is === "risk" ? [{ file: s.file, rules: found.value.rules }] : [];
  });
  if (parts.length === 0) return { problems };
  const joined = joinRules(parts);
  problems.push(...joined.problems);
  // A file that cannot be read is named already.
  if (!joined.rules.thresholds && problems.every((p) => p.severity !== "error"))
    problems.push({
      code: "risk.no_thresholds",
      message:
        "the thresholds of the ear are missing: add `thresholds` as thresholds.yaml of the build has them",
      file: "knowledge/risk/thresholds.yaml",
      field: "thresholds",
      severity: "error",
    });
  return { rules: joined.rules, problems };
}

/** The ear over these rules; without its weights it still hears by the rules, and the fault is named. */
function earOf(rules: RiskRules, model: string | null): { ear: Ear; problems: readonly Problem[] } {
  const file = "knowledge/risk/model.json";
  if (model === null) {
    return {
      ear: makeEar(rules),
      problems: [
        {
          code: "risk.no_model",
          message: "the ear's weights are missing; it hears by the rules alone",
          file,
          severity: "warning",
        },
      ],
    };
  }
  const read = readModel(parseJson(model), file);
  return { ear: makeEar(rules, read.model), problems: read.problems };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The ear of these sources, or undefined with a problem when there are no rules. */
export function makeEarOf(
  sources: readonly Source[],
  model: string | null,
  reader: Reader,
  problems: Problem[],
): Ear | undefined {
  const risk = sources.filter((s) => s.kind === "rules");
  const { rules, problems: faults } = remember(
    reader,
    "rules",
    risk.map((s) => s.source),
    () => rulesOf(risk, reader.read),
  );
  problems.push(...faults.filter((f) => !problems.includes(f)));
  if (rules) {
    const made = remember(reader, "ear", [rules, model], () => earOf(rules, model));
    problems.push(...made.problems);
    return made.ear;
  }
  problems.push({
    code: "risk.missing",
    message: "there are no rules for the ear",
    file: "knowledge/risk",
    severity: "error",
  });
  return undefined;
}
