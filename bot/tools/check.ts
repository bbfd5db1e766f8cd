/** `npm run check`: types, lint, architecture, unused code, schemas, flows, knowledge; all of them, then one verdict. */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { schemaFiles } from "./schemas.ts";

const root = join(import.meta.dirname, "..", "..");

const STEPS: readonly (readonly [string, string, readonly string[]])[] = [
  ["types", "tsc", ["--noEmit"]],
  ["lint", "biome", ["check", "--max-diagnostics=30", "--error-on-warnings", "bot", "test"]],
  ["architecture", "depcruise", ["bot", "--config", ".dependency-cruiser.cjs", "--output-type", "err"]],
  ["unused code", "knip", []],
  ["flows", "node", ["bot/cli.ts", "flows", "check"]],
  ["knowledge", "node", ["bot/cli.ts", "knowledge", "check"]],
];

let failed = 0;
for (const [name, command, args] of STEPS) {
  const started = performance.now();
  const run = spawnSync(join(root, "node_modules", ".bin", command), args, { cwd: root, encoding: "utf8" });
  report(name, run.status === 0, performance.now() - started, `${run.stdout}${run.stderr}`);
}
for (const [name, content] of schemaFiles()) {
  const file = join("flows", "schemas", name);
  if (read(file) !== content)
    report(file, false, 0, "is not what the code makes; run `npm run -s cli -- schemas`\n");
}
process.exitCode = failed > 0 ? 1 : 0;

function report(name: string, ok: boolean, ms: number, said: string): void {
  process.stdout.write(`${ok ? "ok    " : "FAILED"}  ${name} (${(ms / 1000).toFixed(1)} s)\n`);
  if (ok) return;
  failed += 1;
  process.stdout.write(`${said.slice(0, 12_000)}\n`);
}

function read(file: string): string | null {
  try {
    return readFileSync(join(root, file), "utf8");
  } catch {
    return null;
  }
}
