/** The real clock and a log that keeps its lines, for tests of adapters against their stand-ins. */

import { randomBytes, randomUUID } from "node:crypto";
import type { Clock } from "../../bot/ports/clock.ts";
import type { Log } from "../../bot/ports/log.ts";

const HASTE = 20;

/** Tells the real time, but waits a twentieth of what it is asked to: back-offs without sitting through them. */
export const hastyClock: Clock = {
  now: () => Date.now(),
  newId: () => randomUUID(),
  token: (bytes) => randomBytes(bytes).toString("base64url"),
  after(ms, call) {
    const timer = setTimeout(call, ms / HASTE);
    return () => clearTimeout(timer);
  },
};

export function keepingLog(): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = [];
  return { log: (level, code, facts) => lines.push(JSON.stringify({ level, code, ...facts })), lines };
}

/** Waits until `fits`; fails after `waitMs`. */
export async function until(fits: () => boolean | Promise<boolean>, waitMs = 5_000): Promise<void> {
  for (
    const end = Date.now() + waitMs;
    !(await fits());
    await new Promise((resolve) => setTimeout(resolve, 20))
  ) {
    if (Date.now() > end) throw new Error(`waited ${waitMs} ms in vain for ${fits}`);
  }
}
