/** Reads the lines of a collection to search in (`{"id","title"?,"text"}`), with the faults by line. */

import { z } from "zod";
import type { Problem } from "../problem.ts";
import type { Passage } from "./index.ts";

const lineSchema = z.object({
  id: z.union([z.string().min(1), z.number()]).transform(String),
  title: z.string().nullish(),
  text: z.string(),
});

/** Passages in order; a line that is no passage is left out and named. Blank lines are nothing. */
export function readCorpus(
  lines: Iterable<string>,
  file: string,
): { passages: Passage[]; problems: Problem[] } {
  const passages: Passage[] = [];
  const problems: Problem[] = [];
  let number = 0;
  for (const line of lines) {
    number++;
    if (line.trim() === "") continue;
    const fault = readLine(line, passages);
    if (fault)
      problems.push({ code: "corpus.wrong_line", message: fault, file, line: number, severity: "error" });
  }
  return { passages, problems };
}

function readLine(line: string, passages: Passage[]): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return "this line is no JSON";
  }
  const read = lineSchema.safeParse(value);
  if (!read.success) return read.error.issues.map((i) => `${i.path.join(".")}: ${i.message}`).join("; ");
  const { id, title, text } = read.data;
  passages.push(title ? { id, title, text } : { id, text });
  return undefined;
}
