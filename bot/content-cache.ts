/** Where this build keeps what it read from flows and knowledge, and which code must have read it. */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openCache } from "./adapters/files/cache.ts";
import type { Cache } from "./ports/cache.ts";

const HERE = import.meta.dirname;
const PACKAGES = join(HERE, "..", "node_modules");

/** The folder may be deleted at any time; `folder` is for tests. */
export function openContentCache(folder = join(PACKAGES, ".cache", "ben-an")): Cache {
  return openCache(join(folder, "content"), readingCode());
}

/** A digest of all code that a text goes through until it is in the cache. */
function readingCode(): string {
  const digest = createHash("sha256");
  const core = readdirSync(join(HERE, "core"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name) => join(HERE, "core", name));
  const app = ["documents.ts", "read-content.ts", join("library", "kept.ts"), join("library", "finding.ts")];
  const libraries = ["yaml", "zod"].map((name) => join(PACKAGES, name, "package.json"));
  for (const file of [...core, ...app.map((name) => join(HERE, "app", name)), ...libraries])
    digest.update(file.slice(HERE.length)).update("\0").update(readFileSync(file)).update("\0");
  return digest.digest("base64url");
}
