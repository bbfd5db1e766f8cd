/** Why an article stands where it does for a question, in words that an editor can act on. */

import type { Article } from "../knowledge/article.ts";
import { waysOfAsking } from "../knowledge/ways-of-asking.ts";
import type { Lang } from "../message.ts";
import { fold, syllables } from "../text.ts";
import { likeness } from "./grouping.ts";

export type Where = "title" | "questions" | "text";

export interface Why {
  /** The question of the article's own that is most like what was asked; null: it is like none. */
  readonly nearest: { readonly question: string; readonly likeness: number } | null;
  /** Each word of what was asked, as it was typed: where the article has it, and how many articles have it (the fewer, the more it weighs). */
  readonly words: readonly {
    readonly word: string;
    readonly in: readonly Where[];
    readonly articles: number;
  }[];
}

/** Prepared once for what is published. */
export function makeExplainer(articles: ReadonlyMap<string, Article>) {
  const read = (lang: Lang) => {
    const places = new Map<string, Record<Where, ReadonlySet<string>>>();
    const having = new Map<string, number>();
    for (const article of articles.values()) {
      const of = {
        title: wordsOf([article.title[lang], ...article.passages.map((p) => p.heading[lang])]),
        questions: wordsOf(waysOfAsking(article, lang)),
        text: wordsOf(article.passages.map((p) => p.text[lang])),
      };
      places.set(article.id, of);
      for (const word of new Set([...of.title, ...of.questions, ...of.text]))
        having.set(word, (having.get(word) ?? 0) + 1);
    }
    return { places, having };
  };
  const ready = new Map<Lang, ReturnType<typeof read>>();

  return (asked: string, id: string, lang: Lang): Why | null => {
    const article = articles.get(id);
    if (!article) return null;
    const { places, having } = ready.get(lang) ?? read(lang);
    if (!ready.has(lang)) ready.set(lang, { places, having });
    const of = places.get(id);
    const words = [...new Set(syllables(asked))].map((word) => ({
      word,
      in: (["title", "questions", "text"] as const).filter((where) => of?.[where].has(fold(word))),
      articles: having.get(fold(word)) ?? 0,
    }));
    const nearest = waysOfAsking(article, lang)
      .map((question) => ({ question, likeness: likeness(question, asked) }))
      .reduce<Why["nearest"]>((best, one) => (one.likeness > (best?.likeness ?? 0) ? one : best), null);
    return { nearest, words };
  };
}

function wordsOf(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap((text) => syllables(fold(text))));
}
