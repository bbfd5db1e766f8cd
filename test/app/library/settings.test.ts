/** An operator's own texts serve with a newer build too. */

import { expect, test } from "vitest";
import { danglingSettings, joinSettings } from "../../../bot/app/library/settings.ts";
import { type Parsed, readContent } from "../../../bot/app/read-content.ts";
import type { Problem } from "../../../bot/core/problem.ts";
import { LATER_TEXTS, textOf } from "../../../bot/core/settings.ts";
import { repositoryCompiled } from "../../world.ts";

const { base } = await repositoryCompiled();
const { texts, words, ...settings } = base.settings;

/** Joined with these texts, read as an editor's file is read. */
function joined(own: object) {
  const source = JSON.stringify(own);
  const read = readContent({ kind: "settings", key: "texts", file: "flows/texts.yaml", source });
  const problems: Problem[] = [...read.problems];
  const parsed = new Map<string, Parsed>([
    ["settings:settings", { is: "settings", settings } as unknown as Parsed],
    ["settings:words", { is: "words", words: mapped(words) } as unknown as Parsed],
    ...(read.value ? [["settings:texts", read.value] as const] : []),
  ]);
  return { made: joinSettings(parsed, problems), problems };
}
const mapped = (all: object) => Object.fromEntries(Object.entries(all).map(([k, v]) => [k, [...v]]));

test("texts written before a text was thought of serve without it, and the editors are told", () => {
  const later = Object.keys(LATER_TEXTS);
  const own = Object.fromEntries(Object.entries(texts).filter(([key]) => !later.includes(key)));
  const { made, problems } = joined(own);
  expect(problems.map(({ severity, field }) => [severity, field])).toEqual(later.map((k) => ["warning", k]));
  expect(made && textOf(made, "answer.gone", "vi")).toBe(texts["answer.none"]?.vi);
  expect(made && textOf(made, "answer.changed", "vi")).toBe("");
});

test("a text that every build has known is still missed", () => {
  const { "answer.none": _, ...own } = texts;
  expect(joined(own).problems).toContainEqual(
    expect.objectContaining({ severity: "error", message: 'the text "answer.none" is missing' }),
  );
});

test("lists of words that came later are texts, and serve or are missed like them", () => {
  expect(joined(texts).made?.words.goodbye).toContain("tam biet");
  const { "words.goodbye": _, ...own } = texts;
  const { made, problems } = joined(own);
  expect(made?.words.goodbye.size).toBe(0);
  expect(problems.map(({ severity, field }) => [severity, field])).toEqual([["warning", "words.goodbye"]]);
});

test("what a text would be filled with and is not there, and an article that is not there, are errors: she would read the braces", () => {
  const found = (own: object, articles = base.settings.articles) =>
    danglingSettings(
      { ...settings, articles, texts: { ...texts, ...own } },
      base.flows,
      [...base.articles.values()],
      [...base.services.values()],
    ).map(({ code, field, severity }) => [code, field, severity]);
  expect(found({})).toEqual([]);
  expect(
    found({ "heard.life": { vi: "Gọi {phone:ambulance}.", en: "Call {phone:ambulance-115}." } }),
  ).toEqual([["settings.unknown_service", "heard.life.vi", "error"]]);
  expect(found({ goodbye: { vi: "Chào {ten}.", en: "Bye." } })).toEqual([
    ["settings.unknown_field", "goodbye.vi", "error"],
  ]);
  expect(found({ "page.title": { vi: "{x}", en: "{x}" } })).toEqual([]);
  expect(found({}, { calm: "no-such-article", plan: base.settings.articles.plan })).toEqual([
    ["settings.unknown_article", "articles.calm", "error"],
  ]);
});
