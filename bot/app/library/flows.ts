/** The flows that can run, among all that were read. */

import { checkFlow, loopsBetween, type Surroundings } from "../../core/flow/check.ts";
import type { Flow } from "../../core/flow/definition.ts";
import type { Service } from "../../core/knowledge/service.ts";
import type { Problem } from "../../core/problem.ts";
import type { Instrument } from "../../core/triage/instrument.ts";
import type { Source } from "../../ports/sources.ts";
import type { Parsed } from "../read-content.ts";
import { keyOf } from "./key.ts";

/** Flows without an error; those that are wrong are left out and named. */
export function keepSound(
  sources: readonly Source[],
  parsed: ReadonlyMap<string, Parsed>,
  services: readonly Service[],
  instruments: ReadonlyMap<string, Instrument>,
  problems: Problem[],
): ReadonlyMap<string, Flow> {
  const flows = sources.flatMap((s) => {
    const p = parsed.get(keyOf(s));
    return p?.is === "flow" ? [{ flow: p.flow, file: s.file }] : [];
  });
  const byId = new Map(flows.map(({ flow }) => [flow.id, flow]));
  const around: Surroundings = {
    flows: byId,
    instruments: new Set(instruments.keys()),
    services: new Set(services.map((s) => s.id)),
    categories: categoriesOf(parsed, instruments),
  };
  const loops = loopsBetween(byId);
  return new Map(
    flows.flatMap(({ flow, file }) => {
      const found = [...checkFlow(flow, file, around), ...endless(file, loops.get(flow.id))];
      problems.push(...found);
      return found.some((p) => p.severity === "error") ? [] : [[flow.id, flow] as const];
    }),
  );
}

/** Two flows that lead into each other without a wait: nobody would get a word out of either. */
function endless(file: string, step: string | undefined): Problem[] {
  if (step === undefined) return [];
  return [
    {
      code: "flow.endless",
      message: `the step "${step}" leads back to itself without ever waiting for an answer`,
      file,
      field: `steps.${step}`,
      severity: "error",
    },
  ];
}

/** What can stand among the reasons of a level. */
function categoriesOf(
  parsed: ReadonlyMap<string, Parsed>,
  instruments: ReadonlyMap<string, Instrument>,
): ReadonlySet<string> {
  return new Set([
    ...[...parsed.values()].flatMap((p) => (p.is === "risk" ? Object.keys(p.rules.categories) : [])),
    ...[...instruments.values()].flatMap((i) => i.questions.map((q) => q.category)),
  ]);
}
