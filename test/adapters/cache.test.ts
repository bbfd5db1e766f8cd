/** The cache file: what is kept is found again, and whatever happens to the file, nothing else is ever given back. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { openCache } from "../../bot/adapters/files/cache.ts";

let file = "";
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), "cache-")), "deep", "content");
});

/** Keeps `value` for each of the texts. */
function keep(texts: readonly string[], value: string, madeBy = "code"): void {
  const cache = openCache(file, madeBy);
  for (const text of texts) cache.put("article:a", text, value);
  cache.close();
}

function found(text: string, madeBy = "code", name = "article:a"): string | undefined {
  return openCache(file, madeBy).get(name, text);
}

describe("the cache", () => {
  it("finds what was kept, under the same name, for the same text, by the same code", () => {
    keep(["Một bài"], '{"là":"một"}');
    expect(found("Một bài")).toBe('{"là":"một"}');
    expect(found("Một bài.")).toBeUndefined();
    expect(found("Một bài", "code", "article:b")).toBeUndefined();
    expect(found("Một bài", "newer code")).toBeUndefined();
  });

  it("can be read by another account than the one that built", () => {
    keep(["một"], "[1]");
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o755);
    expect(statSync(file).mode & 0o444).toBe(0o444);
  });

  it("keeps what another process wrote in the meantime", () => {
    const [one, two] = [openCache(file, "code"), openCache(file, "code")];
    one.put("a", "1", "[1]");
    two.put("a", "2", "[2]");
    one.close();
    two.close();
    expect([found("1", "code", "a"), found("2", "code", "a")]).toEqual(["[1]", "[2]"]);
    expect(readdirSync(join(file, ".."))).toEqual(["content"]);
  });

  it("gives nothing of a file in which one bit is another", () => {
    keep(["một", "hai"], '{"số":"111"}');
    const sound = readFileSync(file);
    for (let at = 0; at < sound.length; at++) {
      const damaged = Buffer.from(sound);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      writeFileSync(file, damaged);
      expect([found("một"), found("hai")]).toEqual([undefined, undefined]);
    }
  });

  it("gives nothing of a file that was cut, and is whole again after the next time", () => {
    keep(["một"], '{"số":"111"}');
    const sound = readFileSync(file);
    for (const length of [0, 1, 60, sound.length - 1]) {
      writeFileSync(file, sound.subarray(0, length));
      expect(found("một")).toBeUndefined();
    }
    keep(["một"], '{"số":"111"}');
    expect(found("một")).toBe('{"số":"111"}');
  });

  it("does without a file where none can be written, and without one that is gone", () => {
    keep(["một"], "1");
    rmSync(file);
    expect(found("một")).toBeUndefined();
    // A file stands where the folder should be: nobody can write below it, not even root.
    writeFileSync(file, "");
    const cache = openCache(join(file, "content"), "code");
    cache.put("a", "một", "1");
    expect(() => cache.close()).not.toThrow();
    expect(readFileSync(file, "utf8")).toBe("");
  });

  it("neither finds nor keeps after it was closed", () => {
    keep(["một"], "1");
    const cache = openCache(file, "code");
    cache.close();
    cache.put("article:a", "hai", "2");
    cache.close();
    expect(cache.get("article:a", "một")).toBeUndefined();
    expect(found("hai")).toBeUndefined();
  });

  it("forgets what nobody asks for when there is too much of it, and not what is in use", () => {
    const large = JSON.stringify("x".repeat(7_000_000));
    keep(["used", "old"], large);
    const cache = openCache(file, "code");
    expect(cache.get("article:a", "used")).toBe(large);
    for (const text of ["new", "newer"]) cache.put("article:a", text, large);
    cache.close();
    const left = openCache(file, "code");
    const here = ["used", "old", "new", "newer"].filter((text) => left.get("article:a", text) === large);
    expect(here).toEqual(["used", "new", "newer"]);
  });
});
