/** The loader of `knowledge/`: what is right loads, what is wrong is named with file and line and left out. */

import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readContent } from "../../bot/app/read-content.ts";
import { waysOfAsking } from "../../bot/core/knowledge/ways-of-asking.ts";
import { langOf } from "../../bot/core/language.ts";
import { LANGS } from "../../bot/core/message.ts";
import { SEARCH_FILE_NAMES } from "../../bot/core/retrieval/data.ts";
import { fold, syllables } from "../../bot/core/text.ts";
import { loadKnowledge, measurable } from "../../bot/tools/knowledge-files.ts";

const ARTICLE = `---
id: tea
title: { vi: Pha trà, en: Making tea }
questions: { vi: [pha trà sao, trà pha mấy phút], en: [how to make tea] }
audience: [survivor]
topics: [kitchen]
sources: [{ title: Sách trà, url: "https://example.org/tea", confidence: H }]
checked_on: 2026-11-22
review_by: 2027-05-22
owner: Nhóm thử
review: { state: pending }
---

# vi

## Nước nóng

Đun nước cho sôi.

## Chờ

Chờ ba phút.

# en

## Hot water

Boil water.

## Wait

Wait three minutes.
`;

const SERVICE = (id: string, scope = "national") => `  - id: ${id}
    name: { vi: Một số, en: A number }
    kind: hotline
    phones: [{ number: "111" }]
    area: { scope: ${scope} }
    hours: { vi: mọi lúc, en: always }
    cost: { vi: miễn phí, en: free }
    what_happens: { vi: có người nghe, en: somebody listens }
    who_is_told: { vi: không ai, en: nobody }
    is_report: false
    sources: [{ title: Nguồn, confidence: H }]
    checked_on: 2026-11-22
    expires_on: 2027-05-22
    confidence: H
    status: use
    review: { state: pending }
`;

let above = "";
let folder = "";
beforeEach(async () => {
  above = await mkdtemp(join(tmpdir(), "knowledge-"));
  folder = join(above, "knowledge");
});
afterEach(() => rm(above, { recursive: true, force: true }));

function readArticle(text: string) {
  const file = "knowledge/articles/kitchen/tea.md";
  const { value, problems } = readContent({ kind: "article", key: "tea", file, source: text });
  return { article: value?.is === "article" ? value.article : undefined, problems };
}

async function put(files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, text] of Object.entries({
    "articles/.keep": "",
    "directory/.keep": "",
    "search/.keep": "",
    ...files,
  })) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

