/**
 * The rules of a folder, parsed and joined beforehand in `joined.json`, because parsing the YAML takes longer than
 * hearing thousands of lines. It is used only if it was made from exactly these sources.
 */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RiskRules } from "../core/triage/rules.ts";

interface Joined {
  /** SHA-256 of the sources. */
  readonly of: string;
  readonly rules: RiskRules;
}

/** The joined rules, or undefined if there are none or the sources are others. */
export function joinedOf(folder: string): RiskRules | undefined {
  try {
    const { of, rules }: Joined = JSON.parse(readFileSync(join(folder, "joined.json"), "utf8"));
    return of === digest(folder) ? rules : undefined;
  } catch {
    return undefined;
  }
}

/** What `joined.json` must hold for these rules. */
export function joinedText(folder: string, rules: RiskRules): string {
  const joined: Joined = { of: digest(folder), rules };
  return `${JSON.stringify(joined)}\n`;
}

function digest(folder: string): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(folder)
    .filter((n) => n.endsWith(".yaml"))
    .sort())
    hash
      .update(name)
      .update("\0")
      .update(readFileSync(join(folder, name)))
      .update("\0");
  return hash.digest("hex");
}
