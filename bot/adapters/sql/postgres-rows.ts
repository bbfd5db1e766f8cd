/**
 * One statement for many changes at once: where several of them ask for the same statement, their values go over as
 * lists and the server does it once for all. What cannot be told apart afterwards stays as it is.
 */

import { type Kind, listOf } from "./postgres-lists.ts";
import {
  type Ask,
  NOTHING_TOLD,
  Slot,
  type Statement,
  type Told,
  type Value,
  type Values,
} from "./statement.ts";

type Any = Statement<Values, unknown>;

/** How a statement is put around its rows, and tells whose row it changed; "": it must be sent one by one. */
type Shape = (sql: string, rows: string, told: string) => string;

const SHAPES: readonly (readonly [RegExp, Shape])[] = [
  [/^select /, (sql, rows) => `select v.i as row_of, t.* from ${rows}, lateral (${sql}) as t`],
  // An insert that may do nothing does not say for whom.
  [/^insert .*(do nothing|returning)/s, () => ""],
  [
    // One statement may change a count's row only once.
    /^insert into "counts"/,
    (sql, rows) =>
      sql.replace(
        / values \(([^)]*), 1\)/s,
        (_, names) => ` select ${names}, count(*) from ${rows} group by 1, 2, 3, 4`,
      ),
  ],
  [
    /^insert into \S+ \([^)]*\) values \(/s,
    // Functions, because the lists in `rows` are named $1, $2 … too.
    (sql, rows) =>
      sql.replace(
        /^(insert into \S+ \([^)]*\)) values \(([^)]*)\)/s,
        (_, into, values) => `${into} select ${values} from ${rows}`,
      ),
  ],
  [
    /^insert into \S+ \([^)]*\) select /s,
    (sql, rows) =>
      sql.replace(
        /^(insert into \S+ \([^)]*\)) (.*)$/s,
        (_, into, query) => `${into} select t.* from ${rows}, lateral (${query}) as t`,
      ),
  ],
  [/^(update|delete) .* returning /s, () => ""],
  [/^update /, (sql, rows, told) => sql.replace(" where ", () => ` from ${rows} where `) + told],
  [/^delete /, (sql, rows, told) => sql.replace(" where ", () => ` using ${rows} where `) + told],
];
const WHOSE = " returning v.i as row_of";

export class Rows {
  /** By statement, by the kinds of its values, and by whether anybody looks at what came of it. */
  readonly #made = new Map<Any, Map<string, Any | null>>();

  /** The asks as they are sent, and what tells each ask its own answer. */
  plan(asks: readonly Ask[]): {
    readonly sent: readonly Ask[];
    share(told: readonly Told[]): readonly Told[];
  } {
    const sent: Ask[] = [];
    const shares: ((told: Told) => void)[] = [];
    const answers: Told[] = [];
    for (const [statement, places] of placesOf(asks)) {
      const many = places.length > 1 ? this.#together(statement, asks, places) : null;
      if (many) {
        sent.push(many);
        if (many.wants === "nothing") for (const place of places) answers[place] = NOTHING_TOLD;
        shares.push((told) => {
          if (many.wants !== "nothing") spread(told, statement, places, answers);
        });
        continue;
      }
      for (const place of places) {
        const ask = asks[place];
        if (!ask) continue;
        sent.push(ask);
        shares.push((told) => {
          answers[place] = told;
        });
      }
    }
    return {
      sent,
      share(told) {
        told.forEach((one, i) => {
          shares[i]?.(one);
        });
        return answers;
      },
    };
  }

  #together(statement: Any, asks: readonly Ask[], places: readonly number[]): Ask | null {
    const isTold = places.some((place) => asks[place]?.wants !== "nothing");
    const lists = statement.parameters.map((_, n) => places.map((place) => asks[place]?.values[n] ?? null));
    const kinds = lists.map((list, n) => (statement.parameters[n] instanceof Slot ? kindOf(list) : "same"));
    const known = this.#made.get(statement) ?? new Map<string, Any | null>();
    this.#made.set(statement, known);
    const name = `${kinds.join()} ${isTold}`;
    let made = known.get(name);
    if (made === undefined) {
      made = madeOf(statement, kinds, isTold ? WHOSE : "");
      known.set(name, made);
    }
    if (!made) return null;
    const values = kinds.flatMap((kind, n) =>
      kind === "null" || kind === "same" ? [] : [listOf(kind, lists[n] ?? [])],
    );
    return { statement: made, values, wants: isTold ? "rows" : "nothing" };
  }
}

function placesOf(asks: readonly Ask[]): ReadonlyMap<Any, readonly number[]> {
  const places = new Map<Any, number[]>();
  asks.forEach(({ statement }, i) => {
    const had = places.get(statement);
    if (had) had.push(i);
    else places.set(statement, [i]);
  });
  return places;
}

/** `null`: no value in the whole list, so nobody knows its kind and it is written out. */
function kindOf(list: readonly Value[]): "null" | Kind {
  const some = list.find((value) => value !== null);
  if (some === undefined || some === null) return "null";
  if (typeof some === "number") return "int8";
  return typeof some === "string" ? "text" : "bytea";
}

function madeOf(statement: Any, kinds: readonly string[], told: string): Any | null {
  const shape = SHAPES.find(([form]) => form.test(statement.sql))?.[1];
  const columns: string[] = [];
  const types: string[] = [];
  const columnOf = kinds.map((kind, n) => {
    if (kind === "same") return literal(statement.parameters[n] as Value);
    if (kind === "null") return "null";
    types.push(kind);
    columns.push(`p${n + 1}`);
    return `v.p${n + 1}`;
  });
  if (!shape || columns.length === 0) return null;
  const lists = types.map((kind, n) => `$${n + 1}::${kind}[]`).join(", ");
  const rows = `unnest(${lists}) with ordinality as v(${columns.join(", ")}, i)`;
  const sql = shape(
    statement.sql.replace(/\$(\d+)/g, (_, n) => columnOf[Number(n) - 1] ?? "null"),
    rows,
    told,
  );
  return sql === "" ? null : { sql, parameters: columns };
}

/** What a statement always says stands in its text: some places in it can't look into the lists. */
function literal(value: Value): string {
  if (value === null) return "null";
  return typeof value === "number" ? String(value) : `'${String(value).replaceAll("'", "''")}'`;
}

/** Gives every place its rows. An insert that got here made one row for each. */
function spread(told: Told, statement: Any, places: readonly number[], answers: Told[]): void {
  const insert = statement.sql.startsWith("insert");
  const rows = places.map((): unknown[] => []);
  if (!insert) {
    for (const row of told.rows as readonly { row_of: number }[]) {
      const { row_of, ...own } = row;
      rows[row_of - 1]?.push(own);
    }
  }
  places.forEach((place, i) => {
    const own = rows[i] ?? [];
    answers[place] = { rows: own, changes: insert ? 1 : own.length };
  });
}
