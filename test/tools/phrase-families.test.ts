/** What the ear learns from, and what it is measured with, are never the same lines. */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fold } from "../../bot/core/text.ts";
import { readLabelled, readTold } from "../../bot/tools/phrase-families.ts";
import { RISK } from "../core/triage/published-ear.ts";

const folder = join(RISK, "phrases");
const told = readTold(folder);
const plain = (text: string): string =>
  fold(text)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, " ")
    .trim();

describe("told lines", () => {
  it("have an author, a level, a category and words", () => {
    expect(told.length).toBeGreaterThan(5_000);
    for (const line of told) {
      expect(line.author).toMatch(/^(told|seen)-/);
      expect(line.category).toMatch(/^[a-z_]+$/);
      expect(line.text.trim().length).toBeGreaterThan(0);
    }
  });
  it("hold none of the lines that the ear is measured with", () => {
    const learnt = new Set(told.map((line) => plain(line.text)));
    const measured = readdirSync(folder)
      .filter((name) => /^(dev|blind)-.*\.tsv$/.test(name))
      .flatMap((name) => readLabelled(join(folder, name)));
    expect(measured.length).toBeGreaterThan(500);
    // Two strangers may both write "cứu em"; longer lines that agree were copied.
    const shared = measured.filter((line) => plain(line.text).length > 20 && learnt.has(plain(line.text)));
    expect(shared.map((line) => line.text)).toEqual([]);
  });
});
