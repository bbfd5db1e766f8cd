/** The day on which everything has to be checked again must not be the day on which the machine falls silent. */

import { expect, it } from "vitest";
import { DAY, openBench } from "./service.ts";

const HER = "h".repeat(32);
const LAST_DAY = Date.parse("2027-05-22T14:00:00+07:00");

it("still answers danger with numbers when every entry of the directory is overdue", async () => {
  const bench = await openBench(LAST_DAY);
  try {
    const flows = bench.parts.library.base().flows.size;
    const soon = (await bench.services.health.report()).warnings.join("\n");
    expect(soon).toMatch(/articles and numbers run out within 30 days, the first after 2027-05-22/);
    bench.pass(DAY);
    await bench.parts.library.refresh();
    expect(bench.parts.library.compiled().withdrawn).toContain("service:police-113");
    expect(bench.parts.library.base().flows.size).toBe(flows);
    await bench.says(HER, "xin chào");
    await bench.says(HER, "chồng em đang cầm dao đòi giết em");
    const said = (await bench.lines(HER)).filter((line) => line.from === "bot").map((line) => line.text);
    expect(said[0]).toMatch(/an toàn không/);
    expect(said.at(-1)).toMatch(/113 công an\n115 cấp cứu/);
    expect(said.join("\n")).not.toContain("{phone:");
    const asks = "a".repeat(32);
    for (const words of ["xin chào", "có, nói được", "thủ tục ly hôn đơn phương thế nào"])
      await bench.says(asks, words);
    expect((await bench.lines(asks)).at(-1)?.from).toBe("bot");
    expect(bench.services.page.front().numbers.map(({ number }) => number)).toContain("113");
    expect((await bench.services.health.report()).warnings.join("\n")).toMatch(
      /withdrawn because their date has passed; only numbers that flows name are still given/,
    );
  } finally {
    await bench.close();
  }
});
