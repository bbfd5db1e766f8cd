/** Keys of syllables, and how a text is cut. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foldKey, markKey, plain, plainQuestion, scan } from "../../../bot/core/retrieval/cut.ts";

function cut(text: string): string {
  const out: string[] = [];
  scan(
    text,
    (raw) => {
      out.push(raw);
    },
    () => {
      out.push("|");
    },
  );
  return out.join(" ");
}

test.each([
  ["đánh", "danh"],
  ["Ủy".toLowerCase(), "uy"],
  ["lý", "li"],
  ["lí", "li"],
  ["quý", "qui"],
  ["mỹ", "mi"],
  ["yêu", "yeu"],
  ["12", "12"],
])("%s folds to %s", (raw, key) => expect(foldKey(raw)).toBe(key));

describe("as written, wherever the tone stands", () => {
  test.each([
    ["hoà", "hòa"],
    ["thuý", "thúy"],
    ["lý", "lí"],
    ["kiêm\u0309", "kiểm"],
  ])("%s = %s", (a, b) => expect(markKey(a)).toBe(markKey(b)));
  test.each([
    ["má", "mà"],
    ["đa", "da"],
    ["tư", "tu"],
    ["bân", "băn"],
  ])("%s ≠ %s", (a, b) => expect(markKey(a)).not.toBe(markKey(b)));
});

test.each([
  ["cấm tiếp-xúc, ly hôn", "cấm tiếp xúc | ly hôn"],
  ["  a  b ", "a b"],
  ["một.hai", "một | hai"],
  ["", ""],
  ["…!?", ""],
])("%j is cut to %j", (text, cuts) => expect(cut(plain(text))).toBe(cuts));

test("disguises in a question are undone", () => {
  expect(cut(plainQuestion("сấm ti\u200bếp ＸÚＣ"))).toBe("cấm tiếp xúc");
});

test("any Unicode is cut without a throw, and nothing is lost or made", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      const ready = plain(text);
      for (const raw of cut(ready).split(" ")) if (raw !== "" && raw !== "|") expect(ready).toContain(raw);
    }),
  );
});
