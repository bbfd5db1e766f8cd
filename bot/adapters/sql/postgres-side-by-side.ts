/** Several scripts on one connection, side by side: what all of them ask at the same time goes over in one trip. */

import type pg from "pg";
import type { Rows } from "./postgres-rows.ts";
import type { Wire } from "./postgres-wire.ts";
import { type Ask, NOTHING_TOLD, type Script, type Told } from "./statement.ts";

/** What is answered already, should a script ask exactly that. */
export interface Known {
  readonly ask: Ask;
  readonly told: Told;
}

/** A script to be run. `known`: what it is expected to ask first, in this order. */
export interface Start {
  readonly script: Script<unknown>;
  readonly known?: readonly Known[];
}

/** A script under way. */
interface Run {
  readonly script: Script<unknown>;
  /** To be sent, in this order; it waits for the last one's answer. */
  readonly asks: Ask[];
  told: Told;
  ended: boolean;
  result?: unknown;
}

/**
 * Runs all to their ends; what each gave, in their order. `end` goes over in one trip with the last statements. Throws
 * when one of them does, or the server refuses a statement: then nobody knows how far the others came.
 */
export async function sideBySide(
  client: pg.PoolClient,
  wire: Wire,
  rows: Rows,
  scripts: readonly Start[],
  end?: string,
): Promise<readonly unknown[]> {
  const runs = scripts.map(begin);
  while (runs.some((run) => !run.ended)) {
    await trip(client, wire, rows, runs);
    for (const run of runs) if (!run.ended) advance(run);
  }
  await trip(client, wire, rows, runs, end);
  return runs.map((run) => run.result);
}

function begin({ script, known = [] }: Start): Run {
  const run: Run = { script, asks: [], told: NOTHING_TOLD, ended: false };
  advance(run);
  for (const { ask, told } of known) {
    if (!isSame(run.asks[0], ask)) break;
    run.asks.shift();
    run.told = told;
    advance(run);
  }
  return run;
}

/** Do both ask the same of the database? */
export function isSame(a: Ask | undefined, b: Ask): boolean {
  return (
    a?.statement === b.statement &&
    a.values.every((value, i) => {
      const other = b.values[i] ?? null;
      return value instanceof Uint8Array && other instanceof Uint8Array
        ? Buffer.compare(value, other) === 0
        : value === other;
    })
  );
}

/** Goes on until it waits for an answer or has ended. */
function advance(run: Run): void {
  let step = run.script.next(run.told);
  while (!step.done) {
    run.asks.push(step.value);
    if (step.value.wants !== "nothing") return;
    step = run.script.next(NOTHING_TOLD);
  }
  run.ended = true;
  run.result = step.value;
}

/**
 * Sends what each run asks, each in its own order, what several ask for as one statement. Each learns the answer to its
 * last one.
 */
async function trip(
  client: pg.PoolClient,
  wire: Wire,
  rows: Rows,
  runs: readonly Run[],
  end?: string,
): Promise<void> {
  const sent: (Ask | string)[] = [];
  const shares: (() => void)[] = [];
  let told: readonly Told[] = [];
  for (let left = runs.filter(hasAsk); left.length > 0; left = left.filter(hasAsk)) {
    const together = sameHead(left);
    const plan = rows.plan(together.flatMap(({ asks }) => asks.shift() ?? []));
    const from = sent.length;
    sent.push(...plan.sent);
    shares.push(() => {
      const answers = plan.share(told.slice(from, from + plan.sent.length));
      together.forEach((run, i) => {
        run.told = answers[i] ?? NOTHING_TOLD;
      });
    });
  }
  if (end !== undefined) sent.push(end);
  if (sent.length === 0) return;
  told = await wire.send(client, sent);
  for (const share of shares) share();
}

function hasAsk({ asks }: Run): boolean {
  return asks.length > 0;
}

/** Those whose next statement is the one that most of them have next. */
function sameHead(runs: readonly Run[]): readonly Run[] {
  const groups = [...Map.groupBy(runs, ({ asks }) => asks[0]?.statement).values()];
  return groups.reduce((most, one) => (one.length > most.length ? one : most));
}
