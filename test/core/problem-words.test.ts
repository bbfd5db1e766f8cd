/** Every sentence of the checks has its Vietnamese: found by breaking things, and by reading what the checks can say. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readContent } from "../../bot/app/read-content.ts";
import { inBoth, sayProblem } from "../../bot/core/problem-words.ts";
import type { ContentKind } from "../../bot/ports/store.ts";

const ROOT = join(import.meta.dirname, "../..");
const FLOW = readFileSync(join(ROOT, "flows/menu.yaml"), "utf8");
const ARTICLE = readFileSync(join(ROOT, "knowledge/articles/acts/act-beating.md"), "utf8");
const SERVICES = readFileSync(join(ROOT, "knowledge/directory/services.yaml"), "utf8");
const SETTINGS = readFileSync(join(ROOT, "flows/settings.yaml"), "utf8");

const BROKEN: readonly [string, ContentKind, string, string][] = [
  ["a flow without a start", "flow", "menu", FLOW.replace(/^start: .*\n/m, "")],
  ["an unknown key", "flow", "menu", `${FLOW}\nzzz: 1\n`],
  ["a key twice", "flow", "menu", `${FLOW}\nid: menu\n`],
  ["a tab", "flow", "menu", FLOW.replace("\n  ", "\n\t")],
  ["an open quotation mark", "flow", "menu", `${FLOW}\nabout: "open\n`],
  ["an open bracket", "flow", "menu", `${FLOW}\nabout: [open\n`],
  ["a colon in plain text", "flow", "menu", `${FLOW}\nabout: a: b\n`],
  ["a comma too many", "flow", "menu", `${FLOW}\nabout: [a, , b]\n`],
  ["a comma first", "flow", "menu", `${FLOW}\nabout: [, b]\n`],
  ["no comma", "flow", "menu", `${FLOW}\nabout: ["a" "b"]\n`],
  ["no comma in braces", "flow", "menu", `${FLOW}\nabout: { vi: "a" en: "b" }\n`],
  ["a bracket too many", "flow", "menu", `${FLOW}\nabout: a: ]\n`],
  ["a bracket that closes nothing", "flow", "menu", `${FLOW}\nabout: ]\n`],
  ["the wrong bracket", "flow", "menu", `${FLOW}\nabout: [a }\n`],
  ["words beside the bar", "flow", "menu", `${FLOW}\nabout: |- chào\n  bạn\n`],
  ["text that is not indented", "flow", "menu", `${FLOW}\nx:\n  about: |-\n  chào\n`],
  ["a percent sign first", "flow", "menu", `${FLOW}\nabout: %a\n`],
  ["an at sign first", "flow", "menu", `${FLOW}\nabout: @a\n`],
  ["a backslash", "flow", "menu", `${FLOW}\nabout: "a \\q"\n`],
  ["a star first", "flow", "menu", `${FLOW}\nabout: *sao\n`],
  ["an exclamation mark first", "flow", "menu", `${FLOW}\nabout: !chào bạn\n`],
  ["an ampersand first", "flow", "menu", `${FLOW}\nabout: & a\n`],
  ["a dash list in brackets", "flow", "menu", `${FLOW}\nabout: [\n  - a\n]\n`],
  ["a line without a dash", "flow", "menu", `${FLOW}\nabout:\n  - a\n  b\n`],
  ["a name without a colon", "flow", "menu", `${FLOW}\nabout\n`],
  ["a number for a text", "flow", "menu", FLOW.replace(/^id: .*/m, "id: 5")],
  [
    "a list for a text",
    "settings",
    "settings",
    SETTINGS.replace(/^hotlines:[\s\S]*?\n(?=\w)/m, "hotlines: []\n"),
  ],
  ["a word for a number", "settings", "settings", SETTINGS.replace(/gap_minutes: \d+/, "gap_minutes: soon")],
  ["a number below zero", "settings", "settings", SETTINGS.replace(/gap_minutes: \d+/, "gap_minutes: -1")],
  ["no truth", "settings", "settings", SETTINGS.replace(/show_pending: \w+/, "show_pending: maybe")],
  ["no head", "article", "act-beating", "# vi\n"],
  ["another id", "article", "other", ARTICLE],
  ["no English", "article", "act-beating", ARTICLE.slice(0, ARTICLE.indexOf("# en"))],
  ["no title in English", "article", "act-beating", ARTICLE.replace(/^ {2}en: .*\n/m, "")],
  ["a wrong date", "article", "act-beating", ARTICLE.replace(/checked_on: .*/, "checked_on: mai")],
  ["an unknown audience", "article", "act-beating", ARTICLE.replace(/audience: .*/, "audience: [everybody]")],
  ["an empty audience", "article", "act-beating", ARTICLE.replace(/audience: .*/, "audience: []")],
  [
    "a script for an address",
    "article",
    "act-beating",
    ARTICLE.replace(/url: .*/, 'url: "javascript:alert(1)"'),
  ],
  ["a capital in a topic", "article", "act-beating", ARTICLE.replace(/topics: .*/, "topics: [Nhà]")],
  ["a passage too long", "article", "act-beating", `${ARTICLE}${"dài ".repeat(400)}`],
  ["a service twice", "service", "services", SERVICES + SERVICES.slice(SERVICES.indexOf("  - id:"))],
  ["no list", "service", "services", "x: 1\n"],
  ["a wrong number", "service", "services", SERVICES.replace(/number: .*/, 'number: "gọi"')],
  ["too large", "flow", "menu", "x".repeat(300_001)],
];

