/** Puts finding together: passages, directory and the silence rule, behind the contract of `search.ts`. */

import type { Article } from "../knowledge/article.ts";
import type { Province, Service } from "../knowledge/service.ts";
import { type DirectoryFound, makeDirectory, serviceText } from "./directory.ts";
import { buildIndex, type Passage } from "./index.ts";
import { type FoundPassage, makeKnowledgeFinder } from "./knowledge.ts";
import { makeReader, readQuestion } from "./query.ts";
import { askedOf, makeRanker } from "./rank.ts";
import type { Hit, Query, Search } from "./search.ts";
import { makeNever, overBar } from "./silence.ts";
import type { SearchData } from "./tuning.ts";

/** Hits that are given when the question does not say how many. */
export const USUAL_LIMIT = 5;

/** Finding over our own knowledge. Builds its indexes at once; the function it gives is pure and synchronous. */
export function makeSearch(
  articles: readonly Article[],
  services: readonly Service[],
  provinces: readonly Province[],
  data: SearchData,
): Search {
  const finders = {
    vi: makeKnowledgeFinder(articles, "vi", data),
    en: makeKnowledgeFinder(articles, "en", data),
  };
  const findServices = makeDirectory(services, provinces, data);
  const never = makeNever(data.silence.never);

  return (query) => {
    const limit = query.limit ?? USUAL_LIMIT;
    const { asked, passages, measures } = finders[query.lang](query);
    const directory = findServices(asked.typed, query.today ?? "");
    const current = passages.filter(({ article }) => !query.today || article.review_by >= query.today);
    const hits = merged(
      current.slice(0, limit).map((found) => passageHit(found, query)),
      directory,
      query,
      limit,
    );
    const refused = never(asked.typed, asked.marked) !== undefined;
    const answered =
      hits.length > 0 &&
      !refused &&
      ((directory.sure && directory.services.length > 0) || overBar(data.silence.knowledge, measures));
    return { answered, hits };
  };
}

function passageHit({ passage, score }: FoundPassage, { lang }: Query): Hit {
  return { id: passage.id, title: passage.heading[lang], text: passage.text[lang], score };
}

/** Services first when the question is surely for one, else after the best passages. */
function merged(passages: readonly Hit[], directory: DirectoryFound, { lang }: Query, limit: number): Hit[] {
  const top = passages[0]?.score ?? 1;
  const places = directory.sure ? limit : Math.min(2, Math.max(0, limit - 2));
  const services = directory.services.slice(0, places).map((service, i): Hit => {
    const score = directory.sure ? top + (limit - i) : top / (i + 3);
    return {
      id: `service:${service.id}`,
      title: service.name[lang],
      text: serviceText(service, lang),
      score,
    };
  });
  return [...passages.slice(0, limit), ...services].sort((a, b) => b.score - a.score).slice(0, limit);
}

/** Finding over any collection of Vietnamese passages. */
export function makeCorpusSearch(
  passages: readonly Passage[],
  data: SearchData,
): (query: Pick<Query, "text" | "limit">) => ReturnType<Search> {
  const reader = makeReader(data);
  const index = buildIndex(passages, data.weights.index, reader.synonyms);
  const rank = makeRanker(index, data.weights.rank);
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
        stranger: 0,
        total: 0,
      });
    const hits = ranked.slice(0, limit).flatMap(({ at, score }): Hit[] => {
      const passage = passages[at];
      return passage ? [{ id: passage.id, title: passage.title ?? "", text: passage.text, score }] : [];
    });
    return { answered, hits };
  };
}
