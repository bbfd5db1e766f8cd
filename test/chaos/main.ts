/** `npm run chaos -- --minutes 5 --seed 1 [--people 200] [--settle 240] [--without version|outbox|inbox] [--only "kill -9,pause"]`: shakes the house and prints what it found. */

import { parseArgs } from "node:util";
import { postgresMissing, redisMissing } from "../servers.ts";
import { report, runChaos } from "./run.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "5" },
    seed: { type: "string", default: "1" },
    people: { type: "string", default: "200" },
    counsellors: { type: "string", default: "5" },
    /** Seconds that they may take to finish in the healed house. */
    settle: { type: "string", default: "240" },
    without: { type: "string" },
    /** Kinds of trouble, with commas; all if absent. */
    only: { type: "string" },
  },
});
const missing = postgresMissing() ?? redisMissing();
if (missing) {
  process.stderr.write(`${missing}\n`);
  process.exit(2);
}
// Leaving by the front door ends the servers, too.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130));
const outcome = await runChaos({
  seconds: Number(values.minutes) * 60,
  seed: Number(values.seed),
  people: Number(values.people),
  counsellors: Number(values.counsellors),
  settleSeconds: Number(values.settle),
  ...(values.only ? { only: values.only.split(",") } : {}),
  ...(values.without ? { program: ["test/chaos/faulty-main.ts", values.without] } : {}),
  tell: (line) => process.stdout.write(`${line}\n`),
});
process.stdout.write(`${report(outcome)}\n`);
process.exit(outcome.faults.length + outcome.violations.length > 0 ? 1 : 0);
