/** Finding in our own articles: by their passages, their alias questions and the article as one text. */

import type { Article, Passage as ArticlePassage } from "../knowledge/article.ts";
import type { Lang } from "../message.ts";
import { makeBayes } from "./bayes.ts";
import type { Numbers } from "./index.ts";
import { kindsShared, makeKinds } from "./kinds.ts";
import { indexKnowledge, type KnowledgeIndex, ownersOf, type Said, textsOf } from "./knowledge-index.ts";
import { makePairs } from "./pairs.ts";
import { makePassageScores } from "./passage-model.ts";
import type { Syllable } from "./phrases.ts";
import { type Asked, makeReader, type Reader, readInContext } from "./query.ts";
import { makeRanker } from "./rank.ts";
import type { Query } from "./search.ts";
import { askedOf, type Ranked } from "./second-look.ts";
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
  /** But for words of asking and politeness, the question is an alias question of the first article, and no stranger. */
  readonly wordForWord: boolean;
}

/** Passages that are given when the question does not say how many. */
export const USUAL_LIMIT = 5;

/** Passages that are ranked by themselves; an article that has none among them is hardly meant. Twice as many of each change nothing measured and cost a quarter more. */
const PASSAGES_RANKED = 50;
const ALIASES_RANKED = 100;
const ARTICLES_RANKED = 20;
/** Of articles as one text, and of what is asked for a passage, only the score counts. */
const ONLY_SCORES = { thorough: false, ordered: false } as const;

/** What speaks for an article; `weights.yaml` says what each counts. */
export const SIGNS = [
  "passage",
  "whole",
  "aliases",
  "alias_coverage",
  "alias_reach",
  "bayes",
  "learned",
  "exact",
] as const;
export type Sign = (typeof SIGNS)[number];

export interface Evidence {
  readonly asked: Asked;
  /** For each sign, one number for each article, in the articles' order. */
  readonly signs: Readonly<Record<Sign, Float64Array>>;
  /** For each article, the most that a passage or an alias question of it covers, and its nearest alias question. */
  readonly coverage: Float64Array;
  readonly likeness: Float64Array;
  /** The nearest of what is not ours to answer, and how much the question speaks like all of that. */
  readonly stranger: number;
  readonly strangerBayes: number;
  readonly strangerLearned: number;
  /** For passages in the order of the articles: their own likeness, that of what is asked for them, what was learned of them (0 to about 2), and kinds in common. */
  readonly passages: Float64Array;
  readonly asks: Float64Array;
  readonly learned: Float32Array;
  readonly kinds: (passage: number) => number;
  /** Whether a passage is for another role than the question shows. */
  readonly otherRole: (passage: number) => boolean;
  readonly unknown: number;
  readonly telling: number;
  /** For each article whether one of its alias questions says the same but for words of asking; last, of strangers. */
  readonly same: ReadonlySet<number>;
}

/**
 * Gathers what speaks for each article of one language; `data` is that language's (`dataFor`). `index` is of just these
 * articles and this data.
 */
