/** How a new article or directory entry begins: complete in form, with words that ask for their replacement. */

/** Dates as days ("2026-11-22"). */
export interface Beginning {
  readonly key: string;
  readonly today: string;
  /** The last day before it must be checked again. */
  readonly until: string;
  readonly owner: string;
  /** What people asked; they become the questions that the article answers. */
  readonly questions: readonly string[];
}

/** Stands wherever the editor has to write; the check refuses to publish it. */
export const TO_WRITE = "VIẾT VÀO ĐÂY";

/** A new article in Markdown. */
export function newArticle({ key, today, until, owner, questions }: Beginning): string {
  const asked =
    questions.length > 0 ? questions : [`${TO_WRITE}: câu người ta hay hỏi`, `${TO_WRITE}: cách hỏi khác`];
  return `---
id: ${key}
title:
  vi: ${quoted(`${TO_WRITE}: tên bài`)}
  en: ${quoted(`${TO_WRITE}: title in English`)}
questions:
  vi:
${asked.map((question) => `    - ${quoted(question)}`).join("\n")}
  en:
    - ${quoted(`${TO_WRITE}: the question in English`)}
audience: [survivor]
topics: [support]
max_level: high
sources:
  - title: ${quoted(`${TO_WRITE}: nguồn`)}
    url: "https://"
    published: "${today}"
    confidence: M
law: []
checked_on: ${today}
review_by: ${until}
owner: ${quoted(owner)}
review: { state: pending }
related: []
---

# vi

## ${TO_WRITE}: ý chính

${TO_WRITE}: hai đến năm câu ngắn, trả lời ngay điều người ta hỏi.

# en

## ${TO_WRITE}: main point

${TO_WRITE}: two to five short sentences that answer at once.
`;
}

/** A new directory file with one entry, kept for staff until somebody sets its status to `use`. */
export function newService({ key, today, until }: Beginning): string {
  const both = (vi: string, en: string) =>
    `{ vi: ${quoted(`${TO_WRITE}: ${vi}`)}, en: ${quoted(`${TO_WRITE}: ${en}`)} }`;
  return `services:
  - id: ${key}
    name: ${both("tên nơi giúp", "name")}
    # emergency, hotline, shelter, one-stop, hospital, legal-aid, counselling, police, commune, other
    kind: hotline
    phones:
      - number: "000"
    # national, hoặc provinces với danh sách mã tỉnh
    area: { scope: national, provinces: [] }
    hours: ${both("giờ làm việc", "hours")}
    cost: ${both("chi phí", "cost")}
    languages: [vi]
    what_happens: ${both("gọi đến thì chuyện gì xảy ra", "what happens when you call")}
    who_is_told: ${both("ai sẽ được báo", "who is told")}
    is_report: false
    sources:
      - title: ${quoted(`${TO_WRITE}: nguồn`)}
        url: "https://"
        published: "${today}"
        confidence: M
    checked_on: ${today}
    expires_on: ${until}
    confidence: M
    # verify: chỉ nhân viên thấy; use: được đưa cho người nhắn
    status: verify
    review: { state: pending }
`;
}

/** A YAML string that can hold anything; control characters have no place in a text. */
function quoted(text: string): string {
  return JSON.stringify(text.replace(/[\p{Cc}\s]+/gu, " ").trim());
}
