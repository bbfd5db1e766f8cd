/** What a verb says of faults: on standard error, one a line. */

import type { Lang } from "../core/message.ts";
import { describeProblem, type Problem } from "../core/problem.ts";
import { sayProblem } from "../core/problem-words.ts";

/** Says every problem; 1 when one of them is an error, else 0. */
export function tell(problems: readonly Problem[], lang: Lang = "en"): number {
  for (const p of problems)
    process.stderr.write(`${p.severity}: ${describeProblem(p, sayProblem(p, lang))}\n`);
  return problems.some((p) => p.severity === "error") ? 1 : 0;
}

/** What an error says to who runs a command; null: a bug of ours, whose stack a programmer needs. */
export function sentencesOf(error: unknown): readonly string[] | null {
  if (!(error instanceof Error)) return null;
  if ("problems" in error && Array.isArray(error.problems))
    return error.problems.map((p) => describeProblem(p));
  return FOR_OPERATORS.has(error.name) ? [error.message] : null;
}

/** By their names, so that no verb loads an adapter that it does not need. */
const FOR_OPERATORS: ReadonlySet<string> = new Set(["KeyError", "StoreError", "RedisUrlError"]);

/** The value of `--name VALUE`. */
export function option(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(`--${name}`);
  return at < 0 ? undefined : args[at + 1];
}
