/** From the source of an edited thing to the thing itself, or every problem with its line. */

import type { ZodType, z } from "zod";
import { type Flow, flowSchema } from "../core/flow/definition.ts";
import { type Article, articleHeadSchema, readBody } from "../core/knowledge/article.ts";
import {
  directoryFileSchema,
  type Province,
  provinceSchema,
  provincesFileSchema,
  type Service,
  serviceSchema,
} from "../core/knowledge/service.ts";
import type { Bilingual, Lang } from "../core/message.ts";
import type { Problem } from "../core/problem.ts";
import {
  type SettingsFile,
  settingsSchema,
  textsSchema,
  type WordKey,
  wordsSchema,
} from "../core/settings.ts";
import { type Instrument, instrumentSchema } from "../core/triage/instrument.ts";
import { type RiskRules, riskFileSchema } from "../core/triage/rules.ts";
import type { Source } from "../ports/sources.ts";
import type { ContentKind } from "../ports/store.ts";
import { openYaml, type Read, readYaml, splitFrontMatter } from "./documents.ts";

/** 1-based lines in the document: `article:ID`, passages as `ARTICLE#N/vi` and `ARTICLE#N/en`, `service:ID`, `province:ID`. */
export type Lines = ReadonlyMap<string, number>;

export type Parsed =
  | { readonly is: "flow"; readonly flow: Flow }
  | { readonly is: "article"; readonly article: Article; readonly lines: Lines }
  | { readonly is: "services"; readonly services: readonly Service[]; readonly lines: Lines }
  | { readonly is: "provinces"; readonly provinces: readonly Province[]; readonly lines: Lines }
  | { readonly is: "instrument"; readonly instrument: Instrument }
  | { readonly is: "risk"; readonly rules: RiskRules }
  | { readonly is: "settings"; readonly settings: SettingsFile }
  | { readonly is: "texts"; readonly texts: Readonly<Record<string, Bilingual>> }
  | { readonly is: "words"; readonly words: Readonly<Record<WordKey, readonly string[]>> };

/**
 * Reads one source by its kind and key. A directory with a wrong entry gives the other entries beside the problem:
 * 113 must not vanish because another line has a slip. Of everything else there is a value only without an error.
 */
export function readContent(source: Source): Read<Parsed> {
  const text = source.source.normalize("NFC");
  const yaml = <S extends ZodType>(schema: S, wrap: (value: z.output<S>) => Parsed): Read<Parsed> => {
    const read = readYaml(text, source.file, schema);
    return read.value === undefined ? { problems: read.problems } : { value: wrap(read.value), problems: [] };
  };
  switch (source.kind) {
    case "flow": {
      const read = yaml(flowSchema, (flow) => ({ is: "flow", flow }));
      const id = read.value?.is === "flow" ? read.value.flow.id : source.key;
      return id === source.key ? read : { problems: [wrongId(source, id)] };
    }
    case "article":
      return readArticle({ ...source, source: text });
    case "service":
      return source.key === "provinces"
        ? readList(
            { ...source, source: text },
            "provinces",
            "province",
            provinceSchema,
            (provinces, lines) => ({
              is: "provinces",
              provinces,
              lines,
            }),
          )
        : readList({ ...source, source: text }, "services", "service", serviceSchema, (services, lines) => ({
            is: "services",
            services,
            lines,
          }));
    case "rules":
      return source.key.startsWith("instruments/")
        ? yaml(instrumentSchema, (instrument) => ({ is: "instrument", instrument }))
        : yaml(riskFileSchema, (rules) => ({ is: "risk", rules }));
    case "settings":
      if (source.key === "texts") return yaml(textsSchema, (texts) => ({ is: "texts", texts }));
      if (source.key === "words") return yaml(wordsSchema, (words) => ({ is: "words", words }));
      return yaml(settingsSchema, (settings) => ({ is: "settings", settings }));
  }
}

