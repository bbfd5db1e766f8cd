/** YAML as people write it, and as somebody writes it who wants to stop the service. */

import { describe, expect, it } from "vitest";
import { openYaml } from "../../bot/app/documents.ts";

describe("a document", () => {
  it("with the same name twice in one block says where, also deep inside", () => {
    const { value, problems } = openYaml("a: 1\nb:\n  c: 1\n  c: 2\n", "x.yaml");
    expect(value).toBeUndefined();
    expect(problems).toMatchObject([{ message: "this is not valid YAML: Map keys must be unique", line: 4 }]);
    expect(openYaml("a: { c: 1 }\nb: { c: 1 }\n", "x.yaml").problems).toEqual([]);
  });

  it("of many names is read at once: a process that compares them all stands still for everybody", () => {
    const many = Array.from({ length: 30_000 }, (_, i) => `n${i}: 1`).join("\n");
    const began = performance.now();
    expect(openYaml(many, "x.yaml").problems).toEqual([]);
    // Comparing each with each took twenty seconds.
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
