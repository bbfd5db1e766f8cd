/** Of the processes of one machine that want the same file made, one makes it and the others wait. */

import { rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { FOR_ALL, makeFolder } from "../folder.ts";

/** A maker says so often that it lives, in milliseconds; one that was silent for so long has died, and another takes its place. */
const SIGN_MS = 500;
const DEAD_MS = 3_000;
const LOOK_MS = 100;

/**
 * What `make` gives, or null when another process has made the file meanwhile (`isThere`). `mark` is a file that stands as long
 * as one makes it. Two may make it at the same time after one was stopped for longer than `DEAD_MS`, and where no mark can
 * be written: that costs time only. Rejects as `make` does.
 */
export async function oneMaker<T>(
  mark: string,
  isThere: () => boolean,
  make: () => Promise<T>,
): Promise<T | null> {
  for (;;) {
    if (isThere()) return null;
    const took = take(mark);
    if (took === "other") {
      await sleep(LOOK_MS);
      continue;
    }
    const sign = setInterval(() => signAt(mark), SIGN_MS);
    try {
      return await make();
    } finally {
      clearInterval(sign);
      if (took === "own") rmSync(mark, { force: true });
    }
  }
}

/** "none": there can be no mark here. */
function take(mark: string): "own" | "other" | "none" {
  try {
    makeFolder(dirname(mark), FOR_ALL);
    writeFileSync(mark, "", { flag: "wx" });
    return "own";
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) return "none";
  }
  const last = statSync(mark, { throwIfNoEntry: false })?.mtimeMs;
  // A clock that was set back must not make a dead one live for ever.
  if (last !== undefined && Math.abs(Date.now() - last) > DEAD_MS) rmSync(mark, { force: true });
  return "other";
}

function signAt(mark: string): void {
  try {
    const now = new Date();
    utimesSync(mark, now, now);
  } catch {
    // Taken for dead meanwhile, or there is no mark.
  }
}
