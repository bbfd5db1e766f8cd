/** What runs scripts: one engine per database. */

import type { Dialect } from "./dialect.ts";
import type { Ask, Script, Told } from "./statement.ts";

/** What a change will ask once it has its conversation; over a network it is fetched together with that. */
export interface Ahead {
  readonly ask: Ask;
  /**
   * The same for rows that are locked too, leaving out those that somebody else has locked: without a row the change is
   * made alone, and waits.
   */
  readonly free?: Ask;
}

/** The conversation that a change is about: changes of different ones may share a transaction. */
export interface Home {
  /** Its row, which nobody else may change meanwhile; null: it is not there yet. */
  readonly row: string | null;
  /** Changes with the same line are made one after the other. */
  readonly line: string;
  /** It adds to counts, whose rows many changes share: of these, one group at a time. */
  readonly counts?: boolean;
  readonly ahead?: Ahead;
}

export interface Engine {
  readonly dialect: Dialect;
  /**
   * Runs a script that only reads. It may see a moment between two changes, never half a change. `isSmall`: a few rows by
   * their key, asked for at every turn, so that it may share its way to the server with others.
   */
  read<T>(script: () => Script<T>, isSmall?: boolean): Promise<T>;
  /**
   * Runs a script all or nothing; resolves when it is on disk. The script may be run again after a conflict. `home`: it
   * changes this conversation and, of what others change too, only adds.
   */
  write<T>(script: () => Script<T>, home?: Home): Promise<T>;
  /** One statement, all or nothing; resolves when it is on disk. */
  change(ask: Ask): Promise<Told>;
  /** Leaves no trace of deleted rows in files of ours, as far as the database can. */
  scrub(): Promise<void>;
  /** Throws a StoreError when it can't read, or for `deep` can't write to disk. */
  probe(deep: boolean): Promise<string>;
  /** Epoch ms by the server's clock; null where the database has no other clock than ours. */
  time(): Promise<number | null>;
  close(): Promise<void>;
}
