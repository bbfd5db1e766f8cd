/** Why the database refused, as codes that an operator's page and the shell can act on. */

export type StoreCode =
  /** The folder or the file can't be read or made. */
  | "store_unreadable"
  /** It can be read but not written. */
  | "store_read_only"
  /** The file is something else, or damaged. */
  | "store_not_a_database"
  /** Another program holds it; trying again later may help. */
  | "store_locked"
  /** No space left: nothing of the change was written. */
  | "store_full"
  /** Away, restarting, or too slow to answer; trying again later may help. */
  | "store_unavailable"
  | "store_too_old"
  | "store_missing_rights"
  /** A later build changed the database in a way that this build does not understand. */
  | "store_newer_schema"
  /** The database belongs to another installation. */
  | "store_other_installation"
  /** Moved elsewhere, or only half filled by a copy that was broken off. */
  | "store_closed"
  /** The address of the database makes no sense. */
  | "store_bad_url"
  /** A statement of ours was wrong: needs a programmer. */
  | "store_bug";

/** The one error that the store throws. `retry`: the same call may succeed later. */
export class StoreError extends Error {
  readonly code: StoreCode;
  readonly retry: boolean;

  constructor(code: StoreCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "StoreError";
    this.code = code;
    this.retry = code === "store_locked" || code === "store_full" || code === "store_unavailable";
  }
}
