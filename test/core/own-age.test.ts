/** A child who says so is known as one; a mother who speaks of hers is not. */

import { expect, test } from "vitest";
import { saysChild } from "../../bot/core/own-age.ts";

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
])('"%s" is not', (words) => expect(saysChild(words)).toBe(false));
