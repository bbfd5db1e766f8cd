/** The installation that a verb works on. Only a start makes one: beside the real one, an empty one would look well. */

import { existsSync } from "node:fs";
import { KeyError } from "../adapters/keys/key-file.ts";
import { postgresRows } from "../adapters/sql/rows.ts";
import { databaseFile, openKeys } from "../assemble/keys.ts";
import { assemble, type Overrides, type Service } from "../assemble.ts";
import type { Config } from "../config.ts";

/** Is there something to work on? Throws a StoreError where a PostgreSQL does not say. */
export async function isThere(config: Config): Promise<boolean> {
  if (config.databaseUrl === null) return existsSync(databaseFile(config));
  const rows = await postgresRows(config.databaseUrl);
  return (await rows.meta("installation").finally(() => rows.close())) !== undefined;
}

/** For whoever runs a verb in another folder, or without the settings, of the service. */
export function nothingThere(config: Config): string {
  const where = config.databaseUrl === null ? config.dataDir : "the database that DATABASE_URL names";
  return [
    `There is no installation in ${where}: the first start of the service makes it. Nothing was made or changed.`,
    "A service that runs on this machine has other settings than this command (DATA_DIR, DATABASE_URL). Give it the same:",
    "under systemd `sudo deploy/cli VERB`; in containers see deploy/README.md.",
  ].join("\n");
}

/** Opens it and starts nothing. Throws KeyError `key_missing` where there is none, else as `assemble` does. */
export async function openInstallation(config: Config, overrides: Overrides = {}): Promise<Service> {
  // A key that is missing on a machine of many is told first, with what to do.
  if (config.databaseUrl !== null) openKeys(config);
  if (!(await isThere(config))) throw new KeyError("key_missing", nothingThere(config));
  return assemble(config, { log: () => {}, ...overrides });
}
