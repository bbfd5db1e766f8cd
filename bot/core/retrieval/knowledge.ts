/** Finding in our own articles: by what was learned of how each passage is asked for, and by each article as one text. */

import type { Article, Passage as ArticlePassage } from "../knowledge/article.ts";
import type { Lang } from "../message.ts";
import type { Numbers } from "./index.ts";
import { kindsShared, makeKinds } from "./kinds.ts";
import { indexKnowledge, type KnowledgeIndex, ownersOf, type Said, textsOf } from "./knowledge-index.ts";
import { makePairs } from "./pairs.ts";
import { partsOf } from "./parts.ts";
import { likelihood, makePassageScores } from "./passage-model.ts";
import type { Syllable } from "./phrases.ts";
import { type Asked, makeReader, type Reader, readInContext } from "./query.ts";
import { makeRanker } from "./rank.ts";
import type { Query } from "./search.ts";
import { askedOf } from "./second-look.ts";
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
  /** As many as were asked for, the best first; what else an article has stands back. */
  readonly passages: readonly FoundPassage[];
  /** What the silence rule looks at. */
  readonly measures: Measures;
  /** The parts of a long telling, read; none of what is one sentence. */
  readonly parts: readonly Asked[];
  /** The measures of those parts that, asked alone, find the same article first. */
  readonly partMeasures: readonly Measures[];
  /** But for words of asking and politeness, the question is an alias question of the first article, and no stranger. */
  readonly wordForWord: boolean;
}

/** Passages that are given when the question does not say how many. */
export const USUAL_LIMIT = 5;

/** Articles that are ranked as one text; one that is not among them is hardly meant. */
const ARTICLES_RANKED = 20;
/** A passage of none of these is given only when there is such a chance that it is meant. */
const LEAST_CHANCE = 0.001;
/** Passages that are ranked by their own words, and ways of asking. */
const PASSAGES_RANKED = 20;
const ALIASES_RANKED = 50;
/** How likely an article is taken to be meant that nobody asked for, when it is weighed whether to answer. */
export const LITTLE_KNOWN = 0.4;

/** What speaks for a passage; `weights.yaml` says what each counts. */
const ACROSS = ["learned", "words", "whole", "exact"] as const;
/** By these the passages of an article are told apart: for another article they say nothing. */
const WITHIN = ["lead", "kind", "other_role"] as const;
export const SIGNS = [...ACROSS, ...WITHIN] as const;
export type Sign = (typeof SIGNS)[number];

export interface Evidence {
  readonly asked: Asked;
  /** What each sign says of a passage; passages are numbered in the order of the articles. */
  readonly signs: Readonly<Record<Sign, (passage: number) => number>>;
  /**
   * For each article, and behind the last for what is not ours to answer: how much of the question its nearest way of asking
   * covers, and how like the question that is, as a share of what the question itself would score.
   */
  readonly coverage: Float64Array;
  readonly likeness: Float64Array;
  /** How likely each is meant, by what was learned: 1 is certain, 0 one in 160,000; of an article of which little is known, in between. */
  readonly likely: Float64Array;
  /** Whether anything speaks for a passage. */
  readonly isThere: (passage: number) => boolean;
  readonly unknown: number;
  readonly telling: number;
  /** Articles of which a way of asking says the same but for words of asking; behind the last article: strangers. */
  readonly same: ReadonlySet<number>;
}

/**
 * Gathers what speaks for each passage of one language; `data` is that language's (`dataFor`). `index` is of just these
 * articles and this data.
 */
