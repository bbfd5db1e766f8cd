/** The editors' work over the whole service: new articles, what publishing would change, questions that wait, files in and out. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Staff } from "../../bot/app/services.ts";
import { assemble, ROOT } from "../../bot/assemble.ts";
import { configFrom } from "../../bot/config.ts";
import type { StaffId } from "../../bot/core/ids.ts";
import { contentFiles } from "../../bot/tools/content-files.ts";
import { type Bench, openBench } from "./service.ts";

const staff = (login: string, roles: Staff["roles"] = ["editor"]): Staff => ({
  id: login as StaffId,
  login,
  alias: login,
  roles,
});
const [lan, mai] = [staff("lan"), staff("mai")];

let bench: Bench;
beforeAll(async () => {
  bench = await openBench(Date.parse("2026-11-25T20:00:00+07:00"));
}, 60_000);
afterAll(() => bench?.close());

const editorial = () => bench.services.editorial;
async function opened(kind: "article" | "flow" | "rules" | "service" | "settings", key: string) {
  const answer = await editorial().open(lan, kind, key);
  if (!answer.ok) throw new Error(`${key}: ${answer.code}`);
  return answer;
}

const ARTICLE = (key: string, questions: readonly string[]) => `---
id: ${key}
title: { vi: "Nuôi mèo trong nhà trọ", en: "Keeping a cat in a rented room" }
questions:
  vi: ${JSON.stringify(questions)}
  en: ["may I keep a cat"]
audience: [survivor]
topics: [support]
sources: [{ title: "Sổ tay thử nghiệm", url: "https://example.org/meo", confidence: M }]
checked_on: 2026-11-20
review_by: 2027-05-20
owner: Nhóm thử
review: { state: pending }
---

# vi

## Nuôi mèo

Bạn hỏi chủ nhà trước khi nuôi mèo. Đa số nơi cho nuôi một con.

# en

## Keeping a cat

Ask the landlord first. Most places allow one.
`;

describe("a new article", () => {
  it("begins from a template that cannot be published as it is, and is thrown away without a trace in use", async () => {
    expect(await editorial().create(lan, "article", "Nuôi mèo", [])).toMatchObject({ code: "bad_request" });
    expect(await editorial().create(lan, "article", "act-beating", [])).toMatchObject({ code: "name_taken" });
    const question = 'mèo của em "bị" nhốt\u0007 thì sao: hả';
    expect(await editorial().create(lan, "article", "cat-draft", [question])).toEqual({
      ok: true,
      number: 1,
    });
    expect(await editorial().create(mai, "article", "cat-draft", [])).toMatchObject({ code: "name_taken" });
    const draft = await opened("article", "cat-draft");
    expect(draft.source).toContain('"mèo của em \\"bị\\" nhốt thì sao: hả"');
    const messages = draft.problems.map((p) => p.vi);
    expect(messages).toContain("cần ít nhất 2 mục");
    expect(messages.some((m) => m?.startsWith("địa chỉ này không phải địa chỉ web"))).toBe(true);
    expect(await editorial().publish(mai, "article", "cat-draft", 1, "")).toMatchObject({ code: "invalid" });
    const list = await editorial().list(lan, "article");
    expect(list.ok && list.items.find((i) => i.key === "cat-draft")).toMatchObject({
      published: null,
      // What cannot be published yet says so, before anybody opens it to read.
      problems: draft.problems.filter((p) => p.severity === "error").length,
      title: { vi: "cat-draft", en: "cat-draft" },
      draft: { number: 1, by: "lan" },
      file: "knowledge/articles/cat-draft.md",
    });
    expect(await editorial().discard(mai, "article", "cat-draft", 1)).toEqual({ ok: true });
    expect(await editorial().open(lan, "article", "cat-draft")).toMatchObject({ code: "not_found" });
    expect(await editorial().create(mai, "article", "cat-draft", [])).toEqual({ ok: true, number: 2 });
    await editorial().discard(mai, "article", "cat-draft", 2);
  });

  it("is judged while it is written as `knowledge check` judges it, and each message has its Vietnamese", async () => {
    const bad = ARTICLE("cat", ["nuôi mèo được không", "em nuôi mèo"])
      .replace("Đa số nơi", "Gọi 1800 1768 <script>alert(1)</script> ngay. Đa số nơi")
      .replace("https://example.org/meo", "javascript:alert(1)");
    const first = await editorial().check(lan, "article", "cat", bad);
    expect(first.ok && first.problems.map((p) => [p.code, p.field, p.vi])).toEqual([
      ["document.field", "sources.0.url", "địa chỉ này không phải địa chỉ web; hãy viết cả https:// ở đầu"],
    ]);
    const second = await editorial().check(
      lan,
      "article",
      "cat",
      bad.replace("javascript:alert(1)", "https://x.vn"),
    );
    const found = second.ok ? second.problems : [];
    expect(found.map((p) => [p.code, p.line])).toEqual([
      ["knowledge.banned_phrase", 18],
      ["knowledge.markup", 18],
      ["knowledge.phone_unknown", 18],
    ]);
    expect(found.every((p) => p.vi !== undefined)).toBe(true);
  });
});

describe("what is wrong", () => {
  it("is one fault where one comma is too many, not what everything else misses by it", async () => {
    const { source } = await opened("rules", "acts");
    const answer = await editorial().check(lan, "rules", "acts", source.replace("stick: [", "stick: [,, "));
    expect(answer.ok && answer.problems).toHaveLength(1);
    expect(answer.ok && answer.problems[0]).toMatchObject({ code: "document.yaml", line: 7 });
  });

  const check = async (kind: "article" | "service", key: string, source: string) => {
    const answer = await editorial().check(lan, kind, key, source);
    return answer.ok ? answer.problems.map((p) => [p.line, p.code, p.vi]) : [];
  };

  it("is told at the line of its field, also what only the whole knowledge shows", async () => {
    const text = ARTICLE("cat", ["nuôi mèo được không", "chồng đánh em"])
      .replace("checked_on: 2026-11-20", "checked_on: 2027-11-20")
      .replace("owner:", "related: [no-such]\nowner:")
      .replace("Bạn hỏi chủ nhà", "Bạn cố chịu, rồi hỏi chủ nhà");
    expect(await check("article", "cat", text)).toEqual([
      [5, "knowledge.question_twice", "câu “chồng đánh em” đã dẫn đến act-beating"],
      [10, "knowledge.date_future", "ghi là đã kiểm tra ngày 2027-11-20, nhưng ngày ấy chưa đến"],
      [11, "knowledge.date_order", "2027-05-20 phải sau ngày kiểm tra 2027-11-20"],
      [12, "knowledge.related_dead", "không có bài “no-such”"],
      [19, "knowledge.banned_phrase", "không dùng “cố chịu”: không bao giờ bảo ai chịu đựng"],
    ]);
    const { source } = await opened("service", "services");
    const rows = source.split("\n");
    const at = rows.findIndex((row) => row.includes('number: "1800 8027"'));
    rows[at] = rows[at]?.replace("1800 8027", "1800 1768") ?? "";
    expect(await check("service", "services", rows.join("\n"))).toEqual([
      [at + 1, "knowledge.banned_phrase", "không dùng “1800 1768”: không tìm thấy nguồn nào cho số này"],
    ]);
  });

  it("is told at the file and line that must be mended first, when a number is taken away that flows say", async () => {
    const { source } = await opened("service", "services");
    const without = source.replace(/(id: peace-house\n[\s\S]*?status: )use/, "$1verify");
    const checked = await editorial().check(lan, "service", "services", without);
    const named = (checked.ok ? checked.problems : []).filter((p) => p.code === "flow.unknown_service");
    expect(new Set(named.map((p) => p.file))).toEqual(new Set(["flows/human.yaml", "flows/numbers.yaml"]));
    const lines = (await opened("flow", "human")).source.split("\n");
    for (const p of named.filter((one) => one.file === "flows/human.yaml")) {
      expect(
        lines
          .slice((p.line ?? 1) - 1)
          .join("\n")
          .indexOf("peace-house"),
      ).toBeGreaterThanOrEqual(0);
      expect(p.line).toBeGreaterThan(5);
    }
  });
  it("is said without the words of programmers", async () => {
    const many = Array.from(
      { length: 9 },
      (_, i) => `b${i}: &b${i} [${i > 0 ? `*b${i - 1},`.repeat(9) : "x"}]`,
    );
    expect(await check("article", "cat", `---\n${many.join("\n")}\n---\n# vi\n`)).toEqual([
      [2, "document.yaml", "không đọc được phần này: tham chiếu lồng nhau quá nhiều"],
    ]);
  });
});

describe("questions that wait", () => {
  it("are grouped, become an article, and leave the list when it is published", async () => {
    for (const [who, words] of [
      ["p1", "em nuôi mèo trong phòng trọ được không"],
      ["p2", "nuôi mèo trong phòng trọ được không ạ"],
      ["p3", "xổ số miền nam hôm nay ra số mấy"],
    ] as const) {
      for (const first of ["có", "có", "Tôi chỉ muốn hỏi"]) await bench.says(who, first);
      await bench.says(who, words);
    }
    const list = await editorial().unanswered(lan);
    if (!list.ok) throw new Error(list.code);
    const cats = list.groups.find((g) => g.question.includes("mèo"));
    expect(cats?.ids).toHaveLength(2);
    expect(await editorial().create(lan, "article", "cat-in-room", [cats?.question ?? ""])).toMatchObject({
      ok: true,
    });
    const draft = await opened("article", "cat-in-room");
    expect(draft.source).toContain(cats?.question);
    const source = ARTICLE("cat-in-room", [cats?.question ?? "", "mèo có được ở phòng trọ không"]);
    const saved = await editorial().save(lan, "article", "cat-in-room", source, draft.number);
    if (!saved.ok) throw new Error(saved.code);
    expect(saved.problems).toEqual([]);
    expect((await opened("article", "cat-in-room")).title.vi).toBe("Nuôi mèo trong nhà trọ");
    const drafts = await editorial().list(lan, "article");
    expect(drafts.ok && drafts.items.find((i) => i.key === "cat-in-room")).toMatchObject({
      problems: 0,
      title: { vi: "Nuôi mèo trong nhà trọ" },
    });
    // A golden question about cats must stay unanswered, and this article would answer it: that needs a reason.
    const accept = "nay đã có bài về nuôi mèo";
    const published = await editorial().publish(mai, "article", "cat-in-room", saved.number, "mới", accept);
    expect(published).toMatchObject({ ok: true, settled: 2 });
    const after = await editorial().unanswered(lan);
    expect(after.ok && after.questions.map((q) => q.question)).toEqual(["xổ số miền nam hôm nay ra số mấy"]);
    await bench.says("p3", "nuôi mèo trong phòng trọ được không");
    expect((await bench.lines("p3")).at(-1)?.text).toContain("hỏi chủ nhà trước khi nuôi mèo");
    if (after.ok)
      await editorial().settle(
        mai,
        after.questions.map((q) => q.id),
      );
    expect(await editorial().unanswered(lan)).toMatchObject({ questions: [], groups: [] });
  }, 60_000);
});

it("what is asked again and not answered again stands in the list once for each time", async () => {
  for (const words of ["có", "có", "Tôi chỉ muốn hỏi"]) await bench.says("again", words);
  for (let i = 0; i < 2; i += 1) await bench.says("again", "xổ số miền bắc hôm nay ra số mấy");
  const list = await editorial().unanswered(lan);
  const asked = list.ok ? list.questions.filter((q) => q.question.includes("miền bắc")) : [];
  expect(asked).toHaveLength(2);
  await editorial().settle(
    mai,
    asked.map((q) => q.id),
  );
});

it("what was shown and did not help stands beside its question", async () => {
  for (const words of ["có", "có", "Tôi chỉ muốn hỏi"]) await bench.says("unhelped", words);
  for (let i = 0; i < 2; i += 1) await bench.says("unhelped", "xin cấm tiếp xúc bao lâu thì có");
  const [shown = ""] = (await bench.lines("unhelped")).at(-1)?.text.split("\n\n").slice(1) ?? [];
  const list = await editorial().unanswered(lan);
  const asked = list.ok ? list.questions.filter((q) => q.question.includes("cấm tiếp xúc")) : [];
  expect(asked).toEqual([
    expect.objectContaining({
      shown: { id: expect.stringMatching(/^[a-z0-9-]+#\d+$/), title: expect.objectContaining({ vi: shown }) },
    }),
  ]);
  await editorial().settle(
    mai,
    asked.map((q) => q.id),
  );
});

describe("what began in the console", () => {
  it("goes out under its place in `knowledge/`, and all that went out is known when it comes in, line ends of Windows too", async () => {
    const out = await editorial().exportFiles(lan);
    if (!out.ok) throw new Error(out.code);
    expect(out.files.map((f) => f.path)).toContain("knowledge/articles/cat-in-room.md");
    for (const { path } of out.files) expect(path).toMatch(/^(flows|knowledge)\/.+\.(yaml|md)$/);
    for (const end of ["\n", "\r\n"]) {
      const files = out.files.map(({ path, text }) => ({ path, text: text.replaceAll("\n", end) }));
      expect(await editorial().importFiles(lan, files, { publish: false })).toEqual({
        ok: true,
        taken: [],
        same: out.files.length,
        other: [],
      });
    }
  }, 60_000);

  it("is kept without the zero bytes and line ends that another program put in", async () => {
    const { source, number } = await opened("article", "cat-in-room");
    expect(await editorial().save(lan, "article", "cat-in-room", "half\n", number)).toMatchObject({
      ok: true,
    });
    const half = await opened("article", "cat-in-room");
    // A draft that cannot be read is still called what people know it by.
    expect([half.source, half.title.vi]).toEqual(["half\n", "Nuôi mèo trong nhà trọ"]);
    const strange = `\uFEFF${source.replaceAll("\n", "\r\n")}\0`;
    expect(await editorial().save(lan, "article", "cat-in-room", strange, half.number)).toMatchObject({
      ok: true,
    });
    const draft = await opened("article", "cat-in-room");
    expect(draft.source).toBe(source);
    await editorial().discard(lan, "article", "cat-in-room", draft.number);
  });
});

describe("golden questions before publishing", () => {
  it("show what would change within seconds; a fall needs a reason that is kept", async () => {
    const draft = await opened("article", "strangled-go-to-hospital");
    const golden = readFileSync(join(ROOT, "knowledge/golden/safety.jsonl"), "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line): { question: string; ids: string[] } => JSON.parse(line))
      .filter((g) => g.ids.includes("strangled-go-to-hospital"));
    expect(golden.length).toBeGreaterThan(0);
    // The same text under questions that nobody would ask of it: what led to it leads elsewhere, or nowhere.
    const worse = draft.source
      .replace(/\n {2}vi:\n(?: {4}- .*\n)+/, '\n  vi:\n    - "trà sữa trân châu"\n    - "cách pha trà sữa"\n')
      .replaceAll(/^\? .*\n/gm, "")
      .replace(/bóp cổ|siết cổ|bịt miệng|nghẹt thở/gi, "việc ấy");
    await editorial().evaluate(lan, "article", "strangled-go-to-hospital", draft.source);
    const began = process.cpuUsage();
    const seen = await editorial().evaluate(lan, "article", "strangled-go-to-hospital", worse);
    const { user, system } = process.cpuUsage(began);
    // Work, not waiting: on a machine that is busy with other tests the clock says nothing.
    expect((user + system) / 1_000_000).toBeLessThan(8);
    if (!seen.ok) throw new Error(JSON.stringify(seen));
    const fallen = seen.golden?.changes.filter((c) => c.kind === "fell") ?? [];
    expect(fallen.length).toBeGreaterThan(0);
    expect(fallen.every((c) => c.before.right && !c.after.right)).toBe(true);
    expect(seen.golden?.rightAfter).toBeLessThan(seen.golden?.rightBefore ?? 0);
    const saved = await editorial().save(lan, "article", "strangled-go-to-hospital", worse, draft.number);
    if (!saved.ok) throw new Error(saved.code);
    expect(saved.problems.filter((p) => p.severity === "error")).toEqual([]);
    const refused = await editorial().publish(
      mai,
      "article",
      "strangled-go-to-hospital",
      saved.number,
      "thử",
    );
    expect(refused).toMatchObject({ code: "falls" });
    expect(
      await editorial().publish(mai, "article", "strangled-go-to-hospital", saved.number, "thử", "ừ"),
    ).toMatchObject({
      code: "falls",
    });
    const reason = "Bài được tách làm hai, phần kia xuất bản sau.";
    expect(
      await editorial().publish(mai, "article", "strangled-go-to-hospital", saved.number, "thử", reason),
    ).toMatchObject({
      ok: true,
    });
    const history = await editorial().history(lan, "article", "strangled-go-to-hospital");
    expect(history.ok && history.revisions[0]?.note).toBe(`thử · ${reason}`);
    expect(await editorial().revert(mai, "article", "strangled-go-to-hospital", draft.number)).toMatchObject({
      ok: true,
    });
  }, 90_000);

  it("fall when an article becomes the staff's alone, which nobody who writes is shown", async () => {
    const { source } = await opened("article", "accounts-and-passwords");
    const hidden = source.replace(/audience: .*/, "audience: [staff]");
    const would = await editorial().evaluate(lan, "article", "accounts-and-passwords", hidden);
    const fell = would.ok ? (would.golden?.changes.filter((c) => c.kind === "fell") ?? []) : [];
    expect(fell.length).toBeGreaterThan(3);
    expect(fell.every((c) => c.before.first === "accounts-and-passwords" && !c.after.answered)).toBe(true);
  }, 60_000);
  it("are untouched by a draft that changes nothing", async () => {
    const draft = await opened("article", "strangled-go-to-hospital");
    const seen = await editorial().evaluate(lan, "article", "strangled-go-to-hospital", draft.source);
    expect(seen.ok && seen.golden?.changes).toEqual([]);
  }, 60_000);
});

