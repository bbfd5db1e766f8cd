/** Replies on their way to the server, until the conversation shows them: pure. */

import type { CaseLine } from "../web/api-types.ts";

export interface Local {
  readonly key: string;
  readonly text: string;
  readonly error: unknown;
  /** The number of the last line that was there when it was written: only a later one can be it. */
  readonly after: number;
}

/**
 * What is still on its way: a reply stops being local when the conversation shows it, or when it is held for her, never
 * because something else arrived. One line stands for one reply.
 */
export function stillLocal(
  locals: readonly Local[],
  lines: readonly Pick<CaseLine, "n" | "from" | "text">[],
  held: readonly string[],
): readonly Local[] {
  const arrived = lines.filter((line) => line.from === "counsellor");
  const taken = new Set<number>();
  const left = locals.filter((local) => {
    if (held.includes(local.text)) return false;
    const line = arrived.find(
      (one) => one.n > local.after && !taken.has(one.n) && isOf(one.text, local.text),
    );
    if (line) taken.add(line.n);
    return line === undefined;
  });
  return left.length === locals.length ? locals : left;
}

/** After a pause the words stand below a harmless first line. */
function isOf(line: string, words: string): boolean {
  return line === words || line.endsWith(`\n\n${words}`);
}
