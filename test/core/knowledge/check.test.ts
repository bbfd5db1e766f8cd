/** The judge of the knowledge base: each rule once where it must speak and once where it must keep silent. */

import { describe, expect, test } from "vitest";
import { type Article, readBody } from "../../../bot/core/knowledge/article.ts";
import { type BannedPhrase, bannedFaults } from "../../../bot/core/knowledge/banned.ts";
import { checkKnowledge, type KnowledgeInput } from "../../../bot/core/knowledge/check.ts";
import { compareGolden, goldenProblems } from "../../../bot/core/knowledge/golden.ts";
import { likePairs } from "../../../bot/core/knowledge/likeness.ts";
import { phonesIn, sameDigits } from "../../../bot/core/knowledge/phones.ts";
import { longestSentence } from "../../../bot/core/knowledge/reading-ease.ts";
import type { Province, Service } from "../../../bot/core/knowledge/service.ts";
import { sayProblem } from "../../../bot/core/problem-words.ts";

const TODAY = "2026-11-22";

function article(
  change: Partial<Article> = {},
  vi = "Nước sôi rồi thì pha.",
  en = "Pour when it boils.",
): Article {
  const id = change.id ?? "tea";
  return {
    id,
    title: { vi: "Pha trà", en: "Tea" },
    questions: { vi: [`pha ${id} sao`, `${id} mấy phút`], en: [`how to make ${id}`] },
    audience: ["survivor"],
    topics: ["kitchen"],
    max_level: "high",
    sources: [{ title: "Sách", url: "https://example.org", confidence: "H" }],
    law: [],
    checked_on: "2026-11-01",
    review_by: "2027-05-01",
    owner: "Nhóm thử",
    review: { state: "pending" },
    related: [],
    passages: [
      {
        id: `${id}#1`,
        articleId: id,
        heading: { vi: "Cách", en: "How" },
        text: { vi, en },
        asks: { vi: [], en: [] },
      },
    ],
    ...change,
  };
}

function service(change: Partial<Service> = {}): Service {
  return {
    id: "line",
    name: { vi: "Đường dây", en: "Line" },
    kind: "hotline",
    phones: [{ number: "1900 111 222" }],
    area: { scope: "national", provinces: [] },
    hours: { vi: "mọi lúc", en: "always" },
    cost: { vi: "miễn phí", en: "free" },
    languages: ["vi"],
    what_happens: { vi: "có người nghe", en: "somebody listens" },
    who_is_told: { vi: "không ai", en: "nobody" },
    is_report: false,
    sources: [{ title: "Nguồn", confidence: "H" }],
    checked_on: "2026-11-01",
    expires_on: "2027-05-01",
    confidence: "H",
    status: "use",
    review: { state: "approved" },
    ...change,
  };
}

function judge(change: Partial<KnowledgeInput>) {
  return checkKnowledge({ articles: [], services: [], provinces: [], banned: [], today: TODAY, ...change });
}

function codes(change: Partial<KnowledgeInput>): string[] {
  return judge(change).problems.map((p) => p.code.replace("knowledge.", ""));
}

describe("dates", () => {
  test("the day of review is still good, the day after withdraws", () => {
    expect(judge({ articles: [article({ review_by: TODAY })] }).withdrawn).toEqual([]);
    const late = judge({ articles: [article({ review_by: "2026-11-21" })] });
    expect(late.withdrawn).toEqual([{ key: "article:tea", since: "2026-11-21" }]);
    expect(late.problems).toMatchObject([{ code: "knowledge.overdue", severity: "warning" }]);
  });

  test("an expired service is withdrawn", () => {
    expect(judge({ services: [service({ expires_on: "2026-11-20" })] }).withdrawn).toEqual([
      { key: "service:line", since: "2026-11-20" },
    ]);
  });

  test.each([
    ["date_wrong", { review_by: "2027-02-30" }],
    ["date_future", { checked_on: "2026-12-01" }],
    ["date_order", { checked_on: "2026-11-01", review_by: "2026-11-01" }],
  ])("%s", (code, change) => {
    expect(codes({ articles: [article(change)] })).toContain(code);
  });
});

describe("taking an article away", () => {
  test("who sets a day that is over is told how it goes, and it goes so", () => {
    const [fault] = judge({
      articles: [article({ checked_on: "2026-11-20", review_by: "2026-11-01" })],
    }).problems;
    expect(fault && sayProblem(fault, "vi")).toContain("muốn rút ngay thì đặt cả hai về những ngày đã qua");
    const both = judge({ articles: [article({ checked_on: "2026-10-01", review_by: "2026-11-01" })] });
    expect(both.problems.filter((p) => p.severity === "error")).toEqual([]);
    expect(both.withdrawn).toHaveLength(1);
  });
});