describe("rules of the ear", () => {
  it("are not published when the regression set falls, and the lines are shown", async () => {
    const draft = await opened("rules", "rules-roundabout");
    const deaf = draft.source.replace(/^rules:[\s\S]*$/m, "rules: []\n");
    const seen = await editorial().evaluate(lan, "rules", "rules-roundabout", deaf);
    if (!seen.ok) throw new Error(JSON.stringify(seen));
    expect(seen.rules?.heard).toBeGreaterThan(500);
    const fall = seen.rules?.falls.find((f) => f.figure === "emergency");
    expect(fall?.after).toBeLessThan(fall?.before ?? 0);
    expect(seen.rules?.changed[0]).toMatchObject({ label: "emergency" });
    const saved = await editorial().save(lan, "rules", "rules-roundabout", deaf, draft.number);
    if (!saved.ok) throw new Error(saved.code);
    const words = "Tôi chắc chắn là được, cứ xuất bản.";
    expect(
      await editorial().publish(mai, "rules", "rules-roundabout", saved.number, "", words),
    ).toMatchObject({
      code: "falls",
      message: expect.stringMatching(/emergency falls from \d+ to \d+ of \d+/),
    });
    await editorial().discard(lan, "rules", "rules-roundabout", saved.number);
    const same = await editorial().evaluate(lan, "rules", "rules-roundabout", `${draft.source}\n`);
    expect(same.ok && same.rules).toMatchObject({ changed: [], falls: [] });
  }, 60_000);
});

