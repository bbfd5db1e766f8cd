/** JSON Schemas from zod, so that every editor completes and checks flows as they are typed. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { schemaOf } from "../app/read-content.ts";
import type { ContentKind } from "../ports/store.ts";

const SCHEMAS: readonly (readonly [string, ContentKind, string])[] = [
  ["flow", "flow", ""],
  ["settings", "settings", "settings"],
  ["texts", "settings", "texts"],
  ["words", "settings", "words"],
  ["article-head", "article", ""],
  ["directory", "service", "services"],
  ["provinces", "service", "provinces"],
  ["instrument", "rules", "instruments/x"],
  ["risk", "rules", "rules"],
];

/** File name → content, as they stand in `flows/schemas/`. */
export function schemaFiles(): ReadonlyMap<string, string> {
  return new Map(
    SCHEMAS.map(([name, kind, key]) => [
      `${name}.json`,
      `${JSON.stringify(z.toJSONSchema(schemaOf(kind, key), { io: "input", unrepresentable: "any" }), null, 2)}\n`,
    ]),
  );
}

/** Writes those that changed. */
export function writeSchemas(flows: string): number {
  const folder = join(flows, "schemas");
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of schemaFiles()) {
    const file = join(folder, name);
    if (read(file) !== content) writeFileSync(file, content);
  }
  return 0;
}

function read(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
