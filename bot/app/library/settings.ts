/** Settings, texts and words as one, and what in them leads nowhere. */

import { FILLABLE } from "../../core/flow/check.ts";
import type { Flow } from "../../core/flow/definition.ts";
import type { Article } from "../../core/knowledge/article.ts";
import type { Service } from "../../core/knowledge/service.ts";
import { type Bilingual, LANGS } from "../../core/message.ts";
import type { Problem } from "../../core/problem.ts";
import {
  LATER_TEXTS,
  LATER_WORD_KEYS,
  type LaterWordKey,
  type Settings,
  type SettingsFile,
  WORD_KEYS,
  type WordKey,
} from "../../core/settings.ts";
import { plain } from "../../core/understand.ts";
import { waysOf } from "../../core/word-ways.ts";
import type { Parsed } from "../read-content.ts";

/** All three files, or undefined with a problem for each that is missing. */
export function joinSettings(parsed: ReadonlyMap<string, Parsed>, problems: Problem[]): Settings | undefined {
  const settings = parsed.get("settings:settings");
  const texts = parsed.get("settings:texts");
  const words = parsed.get("settings:words");
  for (const [key, value] of [
    ["settings", settings],
    ["texts", texts],
    ["words", words],
  ] as const) {
    if (!value && !problems.some((p) => p.file === `flows/${key}.yaml`)) {
      problems.push({
        code: "settings.missing",
        message: "the file is missing",
        file: `flows/${key}.yaml`,
        severity: "error",
      });
    }
  }
  if (settings?.is !== "settings" || texts?.is !== "texts" || words?.is !== "words") return undefined;
  problems.push(...laterTexts(texts.texts), ...laterWords(texts.texts));
  const folded = { ...foldWords(words.words), ...foldLater(texts.texts) };
  return { ...settings.settings, texts: texts.texts, words: folded };
}

/** Of an operator's own texts, what a newer build would also like to say. */
function laterTexts(texts: Readonly<Record<string, Bilingual>>): Problem[] {
  return Object.entries(LATER_TEXTS)
    .filter(([key]) => !(key in texts))
    .map(
      ([key, other]): Problem => ({
        code: "settings.later_text",
        message: other
          ? `the text "${key}" is missing: until somebody writes it, "${other}" is said in its place`
          : `the text "${key}" is missing: until somebody writes it, nothing is said in its place`,
        file: "flows/texts.yaml",
        field: key,
        severity: "warning",
      }),
    );
}

function laterWords(texts: Readonly<Record<string, Bilingual>>): Problem[] {
  return LATER_WORD_KEYS.filter((key) => !(textKeyOf(key) in texts)).map((key) => ({
    code: "settings.later_text",
    message: `the list "${textKeyOf(key)}" is missing: until somebody writes it, such words are a question like any other`,
    file: "flows/texts.yaml",
    field: textKeyOf(key),
    severity: "warning",
  }));
}

function foldWords(words: Readonly<Record<WordKey, readonly string[]>>): Record<WordKey, Set<string>> {
  return Object.fromEntries(
    WORD_KEYS.map((k) => [k, new Set(words[k].flatMap(waysOf).map(plain))]),
  ) as Record<WordKey, Set<string>>;
}

/** Both languages together: who writes English may have a Vietnamese phone. */
function foldLater(texts: Readonly<Record<string, Bilingual>>): Record<LaterWordKey, Set<string>> {
  const listed = (key: LaterWordKey) => {
    const { vi = "", en = "" } = texts[textKeyOf(key)] ?? {};
    return `${vi};${en}`.split(";").flatMap(waysOf).map(plain);
  };
  return Object.fromEntries(
    LATER_WORD_KEYS.map((k) => [k, new Set(listed(k).filter((way) => way !== ""))]),
  ) as Record<LaterWordKey, Set<string>>;
}

function textKeyOf(key: LaterWordKey): string {
  return `words.${key}`;
}

/** What single texts are filled with beside what any may have. */
const OF_ONE_TEXT: ReadonlySet<string> = new Set(["n", "page", "source", "date"]);
/** Lists of words, and what the page's frame shows: nothing is filled in there. */
const UNFILLED = /^(?:words|page)\./;

/** Flows, articles and services that the settings and texts name and that are not there, and what nothing fills. */
export function danglingSettings(
  settings: SettingsFile & { texts: Readonly<Record<string, Bilingual>> },
  flows: ReadonlyMap<string, Flow>,
  articles: readonly Pick<Article, "id">[],
  services: readonly Service[],
): Problem[] {
  const file = "flows/settings.yaml";
  const written = new Set(articles.map((a) => a.id));
  const known = new Set(services.map((s) => s.id));
  return [
    ...Object.entries(settings.flows)
      .filter(([, id]) => !flows.has(id))
      .map(
        ([what, id]): Problem => ({
          code: "settings.unknown_flow",
          message: `there is no sound flow "${id}"`,
          file,
          field: `flows.${what}`,
          severity: "error",
        }),
      ),
    ...Object.entries(settings.articles)
      .filter(([, id]) => !written.has(id))
      .map(
        ([what, id]): Problem => ({
          code: "settings.unknown_article",
          message: `there is no article "${id}"`,
          file,
          field: `articles.${what}`,
          severity: "error",
        }),
      ),
    ...danglingTexts(settings.texts, known),
    ...settings.hotlines
      .filter((id) => !known.has(id))
      .map(
        (id): Problem => ({
          code: "settings.unknown_service",
          message: `the directory has no usable service "${id}"`,
          file,
          field: "hotlines",
          severity: "error",
        }),
      ),
  ];
}

/** She would read "gọi {phone:ambulance}" as it stands here. */
function danglingTexts(
  texts: Readonly<Record<string, Bilingual>>,
  services: ReadonlySet<string>,
): readonly Problem[] {
  const fault = (code: string, message: string, field: string): Problem => ({
    code,
    message,
    file: "flows/texts.yaml",
    field,
    severity: "error",
  });
  return Object.entries(texts)
    .filter(([key]) => !UNFILLED.test(key))
    .flatMap(([key, both]) => LANGS.map((lang) => ({ field: `${key}.${lang}`, text: both[lang] })))
    .flatMap(({ field, text }) =>
      [...text.matchAll(/\{([^{}:]*)(?::([^{}]*))?\}/g)].flatMap(([whole, name = "", id = ""]) => {
        if (name === "phone" && !services.has(id))
          return fault("settings.unknown_service", `the directory has no usable service "${id}"`, field);
        if (!FILLABLE.has(name) && !OF_ONE_TEXT.has(name))
          return fault("settings.unknown_field", `nothing fills ${whole}`, field);
        return [];
      }),
    );
}
