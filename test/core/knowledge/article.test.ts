/** The body of an article: passages, and the ways of asking that stand with them. */

import { expect, test } from "vitest";
import { readBody } from "../../../bot/core/knowledge/article.ts";

const BODY = `# vi

## Chính

? hỏi một
?   hỏi hai  

Lời một.
Còn gì nữa ?

## Sau

Lời hai.

# en

## Main

? ask one

Text one.

## Later

Text two.
`;

test("a line that begins with a question mark is a way of asking and no text", () => {
  const { passages, faults } = readBody("a", BODY);
  expect(faults).toEqual([]);
  expect(passages.map(({ id, asks }) => ({ id, asks }))).toEqual([
    { id: "a#1", asks: { vi: ["hỏi một", "hỏi hai"], en: ["ask one"] } },
    { id: "a#2", asks: { vi: [], en: [] } },
  ]);
  expect(passages[0]?.text).toEqual({ vi: "Lời một.\nCòn gì nữa ?", en: "Text one." });
});

test("a passage that has only ways of asking is empty, and one before the first heading is a fault", () => {
  const only = readBody("a", "# vi\n\n## Chính\n\n? hỏi\n\n# en\n\n## Main\n\nText.\n");
  expect(only.faults).toEqual([{ message: 'the passage "Chính" is empty', line: 3 }]);
  const before = readBody("a", "# vi\n\n? hỏi\n\n## Chính\n\nLời.\n\n# en\n\n## Main\n\nText.\n");
  expect(before.faults).toEqual([{ message: "text stands before the first `## heading`", line: 3 }]);
});
