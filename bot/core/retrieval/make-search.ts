/** Puts finding together: passages, directory and the silence rule, behind the contract of `search.ts`. */

import type { Article } from "../knowledge/article.ts";
import type { Province, Service } from "../knowledge/service.ts";
import type { Lang } from "../message.ts";
import { type DirectoryFound, type FindServices, makeDirectory, serviceText } from "./directory.ts";
import { buildIndex, type Passage } from "./index.ts";
import { type FoundPassage, makeKnowledgeFinder, USUAL_LIMIT } from "./knowledge.ts";
import { hasLearned, type KnowledgeIndex } from "./knowledge-index.ts";
import { dataFor } from "./lang.ts";
import { type Asked, makeReader, readQuestion } from "./query.ts";
import { makeRanker } from "./rank.ts";
import type { Hit, Query, Search } from "./search.ts";
import { askedOf } from "./second-look.ts";
import { makeNever, makeOnlyNamed, overBar } from "./silence.ts";
import type { SearchData } from "./tuning.ts";

/**
 * Where nothing was learned of what is not ours either, the bar is so much higher: of 405 such questions 5 are answered and
 * not 13, and 5 of a hundred that are ours meet silence, not 3 (marked, 23 November 2026).
 */
const UNLEARNED = 0.5;

/**
 * Finding over our own knowledge; the function it gives is pure and synchronous. A language's index is asked of `indexFor`
 * at the first question in it, and made then where that has none, which takes seconds.
 */
export function makeSearch(
  articles: readonly Article[],
  services: readonly Service[],
  provinces: readonly Province[],
  data: SearchData,
  indexFor: (lang: Lang) => KnowledgeIndex | undefined = () => undefined,
): Search {
  const finders: Partial<Record<Lang, ReturnType<typeof finderOf>>> = {};
  const never = makeNever(data);

  return (query) => {
    const limit = query.limit ?? USUAL_LIMIT;
    const finder = finders[query.lang] ?? finderOf(query.lang);
    finders[query.lang] = finder;
    const { byKnowledge, byDirectory, bar, isOnlyNamed } = finder;
    const { asked, passages, measures, parts, partMeasures, wordForWord } = byKnowledge(query);
    const directory = directoryOf(parts.length === 0 ? [asked] : parts, byDirectory, query.today ?? "");
    const hits = merged(
      passages.map((found) => passageHit(found, query)),
      directory,
      query,
      limit,
    );
    // No topic is offered to who asks for a dose, for somebody else's words, or gives orders to the machine.
    if (isNever(asked, parts)) return { answered: false, isNever: true, hits: [] };
    const answered =
      hits.length > 0 &&
      ((directory.sure && directory.services.length > 0) ||
        wordForWord ||
        (!isOnlyNamed(asked) && [measures, ...partMeasures].some((m) => overBar(bar, m))));
    return { answered, hits };
  };

  /**
   * Of a long telling it is not enough that the whole breaks a rule, two neighbouring parts must too: what stands far apart ("con
   * gái tôi … gửi đơn đi đâu … nhắn vào đây") was said of different things.
   */
  function isNever(asked: Asked, parts: readonly Asked[]): boolean {
    if (never(asked) === undefined) return false;
    return (
      parts.length < 3 ||
      parts.slice(1).some((part, i) => never(joined(parts[i] ?? part, part)) !== undefined)
    );
  }

  function finderOf(lang: Lang) {
    const own = dataFor(lang, data);
    const index = indexFor(lang);
    const { base, ...bar } = own.silence.knowledge;
    return {
      byKnowledge: makeKnowledgeFinder(articles, lang, own, index),
      byDirectory: makeDirectory(services, provinces, own),
      isOnlyNamed: makeOnlyNamed(own),
      bar: { ...bar, base: index === undefined || hasLearned(index) ? base : base - UNLEARNED },
    };
  }
}

