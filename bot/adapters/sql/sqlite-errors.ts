/** What SQLite and Node say about the database, in words that tell an operator what to do. */

import { type StoreCode, StoreError } from "./errors.ts";

/** What Node says about a database that was closed. */
export const CLOSED = { code: "ERR_INVALID_STATE" };

/** SQLite's primary result codes (sqlite.org/rescode.html). */
const CODES: Readonly<Record<number, StoreCode>> = {
  5: "store_locked",
  6: "store_locked",
  8: "store_read_only",
  10: "store_unavailable",
  11: "store_not_a_database",
  13: "store_full",
  14: "store_unreadable",
  26: "store_not_a_database",
};

const SENTENCES: Readonly<Partial<Record<StoreCode, string>>> = {
  store_locked:
    "The database is locked by another program. Stop that program (a backup, a second copy of the service?).",
  store_read_only: "The database can be read but not written. Check the owner and rights of the data folder.",
  store_unavailable:
    "The database is closed, or the disk did not take or give the data. See the system's log.",
  store_not_a_database:
    "The file is not a database of ours, or it is damaged. Move it away or restore a backup; nothing was changed.",
  store_full: "No space is left for the database. Nothing of the change was written. Free space on the disk.",
  store_unreadable:
    "The database file can't be opened. Check that the data folder (DATA_DIR) is a folder that can be made there, and that it belongs to this account.",
};

export function isBusy(error: unknown): boolean {
  const code = error instanceof StoreError ? error.code : codeOf(error);
  return code === "store_locked";
}

function codeOf(error: unknown): StoreCode | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { errcode, code } = error as { errcode?: number; code?: string };
  if (errcode !== undefined) return CODES[errcode & 0xff];
  if (code === "ENOSPC" || code === "EDQUOT") return "store_full";
  if (/^(EACCES|EPERM|ENOTDIR|EEXIST|EISDIR|ENOENT)$/.test(code ?? "")) return "store_unreadable";
  if (code === "EROFS") return "store_read_only";
  if (code === CLOSED.code) return "store_unavailable";
  return undefined;
}

/** What went wrong, as a StoreError where it is the database's doing; anything else as it is. */
export function explain(error: unknown, file?: string): unknown {
  if (error instanceof StoreError) return error;
  const code = codeOf(error);
  if (code) return new StoreError(code, `${SENTENCES[code] ?? code}${file ? ` File: ${file}` : ""}`, error);
  const inSql = typeof error === "object" && error !== null && "errcode" in error;
  return inSql ? new StoreError("store_bug", String(error), error) : error;
}

/** After a flush that the disk refused: nothing is promised any more. */
export function lost(): StoreError {
  return new StoreError(
    "store_unavailable",
    "The disk failed to keep what was written. Look at the disk and the system's log, then start the service again.",
  );
}
