/** Every reason that a counsellor can be shown has a name in both languages. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { CATEGORIES } from "../../bot/console/words.ts";
import { CONTENT_WORDS } from "../../bot/console/words-content.ts";
import { englishEvidence } from "../../bot/console/words-evidence.ts";
import { repositoryCompiled } from "../world.ts";

const CORE = join(import.meta.dirname, "../../bot/core");

it("names every risk category", async () => {
  const { parsed } = await repositoryCompiled();
  const known = [...parsed.values()].flatMap((p) =>
    p.is === "risk"
      ? Object.keys(p.rules.categories)
      : p.is === "instrument"
        ? p.instrument.questions.map((q) => q.category)
        : [],
  );
  expect([...new Set(known)].filter((c) => !(c in CATEGORIES))).toEqual([]);
});

it("says in English what the ear heard", async () => {
  const { parsed } = await repositoryCompiled();
  const said = [...parsed.values()].flatMap((p) =>
    p.is === "risk" ? [...p.rules.rules, ...p.rules.combos].map((rule) => rule.evidence) : [],
  );
  expect(said.length).toBeGreaterThan(100);
  // Beside the rules, what code itself hears.
  for (const file of readdirSync(CORE).filter((name) => name.endsWith(".ts"))) {
    const code = readFileSync(join(CORE, file), "utf8");
    said.push(...Array.from(code.matchAll(/evidence: "([^"]+)"/g), ([, words = ""]) => words));
  }
  expect([...new Set(said)].filter((evidence) => englishEvidence(evidence) === null)).toEqual([]);
  expect(englishEvidence("bị đánh (tiếng Anh) (đã qua)")).toBe("beaten (in the past)");
  expect(englishEvidence("một quy tắc của riêng nơi này")).toBeNull();
});

it("shows no invented question as if a person had written it", () => {
  const [vietnamese, english] = CONTENT_WORDS.why_unaided;
  expect(vietnamese).toContain("người viết thử");
  expect(english).toContain("test writers");
});
