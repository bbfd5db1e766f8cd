/** Where this build keeps what it read from flows and knowledge, and which code must have read it. */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openCache } from "./adapters/files/cache.ts";
import { openIndexes } from "./adapters/files/indexes.ts";
import type { Cache } from "./ports/cache.ts";
import type { Indexes } from "./ports/indexes.ts";

const HERE = import.meta.dirname;
const PACKAGES = join(HERE, "..", "node_modules");

/** The folder may be deleted at any time. Where the code that reads cannot be named, nothing is kept. For tests: both places. */
export function openContentCache(folder = join(PACKAGES, ".cache", "ben-an"), packages = PACKAGES): Cache {
  const madeBy = readingCode(packages);
  return madeBy === null ? NO_CACHE : openCache(join(folder, "content"), madeBy);
}

/** Beside it, what finding is made of. */
export function openContentIndexes(
  folder = join(PACKAGES, ".cache", "ben-an"),
  packages = PACKAGES,
): Indexes {
  const madeBy = readingCode(packages);
  return openIndexes(madeBy === null ? null : folder, madeBy ?? "");
}

const NO_CACHE: Cache = { get: () => undefined, put() {}, close() {} };

const digests = new Map<string, string | null>();

/** A digest of all code that a text goes through until it is kept; null: it stands elsewhere than here. */
function readingCode(packages: string): string | null {
  const digest = digests.get(packages) ?? digestOfCode(packages);
  digests.set(packages, digest);
  return digest;
}

function digestOfCode(packages: string): string | null {
  const app = ["documents.ts", "read-content.ts", join("library", "kept.ts"), join("library", "finding.ts")];
  try {
    const core = readdirSync(join(HERE, "core"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .sort();
    const digest = createHash("sha256");
    const take = (folder: string, name: string) =>
      digest
        .update(name)
        .update("\0")
        .update(readFileSync(join(folder, name)))
        .update("\0");
    for (const name of core) take(join(HERE, "core"), name);
    for (const name of app) take(join(HERE, "app"), name);
    for (const name of ["yaml", "zod"]) take(packages, join(name, "package.json"));
    return digest.digest("base64url");
  } catch {
    return null;
  }
}
