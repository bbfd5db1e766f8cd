/** The `triage` verb's lines: cut anywhere, ended anyhow, holding anything. */

import { describe, expect, it } from "vitest";
import { triageLines } from "../../bot/tools/triage-lines.ts";
import { ear } from "../core/triage/published-ear.ts";

async function run(
  pieces: string[],
): Promise<{ level: string; reasons: { category: string; evidence: string }[] }[]> {
  let out = "";
  await triageLines(pieces, ear, async (text) => {
    out += text;
    return true;
  });
  return out
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

describe("triageLines", () => {
  it("answers each line in order, with \\r\\n, empty lines and no last line end", async () => {
    const levels = (await run(["nó dọa giết em\r\n\r\ncảm ơn\nem muốn tự tử"])).map((a) => a.level);
    expect(levels).toEqual(["high", "none", "none", "high"]);
  });
  it("joins a line that came in pieces", async () => {
    expect((await run(["nó dọa ", "giết", " em\nok", "\n"])).map((a) => a.level)).toEqual(["high", "none"]);
  });
  it("ends when nobody reads the answers any more", async () => {
    let asked = 0;
    let written = 0;
    function* endless() {
      for (;;) {
        asked++;
        yield "cảm ơn\n".repeat(10_000);
      }
    }
    await triageLines(endless(), ear, async () => ++written < 3);
    expect([written, asked < 10]).toEqual([3, true]);
  });
  it("gives one line out for one line in, whatever it holds", async () => {
    const odd = [
      "\0\0",
      "\u202eabc",
      "\u2028 x \u2029",
      "👩‍👧🔪",
      "a".repeat(100_000),
      '"quoted" \\ back',
      "\ud800",
    ];
    expect(await run([`${odd.join("\n")}\n`])).toHaveLength(odd.length);
  });
  it("gives exactly level and reasons of category and evidence", async () => {
    const [first] = await run(["nó đang cầm dao ngoài cửa\n"]);
    expect(Object.keys(first ?? {})).toEqual(["level", "reasons"]);
    for (const reason of first?.reasons ?? []) expect(Object.keys(reason)).toEqual(["category", "evidence"]);
  });
});
