/** The `triage` verb as a process: the published ear, in order, light enough for a small machine. */

import { spawnSync } from "node:child_process";
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
