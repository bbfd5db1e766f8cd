/** The ear: what every message is put through before anything else looks at it. */

import type { Level, Reason } from "../level.ts";

export interface Heard {
  readonly level: Level;
  readonly reasons: readonly Reason[];
}

/** Hears danger in one text, with the last turns of the same person (oldest first) as context. Never throws. */
export type Ear = (text: string, before?: readonly string[]) => Heard;
