/** Where a problem stands in the document that it speaks of, when the check knew only the thing and its field. */

import type { Problem } from "../core/problem.ts";
import type { Source } from "../ports/sources.ts";
import { type Document, openYaml, splitFrontMatter } from "./documents.ts";

/**
 * The same problem with the line of its field, as near as the document has it. `article:ID.sources.0` is looked for in
 * the head, `service:ID.phones.0` and `province:ID.near` in their entry; what has no such field is returned as it is.
 */
export function placedIn(problem: Problem, source: Source): Problem {
  const named = /^(article|service|province):([^.]+)(?:\.(.+))?$/.exec(problem.field ?? "");
  if (!named) return problem;
  const [, kind, id, rest = ""] = named;
  const path = rest === "" ? [] : rest.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const doc = open(source);
  if (!doc) return problem;
  if (kind === "article") return path.length === 0 ? problem : { ...problem, ...doc.placeOf(path) };
  const list = `${kind}s`;
  const at = entriesOf(doc.data, list).findIndex((entry) => idOf(entry) === id);
  return at < 0 ? problem : { ...problem, ...doc.placeOf([list, at, ...path]) };
}

function open({ kind, source, file }: Source): Document | undefined {
  if (kind !== "article") return openYaml(source, file).value;
  const parts = splitFrontMatter(source);
  return parts ? openYaml(parts.head, file, 2).value : undefined;
}

function entriesOf(data: unknown, list: string): readonly unknown[] {
  const found = Object.entries(typeof data === "object" && data !== null ? data : {}).find(
    ([name]) => name === list,
  )?.[1];
  return Array.isArray(found) ? found : [];
}

function idOf(entry: unknown): unknown {
  return typeof entry === "object" && entry !== null && "id" in entry ? entry.id : undefined;
}
