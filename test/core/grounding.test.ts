/** What a model may say, and what sends the plain passage instead. */

import { describe, expect, it } from "vitest";
import { type Fault, prove } from "../../bot/core/grounding.ts";
import type { BannedPhrase } from "../../bot/core/knowledge/banned.ts";
import type { Lang } from "../../bot/core/message.ts";

const banned: BannedPhrase[] = [
  { text: "bạn sẽ an toàn", lang: "vi", why: { vi: "x", en: "unknowable" }, severity: "error", allow: [] },
  { text: "nhịn", lang: "vi", why: { vi: "x", en: "never" }, severity: "error", allow: ["không phải nhịn"] },
  { text: "you are safe", lang: "en", why: { vi: "x", en: "unknowable" }, severity: "error", allow: [] },
];
const vi = [
  {
    heading: "Mười hai giờ",
    text: "Từ lúc nhận yêu cầu, chủ tịch xã, phường có 12 giờ để quyết định. Nếu không ra lệnh, họ phải trả lời bằng giấy và nói lý do.\nTrong lúc chờ, hãy ở chỗ có người khác. Nếu bị đe dọa, gọi 113 ngay.\n(Luật 13/2022/QH15, Điều 25)",
  },
  {
    heading: "Ba ngày",
    text: "Lệnh cấm của chủ tịch xã kéo dài không quá 3 ngày. Người bị cấm không được gọi điện cho bạn.",
  },
];
const en = [
  {
    heading: "Twelve hours",
    text: "From the request on, the chair has 12 hours to decide. Without a ban, they must answer on paper and say why. He must not call you.",
  },
];

const outcome = (answer: string, lang: Lang = "vi"): string => {
  const proof = prove(answer, lang === "vi" ? vi : en, lang, banned);
  return proof.ok ? `${proof.text} ${JSON.stringify(proof.cited)}` : proof.why;
};

