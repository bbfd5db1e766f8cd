/** A number of a list, as people write it: on Zalo Bot it is the only button. */

import { expect, it } from "vitest";
import { type Option, pick } from "../../bot/core/understand.ts";

const OPTIONS: Option[] = ["Có, ngay lúc này", "Không phải lúc này", "Bỏ qua câu này"].map((label, n) => ({
  value: String(n + 1),
  label,
  words: [],
}));

it.each([
  ["1", "1"],
  ["1.", "1"],
  ["(1)", "1"],
  ["1️⃣", "1"],
  ["１", "1"],
  ["dạ 1", "1"],
  ["1 ạ", "1"],
  ["1 nhé", "1"],
  ["1 bạn ơi", "1"],
  ["dạ số 2 ạ", "2"],
  ["em chọn 2", "2"],
  ["câu 2 ạ", "2"],
  ["cái thứ 2", "2"],
  ["một", "1"],
  ["mot a", "1"],
  ["dạ hai", "2"],
  ["số ba", "3"],
  ["câu ba ạ", "3"],
  ["option two please", "2"],
])("hears %j as a number", (said, meant) => {
  expect(pick(OPTIONS, said)).toBe(meant);
});

it.each([
  "1 mình",
  "1 con",
  "2 con",
  "thứ 2",
  "1 2",
  "1,2",
  "Hải",
  "hai ơi",
  "ba",
  "ba ạ",
  "năm",
  "sau ạ",
  "một mình",
  "hai đứa",
  "4",
  "0",
])("takes no number from %j", (said) => {
  expect(pick(OPTIONS, said)).toBeNull();
});
