/** Lines with the level that a person gave them: `level TAB category TAB text`; `#` begins a comment. */

import { LEVELS, type Level } from "../level.ts";
import { fold } from "../text.ts";
import type { LabelledLine } from "./evaluate.ts";

const LETTERS: Readonly<Record<string, Level>> = {
  E: "emergency",
  H: "high",
  M: "medium",
  L: "low",
  N: "none",
};

/** "E" or "emergency" → emergency; throws on anything else, because a wrong label would be learnt. */
export function levelOf(label: string): Level {
  const level = LETTERS[label] ?? LEVELS.find((l) => l === label);
  if (!level) throw new Error(`unknown level "${label}"`);
  return level;
}

/** The lines of one file. Throws on an unknown level. */
export function readLabels(text: string): { level: Level; category: string; text: string }[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => {
      const [label = "", category = "", words = ""] = line.split("\t");
      return { level: levelOf(label), category, text: words };
    });
}

/** The set that a draft of the rules is held against: every line as written, and without its marks. */
export function regressionLines(texts: readonly string[]): LabelledLine[] {
  return texts.flatMap(readLabels).flatMap((line) => [
    { ...line, form: "marked" },
    { ...line, text: fold(line.text), form: "unmarked" },
  ]);
}