describe("what is wrong", () => {
  it.each(BROKEN)("is said in Vietnamese: %s", (_what, kind, key, source) => {
    const { problems } = readContent({ kind, key, file: "draft", source });
    expect(problems.length).toBeGreaterThan(0);
    for (const p of inBoth(problems)) {
      expect(p.vi, `${p.code}: ${p.message}`).toBeDefined();
      expect(p.vi).not.toMatch(/\{[a-z]+\}/);
      expect(sayProblem(p, "en")).toBe(p.message);
    }
  });

  it("keeps the facts of the sentence", () => {
    const say = (code: string, message: string) => sayProblem({ code, message, severity: "error" }, "vi");
    expect(say("flow.unknown_step", 'there is no step "a.b (c)" to start with')).toBe(
      "không có bước “a.b (c)” để bắt đầu",
    );
    expect(say("knowledge.hard_to_read", '51 syllables in one sentence (at most 35): "Một {n} câu"')).toBe(
      "câu dài 51 tiếng (nhiều nhất 35): “Một {n} câu”",
    );
    expect(say("document.yaml", "this is not valid YAML: Map keys must be unique at line 3, column 1")).toBe(
      "phần này chưa đúng cách viết: một tên đứng hai lần trong cùng một khối",
    );
    expect(say("risk.unknown_name", '"knife" is not among the concepts')).toBe(
      "chưa có khái niệm nào tên “knife”",
    );
    expect(say("nothing.known", "something new")).toBe("something new");
  });

  /** Each sentence that stands in the code of the checks, its facts replaced. */
  it.each([
    "bot/core/flow/check.ts",
    "bot/core/knowledge/check.ts",
    "bot/core/knowledge/golden.ts",
    "bot/core/knowledge/article.ts",
    "bot/app/library/hearing.ts",
    "bot/app/library/knowledge.ts",
    "bot/app/library/settings.ts",
    "bot/app/read-content.ts",
    "bot/app/documents.ts",
    "bot/app/bundle.ts",
    "bot/adapters/files/sources.ts",
  ])("has a row for every sentence of %s", (file) => {
    const code = readFileSync(join(ROOT, file), "utf8");
    const sentences = [...code.matchAll(/(`(?:[^`\\]|\\.)*`|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/g)]
      .map(([whole]) =>
        whole
          .slice(1, -1)
          .replaceAll("\\`", "`")
          .replace(/\$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}/g, "7"),
      )
      .filter((text) => /^[a-z7`"].* .* /.test(text) && !/^(import|\.\.)|=>|^\w+:|[;<>]|\\n/.test(text));
    expect(sentences.length).toBeGreaterThan(0);
    const known = readFileSync(join(ROOT, "bot/core/problem-words.ts"), "utf8");
    const codes = [...new Set([...known.matchAll(/"([a-z_]+\.[a-z_]+)",/g)].map((m) => m[1] ?? ""))];
    const without = sentences.filter((message) =>
      codes.every((one) => sayProblem({ code: one, message, severity: "error" }, "vi") === message),
    );
    expect(without).toEqual([]);
  });
});
