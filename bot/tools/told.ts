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

/** The value of `--name VALUE`. */
export function option(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(`--${name}`);
  return at < 0 ? undefined : args[at + 1];
}
