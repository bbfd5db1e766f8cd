/** What drafts are held against is read again when it could not be read once. */

import { afterAll, beforeAll, expect, it } from "vitest";
import { makeEvaluation } from "../../bot/app/evaluation.ts";
import { type Bench, openBench } from "./service.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
}, 60_000);
afterAll(() => bench?.close());

it("tries again after a reading that failed", async () => {
  const { library } = bench.parts;
  const draft = library.sources().get("rules:rules");
  if (!draft) throw new Error("no rules are published");
  let isAway = true;
  const evaluate = makeEvaluation({
    ...bench.parts,
    library: {
      ...library,
      regression: async () => {
        if (isAway) throw new Error("too many open files");
        return [
          { file: "dev-x.tsv", text: "E\tfear\tcứu em với nó giết em\nN\tsport\ttrận bóng tối qua hay quá" },
        ];
      },
    },
  });
  await expect(evaluate([draft], library.tryOut([draft]))).rejects.toThrow("too many open files");
  isAway = false;
  const { rules } = await evaluate([draft], library.tryOut([draft]));
  expect(rules).toMatchObject({ changed: [], falls: [], heard: 4 });
}, 60_000);
