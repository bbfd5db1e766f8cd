/** The installation that a verb works on. Only a start makes one: beside the real one, an empty one would look well. */

import { existsSync } from "node:fs";
import { KeyError } from "../adapters/keys/key-file.ts";
import { databaseFile } from "../assemble/keys.ts";
import { assemble, type Overrides, type Service } from "../assemble.ts";
import type { Config } from "../config.ts";

/** Is there something to work on? What a PostgreSQL holds is found out when it is opened. */
export function isThere(config: Config): boolean {
  return config.databaseUrl !== null || existsSync(databaseFile(config));
}

/** For whoever runs a verb in another folder, or without the settings, of the service. */
export function nothingThere(config: Config): string {
  return [
    `There is no installation in ${config.dataDir}: the first start of the service makes it. Nothing was made or changed.`,
    "A service that runs on this machine has other settings than this command (DATA_DIR, DATABASE_URL). Give it the same:",
    "under systemd `sudo deploy/cli VERB`; in containers see deploy/README.md.",
  ].join("\n");
}

/** Opens it and starts nothing. Throws KeyError `key_missing` where there is none, else as `assemble` does. */
export async function openInstallation(config: Config, overrides: Overrides = {}): Promise<Service> {
  if (!isThere(config)) throw new KeyError("key_missing", nothingThere(config));
  return assemble(config, { log: () => {}, ...overrides });
}
