/** `npm run -s cli -- VERB`: begins a verb with no more than it needs. Hearing lines must not wait for the whole service to load. */

import { join } from "node:path";

if (process.argv[2] === "triage") {
  const { triage } = await import("./tools/triage-verb.ts");
  process.exitCode = await triage(join(import.meta.dirname, "..", "knowledge", "risk"));
} else {
  await import("./cli.ts");
}
