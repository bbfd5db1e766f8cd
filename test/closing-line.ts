/** Ends the run with one plain line that any machine can read, the reason of everything that was skipped, and what passed only at its second try. */

import type { Reporter, TestModule } from "vitest/node";

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tally = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      if (module.errors().length > 0) tally.failed += 1;
      for (const test of module.children.allTests()) {
        const { state, errors } = test.result();
        const name = `${module.moduleId.split("/").at(-1)} › ${test.fullName}`;
        if (state === "passed" || state === "failed" || state === "skipped") tally[state] += 1;
        if (state === "skipped") process.stdout.write(`skipped: ${name}\n`);
        if (test.diagnostic()?.flaky)
          process.stdout.write(`second try: ${name}: ${errors?.map((e) => e.message).join("; ")}\n`);
      }
    }
    process.stdout.write(`\n${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped\n`);
  }
}
