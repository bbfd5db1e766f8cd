/** Requests by law: working days, due days, what is overdue; recorded without identity. */

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { markRequest, openRequests, workingDaysAfter } from "../../bot/app/rights.ts";
import { dayOf } from "../../bot/core/day.ts";
import { type Bench, DAY, openBench } from "./service.ts";

describe("working days", () => {
  it.each([
    ["2026-11-20T20:00:00+07:00", "2026-11-24"], // Friday: Monday, Tuesday
    ["2026-11-22T09:00:00+07:00", "2026-11-24"], // Sunday
    ["2026-11-23T00:30:00+07:00", "2026-11-25"], // Monday, still Sunday in UTC
    ["2026-11-26T10:00:00+07:00", "2026-11-30"], // Thursday
  ])("two after %s is %s", (from, day) => {
    expect(dayOf(workingDaysAfter(Date.parse(from), 2))).toBe(day);
  });
});

describe("requests on personal data", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.close());

  it("records kind, code and due days, warns when late, and forgets nothing until it is done", async () => {
    for (const words of ["alo", "có", "5", "dữ liệu của tôi", "2", "2"]) await bench.says("her", words);
    const [request] = await openRequests(bench.parts);
    expect(request).toMatchObject({
      kind: "correct",
      answerBy: "2026-11-24",
      doneBy: "2026-11-30",
      answered: false,
      overdue: false,
    });
    const code = request?.code ?? "";
    expect((await bench.lines("her")).at(-1)?.text).toContain(code);
    expect(JSON.stringify(await bench.parts.store.upkeep.auditTrail(50, "requests"))).not.toContain("her");

    bench.pass(5 * DAY);
    expect((await bench.services.health.report()).warnings.join()).toContain(code);
    expect(await markRequest(bench.parts, code.toLowerCase(), "answered")).toBe(true);
    expect((await openRequests(bench.parts))[0]).toMatchObject({ answered: true, overdue: false });
    bench.pass(6 * DAY);
    expect((await openRequests(bench.parts))[0]).toMatchObject({ overdue: true });
    expect(await markRequest(bench.parts, code, "done")).toBe(true);
    expect(await openRequests(bench.parts)).toEqual([]);
    expect(await markRequest(bench.parts, code, "done")).toBe(false);
  });

  it("shows what was asked first however much was asked after it", async () => {
    const { upkeep } = bench.parts.store;
    const line = {
      at: bench.parts.clock.now(),
      actor: "person",
      action: "request_opened",
      subject: "requests",
    };
    const open = (code: string) => upkeep.audit({ ...line, detail: `${code} delete 2026-11-24 2026-12-10` });
    await open("FIRST1");
    await Promise.all(Array.from({ length: 5_000 }, (_, n) => open(`N${n}`)));
    const [first] = await openRequests(bench.parts);
    expect(first?.code).toBe("FIRST1");
    expect(await markRequest(bench.parts, "FIRST1", "done")).toBe(true);
  });

  it("counts a consent once per purpose and version, without identity", async () => {
    for (const words of ["alo", "có", "5", "gọi người thật", "gọi người thật"])
      await bench.says("her", words);
    const day = dayOf(bench.parts.clock.now());
    const counts = (await bench.parts.store.upkeep.counts(day, day)).filter((c) => c.name === "consent");
    expect(counts.map((c) => [c.labels.purpose, c.n]).sort()).toEqual([
      ["chat", 1],
      ["human", 1],
    ]);
    expect(counts[0]?.labels.version).toBe("2026-11-23");
  });
});
