/** The `triage` verb as a process: the published ear, in order, light enough for a small machine. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ear } from "../core/triage/published-ear.ts";

const ROOT = new URL("../..", import.meta.url).pathname;

describe("npm run cli -- triage", () => {
  it("hears each line as the service does", () => {
    const lines = ["nó đang cầm dao ngoài cửa", "", "phim này giết người", "chong em vua bop co em"];
    const run = spawnSync(process.execPath, ["--max-semi-space-size=2", "bot/cli.ts", "triage"], {
      cwd: ROOT,
      input: `${lines.join("\n")}\n`,
      encoding: "utf8",
    });
    expect(run.stderr).toBe("");
    expect(run.status).toBe(0);
    expect(run.stdout.trimEnd().split("\n")).toEqual(
      lines.map((line) => {
        const { level, reasons } = ear(line);
        return JSON.stringify({
          level,
          reasons: reasons.map(({ category, evidence }) => ({ category, evidence })),
        });
      }),
    );
  });
  it("does not grow with its input, even when every word is new, with the flags that the script gives", () => {
    const script = (
      JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: { cli: string } }
    ).scripts.cli;
    const flags = [...script.matchAll(/ (--[\w=-]+)/g)].map(([, flag = ""]) => flag);
    const cache = mkdtempSync(join(tmpdir(), "ben-an-compile-"));
    const run = (input: string) =>
      spawnSync(process.execPath, [...flags, "--import", PEAK, "bot/cli.ts", "triage"], {
        cwd: ROOT,
        input,
        encoding: "utf8",
        maxBuffer: 64 * 1024 * 1024,
        env: { ...process.env, NODE_COMPILE_CACHE: cache },
      });
    // The first run after an install also takes the types out of the code; what it leaves, the next ones use.
    run("em\n");
    const { stdout, stderr } = run(unseenLines(20_000));
    rmSync(cache, { recursive: true, force: true });
    expect(stdout.match(/\n/g)).toHaveLength(20_000);
    expect(Number(stderr) / 1_000).toBeGreaterThan(50);
    expect(Number(stderr) / 1_000).toBeLessThan(114);
  }, 60_000);
  it("loads neither the schema library nor the YAML parser for it", () => {
    const run = spawnSync(
      process.execPath,
      ["--experimental-loader", `data:text/javascript,${encodeURIComponent(LOADER)}`, "bot/cli.ts", "triage"],
      { cwd: ROOT, input: "em\n", encoding: "utf8" },
    );
    expect(run.stderr).toContain("LOADED");
    expect(run.stderr).not.toMatch(/LOADED .*\/(zod|yaml)\//);
  });
});

const LOADER = `export async function load(url, context, next) { process._rawDebug("LOADED " + url); return next(url, context); }`;

/** Says the most that the process ever held in memory, in kB. */
const PEAK = `data:text/javascript,${encodeURIComponent(
  'process.on("exit", () => process.stderr.write(String(process.resourceUsage().maxRSS)))',
)}`;

/** Each line has words that no other line has: nothing that is remembered of a word helps. */
function unseenLines(n: number): string {
  let seed = 1;
  const letter = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return "aăâbcdđeêghiklmnoôơpqrstuưvxy  "[seed % 31] ?? " ";
  };
  return Array.from({ length: n }, () => `chồng ${Array.from({ length: 120 }, letter).join("")}\n`).join("");
}
