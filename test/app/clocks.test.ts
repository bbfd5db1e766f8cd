/** Retention: what goes when its clock runs out, with a clock that is moved by hand. */

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TELEGRAM_CAPS } from "../../bot/adapters/telegram/render.ts";
import { makeCapture, openCapture } from "../../bot/app/capture.ts";
import { envelope } from "../../bot/app/contexts.ts";
import { expire } from "../../bot/app/ticker.ts";
import type { ChannelName } from "../../bot/core/message.ts";
import type { Channel } from "../../bot/ports/channel.ts";
import { type Bench, DAY, HOUR, MINUTE, openBench } from "./service.ts";

const HER = "a-page-session-of-the-test";

describe("retention clocks", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.close());

  async function tillClosed(): Promise<string> {
    for (const words of ["alo", "có", "5", "gọi người thật"]) await bench.says(HER, words);
    const [row] = await bench.parts.store.cases.list({ states: ["waiting"], limit: 1 });
    if (!row) throw new Error("no case");
    expect((await bench.services.desk.claim(bench.staff, row.id)).ok).toBe(true);
    await bench.settle();
    expect((await bench.services.desk.close(bench.staff, row.id, "supported", "")).ok).toBe(true);
    await bench.settle();
    return row.id;
  }

  it("keeps a transcript 24 hours after the case was closed, and no longer", async () => {
    await tillClosed();
    bench.pass(23 * HOUR);
    await expire(bench.parts);
    expect((await bench.lines(HER)).map((l) => l.text)).toContain("gọi người thật");
    bench.pass(2 * HOUR);
    await expire(bench.parts);
    expect((await bench.lines(HER)).map((l) => l.text)).not.toContain("gọi người thật");
  });

  it("keeps what she answered and asked no longer than that, and what came later", async () => {
    const kept = async () => {
      const head = await bench.parts.store.conversations.find(bench.parts.vault.pseudonym("web", HER));
      if (!head) throw new Error("no conversation");
      const sealed = await bench.parts.store.conversations.state(head.id);
      const state = sealed && envelope(bench.parts.vault, head.wrappedKey).state.open(head.id, sealed);
      return { answers: Object.keys(state?.answers ?? {}).length, asked: state?.asked.length };
    };
    await tillClosed();
    expect((await kept()).answers).toBeGreaterThan(0);
    bench.pass(23 * HOUR);
    await bench.settle();
    expect((await kept()).answers).toBeGreaterThan(0);
    bench.pass(2 * HOUR);
    await bench.settle();
    expect(await kept()).toEqual({ answers: 0, asked: 0 });
  });

  it("erases the webhooks that an operator had kept for minutes, though no further one comes", async () => {
    const { store, vault } = bench.parts;
    const kept = async () => {
      const secret = await store.upkeep.getSecret("capture.web");
      return secret && JSON.parse(vault.openOwn("capture.web", secret.sealed)).events.length;
    };
    await openCapture(bench.parts, "web", 10);
    await makeCapture(bench.parts).offer("web", { headers: {}, body: Buffer.from("her words") });
    await expire(bench.parts);
    expect(await kept()).toBe(1);
    bench.pass(11 * MINUTE);
    await expire(bench.parts);
    expect(await kept()).toBe(0);
  });

  it("forgets a conversation nobody wrote in for 30 days, and keeps one of 29", async () => {
    await bench.says(HER, "alo");
    bench.pass(29 * DAY);
    await expire(bench.parts);
    expect(await bench.lines(HER)).not.toEqual([]);
    bench.pass(3 * DAY);
    await expire(bench.parts);
    expect(await bench.lines(HER)).toEqual([]);
  });

  it("forgets who left a day later, but not one whose case is open", async () => {
    await bench.says(HER, "alo");
    await bench.says(HER, { kind: "left" });
    await bench.says("another-session", "alo");
    await bench.says("another-session", "có");
    await bench.says("another-session", "gọi người thật");
    await bench.says("another-session", { kind: "left" });
    bench.pass(25 * HOUR);
    await bench.settle();
    expect(await bench.lines(HER)).toEqual([]);
    expect(await bench.lines("another-session")).not.toEqual([]);
  });

  it("erases at once when the platform withdraws, and the desk sees that she left", async () => {
    for (const words of ["alo", "có", "5", "gọi người thật"]) await bench.says(HER, words);
    await bench.says(HER, { kind: "withdrawn" });
    expect(await bench.lines(HER)).toEqual([]);
    const [row] = await bench.parts.store.cases.list({ states: ["waiting", "claimed", "closed"], limit: 1 });
    expect(row).toMatchObject({ personLeft: true, sealedReasons: null });
  });

  it("holds a late reply and tells the desk why and until when", async () => {
    for (const words of ["alo", "có", "5", "giờ nhắn", "8h-17h", "gọi người thật"])
      await bench.says(HER, words);
    const [row] = await bench.parts.store.cases.list({ states: ["waiting"], limit: 1 });
    if (!row) throw new Error("no case");
    bench.pass(40 * MINUTE);
    await bench.services.desk.claim(bench.staff, row.id);
    await bench.services.desk.reply(bench.staff, row.id, "Chào bạn, mình là Mai.", "reply-1");
    await bench.settle();
    const opened = await bench.services.desk.open(bench.staff, row.id);
    if (!opened.ok) throw new Error(opened.message);
    expect(opened.file.held).toEqual([
      {
        text: "Chào bạn, mình là Mai.",
        at: expect.any(Number),
        why: "hours",
        until: Date.parse("2026-11-21T08:00:00+07:00"),
      },
    ]);
    expect((await bench.lines(HER)).filter((l) => l.from === "counsellor")).toEqual([]);
    bench.pass(12 * HOUR);
    await bench.settle();
    expect((await bench.lines(HER)).filter((l) => l.from === "counsellor")).toHaveLength(1);
  });

  describe("what stands on her phone", () => {
    /** A platform that deletes: which of our messages came, and which are still there. */
    function phone() {
      const there = new Set<string>();
      let n = 0;
      const how = { isAway: false, isStuck: false };
      const channel = {
        name: "telegram",
        caps: TELEGRAM_CAPS,
        secrets: [],
        async send() {
          if (how.isAway) return { ok: false, code: "telegram.unreached", kind: "retry" };
          n += 1;
          there.add(String(n));
          return { ok: true, platformRef: String(n) };
        },
        async wipe(_: string, refs: readonly string[]) {
          if (how.isAway) return null;
          if (how.isStuck) return refs;
          for (const ref of refs) there.delete(ref);
          return [];
        },
      } as unknown as Channel;
      (bench.parts.channels as Map<ChannelName, Channel>).set("telegram", channel);
      return Object.assign(there, { how });
    }

    /** Hour by hour, as the service does. */
    async function pass(hours: number) {
      for (let h = 0; h < hours; h += 1) {
        bench.pass(HOUR);
        await expire(bench.parts);
        await bench.settle();
      }
    }

    it("is deleted by itself after the hours that she was told, whatever was cleared away before", async () => {
      const there = phone();
      for (const words of ["alo", "có", "5"]) await bench.says("42", words, "telegram");
      expect(there.size).toBeGreaterThan(2);
      await pass(45);
      expect(there.size).toBeGreaterThan(2);
      await pass(2);
      expect([...there]).toEqual([]);
    });

    it("is deleted once the platform is there again, also when her exit came while it was away", async () => {
      const there = phone();
      for (const words of ["alo", "có", "5"]) await bench.says("42", words, "telegram");
      there.how.isAway = true;
      await bench.says("42", "thoát", "telegram");
      for (let s = 0; s < 120; s += 10) {
        bench.pass(10_000);
        await bench.settle();
      }
      expect(there.size).toBeGreaterThan(2);
      there.how.isAway = false;
      bench.pass(5 * MINUTE);
      await bench.settle();
      expect(there.size).toBe(1);
    });

    it("can be deleted with a second exit when the first could delete nothing", async () => {
      const there = phone();
      for (const words of ["alo", "có", "5"]) await bench.says("42", words, "telegram");
      there.how.isStuck = true;
      await bench.says("42", "thoát", "telegram");
      bench.pass(10_000);
      await bench.settle();
      bench.pass(10_000);
      await bench.settle();
      const before = there.size;
      there.how.isStuck = false;
      await bench.says("42", "thoát", "telegram");
      expect([before > 3, there.size]).toEqual([true, 1]);
    });

    it("is deleted with the exit also when its words are forgotten here by then", async () => {
      const there = phone();
      for (const words of ["alo", "có", "5", "gọi người thật"]) await bench.says("42", words, "telegram");
      const [row] = await bench.parts.store.cases.list({ states: ["waiting"], limit: 1 });
      if (!row) throw new Error("no case");
      await bench.services.desk.claim(bench.staff, row.id);
      await bench.services.desk.close(bench.staff, row.id, "supported", "");
      await bench.settle();
      await pass(26);
      expect((await bench.lines("42", "telegram")).map((l) => l.text)).not.toContain("gọi người thật");
      const before = there.size;
      await bench.says("42", "thoát", "telegram");
      expect([before > 2, there.size]).toEqual([true, 1]);
    });
  });
});
