/** The command `knowledge check`, over our own folder and over broken ones. */

import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { phonesIn, sameDigits } from "../../bot/core/knowledge/phones.ts";
import { knowledgeCheck } from "../../bot/tools/knowledge-check.ts";
import { type LoadedKnowledge, loadKnowledge } from "../../bot/tools/knowledge-files.ts";

const NOW = new Date("2026-11-22T05:00:00Z");

async function run(...args: string[]): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  const code = await knowledgeCheck(args, { line: (text) => lines.push(text) }, NOW);
  return { code, lines };
}

describe("our own knowledge", () => {
  let own: LoadedKnowledge;
  beforeAll(async () => {
    own = await loadKnowledge("knowledge");
  });

  test("has no error", async () => {
    const { code, lines } = await run();
    expect(lines.filter((line) => line.startsWith("error:"))).toEqual([]);
    expect(code).toBe(0);
  });

  test("knows the 34 provinces of today and all 63 names of before", () => {
    const names = new Set(own.provinces.flatMap((p) => [p.name, ...p.aliases]));
    const before =
      "An Giang,Bà Rịa - Vũng Tàu,Bắc Giang,Bắc Kạn,Bạc Liêu,Bắc Ninh,Bến Tre,Bình Định,Bình Dương,Bình Phước,Bình Thuận,Cà Mau,Cần Thơ,Cao Bằng,Đà Nẵng,Đắk Lắk,Đắk Nông,Điện Biên,Đồng Nai,Đồng Tháp,Gia Lai,Hà Giang,Hà Nam,Hà Nội,Hà Tĩnh,Hải Dương,Hải Phòng,Hậu Giang,Hòa Bình,Hưng Yên,Khánh Hòa,Kiên Giang,Kon Tum,Lai Châu,Lâm Đồng,Lạng Sơn,Lào Cai,Long An,Nam Định,Nghệ An,Ninh Bình,Ninh Thuận,Phú Thọ,Phú Yên,Quảng Bình,Quảng Nam,Quảng Ngãi,Quảng Ninh,Quảng Trị,Sóc Trăng,Sơn La,Tây Ninh,Thái Bình,Thái Nguyên,Thanh Hóa,Thừa Thiên Huế,Tiền Giang,Thành phố Hồ Chí Minh,Trà Vinh,Tuyên Quang,Vĩnh Long,Vĩnh Phúc,Yên Bái".split(
        ",",
      );
    expect(own.provinces).toHaveLength(34);
    expect(before).toHaveLength(63);
    expect(before.filter((name) => !names.has(name))).toEqual([]);
  });

  test("never shows a number that is barred, and no street of a shelter", () => {
    const barred = [
      "1800 1768",
      "1800 1567",
      "1900 54 55 59",
      "1800 90 69",
      "1800 90 59",
      "04 3775 9330",
      "096 306 1414",
    ];
    const shown = own.services.filter((s) => s.status === "use");
    const texts = [
      ...own.articles.flatMap((a) =>
        a.passages.flatMap((p) => [p.text.vi, p.text.en, p.heading.vi, p.heading.en]),
      ),
      ...shown.flatMap((s) => [s.what_happens.vi, s.what_happens.en, s.who_is_told.vi, s.who_is_told.en]),
    ];
    const numbers = [...texts.flatMap(phonesIn), ...shown.flatMap((s) => s.phones.map((p) => p.number))];
    expect(numbers.length).toBeGreaterThan(20);
    expect(numbers.filter((n) => barred.some((b) => sameDigits(b, n)))).toEqual([]);
    expect(texts.filter((t) => /Thụy Khuê/iu.test(t))).toEqual([]);
  });

  test("says before the number that the national line must tell the commune chair", () => {
    const passages = own.articles.find((a) => a.id === "national-line")?.passages ?? [];
    expect(passages[0]?.text.vi).toMatch(/chủ tịch xã/);
    expect(phonesIn(passages[0]?.text.vi ?? "")).toEqual([]);
  });
});

describe("a broken folder", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "knowledge-"));
    await cp("knowledge/check", join(folder, "check"), { recursive: true });
    await cp("knowledge/directory", join(folder, "directory"), { recursive: true });
    await cp("knowledge/articles/acts", join(folder, "articles/acts"), { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("exits 1 and names file, line and field", async () => {
    await writeFile(join(folder, "articles/acts/bad.md"), "---\nid: bad\ntitle: { vi: a }\n---\n");
    const { code, lines } = await run(folder);
    expect(code).toBe(1);
    expect(lines.join("\n")).toMatch(
      /error: knowledge-\w+\/articles\/acts\/bad\.md:3 title\.en: .*\[document\.field\]/,
    );
  });

  test("--json prints one object per line; --today withdraws what is overdue", async () => {
    const { lines } = await run(folder, "--json", "--today", "2028-01-01");
    const rows = lines.map((line): Record<string, unknown> => JSON.parse(line));
    const summary = rows.at(-1)?.summary;
    expect(rows.filter((row) => "withdrawn" in row)).toHaveLength(17 + 13 + 1);
    expect(summary).toMatchObject({ articles: 18, services: 13, withdrawn: 31 });
  });

  test("what words mean is a file that npm run knowledge:learn wrote, or none", async () => {
    await mkdir(join(folder, "search"), { recursive: true });
    await writeFile(join(folder, "search", "meaning-en.json"), '{ "width": 96, "rows": "AAAA" }');
    const { code, lines } = await run(folder);
    expect(code).toBe(1);
    expect(lines.join("\n")).toMatch(
      /error: knowledge-\w+\/search\/meaning-en\.json is damaged, or of another language or edition; run npm run knowledge:learn \[search\.wrong_meaning\]/,
    );
    await rm(join(folder, "search"), { recursive: true });
    expect((await run(folder)).lines.join("\n")).not.toContain("wrong_meaning");
  });

  test("what finding is measured with is checked like what is learnt, in each language", async () => {
    await mkdir(join(folder, "golden"), { recursive: true });
    await writeFile(join(folder, "golden/unaided.tsv"), "bị chồng đánh\tact-beating#1 act-beating#99\n");
    await writeFile(
      join(folder, "golden/unaided-en.tsv"),
      "# by somebody\nchồng giữ hết tiền của em\tgone#1\n",
    );
    const { lines } = await run(folder);
    await rm(join(folder, "golden"), { recursive: true });
    expect(
      lines.filter((line) => line.includes("/golden/")).map((line) => line.replace(/knowledge-\w+\//, "")),
    ).toEqual([
      'warning: golden/unaided.tsv:1 there is no passage "act-beating#99" [search.asked_dead]',
      "warning: golden/unaided-en.tsv:2 is taken for Vietnamese when it is asked, and this file is English [search.asked_language]",
      'warning: golden/unaided-en.tsv:2 there is no passage "gone#1" [search.asked_dead]',
    ]);
  });

  test("what finding is measured with may be missing, but not unreadable", async () => {
    await mkdir(join(folder, "golden/unaided.tsv"), { recursive: true });
    const { code, lines } = await run(folder);
    await rm(join(folder, "golden"), { recursive: true });
    expect(code).toBe(1);
    expect(lines.filter((line) => line.includes("/golden/"))).toEqual([
      expect.stringMatching(/^error: .*golden\/unaided\.tsv:1 .*EISDIR \[file\.unreadable\]$/),
    ]);
  });

  test("a missing list of banned phrases is an error, not silence", async () => {
    await rm(join(folder, "check"), { recursive: true });
    const { code, lines } = await run(folder);
    expect(code).toBe(1);
    expect(lines.join("\n")).toContain("knowledge.banned_unreadable");
  });
});
