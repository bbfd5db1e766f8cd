/** One process on one embedded database: a second one would take what the first is at work on for left behind. */

import { DatabaseSync } from "node:sqlite";
import { StoreError } from "./errors.ts";
import { explain, isBusy } from "./sqlite-errors.ts";

/**
 * Holds `file`, which holds nothing, until the process ends in whatever way: the system lets go of the lock with it.
 * Throws a StoreError `store_locked` while another process holds it.
 */
export function holdAlone(file: string): void {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(file, { timeout: 0 });
    lock.exec("begin exclusive");
    held.add(lock);
  } catch (error) {
    lock?.close();
    const explained = explain(error, file);
    if (!isBusy(explained)) throw explained;
    throw new StoreError(
      "store_locked",
      `Another process of Bến An runs on this folder (${file} is held). End it, or give this one a folder of its own (DATA_DIR).`,
    );
  }
}

/** What nobody refers to would be collected, and the lock with it. */
const held = new Set<DatabaseSync>();
