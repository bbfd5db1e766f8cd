/**
 * The other process: makes one index, keeps it, and ends. A process and no thread, because what it needs for a second is
 * ten times what is left. Run by `indexes.ts`.
 */

import { constants, setPriority } from "node:os";
import { indexKnowledge } from "../../core/retrieval/knowledge-index.ts";
import { readMeaning } from "../../core/retrieval/meaning.ts";
import type { IndexInput } from "../../ports/indexes.ts";
import { bytesOf, writeIndex } from "./index-file.ts";

export interface Order {
  readonly input: IndexInput;
  /** Null: it is kept nowhere. */
  readonly file: string | null;
}

/** Null: it stands in the file. */
export type Made = Uint8Array | null;

process.once("message", ({ input, file }: Order) => {
  const meaning = input.meaning === null ? null : readMeaning(input.meaning, input.lang);
  const bytes = bytesOf(indexKnowledge(input.texts, input.data, { meaning }));
  const made: Made = file !== null && writeIndex(file, bytes) ? null : bytes;
  process.send?.(made, () => process.disconnect());
});

try {
  // People who write are answered first.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
} catch {
  // Where that is not allowed, both get the same.
}
