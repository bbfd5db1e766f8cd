/** Folders of ours on disk. */

import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** What a build leaves, made by one account and read by another that serves; nothing in it is secret. */
export const FOR_ALL = 0o755;

/**
 * Makes a folder that may be there already, and those above it, by default for their owner only; throws what the system says. Node's
 * own `recursive` never comes back where a folder is there and the system says all the same that it is not, as in /proc.
 */
export function makeFolder(folder: string, mode = 0o700): void {
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EEXIST" && statSync(folder).isDirectory()) return;
    const above = dirname(folder);
    if (code !== "ENOENT" || existsSync(above)) throw error;
    makeFolder(above, mode);
    makeFolder(folder, mode);
  }
}
