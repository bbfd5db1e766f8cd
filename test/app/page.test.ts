/** Sessions of the survivors' page: whose they are, and what is shown on them. */

import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Bench, HOUR, MINUTE, openBench } from "./service.ts";

describe("sessions of the page", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.close());

  const page = () => bench.services.page;

  async function says(token: string, text: string, key = `key-${text.length}`) {
    const answer = await page().write(token, { key, text });
    await bench.settle();
    return answer;
  }

  it("begin nothing when they were made up: a flood would pass by the effort", async () => {
    const madeUp = randomBytes(24).toString("base64url");
    expect(await says(madeUp, "nó cầm dao đuổi em")).toMatchObject({ ok: false, code: "not_found" });
    expect(await page().arrive(madeUp, "vi")).toMatchObject({ ok: false, code: "not_found" });
    expect(await page().read(madeUp, 0)).toMatchObject({ ok: false, code: "not_found" });
    expect(await bench.parts.store.cases.list({ states: ["waiting"], limit: 9 })).toEqual([]);
    expect(await says(page().open(), "nó cầm dao đuổi em")).toEqual({ ok: true });
  });

  it("open nothing after the way out: what was still on its way then begins no talk that nobody reads", async () => {
    const [told, silent] = [page().open(), page().open()];
    await says(told, "em nói được");
    for (const token of [told, silent]) {
      await page().leave(token);
      await bench.settle();
      expect(await says(token, "nó cầm dao đuổi em")).toMatchObject({ ok: false, code: "not_found" });
      expect(await page().arrive(token, "vi")).toMatchObject({ ok: false, code: "not_found" });
      // Else a browser that still has it would be given no other, and try with it for ever.
      expect(await page().read(token, 0)).toMatchObject({ ok: false, code: "not_found" });
    }
    expect(await bench.parts.store.cases.list({ states: ["waiting"], limit: 9 })).toEqual([]);
  });

  it("of an earlier build go on while their conversation stands", async () => {
    const old = randomBytes(24).toString("base64url");
    await bench.says(old, "alo");
    expect(await says(old, "em nói được")).toEqual({ ok: true });
    expect(await page().read(old, 0)).toMatchObject({ ok: true, ended: false });
  });

  it.each([
    ["en", "help", /113 police/],
    ["vi", "help", /113 công an/],
    ["en", "giúp em với, nó cầm dao", /113 công an/],
  ] as const)(
    "answer in the page's language (%s) where her first words show none: %s",
    async (lang, text, card) => {
      const token = page().open();
      await page().write(token, { key: "key-first", text, lang });
      await bench.settle();
      const read = await page().read(token, 0);
      expect(read.ok && read.lines.at(-1)?.text).toMatch(card);
    },
  );

  it("keep every word of a long message, once, in lines that the transcript holds", async () => {
    const token = page().open();
    const diary = Array.from({ length: 1_800 }, (_, i) => `câu ${i}.`).join(" ");
    for (let i = 0; i < 2; i += 1) await says(token, diary, "key-diary");
    const read = await page().read(token, 0);
    const said = read.ok ? read.lines.filter((l) => l.from === "you").map((l) => l.text) : [];
    expect(said.length).toBeGreaterThan(1);
    expect(said.join(" ")).toBe(diary);
  });

  describe("are looked at by somebody else", () => {
    const WORDS = "chồng em hay đánh em";
    const shown = async (token: string) => {
      const read = await page().read(token, 0);
      return read.ok ? read.lines.map((l) => l.text).join("\n") : read.code;
    };
    let token = "";
    beforeEach(async () => {
      token = page().open();
      for (const text of ["alo", "có", WORDS]) await bench.says(token, text);
    });

    it("after a gap: nothing that was said before is shown, and all of it again when it is her", async () => {
      bench.pass(29 * MINUTE);
      expect(await shown(token)).toContain(WORDS);
      bench.pass(2 * MINUTE);
      expect(await shown(token)).toBe("");
      await page().arrive(token, "vi");
      await bench.settle();
      expect(await shown(token)).toMatch(/^Chào bạn. Bạn muốn xem tiếp chứ\?$/);
      await bench.says(token, { kind: "choice", value: "go:me" });
      expect(await shown(token)).toContain(WORDS);
    });

    it("after a gap a counsellor's words stand there alone, as they were sent to the page", async () => {
      await bench.says(token, "gọi người thật");
      const [row] = await bench.parts.store.cases.list({ states: ["waiting"], limit: 1 });
      if (!row) throw new Error("no case");
      await bench.services.desk.claim(bench.staff, row.id);
      await bench.settle();
      bench.pass(HOUR);
      await bench.services.desk.reply(bench.staff, row.id, "Chào bạn, mình đây.", "reply-1");
      await bench.settle();
      expect(await shown(token)).toContain("mình đây");
      expect(await shown(token)).not.toContain(WORDS);
    });

    it("who asks what she wrote: the dull words come without the talk above them", async () => {
      const isLocked = async () => {
        const read = await page().read(token, 0);
        return read.ok && read.isLocked;
      };
      expect(await isLocked()).toBe(false);
      await bench.says(token, "vợ tôi nhắn gì ở đây");
      expect(await isLocked()).toBe(true);
      expect(await shown(token)).not.toContain(WORDS);
      expect(await shown(token)).toContain("vợ tôi nhắn gì ở đây");
    });
  });

  it("show the rest of a talk of which one line does not open", async () => {
    const token = page().open();
    await says(token, "em nói được");
    const { conversations } = bench.parts.store;
    const whole = conversations.transcriptEnd;
    conversations.transcriptEnd = async (...asked) =>
      (await whole.apply(conversations, asked)).map((l) =>
        l.ordinal === 1 ? { ...l, sealed: new Uint8Array(40) as typeof l.sealed } : l,
      );
    const read = await page().read(token, 0);
    conversations.transcriptEnd = whole;
    expect(read.ok && read.lines.map((l) => l.text === "[…]")).toEqual([true, false]);
  });

  it("whose state does not open show nothing, take her words, and go on with them", async () => {
    const token = page().open();
    await says(token, "em nói được");
    const { conversations } = bench.parts.store;
    const whole = conversations.state;
    conversations.state = async () => new Uint8Array(40) as NonNullable<Awaited<ReturnType<typeof whole>>>;
    const read = await page().read(token, 0);
    conversations.state = whole;
    expect(read).toMatchObject({ ok: true, ended: false, lines: [], isLocked: true });
    await says(token, "alo", "key-alo");
    expect(await page().read(token, 0)).toMatchObject({ isLocked: false });
  });

  it("show a long talk to its newest line at once", async () => {
    const token = page().open();
    for (let i = 0; i < 210; i += 1) await bench.says(token, `dòng ${i}`);
    const read = await page().read(token, 0);
    const said = read.ok ? read.lines.filter((l) => l.from === "you") : [];
    expect(read.ok && read.lines.length).toBeGreaterThan(200);
    expect(said.at(-1)?.text).toBe("dòng 209");
  });
});
