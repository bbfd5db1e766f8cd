/** Completion in the editor: what is offered where, on real flow texts; and the comparison of texts. */

import { describe, expect, test } from "vitest";
import { z } from "zod";
import { completeYaml } from "../../bot/console/completion.ts";
import { diffLines, nearChanges } from "../../bot/console/diff.ts";
import type { Schema } from "../../bot/console/schema-walk.ts";
import { flowSchema } from "../../bot/core/flow/definition.ts";
import { articleHeadSchema } from "../../bot/core/knowledge/article.ts";
import { WELCOME_FLOW } from "../web/fake-editorial.ts";

// zod's output is JSON Schema, of which `Schema` names the part that is walked.
const flow = z.toJSONSchema(flowSchema, { io: "input" }) as Schema;
const article = z.toJSONSchema(articleHeadSchema, { io: "input" }) as Schema;

/** `|` marks the cursor. */
function offered(marked: string, schema = flow): string[] {
  const at = marked.indexOf("|");
  const source = marked.slice(0, at) + marked.slice(at + 1);
  return completeYaml(source, at, schema)?.options.map((o) => o.label) ?? [];
}

describe("keys", () => {
  test("at the top, without those that are there", () => {
    const keys = offered("id: a\ntitle:\n  vi: A\n  en: A\n|\nstart: hello\n");
    expect(keys).toContain("review");
    expect(keys).toContain("steps");
    expect(keys).not.toContain("id");
    expect(keys).not.toContain("title");
    expect(keys).not.toContain("start");
  });

  test("in a text of two languages only the languages, and only the one that is missing", () => {
    expect(offered("title:\n  |")).toEqual(["vi", "en"]);
    expect(offered("title:\n  vi: Chào\n  |")).toEqual(["en"]);
  });

  test("in a step every kind's keys; once a kind is begun only its own", () => {
    const fresh = offered("steps:\n  hello:\n    |");
    for (const key of ["say", "ask", "branch", "run", "screen"]) expect(fresh).toContain(key);
    const ask = offered("steps:\n  hello:\n    ask:\n      vi: A\n      en: A\n    |");
    expect(ask).toEqual(expect.arrayContaining(["choices", "red", "unclear"]));
    expect(ask).not.toContain("say");
    expect(ask).not.toContain("screen");
  });

  test("in an item of a list, on the dash's line and on the next; not those of the item before", () => {
    const text =
      "steps:\n  a:\n    ask:\n      vi: A\n      en: A\n    choices:\n      - id: yes\n        next: end\n      - |";
    expect(offered(text)).toEqual(expect.arrayContaining(["id", "label", "next"]));
    expect(offered(text.replace("- |", "- id: no\n        |"))).not.toContain("id");
    expect(offered(text.replace("- |", "- id: no\n        |"))).toContain("label");
  });

  test("a nested condition goes through its references", () => {
    const keys = offered("steps:\n  a:\n    branch:\n      - if:\n          not:\n            |");
    expect(keys).toEqual(expect.arrayContaining(["on_duty", "level", "all", "not"]));
  });
});

describe("values", () => {
  test("of a list, yes and no, and steps of this flow", () => {
    expect(offered("review:\n  state: |")).toEqual(["pending", "approved"]);
    expect(offered("steps:\n  a:\n    ask:\n      vi: A\n      en: A\n    red: |")).toEqual([
      "true",
      "false",
    ]);
    const next = offered(WELCOME_FLOW.replace("next: short", "next: |"));
    expect(next.slice(0, 4)).toEqual(["hello", "thanks", "short", "end"]);
    expect(offered(WELCOME_FLOW.replace("start: hello", "start: he|"))).toContain("hello");
  });

  test("nothing in a comment, in a block of text, or in free text", () => {
    expect(offered("id: a\n# review: |")).toEqual([]);
    expect(offered(`${"about: |".replace("|", "¦")}\n`).length).toBe(0);
    expect(completeYaml("about: |\n  review: ", 20, flow)).toBeNull();
    expect(offered("title:\n  vi: Chào |")).toEqual([]);
  });
});

test("an article: inside its head, not in its body", () => {
  const text = "---\nid: a\naudience:\n  - |\nreview:\n  state: pending\n---\n# vi\n";
  expect(offered(text, article)).toContain("survivor");
  expect(offered("---\nid: a\n---\n# vi\n|", article)).toEqual([]);
});

describe("comparison", () => {
  test("says what stayed, went and came, in order", () => {
    const lines = diffLines("a\nb\nc\nd", "a\nx\nc\nd\ne");
    expect(lines.map((l) => `${{ same: " ", removed: "-", added: "+" }[l.kind]}${l.text}`)).toEqual([
      " a",
      "-b",
      "+x",
      " c",
      " d",
      "+e",
    ]);
  });

  test("rebuilds both texts whatever changed", () => {
    for (let seed = 1; seed < 60; seed++) {
      const words = (n: number) =>
        Array.from({ length: 12 }, (_, i) => "abc"[(seed * n * (i + 3)) % 3]).join("\n");
      const [before, after] = [words(5), words(7)];
      const lines = diffLines(before, after);
      expect(
        lines
          .filter((l) => l.kind !== "added")
          .map((l) => l.text)
          .join("\n"),
      ).toBe(before);
      expect(
        lines
          .filter((l) => l.kind !== "removed")
          .map((l) => l.text)
          .join("\n"),
      ).toBe(after);
    }
  });

  test("far lines are folded away", () => {
    const many = Array.from({ length: 100 }, (_, i) => `l${i}`);
    const shown = nearChanges(diffLines(many.join("\n"), many.with(50, "neu").join("\n")), 2);
    expect(shown.length).toBe(8);
    expect(shown[0]).toBeNull();
  });
});
