/** Every reason that a counsellor can be shown has a name in both languages. */

import { expect, it } from "vitest";
import { CATEGORIES } from "../../bot/console/words.ts";
import { CONTENT_WORDS } from "../../bot/console/words-content.ts";
import { repositoryCompiled } from "../world.ts";

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

it("shows no invented question as if a person had written it", () => {
  const [vietnamese, english] = CONTENT_WORDS.why_unaided;
  expect(vietnamese).toContain("người viết thử");
  expect(english).toContain("test writers");
});