export function makeEvidence(
  articles: readonly Article[],
  lang: Lang,
  data: SearchData,
  index = indexKnowledge(textsOf(articles, lang), data),
): (query: Pick<Query, "text" | "before">) => Evidence {
  const reader = makeReader(data);
  const owners = articles.flatMap(({ passages }, at) => passages.map(() => at));
  const numbers: Numbers = { vocabulary: makeVocabulary(index.vocabulary), pairs: makePairs(index.pairs) };
  const passages = { ...index.passages, ...numbers };
  const aliases = { ...index.aliases, ...numbers };
  const rank = {
    passages: makeRanker(passages, data.weights.rank, { ordered: false }),
    aliases: makeRanker(aliases, data.weights.rank, { ordered: false }),
    wholes: makeRanker({ ...index.wholes, ...numbers }, data.weights.rank, ONLY_SCORES),
    questions: makeRanker({ ...index.questions, ...numbers }, data.weights.rank, ONLY_SCORES),
    asks: makeRanker({ ...index.asks, ...numbers }, data.weights.rank, ONLY_SCORES),
  };
  const kinds = makeKinds(data.kinds);
  const { answers, aliasOwners: articleOfAlias } = index;
  // What is not ours to answer stands behind the last article.
  const count = articles.length;
  const articleOfPassage = Uint16Array.from(owners);
  const articleItself = Uint16Array.from(articles, (_, at) => at);
  const bayes = makeBayes(aliases, index.bayes);
  const passageScores = makePassageScores(aliases, index.bayes, index.passageModel);
  const ownersAsked = (row: readonly Syllable[], of: Said) =>
    ownersOf(
      of,
      row.map(({ fold }) => numbers.vocabulary.folded(fold)),
    );

  return ({ text, before }) => {
    const asked = readInContext(text, before?.at(-1), data.weights.rank.before, reader, passages);
    const { unknown, telling, ideal } = askedOf(aliases, asked);
    const share = ideal === 0 ? 0 : 1 / ideal;
    const byPassage = rank.passages(asked, PASSAGES_RANKED);
    const byAlias = rank.aliases(asked, ALIASES_RANKED);
    const score = (r: Ranked) => r.score * share;
    const most = (ranked: readonly Ranked[], of: ArrayLike<number>, value: (r: Ranked) => number) => {
      const highest = new Float64Array(count + 1);
      for (const r of ranked) {
        const at = of[r.at] ?? count;
        const found = value(r);
        if (found > (highest[at] ?? 0)) highest[at] = found;
      }
      return highest;
    };
    const aliasCoverage = most(byAlias, articleOfAlias, (r) => r.coverage);
    const passageCoverage = most(byPassage, articleOfPassage, (r) => r.coverage);
    const likeness = most(byAlias, articleOfAlias, score);
    const ofPassages = (ranked: readonly Ranked[]) => {
      const scores = new Float64Array(owners.length);
      for (const r of ranked) scores[r.at] = score(r);
      return scores;
    };
    const asksFor = kinds.askedBy(asked);
    const byWords = bayes(asked);
    const learned = passageScores(asked);
    const best = new Float64Array(count + 1);
    owners.forEach((at, passage) => {
      best[at] = Math.max(best[at] ?? 0, learned[passage] ?? 0);
    });
    const exact = new Float64Array(count + 1);
    for (const at of ownersAsked(asked.syllables, index.wordForWord)) exact[at] = 1;
    return {
      asked,
      signs: {
        passage: most(byPassage, articleOfPassage, score),
        whole: most(rank.wholes(asked, ARTICLES_RANKED), articleItself, score),
        aliases: most(rank.questions(asked, ARTICLES_RANKED), articleItself, score),
        alias_coverage: aliasCoverage,
        alias_reach: most(byAlias, articleOfAlias, (r) => r.reach),
        bayes: byWords,
        learned: best,
        exact,
      },
      coverage: passageCoverage.map((c, at) => Math.max(c, aliasCoverage[at] ?? 0)),
      likeness,
      stranger: likeness[count] ?? 0,
      strangerBayes: byWords[count] ?? 0,
      strangerLearned: learned[owners.length] ?? 0,
      passages: ofPassages(byPassage),
      asks: ofPassages(rank.asks(asked, PASSAGES_RANKED)),
      learned,
      kinds: (passage) => kindsShared(asksFor, answers[passage] ?? 0),
      otherRole: (passage) => ((answers[passage] ?? 0) & kinds.roles & ~asksFor) !== 0,
      unknown,
      telling,
      // As typed too: a word that no article has may have been taken for a slip.
      same: new Set(
        [asked.typed, asked.syllables].flatMap((row) => ownersAsked(tellingOf(row, reader), index.alike)),
      ),
    };
  };
}

/** Without words of asking and politeness; all of them where hardly anything else is said. */
function tellingOf(row: readonly Syllable[], reader: Reader): readonly Syllable[] {
  const quiet = new Set<number>();
  for (const { at, length } of reader.questionWords.find(row, false)) {
    for (let i = at; i < at + length; i++) quiet.add(i);
  }
  const telling = row.filter((_, i) => !quiet.has(i));
  return telling.length > 1 ? telling : row;
}

