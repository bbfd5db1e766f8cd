/** The `search` verb as a process: with and without what an earlier run has left, and with a reader who has had enough. */

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = new URL("../..", import.meta.url).pathname;
const QUESTIONS = [
  "chồng đánh em thì em phải làm gì",
  "my husband hits me what can I do",
  "so dien thoai o tra vinh",
];
const LOADER = `export async function load(url, context, next) { process._rawDebug("LOADED " + url); return next(url, context); }`;

function search(flags: readonly string[] = [], args: readonly string[] = []) {
  return spawnSync(process.execPath, [...flags, "bot/cli.ts", "search", ...args], {
    cwd: ROOT,
    input: `${QUESTIONS.join("\n")}\n`,
    encoding: "utf8",
  });
}

describe("npm run cli -- search", () => {
  it("answers the same whether an earlier run left what it read or not", () => {
    rmSync(join(ROOT, "node_modules", ".cache", "ben-an"), { recursive: true, force: true });
    const cold = search();
    expect([cold.status, cold.stderr]).toEqual([0, ""]);
    const answers = cold.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(answers.map(({ query, answered }) => [query, answered])).toEqual(QUESTIONS.map((q) => [q, true]));
    expect(answers[2].hits[0].id).toMatch(/^service:/);
    expect(search().stdout).toBe(cold.stdout);
  });

  it("loads neither the schema library nor the YAML parser when everything was read before", () => {
    search();
    const warm = search(["--experimental-loader", `data:text/javascript,${encodeURIComponent(LOADER)}`]);
    expect(warm.stderr).toContain("LOADED");
    expect(warm.stderr).not.toMatch(/LOADED .*\/(zod|yaml)\//);
  });

  it("says what is wrong with a collection, and answers from the rest", () => {
    const file = join(mkdtempSync(join(tmpdir(), "corpus-")), "a.jsonl");
    writeFileSync(file, '{"id":"x","text":"chồng đánh"}\n{"id":"","text":7}\n');
    const run = search([], ["--corpus", file]);
    expect(run.status).toBe(1);
    expect(run.stdout.split("\n")).toHaveLength(QUESTIONS.length + 1);
    expect(run.stderr).toMatch(/a\.jsonl:2.*id: must be.*text: must be a text/);
  });
});

describe("a reader who has had enough", () => {
  /** Reads one piece of what a verb writes, then closes the pipe. */
  function readOnce(args: readonly string[], input: string): Promise<{ code: number | null; said: string }> {
    const child = spawn(process.execPath, ["bot/cli.ts", ...args], { cwd: ROOT });
    let said = "";
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    child.stdout.once("data", () => child.stdout.destroy());
    // The verb may stop reading before everything is written.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    return new Promise((resolve) => child.on("close", (code) => resolve({ code, said })));
  }

  it.each([
    ["triage", "em muon tu tu\n".repeat(50_000)],
    ["search", "ly hôn\n".repeat(5_000)],
    ["talk", "menu\n".repeat(500)],
  ])("%s ends quietly and without a fault", async (verb, input) => {
    expect(await readOnce([verb], input)).toEqual({ code: 0, said: "" });
  });

  it("a check still says by its exit code what it found", async () => {
    const wrong = mkdtempSync(join(tmpdir(), "knowledge-"));
    const child = await readOnce(["knowledge", "check", wrong], "");
    expect(child).toEqual({ code: 1, said: "" });
  });
});
