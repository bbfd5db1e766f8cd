/** Kinds of questions, and the passages that answer them. */

import { expect, test } from "vitest";
import { kindsShared, makeKinds } from "../../../bot/core/retrieval/kinds.ts";
import { makeSearch } from "../../../bot/core/retrieval/make-search.ts";
import { syllablesOf } from "../../../bot/core/retrieval/phrases.ts";
import { ARTICLES, article, provinces, SERVICES, searchData } from "./fixtures.ts";

const kinds = makeKinds([
  { kind: "whom to call", asks: ["gọi ai", "số nào"], heading: ["gọi"], text: ["gọi 113"] },
  { kind: "what it costs", asks: ["bao nhiêu tiền"], heading: [], text: ["miễn phí"] },
  { kind: "a parent asks", role: true, asks: ["con tôi"], heading: ["bạn là cha mẹ"], text: [] },
]);
const asked = (text: string, marked: boolean) => {
  const row = syllablesOf(text).map((s) => ({
    ...s,
    folded: 1,
    marked: 1,
    sure: 1,
    weight: 1,
    parted: false,
  }));
  return kinds.askedBy({ syllables: row, marked });
};

test("a question is of every kind whose phrase stands in it, with or without marks", () => {
  expect(asked("giờ gọi ai, hết bao nhiêu tiền", true)).toBe(0b11);
  expect(asked("gio goi ai", false)).toBe(0b01);
  // "gối ái" is another word.
  expect(asked("gối ái", true)).toBe(0);
});

test("a passage answers a kind by its heading or its text", () => {
  expect(kinds.answeredBy("Gọi ở đâu", "Hỏi trạm y tế.")).toBe(0b01);
  expect(kinds.answeredBy("Khi nguy", "Gọi 113. Số này miễn phí.")).toBe(0b11);
  expect(kinds.answeredBy("Khi nguy", "Ra chỗ có người.")).toBe(0);
  expect(kindsShared(0b11, 0b01)).toBe(1);
});

const two = (asks: readonly string[]) => {
  const made = article(
    "bag",
    "Túi đồ",
    ["chuẩn bị túi đồ", "túi đồ khẩn cấp"],
    [
      ["Danh sách", "Giấy tờ, thuốc, quần áo của con."],
      ["Để nơi khác", "Nhờ người thân giữ hộ."],
    ],
  );
  const passages = made.passages.map((p, i) => (i === 1 ? { ...p, asks: { vi: asks, en: [] } } : p));
  return makeSearch([{ ...made, passages }, ...ARTICLES], SERVICES, provinces, searchData());
};

test("of an article the passage comes first that is asked for so, and no text changes by it", () => {
  const text = "túi đồ nhét hốc kẹt mô";
  expect(two([])({ text, lang: "vi" }).hits[0]?.id).toBe("bag#1");
  const hit = two(["nhét hốc kẹt mô"])({ text, lang: "vi" }).hits[0];
  expect(hit?.id).toBe("bag#2");
  expect(hit?.text).toBe("Nhờ người thân giữ hộ.");
});

test("a passage for parents stands back when no parent asks", () => {
  expect(kinds.roles).toBe(0b100);
  const text = "mấy đứa lớp trên chặn đường";
  const made = article(
    "bullied",
    "Bị bắt nạt",
    ["bị chặn đường", "bị mấy đứa lớn đánh"],
    [
      ["Việc của bạn", "Ra chỗ có người lớn."],
      ["Nếu bạn là cha mẹ", "Nghe con kể: mấy đứa lớp trên làm gì, chặn đường ở đâu."],
    ],
  );
  const find = makeSearch([made, ...ARTICLES], SERVICES, provinces, searchData());
  expect(find({ text, lang: "vi" }).hits[0]?.id).toBe("bullied#1");
  expect(find({ text: `con tôi bị ${text}`, lang: "vi" }).hits[0]?.id).toBe("bullied#2");
});