describe("loadKnowledge", () => {
  test("loads articles, services and provinces with their places", async () => {
    await put({
      "articles/kitchen/tea.md": ARTICLE,
      "directory/services.yaml": `services:\n${SERVICE("one")}`,
      "directory/provinces.yaml": "provinces:\n  - { id: hue, name: Huế, aliases: [TT Huế] }\n",
    });
    const loaded = await loadKnowledge(folder);
    expect(loaded.problems).toEqual([]);
    expect(loaded.articles.map((a) => a.passages.map((p) => p.id))).toEqual([["tea#1", "tea#2"]]);
    expect(loaded.articles[0]?.passages[1]?.text).toEqual({ vi: "Chờ ba phút.", en: "Wait three minutes." });
    expect(loaded.services.map((s) => s.id)).toEqual(["one"]);
    expect(loaded.provinces[0]?.near).toEqual([]);
    expect(loaded.places.get("tea#2/vi")).toEqual({ file: "knowledge/articles/kitchen/tea.md", line: 20 });
    expect(loaded.places.get("tea#1/en")).toEqual({ file: "knowledge/articles/kitchen/tea.md", line: 26 });
    expect(loaded.places.get("service:one")).toEqual({ file: "knowledge/directory/services.yaml", line: 2 });
  });

  test("a wrong article is left out with file, line and field; its neighbour loads", async () => {
    await put({
      "articles/kitchen/tea.md": ARTICLE,
      "articles/kitchen/bad.md": ARTICLE.replace("id: tea", "id: bad").replace("2027-05-22", "soon"),
    });
    const loaded = await loadKnowledge(folder);
    expect(loaded.articles.map((a) => a.id)).toEqual(["tea"]);
    expect(loaded.problems).toMatchObject([
      {
        code: "document.field",
        file: "knowledge/articles/kitchen/bad.md",
        line: 9,
        field: "review_by",
        severity: "error",
      },
    ]);
  });

  test("a missing field is named at the nearest line that exists", () => {
    const { problems } = readArticle(ARTICLE.replace(", en: Making tea", ""));
    expect(problems).toMatchObject([{ field: "title.en", line: 3 }]);
  });

  test("one wrong service does not take the others away", async () => {
    const two = `services:\n${SERVICE("one", "everywhere")}${SERVICE("two")}`;
    await put({ "directory/services.yaml": two });
    const loaded = await loadKnowledge(folder);
    expect(loaded.services.map((s) => s.id)).toEqual(["two"]);
    expect(loaded.problems).toMatchObject([{ field: "services.0.area.scope", line: 6 }]);
  });

  test("the same id twice: the second is left out and named", async () => {
    await put({
      "articles/a/tea.md": ARTICLE,
      "articles/b/tea.md": ARTICLE,
      "directory/s.yaml": `services:\n${SERVICE("one")}${SERVICE("one")}`,
      "directory/t.yaml": `services:\n${SERVICE("one")}`,
    });
    const loaded = await loadKnowledge(folder);
    expect(loaded.articles).toHaveLength(1);
    expect(loaded.services).toHaveLength(1);
    expect(loaded.problems.map((p) => [p.code, p.file])).toEqual([
      ["file.twice", "knowledge/articles/b/tea.md"],
      ["directory.id_twice", "knowledge/directory/s.yaml"],
      ["directory.id_twice", "knowledge/directory/t.yaml"],
    ]);
  });

  test.each([
    ["no head", "# vi\n", "document.front_matter"],
    ["broken YAML", ARTICLE.replace("id: tea", "id: [tea"), "document.yaml"],
    ["a key twice", ARTICLE.replace("id: tea", "id: tea\nid: tea"), "document.yaml"],
    ["an unknown field", ARTICLE.replace("id: tea", "id: tea\nscore: 3"), "document.field"],
    ["an English passage missing", ARTICLE.replace("## Wait\n\nWait three minutes.\n", ""), "article.body"],
    ["a passage too long", ARTICLE.replace("Boil water.", "x".repeat(1201)), "article.body"],
    ["another name than its id", ARTICLE.replace("id: tea", "id: coffee"), "document.id"],
    [
      "an address that is none",
      ARTICLE.replace("https://example.org/tea", "javascript:alert(1)"),
      "document.field",
    ],
  ])("refuses an article with %s", (_what, text, code) => {
    const { article, problems } = readArticle(text);
    expect(article).toBeUndefined();
    expect(problems.map((p) => p.code)).toContain(code);
    expect(problems.every((p) => (p.line ?? 0) > 0)).toBe(true);
  });

  test("Windows line ends give the same passages", () => {
    const { article } = readArticle(ARTICLE.replaceAll("\n", "\r\n"));
    expect(article?.passages.map((p) => p.text.vi)).toEqual(["Đun nước cho sôi.", "Chờ ba phút."]);
  });

  test("not UTF-8, too big, a folder that is not there: named, never thrown", async () => {
    await put({
      "articles/x/a.md": new Uint8Array([0xff, 0xfe, 0x00]),
      "articles/x/b.md": " ".repeat(1_000_001),
    });
    const loaded = await loadKnowledge(folder);
    expect(loaded.problems.map((p) => p.code)).toEqual(["file.unreadable", "file.too_large"]);
    const nothing = await loadKnowledge(join(folder, "nowhere"));
    expect(nothing.problems.map((p) => p.code)).toEqual([
      "folder.unreadable",
      "folder.unreadable",
      "folder.unreadable",
    ]);
    expect(JSON.stringify(nothing.problems)).not.toContain(folder);
  });

  test("letters typed apart from their marks are composed", () => {
    const { article } = readArticle(ARTICLE.normalize("NFD"));
    expect(article).toEqual(readArticle(ARTICLE).article);
    expect(article?.title.vi).toBe("Pha trà".normalize("NFC"));
  });

  test("aliases that unfold without end are refused", async () => {
    const level = (n: number) =>
      `  a${n}: &a${n} [${Array(10)
        .fill(`*a${n - 1}`)
        .join(", ")}]`;
    const bomb = ["services: []", "x:", "  a0: &a0 [1]", ...[1, 2, 3, 4, 5, 6, 7].map(level), ""].join("\n");
    await put({ "directory/s.yaml": bomb });
    const loaded = await loadKnowledge(folder);
    expect(loaded.problems).toMatchObject([{ code: "document.yaml", severity: "error" }]);
    expect(loaded.problems[0]?.message).toMatch(/alias/);
  });
});

