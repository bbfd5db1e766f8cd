/** Finding in our own articles: by their passages, their alias questions and the article as one text. */

import type { Article, Passage as ArticlePassage } from "../knowledge/article.ts";
import type { Lang } from "../message.ts";
import { plain, scan } from "./cut.ts";
import { buildIndex, type Index, type Passage } from "./index.ts";
import { makePairs } from "./pairs.ts";
import { type Asked, makeReader, type Reader, readInContext, writtenOut } from "./query.ts";
import { askedOf, makeRanker, type Ranked } from "./rank.ts";
import type { Query } from "./search.ts";
import type { Measures } from "./silence.ts";
import type { SearchData } from "./tuning.ts";
import { makeVocabulary } from "./vocabulary.ts";

/** A passage of ours with its score. */
export interface FoundPassage {
  readonly passage: ArticlePassage;
  readonly article: Article;
  readonly score: number;
}

export interface KnowledgeFound {
  readonly asked: Asked;
  /** As many as were asked for: the best passage of each article, in the articles' order, then what else they have. */
  readonly passages: readonly FoundPassage[];
  /** What the silence rule looks at. */
  readonly measures: Measures;
}

/** Passages that are given when the question does not say how many. */
export const USUAL_LIMIT = 5;

/** Stands for an article where a question is not ours to answer. No article can have it: ids begin with a letter. */
const STRANGER = "-";

/** Passages that are ranked by themselves; an article that has none among them is hardly meant. */
const PASSAGES_RANKED = 100;
const ALIASES_RANKED = 200;
const ARTICLES_RANKED = 40;

/** Ranks the articles of one language. */
export function makeKnowledgeFinder(
  articles: readonly Article[],
  lang: Lang,
  data: SearchData,
): (query: Query) => KnowledgeFound {
  const reader = makeReader(data);
  const owned = articles.flatMap((article) => article.passages.map((passage) => ({ article, passage })));
  const aliases = aliasTexts(articles, lang, data, reader);
  const indexes = buildIndexes(
    {
      passages: owned.map(({ article, passage }) => ({
        id: passage.id,
        title: `${article.title[lang]}. ${passage.heading[lang]}`,
        text: passage.text[lang],
      })),
      aliases,
      wholes: articles.map((article) => wholeText(article, lang, reader)),
      questions: articles.map((article) => ({ id: article.id, text: questionsText(article, lang, reader) })),
    },
    data,
    reader,
  );
  const rank = {
    passages: makeRanker(indexes.passages, data.weights.rank),
    aliases: makeRanker(indexes.aliases, data.weights.rank),
    wholes: makeRanker(indexes.wholes, data.weights.rank),
    questions: makeRanker(indexes.questions, data.weights.rank),
  };
  const w = data.weights.knowledge;

  const articleNumber = new Map(articles.map(({ id }, i) => [id, i]));
  const strangers = articles.length;
  const ofPassage = owned.map(({ article }) => articleNumber.get(article.id) ?? strangers);
  const ofAlias = aliases.map(({ id }) => articleNumber.get(id) ?? strangers);
  const ofItself = articles.map((_, i) => i);
  /** For each article, and at the end for what is not ours to answer, the most that one of its texts has. */
  const most = (ranked: readonly Ranked[], of: readonly number[], value: (ranked: Ranked) => number) => {
    const highest = new Float64Array(articles.length + 1);
    for (const one of ranked) {
      const number = of[one.at] ?? strangers;
      const found = value(one);
      if (found > (highest[number] ?? 0)) highest[number] = found;
    }
    return highest;
  };

  return (query) => {
    const before = query.before?.at(-1);
    const asked = readInContext(query.text, before, data.weights.rank.before, reader, indexes.passages);
    const { unknown, telling, ideal } = askedOf(indexes.aliases, asked);
    const share = ideal === 0 ? 0 : 1 / ideal;
    const worth = ({ score }: Ranked) => score * share;
    const byPassage = rank.passages(asked, PASSAGES_RANKED);
    const byAlias = rank.aliases(asked, ALIASES_RANKED);
    const passage = most(byPassage, ofPassage, worth);
    const whole = most(rank.wholes(asked, ARTICLES_RANKED), ofItself, worth);
    const questions = most(rank.questions(asked, ARTICLES_RANKED), ofItself, worth);
    const coverage = most(byAlias, ofAlias, (r) => r.coverage);
    const reach = most(byAlias, ofAlias, (r) => r.reach);
    const likeness = most(byAlias, ofAlias, worth);

    const scored = articles
      .map((article, i) => {
        const score =
          w.passage * (passage[i] ?? 0) +
          w.whole * (whole[i] ?? 0) +
          w.aliases * (questions[i] ?? 0) +
          w.alias_coverage * (coverage[i] ?? 0) +
          w.alias_reach * (reach[i] ?? 0);
        const foreign = query.audience !== undefined && !article.audience.includes(query.audience);
        return { article, score: foreign ? score * w.other_audience : score };
      })
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score);

    const top = scored[0];
    const first = top ? (articleNumber.get(top.article.id) ?? strangers) : strangers;
    const measures: Measures = {
      coverage: top
        ? Math.max(coverage[first] ?? 0, most(byPassage, ofPassage, (r) => r.coverage)[first] ?? 0)
        : 0,
      likeness: top ? (likeness[first] ?? 0) : 0,
      margin: top ? (top.score - (scored[1]?.score ?? 0)) / top.score : 0,
      unknown,
      length: Math.min(12, telling) / 12,
      stranger: likeness[strangers] ?? 0,
      total: (top?.score ?? 0) / 10,
    };
    const own = new Map(byPassage.map(({ at, score }) => [owned[at]?.passage.id ?? "", score * share]));
    return { asked, measures, passages: inOrder(scored, own, w.own, query) };
  };
}