/** Ranks the articles of one language; `data` is that language's (`dataFor`), `index` of just these articles and this data. */
export function makeKnowledgeFinder(
  articles: readonly Article[],
  lang: Lang,
  data: SearchData,
  index?: KnowledgeIndex,
): (query: Query) => KnowledgeFound {
  const evidenceFor = makeEvidence(articles, lang, data, index);
  const w = data.weights.knowledge;
  const worth = SIGNS.map((sign) => w[sign]);
  const onlyFor = (whom: Article["audience"][number]) =>
    articles.map(({ audience }) => audience.every((who) => who === whom));
  const [ownViolenceOnly, childOnly] = [onlyFor("own_violence"), onlyFor("child")];
  // Where the passages of each article begin among all.
  let begin = 0;
  const begins = articles.map(({ passages }) => {
    const own = begin;
    begin += passages.length;
    return own;
  });
  return (query) => {
    const { limit = USUAL_LIMIT, audience, today = "" } = query;
    const evidence = evidenceFor(query);
    const { asked, signs, unknown, telling } = evidence;
    const values = SIGNS.map((sign) => signs[sign]);
    // The margin is over the second, however few are asked for.
    const scored = makeFirst(Math.max(2, limit));
    for (let at = 0; at < articles.length; at++) {
      // Alone, to speak like an article's questions is no sign of its subject.
      if ((signs.whole[at] ?? 0) + (signs.aliases[at] ?? 0) + (signs.passage[at] ?? 0) <= 0) continue;
      let score = 0;
      for (let n = 0; n < values.length; n++) score += (worth[n] ?? 0) * (values[n]?.[at] ?? 0);
      const article = articles[at];
      // Also out of the bar's sight: else what may not be shown would speak for what comes next.
      if (!article || article.review_by < today) continue;
      const foreign = audience !== undefined && !article.audience.includes(audience);
      // Each sign that the writer is not the one who does it counts.
      let apart = asked.grownUp && childOnly[at] === true ? 1 : 0;
      if (ownViolenceOnly[at] === true) {
        // Who is hurt must not be told to look at what she did, however much it sounds like her words.
        if (asked.suffers && !asked.does && audience !== "own_violence") continue;
        apart += (asked.suffers ? 1 : 0) + (asked.does ? 0 : 1);
      }
      scored.add(at, score * (foreign ? w.other_audience : 1) * w.other_side ** apart);
    }
    const top = scored.list[0];
    const at = top?.at ?? -1;
    const wordForWord = evidence.same.has(at) && !evidence.same.has(articles.length);
    const measures: Measures = {
      coverage: evidence.coverage[at] ?? 0,
      likeness: evidence.likeness[at] ?? 0,
      margin: top ? (top.score - (scored.list[1]?.score ?? 0)) / top.score : 0,
      unknown,
      length: Math.min(12, telling) / 12,
      stranger: evidence.stranger,
      total: (top?.score ?? 0) / 10,
      bayes: (signs.bayes[at] ?? 0) / 10,
      stranger_bayes: evidence.strangerBayes / 10,
      learned: signs.learned[at] ?? 0,
      stranger_learned: evidence.strangerLearned,
      size: 0,
      marked: asked.marked ? 1 : 0,
    };
    // An article scores at least what any passage of it does, so beyond these none can be among the first.
    const first = scored.list.slice(0, limit).flatMap(({ at, score }) => {
      const [article, from = 0] = [articles[at], begins[at]];
      return article ? [{ article, score, from }] : [];
    });
    return { asked, measures, wordForWord, passages: inOrder(first, evidence, w, limit) };
  };
}

interface Scored {
  readonly at: number;
  readonly score: number;
}

/** The highest scores above 0, the best first; those that score alike in the order in which they came. */
function makeFirst(count: number): {
  readonly list: readonly Scored[];
  add(at: number, score: number): void;
} {
  const list: Scored[] = [];
  return {
    list,
    add(at, score) {
      if (!(score > 0) || (list.length === count && score <= (list[count - 1]?.score ?? 0))) return;
      let to = list.length;
      while (to > 0 && (list[to - 1]?.score ?? 0) < score) to -= 1;
      list.splice(to, 0, { at, score });
      if (list.length > count) list.pop();
    },
  };
}

/**
 * The passages to be given: each article's best one in the articles' order; its other passages after those of the next
 * few articles.
 */
function inOrder(
  scored: readonly { article: Article; score: number; from: number }[],
  { passages, asks, learned, kinds, otherRole }: Evidence,
  w: SearchData["weights"]["knowledge"],
  limit: number,
): FoundPassage[] {
  const firsts: FoundPassage[] = [];
  const others: FoundPassage[] = [];
  for (const { article, score, from } of scored) {
    const ranked = article.passages
      .map((passage, i) => {
        const p = from + i;
        const likeness =
          (passages[p] ?? 0) +
          w.asks * (asks[p] ?? 0) +
          w.learned_passage * (learned[p] ?? 0) +
          w.kind * kinds(p) -
          (otherRole(p) ? w.other_role : 0);
        return { passage, likeness: i === 0 ? likeness + w.lead : likeness };
      })
      .sort((a, b) => b.likeness - a.likeness);
    ranked.forEach(({ passage, likeness }, i) => {
      const behind = w.own * ((ranked[0]?.likeness ?? 0) - likeness);
      const found = { passage, article, score: i === 0 ? score : Math.max(0, score * w.others - behind) };
      (i === 0 ? firsts : others).push(found);
    });
  }
  return [...firsts, ...others].sort((a, b) => b.score - a.score).slice(0, limit);
}
