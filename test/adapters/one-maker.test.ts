/** One process makes a file, the others wait for it; a maker that died holds nobody up for long. */

import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { oneMaker } from "../../bot/adapters/files/one-maker.ts";

let folder = "";
let file = "";
let mark = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "maker-"));
  file = join(folder, "sub", "file");
  mark = `${file}.making`;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const isThere = () => existsSync(file);

/** Makes the file, which takes some time, and counts. */
function maker() {
  const made: string[] = [];
  const make = async (name: string) => {
    await sleep(50);
    made.push(name);
    writeFileSync(file, name);
    return name;
  };
  return { made, by: (name: string) => oneMaker(mark, isThere, () => make(name)) };
}

it("lets one of several make it, and the others have it", async () => {
  const { made, by } = maker();
  expect(await Promise.all([by("a"), by("b"), by("c")])).toEqual(["a", null, null]);
  expect(made).toEqual(["a"]);
  expect(await by("d")).toBeNull();
  expect(existsSync(mark)).toBe(false);
});

it("waits for one that lives, and makes it when that one went without", async () => {
  const { made, by } = maker();
  await by("folder");
  rmSync(file);
  writeFileSync(mark, "");
  const waiting = by("second");
  await sleep(300);
  expect(made).toEqual(["folder"]);
  rmSync(mark);
  expect(await waiting).toBe("second");
});

it.each([
  ["died", -10_000],
  ["died before the clock was set back", 3_600_000],
])("takes the place of one that %s", async (_, after) => {
  const { by } = maker();
  await by("folder");
  rmSync(file);
  writeFileSync(mark, "");
  const last = new Date(Date.now() + after);
  utimesSync(mark, last, last);
  expect(await by("second")).toBe("second");
  expect(existsSync(mark)).toBe(false);
});

it("leaves no mark where making fails", async () => {
  const { by } = maker();
  await expect(oneMaker(mark, isThere, () => Promise.reject(new Error("no memory")))).rejects.toThrow(
    "no memory",
  );
  expect(await by("second")).toBe("second");
});

it("makes it where there can be no mark", async () => {
  expect(await oneMaker("/proc/nowhere/file.making", isThere, async () => "made")).toBe("made");
});