/** The schema behind a kind and key, for completion in editors. */
export function schemaOf(kind: ContentKind, key: string): ZodType {
  switch (kind) {
    case "flow":
      return flowSchema;
    case "article":
      return articleHeadSchema;
    case "service":
      return key === "provinces" ? provincesFileSchema : directoryFileSchema;
    case "rules":
      return key.startsWith("instruments/") ? instrumentSchema : riskFileSchema;
    case "settings":
      return key === "texts" ? textsSchema : key === "words" ? wordsSchema : settingsSchema;
  }
}

/** The good entries of a list, and what is wrong with the others. */
function readList<T extends { readonly id: string }>(
  source: Source,
  list: string,
  kind: string,
  schema: ZodType<T>,
  wrap: (entries: readonly T[], lines: Lines) => Parsed,
): Read<Parsed> {
  const { value: doc, problems: broken } = openYaml(source.source, source.file);
  if (!doc) return { problems: broken };
  const lists = typeof doc.data === "object" && doc.data !== null ? doc.data : {};
  const problems: Problem[] = [];
  const found = Object.entries(lists).find(([name]) => name === list)?.[1];
  if (!Array.isArray(found)) {
    return {
      problems: [fault(source, 1, "directory.empty", `there is no list \`${list}\``)],
    };
  }
  for (const name of Object.keys(lists)) {
    if (name === list) continue;
    const message = `"${name}" is not known here`;
    problems.push({ ...fault(source, doc.placeOf([name]).line, "directory.key", message), field: name });
  }
  const entries: T[] = [];
  const lines = new Map<string, number>();
  found.forEach((entry: unknown, i) => {
    const checked = schema.safeParse(entry);
    const { line } = doc.placeOf([list, i]);
    if (!checked.success) {
      problems.push(...doc.faults(checked.error, [list, i]));
    } else if (lines.has(`${kind}:${checked.data.id}`)) {
      const message = `"${checked.data.id}" is there already`;
      problems.push({ ...fault(source, line, "directory.id_twice", message), field: `${list}.${i}.id` });
    } else {
      entries.push(checked.data);
      lines.set(`${kind}:${checked.data.id}`, line);
    }
  });
  return { value: wrap(entries, lines), problems };
}

function readArticle(source: Source): Read<Parsed> {
  const parts = splitFrontMatter(source.source);
  if (!parts) {
    return {
      problems: [
        fault(
          source,
          1,
          "document.front_matter",
          "the article must begin with a head between two lines `---`",
        ),
      ],
    };
  }
  const head = readYaml(parts.head, source.file, articleHeadSchema, 2);
  if (head.value === undefined) return { problems: head.problems };
  if (head.value.id !== source.key) return { problems: [wrongId(source, head.value.id)] };
  const { passages, faults } = readBody(head.value.id, parts.body);
  const problems = faults.map((f) => fault(source, parts.bodyLine + f.line - 1, "article.body", f.message));
  return problems.length > 0
    ? { problems }
    : {
        value: {
          is: "article",
          article: { ...head.value, passages },
          lines: new Map([
            [`article:${head.value.id}`, 1],
            ...passageLines(head.value.id, parts.body, parts.bodyLine),
          ]),
        },
        problems,
      };
}

/** The lines of the headings, in the order in which `readBody` numbers the passages. */
function passageLines(id: string, body: string, bodyLine: number): [string, number][] {
  const found: [string, number][] = [];
  let lang: Lang | undefined;
  let n = 0;
  body.split(/\r?\n/).forEach((row, i) => {
    const part = /^#\s+(vi|en)\s*$/.exec(row);
    if (part) {
      lang = part[1] === "vi" ? "vi" : "en";
      n = 0;
    } else if (lang && /^##\s+\S/.test(row)) found.push([`${id}#${++n}/${lang}`, bodyLine + i]);
  });
  return found;
}

function wrongId(source: Source, id: string): Problem {
  return {
    ...fault(
      source,
      1,
      "document.id",
      `the id inside is "${id}", but this is "${source.key}": an id never changes`,
    ),
    field: "id",
  };
}

function fault(source: Source, line: number, code: string, message: string): Problem {
  return { code, message, file: source.file, line, severity: "error" };
}