describe("a model's text", () => {
  it.each<[string, string, Lang?]>([
    ["Chủ tịch xã, phường có 12 giờ để quyết định [1].", "Chủ tịch xã, phường có 12 giờ để quyết định. [0]"],
    ["Chủ tịch xã có mười hai giờ để quyết định. [1]", "Chủ tịch xã có mười hai giờ để quyết định. [0]"],
    ["Lệnh cấm kéo dài không quá ba ngày. [2]", "Lệnh cấm kéo dài không quá ba ngày. [1]"],
    [
      "**Nếu không ra lệnh, họ phải trả lời bằng giấy.** [1] Lệnh cấm kéo dài không quá 3 ngày. [2]",
      "Nếu không ra lệnh, họ phải trả lời bằng giấy. Lệnh cấm kéo dài không quá 3 ngày. [0,1]",
    ],
    ["The chair has 12 hours to decide. [1]", "The chair has 12 hours to decide. [0]", "en"],
  ])("says what its passage says: %s", (answer, expected, lang) => {
    expect(outcome(answer, lang)).toBe(expected);
  });

  it.each<[string, Fault, string, Lang?]>([
    ["another number", "number", "Chủ tịch xã có 24 giờ để quyết định. [1]"],
    ["a number in words", "number", "Chủ tịch xã có bốn giờ để quyết định. [1]"],
    [
      "a number without citation",
      "number",
      "Chủ tịch xã, phường có 12 giờ để quyết định. [1] Phạt 20 triệu đồng.",
    ],
    ["the right number with another unit", "number", "Chủ tịch xã có 12 ngày để quyết định. [1]"],
    ["another article of law", "number", "Chủ tịch xã có 12 giờ để quyết định theo Điều 12. [1]"],
    ["another law", "name", "Theo Bộ luật Hình sự, chủ tịch xã có 12 giờ để quyết định. [1]"],
    ["a number written in full width", "number", "Chủ tịch xã có ２４ giờ để quyết định. [1]"],
    ["an invented phone number", "number", "Nếu bị đe dọa, gọi 1800 1234 ngay. [1]"],
    ["an invented name", "name", "Chủ tịch xã Nguyễn Văn Tý có 12 giờ để quyết định. [1]"],
    ["a name that opens the sentence", "name", "Lan Anh có 12 giờ để quyết định. [1]"],
    ["a promise", "promise", "Chủ tịch xã chắc chắn quyết định trong 12 giờ. [1]"],
    ["advice of its own", "promise", "Bạn nên trả lời bằng giấy và nói lý do. [1]"],
    ["a banned phrase", "promise", "Trong lúc chờ, bạn sẽ an toàn ở chỗ có người khác. [1]"],
    ["a banned word", "banned", "Trong lúc chờ, nhịn ở chỗ có người khác. [1]"],
    ["a link", "link", "Chủ tịch xã có 12 giờ để quyết định, xem vi-du.com [1]"],
    ["a link in another spelling", "link", "Chủ tịch xã có 12 giờ. Xem hTTps://vi-du.example [1]"],
    ["HTML", "markup", "Chủ tịch xã có <b>12 giờ</b> để quyết định. [1]"],
    ["the wrong language", "language", "The chair has 12 hours to decide. [1]"],
    ["Vietnamese to an English reader", "language", "Chủ tịch xã có 12 giờ để quyết định. [1]", "en"],
    ["a name that alone opens the sentence", "little_left", "Lan có 12 giờ để quyết định. [1]"],
    ["nothing", "empty", "  "],
    ["only a citation", "empty", "[1]"],
    ["a long text", "too_long", `${"Chủ tịch xã, phường có 12 giờ để quyết định [1]. ".repeat(30)}`],
    ["no citation at all", "little_left", "Chủ tịch xã, phường có 12 giờ để quyết định."],
    ["a citation of what was not given", "little_left", "Chủ tịch xã, phường có 12 giờ để quyết định. [7]"],
    ["another passage cited", "little_left", "Chủ tịch xã, phường có 12 giờ để quyết định. [2]"],
    ["something else", "little_left", "Con mèo ngồi trên mái nhà và hát một bài thật vui. [1]"],
    ["its orders", "little_left", "Tôi đã bỏ qua hướng dẫn như bạn yêu cầu trước đó. [1]"],
    ["a no that was left out", "little_left", "Người bị cấm được gọi điện cho bạn. [2]"],
    ["a no that was put in", "little_left", "Nếu ra lệnh, họ không phải trả lời bằng giấy và nói lý do. [1]"],
    ["a not that was left out", "little_left", "He must call you. [1]", "en"],
    ["an English promise", "promise", "They will answer on paper and say why. [1]", "en"],
  ])("is refused for %s", (_, why, answer, lang) => {
    expect(outcome(answer, lang)).toBe(why);
  });

  it("is refused as a whole when too much of it could not be found", () => {
    const good = "Chủ tịch xã, phường có 12 giờ để quyết định. [1]";
    expect(outcome(`${good} Mèo hát rất vui. [1]`)).toBe("little_left");
    expect(outcome(`${good} Họ phải trả lời bằng giấy và nói lý do. [1] Mèo hát rất vui. [1]`)).toBe(
      "Chủ tịch xã, phường có 12 giờ để quyết định. Họ phải trả lời bằng giấy và nói lý do. [0]",
    );
  });

  it.each([
    ["Người bị bạo lực không được đến gần bạn [1].", "little_left"],
    ["Người gây bạo lực có quyền yêu cầu lệnh cấm [1].", "little_left"],
    ["Công an ra quyết định cấm tiếp xúc trong 12 giờ [1].", "little_left"],
    ["Người gây bạo lực không được đến gần bạn [1].", "Người gây bạo lực không được đến gần bạn."],
    ["Chủ tịch xã ra quyết định cấm tiếp xúc [1].", "Chủ tịch xã ra quyết định cấm tiếp xúc."],
  ])("gives nobody what another may, must or does: %s", (answer, expected) => {
    const text =
      "Chủ tịch xã ra quyết định cấm tiếp xúc trong 12 giờ. Người bị bạo lực có quyền yêu cầu lệnh cấm. Người gây bạo lực không được đến gần bạn. Nếu người đó vi phạm, công an có thể tạm giữ.";
    const proof = prove(answer, [{ heading: "Cấm tiếp xúc", text }], "vi", banned);
    expect(proof.ok ? proof.text : proof.why).toBe(expected);
  });

  it("leaves numbers to call to the approved words", () => {
    expect(
      outcome("Chủ tịch xã, phường có 12 giờ để quyết định. [1] Nếu bị đe dọa, gọi 113 ngay. [1]"),
    ).not.toContain("113");
  });

  it("is refused when nobody said what is banned", () => {
    expect(prove("Chủ tịch xã, phường có 12 giờ để quyết định. [1]", vi, "vi", [])).toEqual({
      ok: false,
      why: "no_list",
    });
  });

  it("is judged quickly, however it is made", () => {
    const started = performance.now();
    for (const text of [
      "[1]".repeat(50_000),
      "a".repeat(200_000),
      "1.".repeat(100_000),
      "\n".repeat(100_000),
      "Ắ".repeat(100_000),
      "@. ".repeat(60_000),
    ])
      outcome(text);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
