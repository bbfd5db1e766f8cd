/** `npm run -s cli -- requests`: what people asked for by the law on personal data, with its due days. */

import { markRequest, type OpenRequest, openRequests } from "../app/rights.ts";
import { readConfig } from "../config.ts";
import { dayOf } from "../core/day.ts";
import { openInstallation } from "./installation.ts";

interface Face {
  readonly say: (line: string) => void;
  readonly usage: () => number;
}

/** Lists what is open; or first marks one as answered or done. Exits with 1 while something is overdue. */
export async function requests([act, code]: readonly string[], { say, usage }: Face): Promise<number> {
  const marks = act === "answered" || act === "done" ? act : null;
  if (act !== undefined && (marks === null || code === undefined)) return usage();
  const result = readConfig();
  if (!result.ok) {
    for (const fault of result.faults) process.stderr.write(`${fault}\n`);
    return 1;
  }
  const service = await openInstallation(result.config);
  try {
    if (marks && code !== undefined && !(await markRequest(service.parts, code, marks))) {
      process.stderr.write(`no open request has the code ${code}\n`);
      return 1;
    }
    const open = await openRequests(service.parts);
    for (const request of open) say(lineOf(request));
    if (open.length === 0) say("no open requests");
    return open.some((r) => r.overdue) ? 1 : 0;
  } finally {
    await service.stop();
  }
}

function lineOf(r: OpenRequest): string {
  const answer = r.answered ? "answered" : `answer by ${r.answerBy}`;
  return [
    r.code,
    r.kind,
    `opened ${dayOf(r.openedAt)}`,
    answer,
    `done by ${r.doneBy}`,
    ...(r.overdue ? ["OVERDUE"] : []),
  ].join("  ");
}
