/** What finding promises, whatever ranks behind it. */

import type { Lang } from "../message.ts";
import type { Audience } from "../schema.ts";

export interface Query {
  readonly text: string;
  readonly lang: Lang;
  /** What she asked just before (newest last), for "còn con thì sao?". */
  readonly before?: readonly string[];
  readonly audience?: Audience;
  readonly limit?: number;
  /** The day it is asked ("2026-11-22"): services past `expires_on` and articles past `review_by` are left out. */
  readonly today?: string;
}

export interface Hit {
  /** Passage id `ARTICLE#N`, or `service:ID` for an entry of the directory. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly score: number;
}

export interface SearchResult {
  /** false: under the calibrated bar; offer the nearest topics and a human instead of answering. */
  readonly answered: boolean;
  /** It is what is never answered (`never` in silence.yaml): whoever asks so is not her. Then there are no hits. */
  readonly isNever?: true;
  readonly hits: readonly Hit[];
}

export type Search = (query: Query) => SearchResult;
