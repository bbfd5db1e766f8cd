/** One item as the server has it: the newest draft, else what is published. */

import type { Bilingual, ContentKind, Problem } from "../web/api-types.ts";
import { call } from "./api.ts";

export interface Opened {
  readonly title: Bilingual;
  /** As problems name it. */
  readonly file: string;
  readonly source: string;
  /** Of the newest revision. */
  readonly number: number;
  readonly state: "draft" | "published";
  readonly isOvertaken: boolean;
  readonly draftBy: string | null;
  readonly secondPerson: boolean;
  readonly publishedNumber: number | null;
  readonly publishedSource: string | null;
  readonly problems: readonly Problem[];
}

export function fetchItem(kind: ContentKind, key: string): Promise<Opened> {
  return call<Opened>(`content/item?kind=${kind}&key=${encodeURIComponent(key)}`);
}
