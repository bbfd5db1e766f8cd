/** Articles and the directory, put together from the documents that they stand in. */

import type { Article } from "../../core/knowledge/article.ts";
import type { Province, Service } from "../../core/knowledge/service.ts";
import type { Problem } from "../../core/problem.ts";
import type { Source } from "../../ports/sources.ts";
import type { Parsed } from "../read-content.ts";
import { keyOf } from "./key.ts";

/** What stands in `knowledge/articles` and `knowledge/directory`, put together. */
export interface Knowledge {
  readonly articles: readonly Article[];
  readonly services: readonly Service[];
  readonly provinces: readonly Province[];
  /** Where things stand, by the names of `Lines`. */
  readonly places: ReadonlyMap<string, { readonly file: string; readonly line: number }>;
  /** Ids that stand in two files: the second is left out. */
  readonly problems: readonly Problem[];
}

/** Puts together what was read from several documents. */
export function gather(sources: readonly Source[], parsed: ReadonlyMap<string, Parsed>): Knowledge {
  const articles: Article[] = [];
  const services: Service[] = [];
  const provinces: Province[] = [];
  const places = new Map<string, { file: string; line: number }>();
  const problems: Problem[] = [];
  const keep = <T extends { id: string }>(kind: string, things: readonly T[], into: T[], file: string) => {
    for (const thing of things) {
      const first = places.get(`${kind}:${thing.id}`);
      if (first?.file === file) into.push(thing);
      else {
        problems.push({
          code: "directory.id_twice",
          message: `"${thing.id}" is already in ${first?.file ?? "another file"}`,
          file,
          field: `${kind}:${thing.id}`,
          severity: "error",
        });
      }
    }
  };
  for (const source of sources) {
    const p = parsed.get(keyOf(source));
    if (p?.is !== "article" && p?.is !== "services" && p?.is !== "provinces") continue;
    const { file } = source;
    for (const [name, line] of p.lines) if (!places.has(name)) places.set(name, { file, line });
    if (p.is === "article") articles.push(p.article);
    if (p.is === "services") keep("service", p.services, services, file);
    if (p.is === "provinces") keep("province", p.provinces, provinces, file);
  }
  // A store has no order: what is made of them must not depend on it.
  articles.sort((a, b) => (a.id < b.id ? -1 : 1));
  return { articles, services, provinces, places, problems };
}
