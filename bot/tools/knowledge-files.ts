/** Reads the content of a `knowledge/` folder for the tools that measure finding. Content with faults is the checker's business: here it is left out and named. */

import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type Article, articleHeadSchema, readBody } from "../core/knowledge/article.ts";
import {
  directoryFileSchema,
  type Province,
  provincesFileSchema,
  type Service,
} from "../core/knowledge/service.ts";
import { readSearchData, SEARCH_FILE_NAMES } from "../core/retrieval/data.ts";
import type { SearchData } from "../core/retrieval/tuning.ts";

/** A question of the golden set and the articles that answer it; none: it must stay unanswered. */
export interface GoldenQuestion {
  readonly question: string;
  readonly ids: readonly string[];
  readonly audience?: string;
}

const under = (roots: readonly string[], pattern: string): string[] =>
  roots.flatMap((root) =>
    globSync(pattern, { cwd: root })
      .sort()
      .map((file) => join(root, file)),
  );

export function readArticles(roots: readonly string[]): Article[] {
  return under(roots, "articles/**/*.md").flatMap((file) => {
    const [, head = "", ...body] = readFileSync(file, "utf8").split(/^---\s*$/m);
    const read = articleHeadSchema.safeParse(parse(head));
    if (read.success) return { ...read.data, passages: readBody(read.data.id, body.join("---")).passages };
    console.error(`left out, not valid: ${file}`);
    return [];
  });
}

export function readDirectory(roots: readonly string[]): { services: Service[]; provinces: Province[] } {
  const files = under(roots, "directory/*.yaml");
  const services = files
    .filter((file) => !file.endsWith("provinces.yaml"))
    .flatMap((file) => directoryFileSchema.parse(parse(readFileSync(file, "utf8"))).services);
  const provinces = files
    .filter((file) => file.endsWith("provinces.yaml"))
    .flatMap((file) => provincesFileSchema.parse(parse(readFileSync(file, "utf8"))).provinces);
  return { services, provinces };
}

export function readGolden(roots: readonly string[]): GoldenQuestion[] {
  return under(roots, "golden/*.jsonl").flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => JSON.parse(line) as GoldenQuestion),
  );
}

/** The search data, or an error that lists what is wrong with it. */
export function readTuning(root: string): SearchData {
  const files = Object.fromEntries(
    SEARCH_FILE_NAMES.map((name) => {
      const file = join(root, "search", name);
      return [name, existsSync(file) ? parse(readFileSync(file, "utf8")) : undefined];
    }),
  );
  const { data, problems } = readSearchData(files);
  if (!data) throw new Error(problems.map((p) => `${p.file} ${p.field ?? ""}: ${p.message}`).join("\n"));
  return data;
}
