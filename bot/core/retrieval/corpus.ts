/** Reads the lines of a collection to search in (`{"id","title"?,"text"}`), with the faults by line. */

import type { Problem } from "../problem.ts";
import type { Passage } from "./index.ts";

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

/** Checked by hand: the schema library would cost a search in another's collection a third of its start. */
function readLine(line: string, passages: Passage[]): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return "this line is no JSON";
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return 'this line is no object {"id","title"?,"text"}';
  const { id, title, text } = value as Partial<Record<"id" | "title" | "text", unknown>>;
  const faults: string[] = [];
  if (!((typeof id === "string" && id !== "") || (typeof id === "number" && Number.isFinite(id))))
    faults.push("id: must be a number, or a text that is not empty");
  if (title !== undefined && title !== null && typeof title !== "string")
    faults.push("title: must be a text, or absent");
  if (typeof text !== "string") faults.push("text: must be a text");
  else if (faults.length === 0)
    passages.push(
      typeof title === "string" && title !== "" ? { id: String(id), title, text } : { id: String(id), text },
    );
  return faults.length > 0 ? faults.join("; ") : undefined;
}
