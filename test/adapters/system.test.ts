/** The clock's ids and the log's masks. */

import { describe, expect, it } from "vitest";
import { idMaker, openLog, systemClock } from "../../bot/adapters/system.ts";

describe("newId", () => {
  it("is sortable by time, safe in an address, and unique", () => {
    let now = 1_795_000_000_000;
    const newId = idMaker(() => now);
    const ids: string[] = [];
    for (let i = 0; i < 5_000; i++) {
      // Also so many in one millisecond that the steps run over.
      if (i % 2_500 === 0) now += 1;
      ids.push(newId());
    }
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-hjkmnp-tv-z]{26}$/);
  });

  it("goes on upwards when the clock is set back", () => {
    let now = 1_795_000_000_000;
    const newId = idMaker(() => now);
    const before = newId();
    now -= 300_000;
    expect(newId() > before).toBe(true);
  });

  it("differs between two processes in the same millisecond", () => {
    const now = () => 1_795_000_000_000;
    const made = new Set(Array.from({ length: 200 }, () => idMaker(now)()));
    expect(made.size).toBe(200);
  });
});

describe("clock", () => {
  it("makes tokens of the size asked for, and cancels what it was told to", async () => {
    const clock = systemClock();
    expect(Buffer.from(clock.token(32), "base64url")).toHaveLength(32);
    let [called, cancelled] = [0, 0];
    clock.after(5, () => called++);
    clock.after(5, () => cancelled++)();
    await expect.poll(() => called).toBe(1);
    expect(cancelled).toBe(0);
  });

  it("does not call at once when asked to wait longer than timers can", async () => {
    let called = 0;
    const cancel = systemClock().after(2 ** 31 + 5_000, () => called++);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(called).toBe(0);
    cancel();
  });
});

describe("log", () => {
  function collect(level: "debug" | "info", secrets: readonly string[] = []) {
    const lines: string[] = [];
    return { log: openLog({ level, secrets: () => secrets, write: (line) => lines.push(line) }), lines };
  }

  it("writes one JSON line with code and facts", () => {
    const { log, lines } = collect("info");
    log("warn", "outbox_slow", { channel: "telegram", ms: 1_200, retry: true, nothing: null });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      level: "warn",
      code: "outbox_slow",
      channel: "telegram",
      ms: 1_200,
      retry: true,
    });
  });

  it("is given no second code, level or time: whoever reads the line as JSON would see only one", () => {
    const { log, lines } = collect("info");
    // @ts-expect-error the reason has another name
    log("warn", "webhook_refused", { code: "zalo-oa.wrong_signature" });
    // @ts-expect-error so has a person's level
    log("warn", "heard", { level: "high" });
    log("warn", "webhook_refused", { cause: "zalo-oa.wrong_signature" });
    expect(JSON.parse(lines[2] ?? "")).toMatchObject({
      code: "webhook_refused",
      cause: "zalo-oa.wrong_signature",
    });
  });

  it("leaves out what is below the level", () => {
    const { log, lines } = collect("info");
    log("debug", "noise");
    expect(lines).toEqual([]);
  });

  it("masks secrets wherever they stand, also as they stand in an address", () => {
    const secrets = ["123456:AbC/deF+g=", "hunter22"];
    const { log, lines } = collect("info", secrets);
    log("error", "call_failed hunter22", {
      url: `https://x/bot${secrets[0]}/send`,
      query: encodeURIComponent(secrets[0] ?? ""),
    });
    expect(lines[0]).not.toContain("hunter22");
    expect(lines[0]).not.toContain("AbC");
    expect(lines[0]).toContain("•••");
  });

  it("does not let a line break out of its line", () => {
    const { log, lines } = collect("info");
    log("info", "odd", { text: 'a"b\nc' });
    expect(lines[0]?.trimEnd().split("\n")).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "").text).toBe('a"b\nc');
  });
});
