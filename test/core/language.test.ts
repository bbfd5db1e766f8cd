/** In which language a question is: unmarked Vietnamese has many syllables that look like English words. */

import { expect, test } from "vitest";
import { langOf, likelyLangOf, plainLangOf } from "../../bot/core/language.ts";

test.each([
  "em ke me ma me khong tin em",
  "hai me con can noi o tam",
  "the co that khong, me hit tho sau",
  "do an no to the ma he hit het",
  "can can cuoc khong",
  "lam don ly hon don phuong can nhung giay to gi",
  "him mat im lang then qua, cai but do",
  "chồng em help em với my husband",
  "boof doaj tung clip",
  "lamf seo go cliptren telegram",
  "chongdanh em hoai",
  "an them",
  "can them do an",
  "Мой муж бьет меня",
  "남편이 때려요",
  "I am đang bị nhốt, giúp em",
  "",
])("%s is Vietnamese", (text) => expect(langOf(text)).toBe("vi"));

test.each([
  "my husband hits me",
  "can he do that to me, is it legal",
  "is it free",
  "sexual harassment at work",
  "boss keep touching factory girls, who to call",
  "shelter near me please",
  "he's outside the door now",
  "hidden camera in the bathroom",
  "my fiancé's mother took my passport in Đà Nẵng",
  "he poisoned my dog",
  "help",
  "'help me please'",
])("%s is English", (text) => expect(langOf(text)).toBe("en"));

test.each([
  ["my husband hits me", "en"],
  ["he's outside the door now", "en"],
  ["My boss in Đà Nẵng keeps touching me", "en"],
  ["chồng đánh em", "vi"],
  ["chong em danh em", "vi"],
  ["dạ được chị", "vi"],
  ["ck e danh e hoai", "vi"],
  ["em bị bạn trai stalking, block rồi vẫn tạo acc mới", "vi"],
  ["bi doa tung clip sex thi bao ai", "vi"],
  ["lm sao de nghi viec ma van dc luong", "vi"],
  ["'my husband hits me'", "en"],
  ["Мой муж бьет меня", null],
  ["남편이 저를 때려요 도와주세요", null],
  ["ប្តីខ្ញុំវាយខ្ញុំ", null],
  ["Mein Mann schlägt mich", null],
  ["hello", null],
  ["ok thanks", null],
  ["help me", null],
  ["em ơi", null],
  ["👍👍👍", null],
  ["", null],
])("%s shows %s", (text, lang) => expect(plainLangOf(text)).toBe(lang));

test.each([
  ["he raped me", "en"],
  ["he strangled me", "en"],
  ["he has a gun", "en"],
  ["dad hit mom again im hiding in bathroom", "en"],
  ["I'm bleeding", "en"],
  ["he's outside", "en"],
  ["cứu", "vi"],
  ["ck đánh", "vi"],
  ["help me", null],
  ["ok", null],
  ["Мой муж бьет меня", null],
  ["im scared of Hùng", "en"],
])("%s is likely %s", (text, lang) => expect(likelyLangOf(text)).toBe(lang));