describe("sources and law", () => {
  test("a weak source is refused, a missing address is shown", () => {
    const weak = article({ sources: [{ title: "Mạng", confidence: "L" }] });
    expect(codes({ articles: [weak] })).toEqual(["source_weak", "source_no_address"]);
  });

  test("law needs a number", () => {
    expect(codes({ articles: [article({ law: [{ document: "Luật trà", articles: "tất cả" }] })] })).toEqual([
      "law_no_number",
    ]);
    expect(
      codes({ articles: [article({ law: [{ document: "Luật 13/2022/QH15", articles: "Điều 3" }] })] }),
    ).toEqual([]);
  });

  test("a passage that speaks of law needs a law in the head", () => {
    const text = "Luật nói không ai được đánh bạn.";
    expect(codes({ articles: [article({}, text)] })).toEqual(["law_unnamed"]);
    const named = article({ law: [{ document: "Luật 13/2022/QH15", articles: "Điều 3" }] }, text);
    expect(codes({ articles: [named] })).toEqual([]);
    expect(codes({ articles: [article({}, "Họ giúp bạn về luật sư.")] })).toEqual([]);
  });
});

describe("links and likeness", () => {
  test("dead and own links", () => {
    expect(codes({ articles: [article({ related: ["gone", "tea"] })] })).toEqual([
      "related_dead",
      "related_self",
    ]);
    const other = article({ id: "coffee" }, "Xay hạt trước đã.");
    expect(codes({ articles: [article({ related: ["coffee"] }), other] })).toEqual([]);
  });

  test("two passages that say the same, with or without marks", () => {
    const words = "Gọi cho người bạn tin và nói địa chỉ trước tiên rồi mới nói chuyện gì xảy ra";
    const bare = "Goi cho nguoi ban tin va noi dia chi truoc tien roi moi noi chuyen gi xay ra";
    expect(
      likePairs([
        { id: "a", text: words },
        { id: "b", text: bare },
      ]),
    ).toEqual([{ a: "a", b: "b", likeness: 1 }]);
    expect(codes({ articles: [article({}, words), article({ id: "coffee" }, bare)] })).toEqual([
      "near_duplicate",
    ]);
    expect(
      likePairs([
        { id: "a", text: words },
        { id: "b", text: "Trời hôm nay nắng đẹp quá đi thôi" },
      ]),
    ).toEqual([]);
  });

  test("one question under two articles", () => {
    const questions = { vi: ["Pha sao", "mấy phút"], en: ["how"] };
    const same = [
      article({ questions }),
      article({ id: "b", questions: { ...questions, vi: ["pha sao", "xay sao"], en: ["what"] } }, "Xay."),
    ];
    expect(codes({ articles: same })).toEqual(["question_twice"]);
  });
});

describe("words", () => {
  const nhin: BannedPhrase = {
    text: "nhịn",
    lang: "vi",
    why: { vi: "x", en: "x" },
    severity: "error",
    allow: ["không phải nhịn"],
  };

  test("marks count, capitals and composition do not", () => {
    expect(bannedFaults("Hãy NHỊN một chút", "vi", [nhin])).toHaveLength(1);
    expect(bannedFaults("Hãy nhịn một chút".normalize("NFD"), "vi", [nhin])).toHaveLength(1);
    expect(bannedFaults("Hãy nhìn một chút", "vi", [nhin])).toEqual([]);
    expect(bannedFaults("nhịnh", "vi", [nhin])).toEqual([]);
  });

  test("an exception clears only itself", () => {
    expect(bannedFaults("Bạn không phải nhịn ai.", "vi", [nhin])).toEqual([]);
    expect(bannedFaults("Bạn không phải nhịn ai, nhưng hãy nhịn.", "vi", [nhin])).toHaveLength(1);
  });

  test("in quotation marks it is a warning", () => {
    expect(bannedFaults('Đừng nói: "nhịn đi".', "vi", [nhin])[0]?.severity).toBe("warning");
    expect(bannedFaults('Nhịn đi, họ nói "được".', "vi", [nhin])[0]?.severity).toBe("error");
  });

  test("another language is left alone; marks of punctuation are found anywhere", () => {
    expect(bannedFaults("nhịn", "en", [nhin])).toEqual([]);
    const bang: BannedPhrase = {
      text: "!",
      lang: "any",
      why: { vi: "x", en: "x" },
      severity: "error",
      allow: [],
    };
    expect(bannedFaults("Chạy!", "vi", [bang])).toHaveLength(1);
  });

  test("found in titles, headings, texts and the directory", () => {
    const dirty = { vi: "nhịn", en: "ok" };
    const bad = article({ title: dirty }, "nhịn");
    const fields = judge({
      articles: [bad],
      services: [service({ cost: dirty })],
      banned: [nhin],
    }).problems.map((p) => p.field);
    expect(fields).toEqual(["article:tea.title.vi", "tea#1.text.vi", "service:line.cost.vi"]);
  });

  test("HTML and links are refused", () => {
    for (const text of [
      "<b>nước</b>",
      "[bấm](https://example.org)",
      "**nước**",
      "<script>alert(1)</script>",
      "nước &nbsp; sôi",
    ]) {
      expect(codes({ articles: [article({}, text)] })).toContain("markup");
    }
    expect(codes({ articles: [article({}, "3 < 5, nước & trà")] })).toEqual([]);
  });
});

