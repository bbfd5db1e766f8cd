/** The files that this build came with: flows, articles, directory, rules, and the tuning that is not edited by hand. */

import type { Lang } from "../core/message.ts";
import type { Problem } from "../core/problem.ts";
import type { ContentKind } from "./store.ts";

/** One edited thing as it stands in a file or a revision. */
export interface Source {
  readonly kind: ContentKind;
  /** Unique within its kind: a flow's or article's id; `services`, `provinces`; `settings`, `texts`, `words`; a rules file's name. */
  readonly key: string;
  /** As people know it ("flows/menu.yaml"). */
  readonly file: string;
  readonly source: string;
}

export interface SourceFiles {
  readonly sources: readonly Source[];
  /** `knowledge/search/*.yaml` and `knowledge/search/asked/*.tsv` by their names in that folder, as text. */
  readonly searchFiles: Readonly<Record<string, string>>;
  /** `knowledge/search/meaning.json`, in English `meaning-en.json`: what words mean to who asks, as text; a language may have none. */
  readonly meanings?: Readonly<Partial<Record<Lang, string>>>;
  /** `knowledge/risk/model.json`: the ear's trained weights, as text; null if there are none. */
  readonly model: string | null;
  /** `knowledge/check/banned.yaml` as text; null or absent if there is none. */
  readonly banned?: string | null;
  /** What could not be read; the rest is there. */
  readonly problems: readonly Problem[];
}

export interface TextFile {
  readonly file: string;
  readonly text: string;
}

export interface Sources {
  /**
   * All, or only what hearing (`risk`), finding elsewhere (`search`) or judging articles (`knowledge`) needs: scripts
   * should not wait for the rest.
   */
  read(only?: "risk" | "search" | "knowledge"): Promise<SourceFiles>;
  /** The golden questions (`knowledge/golden/*.jsonl`); none when there is no such folder. */
  golden(): Promise<readonly TextFile[]>;
  /** Labelled lines that the rules of the ear are held against (`knowledge/risk/phrases/dev-*.tsv`, `blind-*.tsv`). */
  regression(): Promise<readonly TextFile[]>;
}
