/**
 * Where the indexes of our knowledge come from. To make one takes seconds of a processor: another process makes it, while
 * this one goes on answering people, and it is kept for the next start.
 */

import type { Lang } from "../core/message.ts";
import type { KnowledgeIndex, KnowledgeTexts } from "../core/retrieval/knowledge-index.ts";
import type { SearchData } from "../core/retrieval/tuning.ts";

/** What an index is made of; all of one language. */
export interface IndexInput {
  readonly texts: KnowledgeTexts;
  readonly data: SearchData;
  readonly lang: Lang;
  /** `SourceFiles.meanings` of that language; null: there is none. */
  readonly meaning: string | null;
}

export interface Indexes {
  /** The same for the same input and code only. Some hundredths of a second. */
  nameOf(input: IndexInput): string;
  /** The index of this name when it has been made before, here or by another process. Some hundredths of a second. */
  kept(name: string): KnowledgeIndex | undefined;
  /**
   * Sees to it that `kept` has it. Never rejects: where it cannot be made, or not be kept, `kept` has nothing and says so
   * in `false`; then it has to be made where it is needed.
   */
  prepare(name: string, input: IndexInput): Promise<boolean>;
}