describe("reading ease", () => {
  test("counts syllables of the longest sentence; a colon, a quote and a line end it", () => {
    expect(longestSentence("Một hai ba. Bốn năm:\nsáu").count).toBe(3);
    expect(longestSentence('"Một hai." "Ba bốn năm."').count).toBe(3);
    expect(longestSentence("Phạt 30.000.000 đồng theo 13/2022 hôm nay.").count).toBe(7);
    expect(longestSentence("").count).toBe(0);
  });

  test("32 pass, 33 are reported", () => {
    const words = (n: number) => `${Array(n).fill("từ").join(" ")}.`;
    expect(codes({ articles: [article({}, words(32))] })).toEqual([]);
    expect(codes({ articles: [article({}, words(33))] })).toEqual(["hard_to_read"]);
  });
});

describe("numbers", () => {
  test.each([
    ["Gọi 113 ngay.", ["113"]],
    ["113, 114 hoặc 115", ["113", "114", "115"]],
    ["Số 1900 969 680 và 18001769.", ["1900 969 680", "18001769"]],
    ["024 3333 5599 hay 0912345678 hay +84 912 345 678", ["024 3333 5599", "0912345678", "+84 912 345 678"]],
    ["gọi số 1022 để hỏi", ["1022"]],
    ["call 911 now", ["911"]],
    ["Gọi 113. 115 khi bị thương", ["113", "115"]],
    ["gọi 111 24 giờ", ["111"]],
    ["Gọi 1900 111 222.", ["1900 111 222"]],
  ])("%s", (text, numbers) => {
    expect(phonesIn(text).sort()).toEqual([...numbers].sort());
  });

  test.each([
    "Luật 13/2022/QH15, Điều 25",
    "Bộ luật Hình sự, Điều 111, 113 và 115",
    "Article 113 of the Code",
    "ngày 15 tháng 12 năm 2025",
    "từ ngày 1/7/2025",
    "30.000.000 đồng",
    "phạt 5–10 triệu đồng, 20–30 triệu",
    "115 ngày",
    "khoảng 6.000 phụ nữ",
    "13/2022",
    "Nghị định 282/2025/NĐ-CP",
    "trong 72 giờ",
    "112 triệu",
  ])("not a phone: %s", (text) => {
    expect(phonesIn(text)).toEqual([]);
  });

  test("only numbers of the directory that may be shown", () => {
    const text = "Gọi 1900 111 222.";
    expect(codes({ articles: [article({}, text)], services: [service()] })).toEqual([]);
    expect(codes({ articles: [article({}, text)], services: [service({ status: "verify" })] })).toEqual([
      "phone_unknown",
    ]);
    expect(codes({ articles: [article({}, text)] })).toEqual(["phone_unknown"]);
    expect(sameDigits("+84 24 3333 5599", "024.3333.5599")).toBe(true);
  });
});

describe("directory", () => {
  const hue: Province = { id: "hue", name: "Huế", aliases: ["TT Huế"], near: [] };

  test("areas and neighbours exist", () => {
    const lost = service({ area: { scope: "provinces", provinces: ["atlantis"] } });
    expect(codes({ services: [lost], provinces: [hue] })).toEqual(["province_unknown"]);
    expect(codes({ services: [service({ area: { scope: "provinces", provinces: [] } })] })).toEqual([
      "area_empty",
    ]);
    expect(codes({ provinces: [{ ...hue, near: ["atlantis"] }] })).toEqual(["province_unknown"]);
  });

  test("an alias means one province", () => {
    const twin: Province = { id: "da-nang", name: "Đà Nẵng", aliases: ["tt huế"], near: [] };
    expect(codes({ provinces: [hue, twin] })).toEqual(["alias_twice"]);
  });

  test("a weak source is never shown to a person", () => {
    expect(codes({ services: [service({ confidence: "L" })] })).toEqual(["service_weak"]);
    expect(codes({ services: [service({ confidence: "L", status: "verify" })] })).toEqual([]);
  });
});

