/** What the published ear must hear, must not hear, and must survive. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LEVELS, type Level, rank } from "../../../bot/core/level.ts";
import { believed, makeEar } from "../../../bot/core/triage/assess.ts";
import { ear, published } from "./published-ear.ts";

const level = (text: string, before: readonly string[] = []): Level => ear(text, before).level;

describe("one danger in every form", () => {
  it.each([
    ["marked", "nó đang cầm dao ngoài cửa"],
    ["unmarked", "no dang cam dao ngoai cua"],
    ["teencode", "nó đg cầm d.a.o ngoài cửa"],
    ["spaceless", "nodangcamdaongoaicua"],
    ["stretched", "nó đanggggg cầm daooo ngoài cửaaaa"],
    ["telex residue", "nos ddang caafm dao ngoaif cuwar"],
    ["full width", "ｎｏ ｄａｎｇ ｃａｍ ｄａｏ ｎｇｏａｉ ｃｕａ"],
    ["mathematical letters", "no dang cam 𝐝𝐚𝐨 ngoai cua"],
    ["zero-width letters", "nó đang cầm d\u200ba\u200do ngoài c\u2060ửa"],
    ["Cyrillic look-alikes", "nó đаng cầm dао ngоài cửа"],
    ["marks apart", "nó đang cầm dao ngoài cửa".normalize("NFD")],
    ["emoji", "nó đang cầm 🔪 ngoài cửa"],
    ["Southern", "ổng đang cầm dao ngoài cửa"],
    ["Central", "hấn đang cầm rựa ngoài cửa"],
    ["with English", "my husband cầm dao ngoài cửa help me"],
  ])("%s", (_form, text) => expect(level(text)).toBe("emergency"));
});

describe("laughter behind what somebody does to herself", () => {
  it.each([
    "em uống thuốc ngủ rồi =))",
    "ê tao sắp nhảy lầu đây =))",
    "em uống hết vỉ thuốc rồi haha",
    "tao cột dây rồi nè 😂",
  ])("%s: asked about, with no card over what may be a joke", (text) =>
    expect(rank(level(text))).toBeGreaterThanOrEqual(rank("medium")),
  );

  it.each([
    "cười chết mất haha",
    "deadline dí chắc tao nhảy lầu =))",
    "thi rớt chắc tự tử quá kkk",
    "trời ơi chết mất =)))",
  ])("%s: nothing", (text) => expect(rank(level(text))).toBeLessThan(rank("medium")));
});

describe("a held key or a whole message without spaces, however long", () => {
  it.each([
    ["a cry", `cứ${"u".repeat(200)} em`],
    ["a cry in English", `help${"p".repeat(150)}`],
    ["the word that tells", `chồng đang bóp c${"ổ".repeat(200)}`],
    ["no spaces", "nodangcamdaongoaicua".repeat(9)],
    ["no spaces, marked", "nóđangcầmdaongoàicửa".repeat(60)],
  ])("%s", (_form, text) => expect(level(text)).toBe("emergency"));
});

describe("a wish to die beside a question is heard", () => {
  it.each([
    "em muốn chết, cho em hỏi gọi số nào",
    "cho em hỏi em muốn chết thì gọi ai",
    "em muốn tự tử, cho em hỏi có ai nói chuyện không",
    "em muốn chết, cho em gặp tư vấn viên",
    "toi muon chet, co tu van vien khong",
  ])("%s", (text) => expect(rank(level(text))).toBeGreaterThanOrEqual(rank("medium")));
  it.each([
    // Denied, somebody else's, or only asked about.
    "em nói thật, không phải em muốn chết đâu ạ, chỉ là mệt",
    "ben minh co tu van mien phi khong",
    "dấu hiệu nhận biết người muốn tự tử là gì",
    // Who needs no counsellor is in no danger.
    "không cần tư vấn viên nữa",
    "khong can tu van vien nua",
  ])("and this is none: %s", (text) => expect(rank(level(text))).toBeLessThanOrEqual(rank("low")));
  it("and so is what was done to her beside a polite question", () => {
    expect(rank(level("chồng đánh em chảy máu, cho em hỏi thủ tục ly hôn"))).toBeGreaterThanOrEqual(
      rank("medium"),
    );
    expect(level("cho em hỏi thủ tục ly hôn")).toBe("low");
  });
});

describe("circumstances decide", () => {
  it.each<[string, Level]>([
    ["chồng em vừa bóp cổ em", "emergency"],
    ["chồng em từng bóp cổ em", "high"],
    ["nó nói sẽ giết em", "high"],
    ["Hấn bảo nếu em đi thì đừng mong thấy con", "high"],
    ["chồng em hay tát em khi say", "medium"],
    ["ck uýnh e hoài", "medium"],
    ["bạn em bị chồng đánh", "low"],
    ["ngày xưa bố hay đánh", "low"],
    ["Em không có ý định tự tử", "low"],
    ["cấm tiếp xúc là gì", "low"],
    ["em muốn tự tử", "high"],
    ["em vừa uống 20 viên thuốc ngủ", "emergency"],
    ["em không muốn sống nữa", "medium"],
    ["tôi lỡ tay đánh vợ", "medium"],
    ["phim này giết người", "none"],
    ["tu tu thoi", "none"],
    ["đi làm về rảnh quá coi phim giết thời gian", "none"],
    ["cười chết mất", "none"],
    ["cảm ơn chị nhiều", "none"],
    ["", "none"],
  ])("%s → %s", (text, expected) => expect(level(text)).toBe(expected));

  it("tells a counsellor why, in words", () => {
    const { reasons } = ear("nó đang cầm dao ngoài cửa");
    expect(reasons.map((r) => r.category)).toContain("weapon");
    expect(reasons.find((r) => r.category === "weapon")?.evidence).toMatch(/vũ khí/);
  });
});

describe("a disclosure split over several messages", () => {
  it.each<[Level, string[]]>([
    ["emergency", ["anh ấy", "cầm dao", "ngoài cửa"]],
    ["emergency", ["no", "dang cam dao", "ngoai cua phong em"]],
    ["high", ["chồng em", "bóp", "cổ em"]],
    ["high", ["em mệt lắm", "em muốn", "tự tử"]],
  ])("%s is reached by its parts %j", (expected, parts) => {
    const levels = parts.map((part, i) => level(part, parts.slice(0, i)));
    expect(Math.max(...levels.map(rank))).toBeGreaterThanOrEqual(rank(expected));
  });
  it("is not counted again by the ordinary words that follow", () => {
    for (const after of ["ok", "cảm ơn", "dạ", "chị ơi", "em hiểu rồi"]) {
      expect(level(after, ["chồng em cầm dao dọa giết em"])).toBe("none");
    }
  });
});

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 400 }),
  fc.string({ unit: "grapheme", maxLength: 400 }),
  fc
    .array(
      fc.constantFrom(
        "nó",
        "cam",
        "dao",
        "\u0301",
        "\0",
        "\u202e",
        "\ud83d",
        "giết",
        "em",
        ".",
        "?",
        "k",
        "🔪",
        "d.a.o",
        "aaaa",
        " ",
      ),
    )
    .map((a) => a.join("")),
  fc
    .array(fc.constantFrom("chồng", "đánh", "em", "không", "dọa", "giết", "đang", "và", ","))
    .map((a) => a.join(" ")),
);

describe("any input", () => {
  it("never throws, and gives reasons exactly when it gives a level", () => {
    fc.assert(
      fc.property(anyText, fc.array(anyText, { maxLength: 3 }), (text, before) => {
        const heard = ear(text, before);
        expect(heard.reasons.length > 0).toBe(rank(heard.level) > 0);
      }),
      { numRuns: 500 },
    );
  });
  it("hears the same thing twice the same way", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const first = ear(text);
        expect(ear(text)).toEqual(first);
      }),
      { numRuns: 100 },
    );
  });
  it("never hears less because a word was disguised with invisible letters", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("em muốn tự tử", "nó dọa giết em", "bị bóp cổ"),
        fc.nat(12),
        fc.constantFrom("\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad"),
        (text, at, hidden) => {
          expect(rank(level(text.slice(0, at) + hidden + text.slice(at)))).toBe(rank(level(text)));
        },
      ),
    );
  });

  it.each([
    ["one endless word", "a"],
    ["words that many rules begin with", "chồng nó sẽ "],
    ["a danger again and again", "chong danh em "],
    ["dots", "d."],
    ["null bytes", "\0"],
    ["spaceless", "danhem"],
    ["marks piled up", "e\u0301\u0323"],
    ["spelt out", "d a o "],
  ])("takes 100,000 characters of %s in a time that grows only with the length", (_name, unit) => {
    const text = unit.repeat(Math.floor(100_000 / unit.length));
    ear(text.slice(0, 10_000));
    const time = (t: string): number => {
      const from = performance.now();
      ear(t);
      return performance.now() - from;
    };
    const best = (t: string): number => Math.min(time(t), time(t), time(t));
    const quarter = best(text.slice(0, 25_000));
    const whole = best(text);
    // Four times the length: four times the time if linear, sixteen if quadratic; a busy machine gets the room between.
    expect(whole).toBeLessThan(10 * quarter + 250);
  });
});

describe("without the model", () => {
  it("still hears the plain dangers", () => {
    const bare = makeEar(published.rules);
    expect(bare("nó đang cầm dao ngoài cửa").level).toBe("emergency");
    expect(bare("em muốn tự tử").level).toBe("high");
  });
});

describe("what rules and wording say together", () => {
  const thresholds = {
    low: { alone: 0.5, beside: 0.4, heard: 0.2 },
    medium: { alone: 0.5, beside: 0.4, heard: 0.2 },
    high: { alone: 0.5, beside: 0.4, heard: 0.1 },
    emergency: { alone: 0.5, beside: 0.4, heard: 0.1 },
  };
  it.each<[string, number[], Level, Level]>([
    ["a rule is believed where the wording allows it", [0.9, 0.6, 0.3, 0.15], "emergency", "emergency"],
    ["a rule is not believed where the wording belies it", [0.3, 0.1, 0.02, 0.01], "emergency", "low"],
    ["the wording raises what no rule heard", [0.9, 0.9, 0.8, 0.2], "none", "high"],
    ["the wording raises above the rule", [0.9, 0.9, 0.8, 0.7], "medium", "emergency"],
    ["where a rule heard something, less is enough", [0.9, 0.9, 0.45, 0.1], "medium", "high"],
    ["where none did, it is not", [0.9, 0.9, 0.45, 0.1], "none", "medium"],
    ["neither", [0.1, 0.1, 0, 0], "none", "none"],
  ])("%s", (_what, chances, byRules, expected) =>
    expect(believed(thresholds, chances, byRules)).toBe(expected),
  );
  it("a higher level by rules never gives a lower one in all", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(share, share, share, share), fc.constantFrom(...LEVELS), (shares, byRules) => {
        const chances = [...shares].sort((a, b) => b - a);
        expect(rank(believed(thresholds, chances, byRules))).toBeGreaterThanOrEqual(
          rank(believed(thresholds, chances, "none")),
        );
      }),
    );
  });
});
