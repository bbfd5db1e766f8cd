/** A child who says so is known as one; a mother who speaks of hers is not. */

import { expect, test } from "vitest";
import { saysChild, tellsOfHers } from "../../bot/core/own-age.ts";

test.each([
  "con 13 tuổi",
  "bố đánh con, con 13 tuổi",
  "e 14t",
  "em mới 15 tuổi",
  "con mới lớp 7",
  "em đang học lớp 8",
  "i'm 11",
  "I am 12 years old",
  "cháu năm nay 10 tuổi",
  "thưa cô con 13 tuổi",
  "em tròn 14 tuổi",
  "em là học sinh lớp 8",
  "I'm a 13-year-old girl",
  "im 14",
  "dạ cô con 12 tuổi ạ",
  "chồng em đánh em, em 15 tuổi",
])('"%s" is a child\'s', (words) => expect(saysChild(words)).toBe(true));

test.each([
  "con em 9 tuổi",
  "con gái tôi 13 tuổi",
  "em 25 tuổi",
  "tôi 40t",
  "con tôi học lớp 4",
  "học sinh lớp 4 của tôi",
  "i'm 11 weeks pregnant",
  "i am 32 years old",
  "cháu tôi 12 tuổi",
  "em bé 8 tuổi nhà bên",
  "em có con 8 tuổi",
  "cháu là học sinh lớp 4 của tôi",
  "I'm a 35 year old woman",
  "toi dang nuoi con 10t",
  "em với con 7 tuổi bỏ đi",
  "hai con 8 tuổi và 10 tuổi",
  "tôi có hai con, con 9 tuổi và con 12 tuổi",
  "em có con học lớp 3",
  "đứa con 9 tuổi thấy hết",
  "chồng em đánh con 8 tuổi",
  "nhà có cháu 10 tuổi",
])('"%s" is not', (words) => expect(saysChild(words)).toBe(false));

test.each(["em có con 13 tuổi bị chú nó sờ soạng", "chồng em đánh con 8 tuổi", "em và con 9t bị chồng đánh"])(
  '"%s" tells of a child that is hurt',
  (words) => expect(tellsOfHers(words)).toBe(true),
);

test.each([
  "chồng em hay chửi em, em có con 8 tuổi",
  "con 13 tuổi bị ba đánh",
  "chồng em đánh em, con 20 tuổi",
])('"%s" does not', (words) => expect(tellsOfHers(words)).toBe(false));

test("a mother goes on about her child", () => {
  expect(saysChild("cháu 8 tuổi", ["chồng tôi đánh con tôi"])).toBe(false);
  expect(saysChild("cháu 8 tuổi", ["dượng đánh cháu"])).toBe(true);
});
test("a parent asks for papers", () => {
  expect(saysChild("con học lớp 3 chuyển trường cần giấy gì")).toBe(false);
  expect(saysChild("con học lớp 3")).toBe(true);
});
test("an age that is corrected", () => expect(saysChild("à không, em nói nhầm, 15 tuổi")).toBe(true));