describe("an entry of the directory", () => {
  const says = (vi: string) => service({ what_happens: { vi, en: "ok" } });

  test("is judged like an article: markup, numbers that nobody checked, barred numbers however spaced", () => {
    expect(codes({ services: [says("<b>Gọi</b> đi")] })).toEqual(["markup"]);
    expect(codes({ services: [says("Gọi 1900 111 222, hoặc 0912 345 678")] })).toEqual(["phone_unknown"]);
    const barred: BannedPhrase = {
      text: "1800 1768",
      lang: "any",
      why: { vi: "không có nguồn", en: "no source" },
      severity: "error",
      allow: [],
    };
    const { problems } = judge({
      services: [service({ phones: [{ number: "18 001 768" }] })],
      banned: [barred],
    });
    expect(problems).toMatchObject([
      { field: "service:line.phones.0.number", vi: "không dùng “1800 1768”: không có nguồn" },
    ]);
  });

  test.each([
    "Nhà ở số nhà 12, hỏi chị Hoa.",
    "Đến ngõ 5 rồi rẽ trái.",
    "Ở phố Hàng Bài, gần chợ.",
    "12/4 đường Lê Lợi",
    "It is at 20 Thuy Khue Street.",
  ])("tells no street of a house where people are kept safe: %s", (text) => {
    for (const kind of ["shelter", "one-stop"] as const)
      expect(codes({ services: [{ ...says(text), kind }] })).toEqual(["shelter_address"]);
    expect(codes({ services: [{ ...says(text), kind: "hospital" }] })).toEqual([]);
  });

  test("may name the city, the ways in and the number of houses", () => {
    const text = "Có 2 nhà ở Thành phố Hồ Chí Minh. Hỏi đường khi gọi. Qua đường dây này.";
    expect(codes({ services: [{ ...says(text), kind: "shelter" }] })).toEqual([]);
  });
});

describe("the body", () => {
  const messages = (body: string) => readBody("a", body).faults.map((f) => [f.line, f.message]);
  const vi = "# vi\n\n## Một\n\nChữ.\n";

  test("a language that is neither is told once, where it stands", () => {
    expect(messages(`${vi}\n# EN\n\n## One\n\nText.\n\n## Two\n`)).toEqual([
      [7, "`# EN` is neither `# vi` nor `# en`: what stands below it belongs to no language"],
    ]);
  });

  test("smaller headings would be shown as they are written", () => {
    expect(messages(`${vi}\n# en\n\n## One\n\n### More\n\nText.\n`)).toEqual([
      [11, "`### More`: a passage has one heading, with `##`, and no smaller ones"],
    ]);
    expect(messages(`${vi}\n# en\n\n## One\n\nText #1.\n`)).toEqual([]);
  });
});

describe("report", () => {
  test("counts what waits for review, and says where", () => {
    const report = judge({
      articles: [
        article({ related: ["gone"] }),
        article({ id: "b", review: { state: "approved" } }, "Xay hạt."),
      ],
      services: [service()],
      placeOf: (key) => (key === "article:tea" ? { file: "articles/tea.md", line: 1 } : {}),
    });
    expect(report.pending).toEqual({ articles: 1, services: 0 });
    expect(report.problems).toMatchObject([
      { file: "articles/tea.md", line: 1, field: "article:tea.related" },
    ]);
  });
});

describe("what a draft would change", () => {
  const asked = [{ question: "xổ số", ids: [] }];
  const verdict = (first: string | null, answered: boolean) => [{ first, answered, right: !answered }];

  test("is what people are told, not which topics stand beside a silence", () => {
    expect(compareGolden(asked, verdict("tea", false), verdict("b", false))).toEqual([]);
    expect(compareGolden(asked, verdict("tea", false), verdict("b", true))).toMatchObject([{ kind: "fell" }]);
    expect(compareGolden(asked, verdict("tea", true), verdict("b", true))).toMatchObject([{ kind: "other" }]);
  });
});

describe("golden questions", () => {
  const run = (text: string) =>
    goldenProblems("golden/a.jsonl", text, [article()], [service()]).map((p) => [p.code, p.line]);

  test("known ids and an empty list pass", () => {
    expect(
      run('{"question":"uống gì","ids":["tea","service:line"]}\n\n{"question":"xổ số","ids":[]}\n'),
    ).toEqual([]);
  });

  test("a dead id beside a living one only warns", () => {
    const severity = (ids: string) =>
      goldenProblems("a", `{"question":"uống gì","ids":${ids}}`, [article()], []).map((p) => p.severity);
    expect(severity('["tea","gone"]')).toEqual(["warning"]);
    expect(severity('["gone"]')).toEqual(["error"]);
  });

  test("dead ids, broken lines and copies of an alias are named by line", () => {
    expect(
      run('{"question":"uống gì","ids":["gone"]}\n{"question":\n{"question":"Pha tea sao?","ids":["tea"]}'),
    ).toEqual([
      ["knowledge.golden_dead", 1],
      ["knowledge.golden_form", 2],
      ["knowledge.golden_copied", 3],
    ]);
  });
});
