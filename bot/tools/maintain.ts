/** What an operator does to an installation: its keys, moving it to PostgreSQL, backups, and bringing one back. */

import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import {
  createKeyFile,
  KeyError,
  keyId,
  readKeyFile,
  readKeyText,
  writeKeyFile,
} from "../adapters/keys/key-file.ts";
import { copyRows } from "../adapters/sql/copy.ts";
import { checkDump, readDump, writeDump } from "../adapters/sql/dump.ts";
import { StoreError } from "../adapters/sql/errors.ts";
import { refuseClosed } from "../adapters/sql/migrate.ts";
import { examinePostgres, openSqlite, prepareTables, SCHEMA } from "../adapters/sql/open.ts";
import { LAST_BACKUP, postgresRows, type Rows, sqliteRows } from "../adapters/sql/rows.ts";
import { TABLES } from "../adapters/sql/tables.ts";
import { databaseFile, keyFile } from "../assemble/keys.ts";
import type { Config } from "../config.ts";
import { isThere, nothingThere } from "./installation.ts";

export interface Voice {
  say(line: string): void;
  complain(line: string): void;
}

/** Runs one verb; the number is the exit code. What is wrong is said in one sentence. */
export async function maintain(
  config: Config,
  verb: string,
  args: readonly string[],
  voice: Voice,
): Promise<number> {
  try {
    const done = await (verb === "keys" ? keys(config, args, voice) : data(config, verb, args, voice));
    if (!done)
      voice.complain(
        "keys create | keys show-id | keys backup FILE | keys restore FILE | move --to postgres://… | backup FILE | restore FILE",
      );
    return done ? 0 : 2;
  } catch (error) {
    if (!(error instanceof KeyError || error instanceof StoreError)) throw error;
    voice.complain(error.message);
    return 1;
  }
}

async function keys(config: Config, [verb, file]: readonly string[], { say }: Voice): Promise<boolean> {
  const own = keyFile(config);
  if (verb === "create") {
    // Where one lies already (a move from one process to many), "restore that one" would frighten.
    if (!existsSync(own)) await refuseBesideData(config, null);
    createKeyFile(own);
    say(`made ${own} (id ${keyId(readKeyFile(own))})`);
    say(
      'Give every machine of this installation the same file, or its "key" as MASTER_KEY. Keep a copy away from the database.',
    );
    return true;
  }
  if (verb === "show-id") {
    say(keyId(masterKey(config)));
    return true;
  }
  if (verb === "backup" && file) {
    // A stick that is not mounted: the copy would lie on the disk that it must be away from.
    if (!existsSync(dirname(resolve(file))))
      throw new KeyError(
        "key_unreadable",
        `There is no folder ${dirname(resolve(file))}: is the stick mounted? Nothing was written.`,
      );
    writeKeyFile(file, masterKey(config));
    say(`copied to ${file} (id ${keyId(readKeyFile(file))}); keep it away from the database and its backups`);
    return true;
  }
  if (verb === "restore" && file) {
    const key = readKeyFile(file);
    await refuseBesideData(config, keyId(key));
    writeKeyFile(own, key);
    say(`restored ${own} (id ${keyId(key)})`);
    return true;
  }
  return false;
}

function ownKey(config: Config): Buffer {
  return config.masterKey ? readKeyText(config.masterKey) : readKeyFile(keyFile(config));
}

/** The key of an installation that must be there. */
function masterKey(config: Config): Buffer {
  // "Restore it from your backup" would frighten who only stands in another folder than the service.
  const isNone = !config.databaseUrl && !existsSync(databaseFile(config));
  if (!config.masterKey && !existsSync(keyFile(config)) && isNone)
    throw new KeyError("key_missing", nothingThere(config));
  return ownKey(config);
}

/** A key that is not the one of the data beside it would only mislead. */
async function refuseBesideData(config: Config, id: string | null): Promise<void> {
  if (!config.databaseUrl && !existsSync(databaseFile(config))) return;
  const rows = await ownRows(config);
  const owner = await rows.meta("installation").finally(() => rows.close());
  if (!owner || owner === id) return;
  throw new KeyError(
    "key_missing",
    `The database belongs to the key with the id ${owner}. Restore that one; nothing was changed.`,
  );
}

function ownRows(config: Config): Promise<Rows> | Rows {
  return config.databaseUrl ? postgresRows(config.databaseUrl) : sqliteRows(databaseFile(config), false);
}

async function data(config: Config, verb: string, args: readonly string[], voice: Voice): Promise<boolean> {
  const [first, second] = args;
  if (verb === "move" && first === "--to" && second) {
    await moveTo(config, second, voice);
    return true;
  }
  if (verb === "backup" && first) {
    await backup(config, first, voice);
    return true;
  }
  if (verb === "restore" && first) {
    await restore(config, first, voice);
    return true;
  }
  return false;
}

async function backup(config: Config, file: string, { say }: Voice): Promise<void> {
  if (!(await isThere(config))) throw new StoreError("store_unreadable", nothingThere(config));
  const rows = await ownRows(config);
  try {
    // A copy of what was moved away, or is half there, would be taken for tonight's.
    refuseClosed(await rows.meta("closed"));
    const at = new Date();
    const n = await writeDump(rows, file, at);
    await rows.setMeta(LAST_BACKUP, String(at.getTime()));
    say(`${n} rows of ${rows.kind} written to ${file}`);
    say("The master key is not in it: npm run -s cli -- keys backup FILE, and keep the two apart.");
  } finally {
    await rows.close();
  }
}

