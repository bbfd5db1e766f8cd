/** A comparison shows what was changed, also within a line of a thousand words. */

import { expect, it } from "vitest";
import { diffLines, markWords } from "../../bot/console/diff.ts";

const changed = (before: string, after: string) =>
  markWords(diffLines(before, after)).map((line) => [
    line.kind,
    line.parts?.filter((p) => p.isChanged).map((p) => p.text) ?? null,
  ]);

it("marks the words that are other, and cuts what stayed between them", () => {
  const words = Array.from({ length: 200 }, (_, i) => `từ${i}`);
  const before = `dao: [${words.join(", ")}]`;
  const after = before.replace("từ100,", "từ100, mã tấu,");
  expect(changed(before, after)).toEqual([
    ["removed", []],
    ["added", ["mã tấu, "]],
  ]);
  const beside = markWords(diffLines(`${before}\na`, `${after}\na`));
  for (const line of [...beside.slice(0, 2), ...markWords(diffLines(`${before}\na`, before)).slice(0, 1)])
    expect(line.parts?.map((p) => p.text).join("").length).toBeLessThan(200);
});

it("marks nothing in lines that have little in common", () => {
  expect(changed("a\nmột câu cũ\nb", "a\nhai dòng mới hẳn\nb")).toEqual([
    ["same", null],
    ["removed", null],
    ["added", null],
    ["same", null],
  ]);
});

it("pairs lines in their order, and leaves alone what has no partner", () => {
  expect(changed("say: Chào bạn\nnext: một", "say: Chào em\nnext: hai\nthêm: nữa")).toEqual([
    ["removed", ["bạn"]],
    ["removed", ["một"]],
    ["added", ["em"]],
    ["added", ["hai"]],
    ["added", null],
  ]);
});