/**
 * The passages to be given: each article's best one in the articles' order; its other passages after those of the next
 * few articles. Nothing of an article whose date has passed.
 */
function inOrder(
  scored: readonly { article: Article; score: number }[],
  own: ReadonlyMap<string, number>,
  worth: number,
  { limit = USUAL_LIMIT, today }: Query,
): FoundPassage[] {
  const firsts: FoundPassage[] = [];
  const others: FoundPassage[] = [];
  const current = !today ? scored : scored.filter(({ article }) => article.review_by >= today);
  // An article scores at least what any passage of it does, so beyond these none can be among the first.
  for (const { article, score } of current.slice(0, limit)) {
    const ranked = article.passages
      .map((passage) => ({ passage, likeness: own.get(passage.id) ?? 0 }))
      .sort((a, b) => b.likeness - a.likeness);
    ranked.forEach(({ passage, likeness }, i) => {
      const behind = worth * ((ranked[0]?.likeness ?? 0) - likeness);
      const found = { passage, article, score: i === 0 ? score : Math.max(0, score * 0.6 - behind) };
      (i === 0 ? firsts : others).push(found);
    });
  }
  return [...firsts, ...others].sort((a, b) => b.score - a.score).slice(0, limit);
}

/** Every alias question and title by itself; among them what is not ours to answer, so that both are measured alike. */
function aliasTexts(articles: readonly Article[], lang: Lang, data: SearchData, reader: Reader): Passage[] {
  return [
    ...articles.flatMap(({ id, questions, title }) =>
      [...questions[lang], title[lang]].map((text) => ({ id, text: writtenOut(text, reader) })),
    ),
    ...data.strangers.map((text) => ({ id: STRANGER, text })),
  ];
}

function questionsText({ questions, title }: Article, lang: Lang, reader: Reader): string {
  return [...questions[lang].map((text) => writtenOut(text, reader)), title[lang]].join(". ");
}

function wholeText(article: Article, lang: Lang, reader: Reader): Passage {
  const passages = article.passages.map(({ heading, text }) => `${heading[lang]}. ${text[lang]}`);
  return {
    id: article.id,
    title: article.title[lang],
    text: [questionsText(article, lang, reader), ...passages].join(". "),
  };
}

/** Builds indexes that share their numbers, so that one reading of a question serves them all. */
function buildIndexes<Name extends string>(
  texts: Record<Name, readonly Passage[]>,
  data: SearchData,
  reader: Reader,
): Record<Name, Index> {
  const vocabulary = makeVocabulary();
  const pairs = makePairs();
  const entries = Object.entries(texts) as [Name, readonly Passage[]][];
  for (const { title, text } of entries.flatMap(([, list]) => list)) {
    const add = (raw: string) => {
      vocabulary.add(raw);
    };
    scan(plain(`${title ?? ""} ${text}`), add, () => {});
  }
  const build = ([name, list]: [Name, readonly Passage[]]) =>
    [name, buildIndex(list, data.weights.index, reader.synonyms, vocabulary, pairs)] as const;
  return Object.fromEntries(entries.map(build)) as Record<Name, Index>;
}
