/** The indexes of the articles that may be shown, by language: made beside, or else a lesser one in the place where it is needed. */

import type { Article } from "../../core/knowledge/article.ts";
import { LANGS, type Lang } from "../../core/message.ts";
import { indexKnowledge, type KnowledgeIndex, textsOf } from "../../core/retrieval/knowledge-index.ts";
import { dataFor } from "../../core/retrieval/lang.ts";
import type { SearchData } from "../../core/retrieval/tuning.ts";
import type { Indexes, IndexInput } from "../../ports/indexes.ts";
import type { SourceFiles } from "../../ports/sources.ts";

export interface LanguageIndexes {
  /** For `makeSearch`. */
  readonly indexFor: (lang: Lang) => KnowledgeIndex | undefined;
  /** As `Finding` promises it. */
  readonly prepare: () => Promise<boolean>;
}

/** `gaveLesser` is called when an index was given out that has not learned: not prepared, or what was prepared is damaged or gone. */
export function indexesOf(
  articles: readonly Article[],
  data: SearchData,
  meanings: SourceFiles["meanings"],
  indexes: Indexes | undefined,
  gaveLesser: () => void = () => {},
): LanguageIndexes {
  if (!indexes) return { indexFor: () => undefined, prepare: () => Promise.resolve(true) };
  const names = new Map<Lang, string>();
  const inputOf = (lang: Lang): IndexInput => ({
    texts: textsOf(articles, lang),
    data: dataFor(lang, data),
    lang,
    meaning: meanings?.[lang] ?? null,
  });
  const nameOf = (lang: Lang) => {
    const name = names.get(lang) ?? indexes.nameOf(inputOf(lang));
    names.set(lang, name);
    return name;
  };
  const all = async () => {
    let ready = true;
    // One after the other: the machine has other work, and nearly all people write in the first.
    for (const lang of LANGS) if (!(await indexes.prepare(nameOf(lang), inputOf(lang)))) ready = false;
    // What failed is tried again by who asks again.
    if (!ready) prepared = undefined;
    return ready;
  };
  let prepared: Promise<boolean> | undefined;
  return {
    indexFor(lang) {
      const kept = indexes.kept(nameOf(lang));
      if (kept) return kept;
      // Whoever prepares next makes it anew.
      prepared = undefined;
      gaveLesser();
      const { texts, data: own } = inputOf(lang);
      // Somebody waits for an answer: what takes five seconds to learn is left out.
      return indexKnowledge(texts, own, { learns: false });
    },
    prepare() {
      prepared ??= all();
      return prepared;
    },
  };
}
