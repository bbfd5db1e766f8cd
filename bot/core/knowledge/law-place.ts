/** Where in a law something stands, in the reader's words. */

import type { Lang } from "../message.ts";

/** What editors write of places in laws, and how an English reader reads it; longer ones first. */
const IN_ENGLISH: readonly (readonly [RegExp, string])[] = [
  [/mục tiêu đến năm/giu, "aims up to"],
  [/thời hạn trả lời yêu cầu/giu, "time limit for answering requests"],
  [/nhóm thông tin/giu, "groups of information"],
  [/toàn văn/giu, "whole text"],
  [/trẻ em/giu, "children"],
  [/chương/giu, "Chapter"],
  [/các điều/giu, "Art."],
  [/điều/giu, "Art."],
  [/khoản/giu, "para."],
  [/điểm/giu, "point"],
  [/đến/giu, "to"],
  [/từ/giu, "from"],
  [/và/giu, "and"],
];

/**
 * "Điều 19, Điều 25" and "19, 25" → "Điều 19, 25" and "Art. 19, 25": the word is said once at the head of a list. Words
 * that are not known stay as the editor wrote them.
 */
export function lawPlace(given: string, lang: Lang): string {
  const numbered = /^\d+(?:\s*(?:[,–-]|đến)\s*\d+)*(?:$|[;,(])/u.test(given.trim())
    ? `Điều ${given.trim()}`
    : given.trim();
  const once = numbered
    .replace(/\b(?:Articles?|Art\.)\s+/giu, "Điều ")
    .replace(/(Điều \d[\d–-]*(?:(?:, | đến )(?:Điều )?\d[\d–-]*)*)/gu, (list) =>
      list.replace(/(, | đến )Điều /gu, "$1"),
    );
  if (lang === "vi") return once;
  return IN_ENGLISH.reduce((text, [words, english]) => text.replace(standsAlone(words), english), once);
}

/** A whole word: "từ" is no part of "tướng". */
function standsAlone(words: RegExp): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{M}])(?:${words.source})(?![\\p{L}\\p{M}])`, words.flags);
}
