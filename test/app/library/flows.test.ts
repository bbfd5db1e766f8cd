/** Which of the flows that were read can run: no circle over several of them that never waits. */

import { expect, it } from "vitest";
import { keepSound } from "../../../bot/app/library/flows.ts";
import { keyOf } from "../../../bot/app/library.ts";
import { readContent } from "../../../bot/app/read-content.ts";
import type { Problem } from "../../../bot/core/problem.ts";

const sourceOf = (id: string, ...steps: string[]) => ({
  kind: "flow" as const,
  key: id,
  file: `flows/${id}.yaml`,
  source: `id: ${id}\ntitle: { vi: A, en: A }\nreview: { state: pending }\nstart: a\nsteps:\n${steps.map((s) => `  ${s}\n`).join("")}`,
});
const ASKS = "{ ask: { vi: A, en: A }, choices: [{ id: b, label: { vi: A, en: A }, next: flow:one }] }";
const SETS = (next: string) => `{ set: { x: "1" }, next: ${next} }`;

function soundOf(sources: readonly ReturnType<typeof sourceOf>[]) {
  const parsed = new Map(
    sources.flatMap((s) => {
      const { value, problems } = readContent(s);
      expect(problems).toEqual([]);
      return value ? [[keyOf(s), value] as const] : [];
    }),
  );
  const problems: Problem[] = [];
  return { sound: [...keepSound(sources, parsed, [], new Map(), problems).keys()], problems };
}

it.each([
  [
    "two that lead into each other",
    [sourceOf("one", `a: ${SETS("flow:two")}`), sourceOf("two", `a: ${SETS("flow:one")}`)],
  ],
  ["one that runs itself", [sourceOf("one", "a: { run: one, next: end }")]],
  [
    "one that comes back over what it runs to the end",
    [
      sourceOf("one", "a: { run: two, next: b }", `b: ${SETS("flow:one")}`),
      sourceOf("two", `a: ${SETS("end")}`),
    ],
  ],
])("%s and never wait are left out and named", (_, sources) => {
  const { sound, problems } = soundOf(sources);
  expect(sound).not.toContain("one");
  expect(problems).toContainEqual(
    expect.objectContaining({ code: "flow.endless", file: "flows/one.yaml", severity: "error" }),
  );
});

it.each([
  ["a question", [sourceOf("one", `a: ${SETS("flow:two")}`), sourceOf("two", `a: ${ASKS}`)]],
  [
    "a question in what it runs",
    [
      sourceOf("one", "a: { run: two, next: b }", `b: ${SETS("flow:one")}`),
      sourceOf("two", `a: ${ASKS.replace("flow:one", "end")}`),
    ],
  ],
  [
    "a condition",
    [
      sourceOf("one", `a: ${SETS("flow:two")}`),
      sourceOf("two", "a: { branch: [{ if: { case: none }, next: flow:one }], else: end }"),
    ],
  ],
])("a circle that %s may break stays", (_, sources) => {
  expect(soundOf(sources)).toEqual({ sound: ["one", "two"], problems: [] });
});

const BRANCH = (answer: string, is: string) =>
  `a: { branch: [{ if: { any: [{ level: high }, { not: { answer: ${answer}, is: ${is} } }] }, next: end }], else: end }`;

it.each([
  ["one.a", "c", '"one.a" has no choice "c"'],
  ["one.gone", "b", 'nothing is ever asked at "one.gone"'],
  ["gone.a", "b", 'nothing is ever asked at "gone.a"'],
])(
  "a condition on an answer that nobody can give (%s is %s) is told, and its flow stays",
  (answer, is, message) => {
    expect(soundOf([sourceOf("one", `a: ${ASKS}`), sourceOf("two", BRANCH(answer, is))])).toEqual({
      sound: ["one", "two"],
      problems: [
        {
          code: "flow.unknown_answer",
          message,
          file: "flows/two.yaml",
          field: "steps.a.branch",
          severity: "warning",
        },
      ],
    });
  },
);

it.each([
  ["one.a", "b"],
  ["one.a", "skipped"],
  ["wish", "yes"],
])("a condition on an answer that can be given (%s is %s) is not told", (answer, is) => {
  expect(
    soundOf([sourceOf("one", `a: ${ASKS}`), sourceOf("two", BRANCH(answer, `"${is}"`))]).problems,
  ).toEqual([]);
});
