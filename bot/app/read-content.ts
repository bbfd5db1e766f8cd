/** From the source of an edited thing to the thing itself, or every problem with its line. */

import type { ZodType, z } from "zod";
import { type Flow, flowSchema } from "../core/flow/definition.ts";
import { type Article, articleHeadSchema, readBody } from "../core/knowledge/article.ts";
import {
  directoryFileSchema,
  type Province,
  provincesFileSchema,
  type Service,
} from "../core/knowledge/service.ts";
import type { Bilingual } from "../core/message.ts";
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
import { type Read, readYaml, splitFrontMatter } from "./documents.ts";

export type Parsed =
  | { readonly is: "flow"; readonly flow: Flow }
  | { readonly is: "article"; readonly article: Article }
  | { readonly is: "services"; readonly services: readonly Service[] }
  | { readonly is: "provinces"; readonly provinces: readonly Province[] }
  | { readonly is: "instrument"; readonly instrument: Instrument }
  | { readonly is: "risk"; readonly rules: RiskRules }
  | { readonly is: "settings"; readonly settings: SettingsFile }
  | { readonly is: "texts"; readonly texts: Readonly<Record<string, Bilingual>> }
  | { readonly is: "words"; readonly words: Readonly<Record<WordKey, readonly string[]>> };

/** Reads one source by its kind and key. */
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
        ? yaml(provincesFileSchema, ({ provinces }) => ({ is: "provinces", provinces }))
        : yaml(directoryFileSchema, ({ services }) => ({ is: "services", services }));
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
    : { value: { is: "article", article: { ...head.value, passages } }, problems };
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