test("measuring names the lines of its own questions that it leaves out", async () => {
  const search = join(import.meta.dirname, "..", "..", "knowledge", "search");
  await put({ "golden/unaided.tsv": "pha trà kiểu gì\ttea#1,tea#2\ntrà để mấy phút\ttea#2\n" });
  for (const name of SEARCH_FILE_NAMES) await cp(join(search, name), join(folder, "search", name));
  const said = vi.spyOn(console, "error").mockImplementation(() => {});
  const { unaided } = await measurable([folder]);
  const lines = said.mock.calls.map(([line]) => String(line));
  said.mockRestore();
  expect(unaided).toEqual([{ question: "trà để mấy phút", passages: ["tea#2"] }]);
  expect(lines.filter((line) => line.includes("golden"))).toEqual([
    expect.stringContaining("left out: knowledge/golden/unaided.tsv:1"),
  ]);
});

describe("our own questions that finding is measured with", async () => {
  const { articles, services, data, golden, heldOut, unaided, unaidedEnglish, tellings } = await measurable([
    join(import.meta.dirname, "..", "..", "knowledge"),
  ]);
  const plain = (text: string) => syllables(fold(text)).join(" ");
  /** In both languages together: a question can be learnt under the other than the one it is measured in. */
  const learnt = new Set(
    [
      ...articles.flatMap((article) => LANGS.flatMap((lang) => waysOfAsking(article, lang))),
      ...[...data.asked, ...data.english.asked].map(({ question }) => question),
      ...data.strangers,
      ...data.english.strangers,
    ].map(plain),
  );
  const isLearnt = ({ question }: { readonly question: string }) => learnt.has(plain(question));

  test("are as many as the figures say, in both languages", () => {
    expect(heldOut.length).toBeGreaterThan(400);
    expect(unaided.length).toBeGreaterThan(900);
    expect(unaidedEnglish.length).toBeGreaterThan(250);
    expect(tellings.length).toBeGreaterThan(150);
    expect([data.asked.length > 6_000, data.english.asked.length > 1_500]).toEqual([true, true]);
    expect(golden.filter(({ question }) => langOf(question) === "en").length).toBeGreaterThan(50);
  });

  test("are learnt by nobody", () => {
    expect(unaided.filter(isLearnt)).toEqual([]);
    expect(unaidedEnglish.filter(isLearnt)).toEqual([]);
    expect(tellings.filter(isLearnt)).toEqual([]);
    expect(golden.filter(isLearnt)).toEqual([]);
    // Two strangers may both write a short one.
    expect(heldOut.filter((one) => one.question.length > 24 && isLearnt(one))).toEqual([]);
  });

  test("are for passages that there are", () => {
    const there = new Set([
      ...articles.flatMap((article) => article.passages.map(({ id }) => id)),
      ...services.map(({ id }) => `service:${id}`),
    ]);
    const named = [
      ...heldOut.map(({ passage }) => passage),
      ...[...unaided, ...unaidedEnglish, ...tellings, ...data.asked, ...data.english.asked].flatMap(
        ({ passages }) => passages,
      ),
    ];
    expect(named.filter((id) => !there.has(id))).toEqual([]);
  });
});