describe("thresholds of the ear", () => {
  const evaluated = async (change: (source: string) => string) => {
    const draft = await opened("rules", "thresholds");
    const seen = await editorial().evaluate(lan, "rules", "thresholds", change(draft.source));
    if (!seen.ok) throw new Error(JSON.stringify(seen));
    return seen.rules;
  };

  it("are drafts like the rules: raised too far, the regression set falls", async () => {
    const deaf = await evaluated((source) =>
      source.replace(/alone: [\d.]+, beside: [\d.]+/g, "alone: 1, beside: 1"),
    );
    expect(deaf?.falls.map((f) => f.figure)).toContain("serious");
    const nervous = await evaluated((source) => source.replace(/alone: [\d.]+/g, "alone: 0.02"));
    expect(nervous?.falls.map((f) => f.figure)).toContain("harmlessRaised");
    expect(await evaluated((source) => `${source}\n`)).toMatchObject({ changed: [], falls: [] });
  }, 60_000);

  it("are from 0 to 1, and cannot be left out", async () => {
    const draft = await opened("rules", "thresholds");
    const problems = async (source: string) => {
      const saved = await editorial().save(
        lan,
        "rules",
        "thresholds",
        source,
        (await opened("rules", "thresholds")).number,
      );
      if (!saved.ok) throw new Error(saved.code);
      await editorial().discard(lan, "rules", "thresholds", saved.number);
      return saved.problems.filter((p) => p.severity === "error");
    };
    expect(await problems(draft.source.replace(/low: \{ alone: [\d.]+,/, "low: { alone: 5,"))).toMatchObject([
      { field: "thresholds.low.alone" },
    ]);
    expect(await problems("about: gone\n")).toMatchObject([{ code: "risk.no_thresholds" }]);
  });
});

describe("instruments", () => {
  const key = "instruments/da-5";
  const why = "Đã bàn với chuyên gia, có biên bản.";

  it("are not published when a sign of danger counts for less than in what came with the build", async () => {
    const draft = await opened("rules", key);
    const deaf = draft.source.replace(/ {4}hard_stop: high\n/g, "");
    const seen = await editorial().evaluate(lan, "rules", key, deaf);
    expect(seen.ok && seen.instruments?.[0]?.barred.map(({ answers }) => answers[0]?.question)).toEqual([
      "strangled",
      "weapon",
      "could-kill",
    ]);
    const saved = await editorial().save(lan, "rules", key, deaf, draft.number);
    if (!saved.ok) throw new Error(saved.code);
    expect(await editorial().publish(mai, "rules", key, saved.number, "", why)).toMatchObject({
      code: "falls",
      message: expect.stringContaining("strangled: yes gives medium instead of high"),
    });
    await editorial().discard(lan, "rules", key, saved.number);
  });

  it("are published with a reason when they only take back what somebody had raised", async () => {
    const draft = await opened("rules", key);
    const stricter = draft.source.replace(
      "    category: control\n",
      "    category: control\n    hard_stop: high\n",
    );
    const saved = await editorial().save(lan, "rules", key, stricter, draft.number);
    if (!saved.ok) throw new Error(saved.code);
    expect(await editorial().publish(mai, "rules", key, saved.number, "chặt hơn", "")).toMatchObject({
      ok: true,
    });
    const back = await opened("rules", key);
    const again = await editorial().save(lan, "rules", key, draft.source, back.number);
    if (!again.ok) throw new Error(again.code);
    expect(await editorial().publish(mai, "rules", key, again.number, "như cũ", "")).toMatchObject({
      code: "falls",
      message: expect.stringMatching(
        /1 sets of answers fall: da-5: jealousy: yes gives medium instead of high/,
      ),
    });
    expect(await editorial().publish(mai, "rules", key, again.number, "như cũ", why)).toMatchObject({
      ok: true,
    });
  });
});

describe("how messages look", () => {
  it("on each channel, by the function that sends them", async () => {
    const { source } = await opened("article", "act-beating");
    const seen = await editorial().preview(lan, "article", "act-beating", source, "vi");
    if (!seen.ok) throw new Error(seen.code);
    const [first] = seen.messages;
    expect(first?.name).toBe("act-beating#1");
    expect(first?.shown.map((s) => s.channel)).toEqual(["web", "telegram", "zalo-oa", "zalo-bot"]);
    const of = (channel: string) => first?.shown.find((s) => s.channel === channel)?.bubbles.at(-1);
    expect(of("zalo-oa")?.buttons.length).toBeLessThanOrEqual(5);
    expect(of("zalo-bot")?.buttons).toEqual([]);
    expect(of("zalo-bot")?.text).toMatch(/\n\n1\. /);
    expect(of("web")?.text).not.toMatch(/\n\n1\. /);
    expect(of("web")?.buttons.map((b) => b.label)).toContain("Gọi người thật");
    const flow = await opened("flow", "menu");
    const menu = await editorial().preview(lan, "flow", "menu", flow.source, "en");
    expect(menu.ok && menu.messages.length).toBeGreaterThan(0);
    const directory = await opened("service", "services");
    const services = await editorial().preview(lan, "service", "services", directory.source, "vi");
    expect(
      services.ok && services.messages.find((m) => m.name === "child-111")?.shown[0]?.bubbles[0]?.text,
    ).toContain("111");
    expect(await editorial().preview(lan, "flow", "menu", "id: x", "vi")).toMatchObject({ code: "invalid" });
  }, 60_000);
});

describe("the lists", () => {
  it("call a directory file of one entry by what people know it by", async () => {
    await editorial().create(lan, "service", "one-room", []);
    const { source, number } = await opened("service", "one-room");
    const named = source
      .replace(/name: .*/, 'name: { vi: "Phòng nghe chuyện", en: "Listening room" }')
      .replace('"https://"', '"https://example.org/phong"');
    await editorial().save(lan, "service", "one-room", named, number);
    const list = await editorial().list(lan, "service");
    expect(list.ok && list.items.find((i) => i.key === "one-room")?.title.vi).toBe("Phòng nghe chuyện");
    expect((await opened("service", "one-room")).title.vi).toBe("Phòng nghe chuyện");
    await editorial().discard(lan, "service", "one-room", number + 1);
  });
  it("name every file in words, the directory's and the ear's too", async () => {
    for (const kind of ["flow", "article", "service", "rules", "settings"] as const) {
      const list = await editorial().list(lan, kind);
      const unnamed = list.ok ? list.items.filter((i) => i.title.vi === i.key).map((i) => i.key) : ["?"];
      expect(unnamed, kind).toEqual([]);
    }
  });
});

describe("an entry of the directory", () => {
  it("says that it waits for its review, as an article does; the numbers for an emergency do not", async () => {
    const { source } = await opened("service", "services");
    const seen = await editorial().preview(lan, "service", "services", source, "vi");
    const of = (name: string) =>
      (seen.ok &&
        seen.messages
          .find((m) => m.name === name)
          ?.shown[0]?.bubbles.map((b) => b.text)
          .join("\n")) ||
      "";
    expect(of("peace-house")).toMatch(
      /Xem lại ngày 22\/11\/2026\.\n\nNội dung này đang chờ người có chuyên môn duyệt/,
    );
    expect(of("police-113")).toContain("Xem lại ngày 22/11/2026.");
    expect(of("police-113")).not.toContain("đang chờ");
  }, 30_000);
});

describe("why a passage ranked", () => {
  it("names the words, where they stand, and the question that is most alike; counsellors may ask too", async () => {
    const answer = await editorial().ask(staff("ca", ["counsellor"]), "bị chồng đánh bầm tím", "vi");
    if (!answer.ok) throw new Error(answer.code);
    const why = answer.hits.find((h) => h.id.startsWith("act-beating"))?.why;
    expect(why?.nearest?.likeness).toBeGreaterThan(0.3);
    expect(why?.unaided?.likeness).toBeGreaterThan(0.1);
    expect(why?.unaided?.question).not.toBe(why?.nearest?.question);
    expect(why?.words.find((w) => w.word === "đánh")?.in).toContain("questions");
    // An entry of the directory stands there for whom and where it is.
    const alone = await editorial().ask(lan, "còn con thì sao", "vi");
    const after = await editorial().ask(lan, "còn con thì sao", "vi", "ly hôn ai được nuôi con dưới ba tuổi");
    const ids = (of: typeof alone) => (of.ok ? of.hits.map((h) => h.id) : []);
    expect(ids(after)[0]).toMatch(/custody/);
    expect(ids(after)).not.toEqual(ids(alone));
    expect(after.ok && after.hits[0]?.why?.words.map((w) => w.word)).toEqual(["còn", "con", "thì", "sao"]);
    const place = await editorial().ask(staff("ca", ["counsellor"]), "so dien thoai o tra vinh", "vi");
    const hits = place.ok ? place.hits : [];
    expect(hits.every((h) => (h.why === null) !== (h.entry === null))).toBe(true);
    expect(hits[0]?.entry?.provinces).toContain("Vĩnh Long");
    expect(hits.find((h) => h.id === "service:peace-house")?.entry).toEqual({
      kind: "hotline",
      provinces: null,
      until: "2027-05-22",
    });
  }, 60_000);
});

describe("files", () => {
  const folder = mkdtempSync(join(tmpdir(), "ben-an-files-"));
  const lines: string[] = [];
  const voice = { say: (l: string) => lines.push(l), complain: (l: string) => lines.push(l) };
  const settings = () => {
    const config = configFrom({ DATA_DIR: join(folder, "data") });
    if (!config.ok) throw new Error(config.faults.join());
    return config.config;
  };
  const cli = async (...args: string[]) => {
    lines.length = 0;
    return contentFiles(settings(), args, voice);
  };
  beforeAll(async () => (await assemble(settings(), { log: () => {} })).stop(), 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("come out byte for byte as they are in the build, and go in again as they came", async () => {
    const to = join(folder, "out");
    expect(await cli("export", "--to", to)).toBe(0);
    const names = readdirSync(to, { recursive: true, withFileTypes: true })
      .filter((e) => e.isFile())
      .map((e) => join(e.parentPath, e.name).slice(to.length + 1));
    expect(names.length).toBeGreaterThan(290);
    for (const name of names) {
      expect(readFileSync(join(to, name)).equals(readFileSync(join(ROOT, name))), name).toBe(true);
    }
    expect(await cli("export", "--to", to)).toBe(1);
    expect(lines.join()).toContain("not empty");
    expect(await cli("import", "--from", to)).toBe(0);
    expect(lines.at(-1)).toMatch(/^0 taken in, \d+ the same already/);

    const article = join(to, "knowledge/articles/acts/act-beating.md");
    const before = readFileSync(article, "utf8");
    const flow = join(to, "flows/menu.yaml");
    const menu = readFileSync(flow, "utf8");
    // One that is right beside one that is wrong: neither is taken in.
    writeFileSync(article, `${before}\n`);
    writeFileSync(flow, menu.replace("start: ask", "start: nowhere"));
    expect(await cli("import", "--from", to, "--lang", "vi")).toBe(1);
    expect(lines.join("\n")).toContain("không có bước “nowhere” để bắt đầu");
    writeFileSync(flow, menu);
    expect(await cli("import", "--from", to, "--publish")).toBe(0);
    expect(lines).toContain("published article:act-beating");
    expect(await cli("export", "--to", join(folder, "again"))).toBe(0);
    expect(readFileSync(join(folder, "again/knowledge/articles/acts/act-beating.md"), "utf8")).toBe(
      `${before}\n`,
    );

    writeFileSync(article, Buffer.from([0xff, 0xfe, 0x00]));
    expect(await cli("import", "--from", to)).toBe(1);
    expect(lines.join()).toContain("act-beating.md cannot be read as UTF-8");
    writeFileSync(article, "x".repeat(1_000_001));
    expect(await cli("import", "--from", to)).toBe(1);
    expect(lines.join()).toContain("1000001 bytes");
  }, 120_000);

  it("refuse names that lead elsewhere, the same thing twice, what somebody has open; nothing is half taken", async () => {
    const good = ARTICLE("cat-files", ["chó con cần tiêm gì", "dắt chó đi dạo"]).replace(
      "Bạn hỏi chủ nhà trước khi nuôi mèo. Đa số nơi cho nuôi một con.",
      "Chó con cần tiêm phòng. Mỗi ngày dắt đi dạo hai lần.",
    );
    const take = (files: { path: string; text: string }[]) =>
      editorial().importFiles(lan, files, { publish: false });
    const path = "knowledge/articles/cat-files.md";
    const none = async () => {
      expect(await editorial().open(lan, "article", "cat-files")).toMatchObject({ code: "not_found" });
    };
    expect(await take([{ path: "README.md", text: "x" }])).toMatchObject({ code: "invalid" });
    expect(
      await take([
        { path, text: good },
        { path: "knowledge/articles/../../flows/evil/..md", text: "x" },
      ]),
    ).toMatchObject({ code: "invalid" });
    await none();
    expect(
      await take([
        { path, text: good },
        { path: "knowledge/articles/other/cat-files.md", text: good },
      ]),
    ).toMatchObject({ problems: [{ code: "file.twice" }] });
    await none();
    const menu = await opened("flow", "menu");
    await editorial().save(mai, "flow", "menu", `${menu.source}# nháp\n`, menu.number);
    const busy = [
      { path, text: good },
      { path: "flows/menu.yaml", text: `${menu.source}# khác\n` },
    ];
    expect(await take(busy)).toMatchObject({
      code: "stale",
      problems: [{ vi: "mai đang có bản nháp của mục này: hãy xuất bản hoặc bỏ bản nháp ấy trước" }],
    });
    await none();
    expect((await opened("flow", "menu")).source).toContain("# nháp");
    const taken = await take([
      { path, text: good },
      { path: "knowledge/golden/people.jsonl", text: "x" },
    ]);
    expect(taken).toEqual({
      ok: true,
      taken: ["article:cat-files"],
      same: 0,
      other: ["knowledge/golden/people.jsonl"],
    });
    expect(await opened("article", "cat-files")).toMatchObject({
      state: "draft",
      draftBy: "lan",
      source: good,
    });
  }, 60_000);
});

it("plays days of somebody whom nobody answers in the simulator, and no year, which would keep everybody waiting", async () => {
  const said = [{ text: "chồng em đang cầm dao đòi giết em" }, { text: "gọi người thật" }];
  const play = (days: number) =>
    editorial().simulate(lan, {
      drafts: [],
      channel: "web",
      lang: "vi",
      said: [...said, { waitMs: days * 86_400_000 }],
    });
  const day = await play(1);
  expect(day).toMatchObject({ ok: true, level: "emergency" });
  expect(day.ok && day.talk).toContain("~ 1440m\n");
  expect(await play(366)).toMatchObject({ ok: false, code: "bad_request" });
});
