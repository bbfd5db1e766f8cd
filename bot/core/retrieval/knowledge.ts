/** Finding in our own knowledge: articles by their passages and alias questions, and the directory of services. */

import type { Article, Passage as ArticlePassage } from "../knowledge/article.ts";
import type { Lang } from "../message.ts";
import { plain, scan } from "./cut.ts";
import { buildIndex, type Passage } from "./index.ts";
import { makePairs } from "./pairs.ts";
import { type Asked, makeReader, readQuestion, writtenOut } from "./query.ts";
import { askedOf, makeRanker, type Ranked } from "./rank.ts";
import type { Query } from "./search.ts";
import type { Measures } from "./silence.ts";
import type { SearchData } from "./tuning.ts";
import { makeVocabulary } from "./vocabulary.ts";

/** A passage of ours with its score and where it stands. */
export interface FoundPassage {
  readonly passage: ArticlePassage;
  readonly article: Article;
  readonly score: number;
}

export interface KnowledgeFound {
  readonly asked: Asked;
  readonly passages: readonly FoundPassage[];
  /** What the silence rule looks at. */
  readonly measures: Measures;
}

/** Stands for an article where a question is not ours to answer. No article can have it: ids begin with a letter. */
const STRANGER = "-";

/** Ranks the articles of one language. */
export function makeKnowledgeFinder(
  articles: readonly Article[],
  lang: Lang,
  data: SearchData,
): (query: Query) => KnowledgeFound {
  const { weights } = data;
  const passages = articles.flatMap((article) => article.passages.map((passage) => ({ article, passage })));
  // What is not ours to answer stands among the alias questions, so that both are measured alike.
  const aliases: { id: string; text: string }[] = [
    ...articles.flatMap(({ id, questions, title }) =>
      [...questions[lang], title[lang]].map((text) => ({ id, text })),
    ),
    ...data.strangers.map((text) => ({ id: STRANGER, text })),
  ];
  const passageTexts: Passage[] = passages.map(({ article, passage }) => ({
    id: passage.id,
    title: `${article.title[lang]}. ${passage.heading[lang]}`,
    text: passage.text[lang],
  }));
  const reader = makeReader(data);
  const aliasTexts: Passage[] = aliases.map(({ id, text }) => ({
    id,
    text: writtenOut(text, reader),
  }));

  // An article as one text: several small signs of the same subject add up here.
  const wholeTexts: Passage[] = articles.map((article) => ({
    id: article.id,
    title: article.title[lang],
    text: [
      ...article.questions[lang].map((text) => writtenOut(text, reader)),
      ...article.passages.map(({ heading, text }) => `${heading[lang]}. ${text[lang]}`),
    ].join(". "),
  }));

  const vocabulary = makeVocabulary();
  for (const { title, text } of [...passageTexts, ...aliasTexts]) {
    scan(
      plain(`${title ?? ""} ${text}`),
      (raw) => vocabulary.add(raw),
      () => {},
    );
  }
  const pairs = makePairs();
  const passageIndex = buildIndex(passageTexts, weights.index, reader.synonyms, vocabulary, pairs);
  const aliasIndex = buildIndex(aliasTexts, weights.index, reader.synonyms, vocabulary, pairs);
  const wholeIndex = buildIndex(wholeTexts, weights.index, reader.synonyms, vocabulary, pairs);
  const rankWholes = makeRanker(wholeIndex, weights.rank);
  const rankPassages = makeRanker(passageIndex, weights.rank);
  const rankAliases = makeRanker(aliasIndex, weights.rank);

  return (query) => {
    const asked = readQuestion(query.text, reader, passageIndex);
    const byText = rankPassages(asked, 200);
    const byAlias = rankAliases(asked, 100);
    const wholeScore = bestOf(rankWholes(asked, 150), (at) => articles[at]?.id ?? "");
    const aliasScore = bestOf(byAlias, (at) => aliases[at]?.id ?? "");
    const articleScore = bestOf(byText, (at) => passages[at]?.article.id ?? "");
    const textScore = new Map(byText.map(({ at, score }) => [at, score]));
    const found = passages.map(({ article, passage }, at) => {
      const alias = aliasScore.get(article.id) ?? 0;
      const own = textScore.get(at) ?? 0;
      const whole = articleScore.get(article.id) ?? 0;
      const foreign = query.audience && !article.audience.includes(query.audience);
      const score =
        weights.knowledge.alias * alias +
        own +
        weights.knowledge.article * whole +
        weights.knowledge.whole * (wholeScore.get(article.id) ?? 0);
      return { passage, article, score: foreign ? score * weights.knowledge.other_audience : score };
    });
    found.sort((a, b) => b.score - a.score);
    const top = found[0];
    const next = found.find(({ article }) => article.id !== top?.article.id);
    const { unknown, telling, ideal } = askedOf(aliasIndex, asked);
    const covered = (ranked: readonly Ranked[], is: (at: number) => boolean) =>
      ranked.reduce((most, { at, coverage }) => (is(at) ? Math.max(most, coverage) : most), 0);
    const coverage = Math.max(
      covered(byAlias, (at) => aliases[at]?.id === top?.article.id),
      covered(byText, (at) => passages[at]?.article.id === top?.article.id),
    );
    const measures: Measures = {
      coverage,
      likeness: ideal === 0 ? 0 : (aliasScore.get(top?.article.id ?? "") ?? 0) / ideal,
      margin: top && top.score > 0 ? (top.score - (next?.score ?? 0)) / top.score : 0,
      unknown,
      length: Math.min(12, telling) / 12,
      stranger: ideal === 0 ? 0 : (aliasScore.get(STRANGER) ?? 0) / ideal,
    };
    return { asked, measures, passages: found.filter(({ score }) => score > 0) };
  };
}

function bestOf(ranked: readonly Ranked[], key: (at: number) => string): Map<string, number> {
  const best = new Map<string, number>();
  for (const { at, score } of ranked) if (score > (best.get(key(at)) ?? 0)) best.set(key(at), score);
  return best;
}
