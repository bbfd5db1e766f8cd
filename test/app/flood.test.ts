/** A flood from one is slowed and starves nobody; a burst is answered once. */

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Bench, openBench } from "./service.ts";

describe("many messages", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.close());

  it("decides for others after one round, however much one of them sends", async () => {
    for (let i = 0; i < 300; i += 1) await bench.put("flooding", `câu ${i}`);
    await bench.put("waiting", "alo");
    await bench.handler.work();
    expect((await bench.lines("waiting")).filter((l) => l.from === "bot")).toHaveLength(1);
    await bench.settle();
    const answers = (await bench.lines("flooding")).filter((l) => l.from === "bot");
    // 300 messages within a minute: a few answers to what came first, then the numbers, once.
    expect(answers.length).toBeLessThan(8);
    expect(answers.at(-1)?.text).toContain("tin đến nhanh quá");
    expect((await bench.lines("flooding")).filter((l) => l.from === "person")).toHaveLength(300);
  });

  it("hears each message of a burst and answers once", async () => {
    for (const words of ["alo", "có", "5"]) await bench.says("her", words);
    const before = (await bench.lines("her")).filter((l) => l.from === "bot").length;
    for (const words of ["chị ơi", "em hoang mang quá", "cấm tiếp xúc là gì"]) await bench.put("her", words);
    await bench.settle();
    const lines = await bench.lines("her");
    expect(lines.filter((l) => l.from === "bot")).toHaveLength(before + 1);
    expect(lines.filter((l) => l.from === "person")).toHaveLength(6);
  });

  it("shows the card at once in the middle of a burst", async () => {
    await bench.says("her", "alo");
    for (const words of ["chị ơi", "nó đang cầm dao ngoài cửa", "nhanh lên", "chị ơi"])
      await bench.put("her", words);
    await bench.settle();
    const cards = (await bench.lines("her")).filter(
      (l) => l.from === "bot" && l.text.includes("113") && l.text.includes("115"),
    );
    expect(cards.length).toBeGreaterThan(0);
    const [row] = await bench.parts.store.cases.list({ states: ["waiting"], limit: 1 });
    expect(row?.level).toBe("emergency");
  });
});
