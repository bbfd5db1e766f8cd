/**
 * A verb of the store as a script: it asks for one statement after the other and is told the rows. The same
 * script runs without a pause on SQLite and over the network on PostgreSQL. Kysely builds each statement once.
 */

import { type Compilable, type RawBuilder, sql } from "kysely";

export type Value = string | number | Uint8Array | null;
export type Values = Readonly<Record<string, Value>>;

/** A compiled statement that waits for its values. */
export interface Statement<P extends Values, R> {
  readonly sql: string;
  readonly parameters: readonly (Slot | Value)[];
  /** Carries the types of values and rows; never there at run time. */
  readonly types?: { readonly values: P; readonly row: R };
}

export interface Ask {
  readonly statement: Statement<Values, unknown>;
  readonly values: readonly Value[];
  /** nothing: the script goes on at once, and the statement may travel with the next one that it waits for. */
  readonly wants: "rows" | "row" | "changes" | "nothing";
}

export interface Told {
  readonly rows: readonly unknown[];
  readonly changes: number;
}

export type Script<T> = Generator<Ask, T, Told>;

/** Thrown by a script to end with `result` and leave nothing of what it did. */
export class Undo extends Error {
  readonly result: unknown;
  constructor(result: unknown) {
    super("undone");
    this.result = result;
  }
}

/** Stands in a statement where a value will be. */
export class Slot {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** Builds and compiles once; `p.NAME` marks where the value NAME goes. Any list must have a fixed length. */
export function statement<P extends Values, R>(build: (p: P) => Compilable<R>): Statement<P, R> {
  // Every property read is a slot: Kysely takes it for a value and puts it among the parameters untouched.
  const slots = new Proxy({}, { get: (_, name) => new Slot(String(name)) }) as P;
  const { sql, parameters } = build(slots).compile();
  return { sql, parameters: parameters as readonly (Slot | Value)[] };
}

/** For `limit`: given as a bare value, SQLite would plan the statement anew at every call (nine times the cost). */
export function atMost(count: number): RawBuilder<number> {
  return sql<number>`${count} + 0`;
}

/** A statement with its values. */
export function askFor<P extends Values>(asked: Statement<P, unknown>, values: P): Ask {
  return { statement: asked, values: fill(asked, values), wants: "rows" };
}

/** All rows. */
export function* rows<P extends Values, R>(asked: Statement<P, R>, values: P): Script<readonly R[]> {
  const told = yield askFor(asked, values);
  return told.rows as readonly R[];
}

/** The first row, if any; for statements that give at most one. */
export function* one<P extends Values, R>(asked: Statement<P, R>, values: P): Script<R | undefined> {
  const told = yield { statement: asked, values: fill(asked, values), wants: "row" };
  return told.rows[0] as R | undefined;
}

/** How many rows it changed. */
export function* run<P extends Values>(asked: Statement<P, unknown>, values: P): Script<number> {
  return (yield { statement: asked, values: fill(asked, values), wants: "changes" }).changes;
}

/**
 * A change whose outcome the script does not look at, so that over a network it costs no trip of its own. It is made in
 * its place among the script's other statements, and if it fails nothing of the script is left.
 */
export function* put<P extends Values>(asked: Statement<P, unknown>, values: P): Script<void> {
  yield { statement: asked, values: fill(asked, values), wants: "nothing" };
}

/** What is told for a statement whose outcome nobody looks at. */
export const NOTHING_TOLD: Told = { rows: [], changes: 0 };

/** Something built on the spot, without values that vary (migrations). */
export function* exec(built: Compilable): Script<void> {
  const { sql, parameters } = built.compile();
  const plain = parameters as readonly Value[];
  yield { statement: { sql, parameters: plain }, values: plain, wants: "changes" };
}

function fill<P extends Values>(asked: Statement<P, unknown>, values: P): readonly Value[] {
  return asked.parameters.map((part) => (part instanceof Slot ? given(part.name, values) : part));
}

function given(name: string, values: Values): Value {
  const value = values[name];
  if (value === undefined) throw new Error(`no value for ${name}`);
  // Every number that is kept is a whole one. SQLite would keep others too; PostgreSQL refuses the whole change.
  return typeof value === "number" ? Math.round(value) : value;
}