export function makeEvidence(
  articles: readonly Article[],
  lang: Lang,
  data: SearchData,
  index = indexKnowledge(textsOf(articles, lang), data),
): (query: Pick<Query, "text" | "before">) => Evidence {
  const reader = makeReader(data);
  const numbers: Numbers = { vocabulary: makeVocabulary(index.vocabulary), pairs: makePairs(index.pairs) };
  const passages = { ...index.passages, ...numbers };
  const aliases = { ...index.aliases, ...numbers };
  const rankPassages = makeRanker(passages, data.weights.rank, { thorough: false, ordered: false });
  const rankWholes = makeRanker({ ...index.wholes, ...numbers }, data.weights.rank, {
    thorough: false,
    ordered: false,
  });
  const kinds = makeKinds(data.kinds);
  const rankAliases = makeRanker(aliases, data.weights.rank, { ordered: false });
  const { answers, aliasOwners, aliasPassages } = index;
  const { trust } = index.passageModel;
  const articleOf = Uint16Array.from(articles.flatMap(({ passages }, at) => passages.map(() => at)));
  const lead = Uint8Array.from(articles.flatMap(({ passages }) => passages.map((_, i) => (i === 0 ? 1 : 0))));
  const count = articles.length;
  // As much as the best known of its passages.
  const believed = new Float32Array(count);
  articleOf.forEach((at, passage) => {
    believed[at] = Math.max(believed[at] ?? 0, trust[passage] ?? 0);
  });
  const scores = makePassageScores(numbers.pairs, index.features, index.passageModel, index.meaning);
  const ownersAsked = (row: readonly Syllable[], of: Said) =>
    ownersOf(
      of,
      row.map(({ fold }) => numbers.vocabulary.folded(fold)),
    );

  return ({ text, before }) => {
    const asked = readInContext(text, before?.at(-1), data.weights.rank.before, reader, passages);
    const { unknown, telling, ideal } = askedOf(aliases, asked);
    const share = ideal === 0 ? 0 : 1 / ideal;
    const coverage = new Float64Array(count + 1);
    const likeness = new Float64Array(count + 1);
    const words = new Float64Array(articleOf.length);
    // Where enough is known of how people ask, single words say nothing more.
    const speaks = (passage: number, score: number) => {
      if (passage >= words.length) return;
      words[passage] = Math.max(words[passage] ?? 0, (1 - (trust[passage] ?? 0)) * score);
    };
    for (const r of rankAliases(asked, ALIASES_RANKED)) {
      const at = aliasOwners[r.at] ?? count;
      coverage[at] = Math.max(coverage[at] ?? 0, r.coverage);
      likeness[at] = Math.max(likeness[at] ?? 0, r.score * share);
      speaks(aliasPassages[r.at] ?? words.length, r.score * share);
    }
    for (const r of rankPassages(asked, PASSAGES_RANKED)) speaks(r.at, r.score * share);
    const whole = new Float64Array(count);
    for (const r of rankWholes(asked, ARTICLES_RANKED)) whole[r.at] = r.score * share;
    const { likely, chance, stranger } = scores(asked);
    const ofArticle = new Float64Array(count);
    articleOf.forEach((at, passage) => {
      ofArticle[at] = (ofArticle[at] ?? 0) + (chance[passage] ?? 0);
    });
    const wordForWord = new Set(ownersAsked(asked.syllables, index.wordForWord));
    const asksFor = kinds.askedBy(asked);
    const articleAt = (passage: number) => articleOf[passage] ?? 0;
    return {
      asked,
      signs: {
        learned: (passage) => likely[passage] ?? 0,
        words: (passage) => words[passage] ?? 0,
        whole: (passage) => whole[articleAt(passage)] ?? 0,
        exact: (passage) => (wordForWord.has(articleAt(passage)) ? 1 : 0),
        lead: (passage) => lead[passage] ?? 0,
        kind: (passage) => kindsShared(asksFor, answers[passage] ?? 0),
        other_role: (passage) => (((answers[passage] ?? 0) & kinds.roles & ~asksFor) === 0 ? 0 : 1),
      },
      coverage,
      likeness,
      likely: Float64Array.from([
        ...Array.from(
          ofArticle,
          (p, at) => LITTLE_KNOWN + (believed[at] ?? 0) * (likelihood(p) - LITTLE_KNOWN),
        ),
        stranger,
      ]),
      isThere: (passage) => (whole[articleAt(passage)] ?? 0) > 0 || (chance[passage] ?? 0) > LEAST_CHANCE,
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

/** A passage on its way to its place; `at` is the number of its article. */
type Scored = FoundPassage & { readonly at: number };

/** Ranks the passages of one language; `data` is that language's (`dataFor`), `index` of just these articles and this data. */
export function makeKnowledgeFinder(
  articles: readonly Article[],
  lang: Lang,
  data: SearchData,
  index?: KnowledgeIndex,
): (query: Query) => KnowledgeFound {
  const evidenceFor = makeEvidence(articles, lang, data, index);
  const w = data.weights.knowledge;
  const worth = { ...w, other_role: -w.other_role };
  const strangers = articles.length;
  const onlyFor = (whom: Article["audience"][number]) =>
    articles.map(({ audience }) => audience.every((who) => who === whom));
  const [ownViolenceOnly, childOnly] = [onlyFor("own_violence"), onlyFor("child")];

  return (query) => {
    const whole = evidenceFor(query);
    const rankedBy = (evidence: Evidence) => spread(scoresOf(evidence, query, whole.asked), w.again);
    const parts = partsOf(query.text).map((text) => {
      const evidence = evidenceFor({ text });
      return { evidence, ranked: rankedBy(evidence) };
    });
    const ranked = withParts(
      rankedBy(whole),
      parts.map((part) => part.ranked),
    );
    const [top] = ranked;
    return {
      asked: whole.asked,
      measures: measuresOf(whole, ranked),
      parts: parts.map(({ evidence }) => evidence.asked),
      partMeasures: parts
        .filter((part) => top && part.ranked[0]?.at === top.at)
        .map((part) => measuresOf(part.evidence, part.ranked)),
      wordForWord: top !== undefined && whole.same.has(top.at) && !whole.same.has(strangers),
      passages: ranked
        .slice(0, query.limit ?? USUAL_LIMIT)
        .map(({ passage, article, score }) => ({ passage, article, score })),
    };
  };

  /** What speaks for each passage, in one number; `asked` is the whole question, which says who she is. */
  function scoresOf(evidence: Evidence, { audience, today = "" }: Query, asked: Asked): Scored[] {
    const sum = (signs: readonly Sign[], passage: number) =>
      signs.reduce((all, sign) => all + worth[sign] * evidence.signs[sign](passage), 0);
    const found: Scored[] = [];
    let next = 0;
    articles.forEach((article, at) => {
      const from = next;
      next += article.passages.length;
      // Also out of the bar's sight: else what may not be shown would speak for what comes next.
      if (article.review_by < today) return;
      // Each sign that the writer is not the one who does it counts.
      let apart = asked.grownUp && childOnly[at] === true ? 1 : 0;
      if (ownViolenceOnly[at] === true) {
        // Who is hurt must not be told to look at what she did, however much it sounds like her words.
        if (asked.suffers && !asked.does && audience !== "own_violence") return;
        apart += (asked.suffers ? 1 : 0) + (asked.does ? 0 : 1);
      }
      const foreign = audience !== undefined && !article.audience.includes(audience);
      const share = (foreign ? w.other_audience : 1) * w.other_side ** apart;
      const own = article.passages.flatMap((passage, i) => {
        if (!evidence.isThere(from + i)) return [];
        const [score, within] = [sum(ACROSS, from + i), sum(WITHIN, from + i)];
        return [{ passage, score, likeness: score + within }];
      });
      // The article stands where the most likely of its passages does, whichever of them comes first.
      const best = Math.max(...own.map(({ score }) => score));
      const first = Math.max(...own.map(({ likeness }) => likeness));
      for (const { passage, likeness } of own) {
        const score = (best + likeness - first) * share;
        if (score > 0) found.push({ passage, article, at, score });
      }
    });
    return found;
  }

  /** What the silence rule looks at, of what was found with this evidence. */
  function measuresOf(evidence: Evidence, [top, ...others]: readonly Scored[]): Measures {
    // The margin is over the next article, however few are asked for.
    const second = others.find(({ at }) => at !== top?.at);
    const at = top?.at ?? -1;
    return {
      coverage: evidence.coverage[at] ?? 0,
      likeness: evidence.likeness[at] ?? 0,
      margin: top ? (top.score - (second?.score ?? 0)) / top.score : 0,
      unknown: evidence.unknown,
      length: Math.min(12, evidence.telling) / 12,
      total: (top?.score ?? 0) / 10,
      learned: evidence.likely[at] ?? 0,
      stranger: evidence.likeness[strangers] ?? 0,
      stranger_coverage: evidence.coverage[strangers] ?? 0,
      stranger_learned: evidence.likely[strangers] ?? 0,
      size: 0,
      marked: evidence.asked.marked ? 1 : 0,
    };
  }
}

/**
 * The best first, by the score for the whole message and the best that one of its parts gives: in a long telling what she asks is
 * one sentence among many, and may be two. Halved, so that scores mean the same with parts and without.
 */
function withParts(whole: readonly Scored[], parts: readonly (readonly Scored[])[]): readonly Scored[] {
  if (parts.length === 0) return whole;
  const best = new Map<ArticlePassage, Scored>();
  for (const one of parts.flat()) {
    if (one.score > (best.get(one.passage)?.score ?? 0)) best.set(one.passage, one);
  }
  const scores = new Map<ArticlePassage, Scored>();
  for (const one of [...whole, ...best.values()]) {
    const score = (scores.get(one.passage)?.score ?? 0) + one.score / 2;
    scores.set(one.passage, { ...one, score });
  }
  return [...scores.values()].sort((a, b) => b.score - a.score);
}

/** The best first; all but an article's best lose `again`, so that the first three are not all of one article. */
function spread<T extends { readonly at: number; readonly score: number }>(found: T[], again: number): T[] {
  const seen = new Set<number>();
  return found
    .sort((a, b) => b.score - a.score)
    .map((one) => {
      if (!seen.has(one.at)) {
        seen.add(one.at);
        return one;
      }
      return { ...one, score: Math.max(0, one.score - again) };
    })
    .sort((a, b) => b.score - a.score);
}
