/** A problem's file is opened as the thing that the server knows it as. */

import { globSync } from "node:fs";
import { expect, test } from "vitest";
import { sourceKey } from "../../bot/app/bundle.ts";
import { itemIn } from "../../bot/console/problem-file.ts";

test("every file that is edited leads where the server has it", () => {
  const files = globSync(["flows/*.yaml", "knowledge/{articles,directory,risk}/**/*.{md,yaml}"]).filter((f) =>
    sourceKey(f),
  );
  expect(files.length).toBeGreaterThan(300);
  for (const file of files) expect({ file, ...itemIn(file) }).toEqual({ file, ...sourceKey(file) });
  expect(itemIn("package.json")).toBeNull();
});
