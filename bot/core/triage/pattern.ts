/** How a rule's pattern is written; apart from the schema, so that hearing needs no schema library. */

/** The concepts a pattern names: "<perp> .. <hit>" → perp, hit. */
export function conceptsIn(pattern: string): string[] {
  return [...pattern.matchAll(/<([a-z0-9_]+)>/g)].map((m) => m[1] ?? "");
}