/** Of a long telling each part is asked for services: a number that is mentioned somewhere in it is not asked for. */
function directoryOf(parts: readonly Asked[], byDirectory: FindServices, today: string): DirectoryFound {
  const found = parts.map(({ typed }) => byDirectory(typed, today));
  if (found.length === 1 && found[0]) return found[0];
  return found.find(({ sure }) => sure) ?? found.find(({ first }) => first) ?? NO_SERVICES;
}

const NO_SERVICES: DirectoryFound = { services: [], sure: false, first: false };

function joined(before: Asked, part: Asked): Pick<Asked, "typed" | "syllables" | "marked"> {
  return {
    typed: [...before.typed, ...part.typed],
    syllables: [...before.syllables, ...part.syllables],
    marked: before.marked || part.marked,
  };
}

function passageHit({ passage, score }: FoundPassage, { lang }: Query): Hit {
  return { id: passage.id, title: passage.heading[lang], text: passage.text[lang], score };
}

/** Where services stand among the hits when they come first, and when one may be meant. */
const SURE_PLACES = [0, 2, 3, 5, 6, 7, 8, 9];
const UNSURE_PLACES = [2, 4];

/**
 * Services first when the question is for one, with the best passage second; else behind the best passages. Passages keep
 * their scores and a service's lies between its neighbours', so that hits can be sorted by them.
 */
function merged(passages: readonly Hit[], directory: DirectoryFound, { lang }: Query, limit: number): Hit[] {
  const services = [...directory.services];
  const others = [...passages];
  const places = directory.first ? SURE_PLACES : UNSURE_PLACES;
  const hits: Hit[] = [];
  while (hits.length < limit && (others.length > 0 || services.length > 0)) {
    const service = places.includes(hits.length) || others.length === 0 ? services.shift() : undefined;
    const hit = service
      ? serviceHit(service, lang, between(hits.at(-1)?.score, others[0]?.score))
      : others.shift();
    if (hit) hits.push(hit);
  }
  return hits;
}

function serviceHit(service: Service, lang: Lang, score: number): Hit {
  return { id: `service:${service.id}`, title: service.name[lang], text: serviceText(service, lang), score };
}

/** How much less the next place counts where there is nothing to go by. */
const NEXT_PLACE = 0.97;

function between(before: number | undefined, after: number | undefined): number {
  if (before === undefined) return after === undefined ? 1 : after / NEXT_PLACE;
  return after === undefined ? before * NEXT_PLACE : (before + after) / 2;
}

/** Finding over any collection of Vietnamese passages. */
export function makeCorpusSearch(
  passages: readonly Passage[],
  data: SearchData,
): (query: Pick<Query, "text" | "limit">) => ReturnType<Search> {
  const reader = makeReader(data, data.official);
  const index = buildIndex(passages, data.weights.index, reader.synonyms);
  const rank = makeRanker(index, data.weights.rank, { thorough: "best" });
  const size = Math.log10(Math.max(1, passages.length)) / 5;
  return ({ text, limit = USUAL_LIMIT }) => {
    const asked = readQuestion(text, reader, index);
    const ranked = rank(asked, Math.max(2, limit));
    const [top, next] = ranked;
    const { unknown, telling, ideal } = askedOf(index, asked);
    const answered =
      top !== undefined &&
      overBar(data.silence.corpus, {
        coverage: top.coverage,
        likeness: ideal === 0 ? 0 : top.score / ideal,
        margin: (top.score - (next?.score ?? 0)) / top.score,
        unknown,
        length: Math.min(12, telling) / 12,
        total: 0,
        learned: 0,
        stranger: 0,
        stranger_coverage: 0,
        stranger_learned: 0,
        size,
        marked: asked.marked ? 1 : 0,
      });
    const hits = ranked.slice(0, limit).flatMap(({ at, score }): Hit[] => {
      const passage = passages[at];
      return passage ? [{ id: passage.id, title: passage.title ?? "", text: passage.text, score }] : [];
    });
    return { answered, hits };
  };
}
