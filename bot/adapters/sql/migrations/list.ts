/**
 * The way from an empty database to today's, forward only. A migration adds (tables, columns with defaults,
 * indexes), so that the build before it works beside the new one; it never renames and never drops what that build uses.
 */

import type { Dialect } from "../dialect.ts";
import type { Script } from "../statement.ts";
import { firstTables } from "./0001-first-tables.ts";
import { writers } from "./0002-writers.ts";
import { awaited } from "./0003-awaited.ts";

export interface Migration {
  readonly number: number;
  readonly name: string;
  /** The oldest build, by its last migration, that still works once this one has run. */
  readonly worksFrom: number;
  up(dialect: Dialect): Script<void>;
}

export const MIGRATIONS: readonly Migration[] = [
  { number: 1, name: "first-tables", worksFrom: 1, up: firstTables },
  { number: 2, name: "writers", worksFrom: 1, up: writers },
  { number: 3, name: "awaited", worksFrom: 1, up: awaited },
];
