/** What people asked unaided, read from its file. */

import { expect, test } from "vitest";
import type { Problem } from "../../../bot/core/problem.ts";
import { sayProblem } from "../../../bot/core/problem-words.ts";
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

const WHICH = "must be a question, a tab";
test.each([
  ["a comma between passages", "bị đánh\ta#1,a#2", '"a#1,a#2" is no id'],
  ["a passage beside none", "bị đánh\t- a#1", '"-" says that nothing answers'],
  ["none beside a passage", "bị đánh\ta#1 -", '"-" says that nothing answers'],
  ["none twice", "bị đánh\t- -", '"-" says that nothing answers'],
  ["a passage twice", "bị đánh\ta#1 b#1 a#1", '"a#1" stands here twice'],
  ["an article without the number", "bị đánh\ta", '"a" is no id'],
  ["a number from 0", "bị đánh\ta#0", '"a#0" is no id'],
  ["words", "bị đánh\ta#1 hay", '"hay" is no id'],
  ["a no-break space for a passage", "bị đánh\t\u00a0", WHICH],
  ["a comment that would be a question", "#bị đánh", WHICH],
])("%s is refused, and the whole line with it", (_what, line, message) => {
  const { asked, problems } = readAsked(`# by somebody\n${line}\n`, "a.tsv");
  expect(asked).toEqual([]);
  expect(problems).toMatchObject([
    {
      code: "search.wrong_asked",
      file: "a.tsv",
      line: 2,
      severity: "error",
      message: expect.stringContaining(message),
    },
  ]);
  expect(sayProblem(problems[0] as Problem, "vi")).not.toBe(problems[0]?.message);
});

test("passages are apart by any white space, and a question may begin with the sign of a comment", () => {
  const text = "\uFEFF# by somebody\n#\n#metoo là gì\ta#1\u00a0b#2  service:line-111 \n";
  expect(readAsked(text, "a.tsv")).toEqual({
    asked: [{ question: "#metoo là gì", passages: ["a#1", "b#2", "service:line-111"] }],
    problems: [],
  });
});

test("who edits is told of passages that are not there, and of lines that are none", () => {
  const [{ id } = { id: "" }] = ARTICLES[0]?.passages ?? [];
  const service = `service:${SERVICES[0]?.id}`;
  const text = `# by somebody\nbị cấm gặp\t${id} ${service} gone#1\nbị đánh\nxổ số\t-\n`;
  expect(askedProblems({ file: "a.tsv", text, lang: "vi" }, ARTICLES, SERVICES)).toMatchObject([
    { code: "search.wrong_asked", line: 3, severity: "error" },
    { code: "search.asked_dead", line: 2, message: 'there is no passage "gone#1"', severity: "warning" },
  ]);
});

test.each([
  ["vi", 3, "is taken for English when it is asked, and this file is Vietnamese"],
  ["en", 2, "is taken for Vietnamese when it is asked, and this file is English"],
] as const)(
  "who edits a file of %s is told of what is taken for the other language",
  (lang, line, message) => {
    const text = "# by somebody\nchồng giữ hết tiền của em\t-\nmy husband keeps all my money\t-\n";
    const problems = askedProblems({ file: "a.tsv", text, lang }, ARTICLES, SERVICES);
    expect(problems).toEqual([
      { code: "search.asked_language", file: "a.tsv", line, severity: "warning", message },
    ]);
    expect(problems.map((p) => sayProblem(p, "vi"))).not.toContain(message);
  },
);