async function restore(config: Config, file: string, { say }: Voice): Promise<void> {
  // Read once to its end before anything is touched.
  const head = await checkDump(file);
  const own = keyId(ownKey(config));
  if (head.installation !== own) {
    throw new KeyError(
      "key_missing",
      `The backup was made with the key ${head.installation}, and ours is ${own}. Restore its key first (keys restore FILE).`,
    );
  }
  if (head.schema > SCHEMA)
    throw new StoreError(
      "store_newer_schema",
      `The backup was made by a later build (schema ${head.schema}, this build knows ${SCHEMA}).`,
    );
  const place = config.databaseUrl ? { url: config.databaseUrl } : { file: databaseFile(config) };
  const open = async () =>
    "url" in place ? postgresRows(place.url) : sqliteRows(place.file, existsSync(place.file));
  await makeReady(open, place, own, head.schema);
  const rows = await open();
  try {
    // What an earlier try left may be of another copy.
    for (const table of TABLES.toReversed()) await rows.clear(table);
    await readDump(file, rows);
    await rows.setMeta("closed", "");
  } finally {
    await rows.close();
  }
  if (head.schema < SCHEMA) await prepareTables(place, own, SCHEMA);
  say(`${head.rows} rows of ${head.at} restored`);
  say(
    "What was forgotten after that moment is back: forget it again. Messages that were on their way count as perhaps delivered.",
  );
  say(
    "All staff sign in again. Who was dismissed, or was given another password or role, after that moment is as before: see Staff in the console first.",
  );
}

/** Tables that are there and empty, or left half filled by an earlier try; marked so that no service starts on them. */
async function makeReady(
  open: () => Promise<Rows>,
  place: { file: string } | { url: string },
  installation: string,
  schema: number,
): Promise<void> {
  if ("url" in place) await examinePostgres(place.url);
  const before = "file" in place && !existsSync(place.file) ? null : await open();
  try {
    const owner = await before?.meta("installation");
    if (owner !== undefined && owner !== installation)
      throw new StoreError(
        "store_other_installation",
        `The database that was to be filled belongs to another installation (its key has the id ${owner}, ours ${installation}). Use an empty one; nothing was changed.`,
      );
    const there = before ? await before.schema() : 0;
    if (before && there > 0 && (await before.meta("closed")) !== "filling") {
      for (const table of TABLES) {
        for await (const _ of before.stream(table)) {
          throw new StoreError(
            "store_closed",
            `The database that was to be filled holds data already; nothing was changed. ${emptyOne(place)}`,
          );
        }
      }
    }
    if (before && there > schema)
      throw new StoreError(
        "store_closed",
        "The database that was to be filled is of a later build. Use an empty one.",
      );
  } finally {
    await before?.close();
  }
  const rows = before ? await open() : null;
  const isHalf = (await rows?.meta("closed")) === "filling";
  await rows?.close();
  if (!isHalf) await prepareTables(place, installation, schema);
  const marked = await open();
  await marked.setMeta("closed", "filling").finally(() => marked.close());
}

/** A machine on which the service was started once has a database; so has one whose database is to be replaced. */
function emptyOne(place: { file: string } | { url: string }): string {
  return "file" in place
    ? `Stop the service, move ${place.file} away (and what is called like it, -wal and -shm), and run the same command again.`
    : "Make an empty one (createdb NAME), name it in the address, and run the same command again.";
}

/** An earlier move was broken off between closing the old file and opening the new database. */
async function lacksLastStep(file: string, url: string, installation: string): Promise<boolean> {
  const source = sqliteRows(file, false);
  const ours = { closed: await source.meta("closed"), installation: await source.meta("installation") };
  await source.close();
  if (ours.closed !== "moved" || ours.installation !== installation) return false;
  const target = await postgresRows(url);
  return (await target.meta("closed").finally(() => target.close())) === "filling";
}

async function moveTo(config: Config, url: string, { say }: Voice): Promise<void> {
  const file = databaseFile(config);
  if (!existsSync(file)) throw new StoreError("store_unreadable", nothingThere(config));
  const installation = keyId(masterKey(config));
  // Brought to today's tables first, and refused here if the key is not its own.
  if (!(await lacksLastStep(file, url, installation)))
    await (await openSqlite({ file, installation })).upkeep.close();
  const source = sqliteRows(file, true);
  try {
    await makeReady(() => postgresRows(url), { url }, installation, SCHEMA);
    const copied = await copyRows(
      source,
      () => postgresRows(url),
      (line) => say(`  ${line}`),
    );
    // In this order: wherever it is broken off, never are both open, where people would write into two truths.
    await source.setMeta("closed", "moved");
    const target = await postgresRows(url);
    await target.setMeta("closed", "").finally(() => target.close());
    say(
      `${copied.rows} rows are in PostgreSQL and the same as before (${copied.written} written now, ${copied.removed} taken away)`,
    );
    say("Set DATABASE_URL on every machine and start the service. The old file is closed, not deleted.");
  } finally {
    await source.close();
  }
}
