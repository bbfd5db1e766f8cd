/** Statements over one connection of pg, many on the wire at once: a round costs one trip, however many it holds. */

import type pg from "pg";
import type { Ask, Statement, Told, Values } from "./statement.ts";

export class Wire {
  readonly #names = new Map<Statement<Values, unknown>, string>();

  /** One answer for each, in their order. Rejects with the first error once all are answered. */
  send(client: pg.PoolClient, asks: readonly (Ask | string)[]): Promise<readonly Told[]> {
    return new Promise((resolve, reject) => {
      const told: Told[] = [];
      let left = asks.length;
      let [failed, error]: [number, unknown] = [asks.length, undefined];
      const answer = (i: number) => (refusal: unknown, result: pg.QueryResult | undefined) => {
        if (refusal && i < failed) [failed, error] = [i, refusal];
        // A text of several statements is answered by several results; nobody asks for those.
        told[i] = { rows: result?.rows ?? [], changes: result?.rowCount ?? 0 };
        left -= 1;
        if (left > 0) return;
        if (failed < asks.length) reject(error);
        else resolve(told);
      };
      const { stream } = client.connection;
      stream.cork();
      asks.forEach((ask, i) => {
        client.query(this.#config(ask), answer(i));
      });
      stream.uncork();
    });
  }

  #config(ask: Ask | string): pg.QueryConfig {
    if (typeof ask === "string") return { text: ask };
    const { statement, values } = ask;
    // Only what was built once is worth keeping prepared on the server.
    const named = statement.parameters.length > 0 && values !== statement.parameters;
    return {
      text: statement.sql,
      values: values as unknown[],
      ...(named ? { name: this.#nameOf(statement) } : {}),
    };
  }

  #nameOf(statement: Statement<Values, unknown>): string {
    let name = this.#names.get(statement);
    if (!name) {
      name = `s${this.#names.size}`;
      this.#names.set(statement, name);
    }
    return name;
  }
}
