/** What is said of a PostgreSQL that is away: while we run, and to who starts us. */

import { expect, it } from "vitest";
import { atStart, explain } from "../../bot/adapters/sql/postgres-errors.ts";

const URL = "postgres://bot:made-up@db.example:5432/bot";
const message = (error: unknown) => (error as Error).message;

it.each([
  [Object.assign(new Error("connect"), { code: "ECONNREFUSED" }), "(ECONNREFUSED)"],
  [new Error("Connection terminated unexpectedly"), "does not answer."],
])("promises no other try to who starts us, however often it is said on its way: %s", (error, told) => {
  const running = explain(error);
  expect(message(running)).toContain("It is tried again.");
  const first = atStart(running, URL);
  expect(message(first)).toMatch(/^PostgreSQL at db\.example:5432 can't be reached.*Start it/);
  expect(message(first)).toContain(told);
  expect(message(first)).not.toMatch(/tried again|made-up/);
  expect(atStart(first, URL)).toBe(first);
});

it("says of a pooler that it is one: with host and port all is well", () => {
  const refused = Object.assign(new Error("unsupported startup parameter: statement_timeout"), {
    code: "08P01",
  });
  expect(atStart(explain(refused), URL)).toMatchObject({
    code: "store_bad_url",
    message: expect.stringMatching(/pooler.*PostgreSQL's own address/),
  });
});
