/** The `triage` verb: one message a line in, one JSON line out, in order; any bytes, any length of line. */

import type { Ear } from "../core/triage/ear.ts";
import type { Outlet } from "./outlet.ts";

/** Lines are gathered to blocks of about this many UTF-16 units, because one write per line would cost more than hearing. */
const BLOCK = 64 * 1024;

/**
 * Hears every line of `input` (pieces of text, cut anywhere) and writes `{"level","reasons"}` lines. Lines end in \n or
 * \r\n; an empty line is a message without words (level none); a last line without an end counts. `write` is awaited, so
 * that a slow reader is not flooded; when it says false, nobody reads any more and it ends.
 */
export async function triageLines(
  input: AsyncIterable<string> | Iterable<string>,
  ear: Ear,
  write: Outlet["write"],
): Promise<void> {
  let rest: string[] = [];
  let block = "";
  for await (const piece of input) {
    const lines = piece.split("\n");
    rest.push(lines[0] ?? "");
    for (let i = 1; i < lines.length; i++) {
      block += answer(rest.join(""), ear);
      rest = [lines[i] ?? ""];
      if (block.length > BLOCK) {
        if (!(await write(block))) return;
        block = "";
      }
    }
  }
  const last = rest.join("");
  if (last !== "") block += answer(last, ear);
  if (block !== "") await write(block);
}

function answer(line: string, ear: Ear): string {
  const { level, reasons } = ear(line.endsWith("\r") ? line.slice(0, -1) : line);
  return `${JSON.stringify({ level, reasons: reasons.map(({ category, evidence }) => ({ category, evidence })) })}\n`;
}
