/** What people asked unaided, read from its file. */

import { expect, test } from "vitest";
import { askedProblems, readAsked } from "../../../bot/core/retrieval/asked.ts";
import { ARTICLES, SERVICES } from "./fixtures.ts";

test("a line is a question and the passages that answer it, the best first, or none", () => {
  const text = "# by somebody\n\nchồng giữ hết tiền\tmoney#1 money#2\r\ntrời mai mưa không\t-\n";
  expect(readAsked(text, "a.tsv")).toEqual({
    asked: [
      { question: "chồng giữ hết tiền", passages: ["money#1", "money#2"] },
      { question: "trời mai mưa không", passages: [] },
    ],
    problems: [],
  });
});

test("what is no such line is left out and named by its number", () => {
  const text = "chồng giữ hết tiền\nchồng đánh\tbeaten#1\n\tbeaten#1\nbị đuổi\t \nbị nhốt\tshut#1\tshut#2\n";
  const { asked, problems } = readAsked(text, "a.tsv");
  expect(asked).toEqual([{ question: "chồng đánh", passages: ["beaten#1"] }]);
  expect(problems.map(({ file, line, code }) => [file, line, code])).toEqual(
    [1, 3, 4, 5].map((line) => ["a.tsv", line, "search.wrong_asked"]),
  );
});

test("who edits is told of passages that are not there, and of lines that are none", () => {
  const [{ id } = { id: "" }] = ARTICLES[0]?.passages ?? [];
  const service = `service:${SERVICES[0]?.id}`;
  const text = `# by somebody\nbị cấm gặp\t${id} ${service} gone#1\nbị đánh\nxổ số\t-\n`;
  expect(askedProblems("a.tsv", text, ARTICLES, SERVICES)).toMatchObject([
    { code: "search.wrong_asked", line: 3, severity: "error" },
    { code: "search.asked_dead", line: 2, message: 'there is no passage "gone#1"', severity: "warning" },
  ]);
});
