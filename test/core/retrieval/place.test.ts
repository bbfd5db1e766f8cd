/** Every province of today and of before, with and without marks, alone and in a sentence. */

import { describe, expect, test } from "vitest";
import { makePlaceFinder, readRow } from "../../../bot/core/retrieval/place.ts";
import { fold } from "../../../bot/core/text.ts";
import { provinceId, provinces, searchData } from "./fixtures.ts";
import { PROVINCES } from "./names-of-provinces.ts";

const find = makePlaceFinder(provinces, searchData().places);
const found = (text: string) => find(readRow(text)).map(({ value }) => value.id);
const names = Object.entries(PROVINCES).flatMap(([today, old]) =>
  [today, ...old].map((name) => ({ name, today })),
);

test("there are 34 provinces today, and 63 were there before", () => {
  expect(Object.keys(PROVINCES)).toHaveLength(34);
  expect(new Set(names.map(({ name }) => (name === "Thừa Thiên Huế" ? "Huế" : name))).size).toBe(63);
});

describe.each(names)("$name", ({ name, today }) => {
  const id = provinceId(today);
  test.each([
    ["alone", name],
    ["alone, no marks", fold(name)],
    ["in a question", `số nào gọi được ở ${name} vậy ạ`],
    ["in a question, no marks", fold(`so nao goi duoc o ${name} vay a`)],
    ["in a marked question, the name without marks", `em ở ${fold(name)}, có ai giúp không`],
    ["in capitals", name.toUpperCase()],
  ])("%s", (_, text) => expect(found(text)).toEqual([id]));
});

test.each([
  ["Thừa Thiên - Huế", ["hue"]],
  ["em ở Bà Rịa Vũng Tàu", ["ho-chi-minh"]],
  ["từ Trà Vinh lên Sài Gòn", ["vinh-long"]],
  ["Cao Bằng hay Lạng Sơn đều được", ["cao-bang", "lang-son"]],
])("%s", (text, ids) => expect(found(text)).toEqual(ids));

test.each([
  ["e o gialai bi ck danh", ["gia-lai"]],
  ["camau co ai giup k", ["ca-mau"]],
  ["em o kien jang", ["an-giang"]],
  ["mình ở hai fong", ["hai-phong"]],
  ["e o ha noj", ["ha-noi"]],
])("without spaces, or with letters that play: %s", (text, ids) => expect(found(text)).toEqual(ids));

test.each([
  "la gi",
  "lagi",
  "tôi chỉ mong hòa bình trong nhà",
  "toi chi mong hoa binh trong nha",
  "em nghe an ủi mãi cũng chán",
  "bông huệ trắng",
  "",
])("no place: %s", (text) => expect(found(text)).toEqual([]));

test("marks that were typed must be the right ones", () => {
  expect(found("em ở lang sơn")).toEqual(["lang-son"]);
  expect(found("em ở làng sơn")).toEqual([]);
});
