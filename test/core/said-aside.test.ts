/** Whole messages that ask for nothing: she goes, puts it on herself, says that more comes, or that nothing was. */

import { describe, expect, test } from "vitest";
import { announces, deniesAll } from "../../bot/core/asked-or-told.ts";
import { blamesHerself } from "../../bot/core/self-blame.ts";
import { takesLeave } from "../../bot/core/taking-leave.ts";

describe("she takes her leave", () => {
  test.each([
    "thôi bye",
    "Ok bye bạn",
    "thôi cảm ơn, chào nhé",
    "thôi bà đi đón cháu",
    "thôi em đi học bài",
    "thôi con vô ngủ đây, mai học",
    "vậy thôi em đi làm đây",
    "ok thanks bye",
    "ok gotta go",
  ])('"%s"', (words) => expect(takesLeave(words)).toBe(true));
  test.each([
    "chào bạn",
    "xin chào",
    "em đi học",
    "thôi em đi chết đây",
    "em phải đi khám",
    "nó đi làm rồi",
    "thôi không cần",
    "i have to leave him",
  ])('not "%s"', (words) => expect(takesLeave(words)).toBe(false));
});

describe("she puts it on herself", () => {
  test.each([
    "chắc tại em hư",
    "tại em nói nhiều quá nên ảnh mới vậy",
    "lỗi tại em",
    "em cũng có lỗi",
    "em đáng bị vậy",
    "chắc tại mình lì",
    "it's my fault",
    "i deserved it",
  ])('"%s"', (words) => expect(blamesHerself(words)).toBe(true));
  test.each([
    "không phải lỗi tại em",
    "tại em gái em hư",
    "có phải lỗi của em không?",
    "nó đánh em tại nhà",
    "it's not my fault",
    "em đáng được sống yên",
  ])('not "%s"', (words) => expect(blamesHerself(words)).toBe(false));
});

test.each([
  "à quên",
  "còn một chuyện nữa",
  "khoan đã",
  "đợi em chút",
  "oh one more thing",
  "wait a minute",
  "em hỏi cho bạn em",
])('"%s": more comes', (words) => expect(announces(words)).toBe(true));

describe("she says that nothing was", () => {
  test.each([
    "không có đòi mật khẩu gì đâu ạ",
    "chồng em không có đánh em đâu nha",
    "vợ chồng tôi không có đánh nhau gì đâu",
    "không có chuyện gì đâu",
    "bạn ấy không có ghen gì đâu",
    "vợ tôi không bị ai đánh cả",
    "không có gì nghiêm trọng đâu",
  ])('"%s"', (words) => expect(deniesAll(words)).toBe(true));
  test.each([
    "không có ai giúp em đâu",
    "em không làm gì được hết",
    "nó không cho em đi đâu hết",
    "nó không làm gì em đâu, chỉ bóp cổ cho vui",
    "em không có tiền gì hết",
    "không đánh thì nó dọa",
    "em không nói gì được",
    "em không có gì hết",
  ])('not "%s"', (words) => expect(deniesAll(words)).toBe(false));
});
