/** The master key of this installation, and where it and the embedded database stand. */

import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { createKeyFile, KeyError } from "../adapters/keys/key-file.ts";
import { type KeyVault, openVault } from "../adapters/keys/vault.ts";
import type { Config } from "../config.ts";

/** A key beside an existing database is never made anew: what it holds would be lost. */
export function openKeys(config: Config): { vault: KeyVault; newKeyFile: string | null } {
  if (config.masterKey) return { vault: openVault({ key: config.masterKey }), newKeyFile: null };
  const file = keyFile(config);
  try {
    return { vault: openVault({ file }), newKeyFile: null };
  } catch (error) {
    if (!(error instanceof KeyError) || error.code !== "key_missing") throw error;
    if (config.databaseUrl) throw new KeyError("key_missing", sharedKeyMissing(file));
    if (existsSync(databaseFile(config))) throw error;
    createKeyFile(file);
    return { vault: openVault({ file }), newKeyFile: file };
  }
}

/** What an operator should mend about the key, although it works. */
export function keyNotes(config: Config): readonly string[] {
  const file = keyFile(config);
  const mode = config.masterKey ? undefined : statSync(file, { throwIfNoEntry: false })?.mode;
  if (mode === undefined || (mode & 0o007) === 0) return [];
  return [`every account of this machine can read the master key: chmod 600 ${file}`];
}

export function keyFile(config: Config): string {
  return join(config.dataDir, "master.key");
}

export function databaseFile(config: Config): string {
  return join(config.dataDir, "ben-an.sqlite");
}

function sharedKeyMissing(file: string): string {
  return [
    `There is no master key in ${file}, and MASTER_KEY is not set. All machines on one PostgreSQL need the same key.`,
    "The first machine of a new installation makes it with: npm run -s cli -- keys create",
    "Every other machine is given a copy of that file, or its key as MASTER_KEY.",
  ].join("\n    ");
}
