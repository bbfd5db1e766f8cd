/** Why an article stands where it does for a question, in words that an editor can act on. */

import type { Article } from "../knowledge/article.ts";
import { waysOfAsking } from "../knowledge/ways-of-asking.ts";
import type { Lang } from "../message.ts";
import { fold, syllables } from "../text.ts";
import { likenessTo } from "./grouping.ts";
import type { SearchData } from "./tuning.ts";

export type Where = "title" | "questions" | "text";

/** The question among some that is most like what was asked; null: it is like none. */
type Nearest = { readonly question: string; readonly likeness: number } | null;

export interface Why {
  /** Of the article's own questions. */
  readonly nearest: Nearest;
  /** Of what our test writers asked before they had seen any passage (`knowledge/search/asked/`), and the article answers. */
  readonly unaided: Nearest;
  /** Each word of what was asked, as it was typed: where the article has it, and how many articles have it (the fewer, the more it weighs). */
  readonly words: readonly {
    readonly word: string;
    readonly in: readonly Where[];
    readonly articles: number;
  }[];
}

/** Prepared once for what is published. `askedIn`: what our test writers asked unaided, by language. */
export function makeExplainer(
  articles: ReadonlyMap<string, Article>,
  askedIn: Readonly<Record<Lang, SearchData["asked"]>>,
) {
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
    const unaided = new Map<string, string[]>();
    for (const { question, passages } of askedIn[lang]) {
      for (const id of new Set(passages.map((passage) => passage.split("#")[0] ?? "")))
        unaided.set(id, [...(unaided.get(id) ?? []), question]);
    }
    return { places, having, unaided };
  };
  const ready = new Map<Lang, ReturnType<typeof read>>();

  return (asked: string, id: string, lang: Lang): Why | null => {
    const article = articles.get(id);
    if (!article) return null;
    const known = ready.get(lang) ?? read(lang);
    ready.set(lang, known);
    const { places, having, unaided } = known;
    const of = places.get(id);
    const words = [...new Set(syllables(asked))].map((word) => ({
      word,
      in: (["title", "questions", "text"] as const).filter((where) => of?.[where].has(fold(word))),
      articles: having.get(fold(word)) ?? 0,
    }));
    const like = likenessTo(asked);
    return {
      nearest: nearestOf(waysOfAsking(article, lang), like),
      unaided: nearestOf(unaided.get(id) ?? [], like),
      words,
    };
  };
}

function nearestOf(questions: readonly string[], like: (question: string) => number): Nearest {
  return questions
    .map((question) => ({ question, likeness: like(question) }))
    .reduce<Nearest>((best, one) => (one.likeness > (best?.likeness ?? 0) ? one : best), null);
}

function wordsOf(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap((text) => syllables(fold(text))));
}
