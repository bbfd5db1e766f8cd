/** Breaches: the law's clock, the order of what is done, who may, and what health says. */

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Staff } from "../../bot/app/services.ts";
import type { StaffId } from "../../bot/core/ids.ts";
import { type Bench, HOUR, openBench } from "./service.ts";

const admin: Staff = { id: "s1" as StaffId, login: "quan", alias: "Quân", roles: ["administrator"] };
const counsellor: Staff = { id: "s2" as StaffId, login: "mai", alias: "Mai", roles: ["counsellor"] };

describe("a breach of personal data", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.close());

  const warnings = async () => (await bench.services.health.report()).warnings.join();
  const seen = async () => {
    const overview = await bench.services.privacy.overview(admin);
    return overview.ok ? overview.breaches : [];
  };

  it("counts 72 hours from its discovery, and health says so until the authority knows", async () => {
    const discoveredAt = bench.parts.clock.now() - 2 * HOUR;
    const told = { kind: "loss" as const, discoveredAt, note: "mất một máy\nở văn phòng" };
    const recorded = await bench.services.privacy.recordBreach(admin, told);
    const code = recorded.ok ? recorded.code : "";
    expect(await seen()).toMatchObject([
      {
        code,
        kind: "loss",
        note: "mất một máy ở văn phòng",
        by: "quan",
        tellBy: discoveredAt + 72 * HOUR,
        steps: {},
      },
    ]);
    expect(await warnings()).toContain(`${code}: the authority has not been told (70 hours are left)`);
    bench.pass(75 * HOUR);
    expect(await warnings()).toContain("5 hours too late");

    expect(await bench.services.privacy.markBreach(admin, code, "authority_told")).toEqual({ ok: true });
    expect(await warnings()).not.toContain(code);
    expect(await bench.services.privacy.markBreach(admin, code, "authority_told")).toMatchObject({
      code: "not_found",
    });
    expect((await seen())[0]?.steps.authority_told).toMatchObject({ by: "quan" });
  });

  it("is for administrators, and not from the future", async () => {
    const { privacy } = bench.services;
    const told = { kind: "key" as const, discoveredAt: bench.parts.clock.now() + 10 * HOUR, note: "x" };
    expect(await privacy.recordBreach(admin, told)).toMatchObject({ code: "bad_request" });
    expect(await privacy.recordBreach(counsellor, { ...told, discoveredAt: 1 })).toMatchObject({
      code: "forbidden",
    });
    expect(await privacy.overview(counsellor)).toMatchObject({ code: "forbidden" });
    expect(await seen()).toEqual([]);
  });

  it("shows how long each kind of data is kept, as the settings say", async () => {
    expect(await bench.services.privacy.overview(admin)).toMatchObject({
      clocks: [
        { kind: "transcript", keptMs: 24 * HOUR },
        { kind: "idle", keptMs: 720 * HOUR },
        { kind: "left", keptMs: 24 * HOUR },
        { kind: "handled", keptMs: 24 * HOUR },
      ],
    });
  });
});
