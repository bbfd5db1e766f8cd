/** The proof of effort: asked only in a crowd, from each place alone, worth one conversation, with a wait instead. */

import { createHash, createHmac } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { openMemoryLimits } from "../../bot/adapters/memory/limits.ts";
import type { Limits } from "../../bot/ports/limits.ts";
import { type Effort, gatekeeper } from "../../bot/web/effort.ts";
import { ask, cookieOf, OURS } from "./ask.ts";
import { fakeHouse } from "./fake-services.ts";

const SETTINGS = { openings: 4, minutes: 10, bits: 8, max_bits: 10, wait_seconds: 15 };
const sign = (text: string) => createHmac("sha256", "test").update(text).digest("hex");
/** Time is what the test says with each question. */
function fresh(shared?: Limits) {
  let time = 0;
  const limits = shared ?? openMemoryLimits({ now: () => time });
  const gate = gatekeeper(() => SETTINGS, sign, limits);
  return {
    ask(place: string, now: number) {
      time = now;
      return gate.ask(place, now);
    },
    judge(place: string, made: Parameters<typeof gate.judge>[1], now: number) {
      time = now;
      return gate.judge(place, made, now);
    },
  };
}

/** Searches as the page does. */
function search({ challenge, bits }: Effort): number {
  for (let n = 0; ; n += 1) {
    const digest = createHash("sha256").update(`${challenge}:${n}`).digest();
    if (Math.clz32(digest.readUInt32BE(0)) >= bits) return n;
  }
}
async function asked(gate: ReturnType<typeof fresh>, place = "a", now = 0): Promise<Effort> {
  for (let i = 0; i < 100; i += 1) {
    const effort = await gate.ask(place, now);
    if (effort) return effort;
  }
  throw new Error("nothing was asked");
}

describe("the gatekeeper", () => {
  test("asks nothing of the first few, of other places, or when the crowd is gone", async () => {
    const gate = fresh();
    for (let i = 0; i < 4; i += 1) expect(await gate.ask("a", i)).toBeNull();
    expect(await gate.ask("a", 5)).toMatchObject({ bits: 8, waitMs: 15_000 });
    expect(await gate.ask("b", 5)).toBeNull();
    expect(await gate.ask("a", 10 * 60_000)).toBeNull();
  });

  test("asks everybody when very many come from many places", async () => {
    const gate = fresh();
    for (let i = 0; i < 80; i += 1) expect(await gate.ask(`place ${i}`, 0)).toBeNull();
    expect(await gate.ask("another", 0)).toMatchObject({ bits: 8 });
    for (let i = 0; i < 80; i += 1) await gate.ask(`new place ${i}`, 0);
    expect(await gate.ask("one more", 0)).toMatchObject({ bits: 9 });
    expect(await gate.ask("one more", 10 * 60_000)).toBeNull();
  });

  test("asks more of a larger crowd, up to a bound", async () => {
    const gate = fresh();
    const bits: number[] = [];
    for (let i = 0; i < 64; i += 1) bits.push((await gate.ask("a", 0))?.bits ?? 0);
    expect([bits[3], bits[4], bits[7], bits[15], bits[63]]).toEqual([0, 8, 9, 10, 10]);
  });

  test("takes a found number once, only from its place, and only in time", async () => {
    const gate = fresh();
    const effort = await asked(gate);
    const made = { challenge: effort.challenge, number: search(effort) };
    expect(await gate.judge("b", made, 1)).toBe("worthless");
    expect(await gate.judge("a", made, 1)).toBe("made");
    expect(await gate.judge("a", made, 2)).toBe("worthless");
    const other = await asked(gate);
    expect(await gate.judge("a", { challenge: other.challenge, number: search(other) }, 11 * 60_000)).toBe(
      "worthless",
    );
  });

  test("takes waiting instead, but not too early and not from a challenge made up", async () => {
    const gate = fresh();
    const { challenge, bits } = await asked(gate);
    const wrong = Array.from({ length: 50 }, (_, n) => n).find(
      (n) => Math.clz32(createHash("sha256").update(`${challenge}:${n}`).digest().readUInt32BE(0)) < bits,
    );
    expect(await gate.judge("a", { challenge, number: wrong }, 14_000)).toBe("early");
    expect(await gate.judge("a", { challenge: challenge.replace(/^0/, "-99999") }, 14_000)).toBe("worthless");
    expect(await gate.judge("a", { challenge: challenge.replace(".8.", ".0.") }, 14_000)).toBe("worthless");
    expect(await gate.judge("a", { challenge: "" }, 14_000)).toBe("worthless");
    expect(await gate.judge("a", { challenge }, 15_000)).toBe("made");
  });

  test("another process takes what this one asked", async () => {
    const effort = await asked(fresh());
    expect(await fresh().judge("a", { challenge: effort.challenge, number: search(effort) }, 1)).toBe("made");
  });

  test("processes that share a count ask as one, and one effort opens one conversation at any of them", async () => {
    const shared = openMemoryLimits({ now: () => 0 });
    const [one, two] = [fresh(shared), fresh(shared)];
    for (let i = 0; i < 2; i += 1) for (const gate of [one, two]) expect(await gate.ask("a", 0)).toBeNull();
    const effort = await two.ask("a", 0);
    const made = { challenge: effort?.challenge ?? "", number: effort ? search(effort) : 0 };
    const told = await Promise.all([one, two].map((gate) => gate.judge("a", made, 1)));
    expect(told.sort()).toEqual(["made", "worthless"]);
  });
});

describe("the page", () => {
  let house: ReturnType<typeof fakeHouse>;
  beforeEach(() => {
    house = fakeHouse();
  });
  const crowd = async () => {
    for (let i = 0; i < 30; i += 1) await ask(house, "POST", "/api/page/open");
  };

  test("takes the addresses of one IPv6 network for one place, and no others", async () => {
    const from = async (address: string) =>
      (await ask(house, "POST", "/api/page/open", { headers: { "x-forwarded-for": address } })).body.effort;
    for (let i = 0; i < 30; i += 1) await from(`2001:db8:1:2:${i.toString(16)}::${i}`);
    expect(await from("2001:db8:1:2::77")).toBeTruthy();
    expect(await from("2001:0db8:0001:0002:ffff:1:2:3")).toBeTruthy();
    for (const other of ["2001:db8:1:3::77", "2001:db8::1", "::1", "198.51.100.1"])
      expect(await from(other)).toBeUndefined();
  });

  test("opens for a script that made the effort, and for nobody who did not", async () => {
    await crowd();
    const first = await ask(house, "POST", "/api/page/open");
    expect(first.headers.get("set-cookie")).toBeNull();
    const effort = first.body.effort as Effort;
    const lazy = await ask(house, "POST", "/api/page/open", {
      body: { effort: { challenge: effort.challenge, number: -1 } },
    });
    expect(lazy.body.effort).toBeTruthy();
    const made = await ask(house, "POST", "/api/page/open", {
      body: { effort: { challenge: effort.challenge, number: search(effort) } },
    });
    expect(cookieOf(made.headers)).toContain("s=");
    expect(made.body.effort).toBeUndefined();
  });

  test("without a script: her words stay in the box, and the same form goes through after the wait", async () => {
    await crowd();
    const say = (fields: Record<string, string>) =>
      house.app.request("http://localhost/say", {
        method: "POST",
        headers: { ...OURS, "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ lang: "vi", ...fields }),
      });
    const held = await say({ text: "chồng em đang say", key: "abcdefghw" });
    expect(held.status).toBe(429);
    const html = await held.text();
    expect(html).toContain("chồng em đang say");
    expect(html).toContain("113");
    const challenge = /name="effort" value="([^"]+)"/.exec(html)?.[1] ?? "";
    const early = await say({ text: "chồng em đang say", key: "abcdefghw", effort: challenge });
    // The same challenge again: pressing early does not make the wait longer.
    expect(await early.text()).toContain(challenge);
    house.pass(15_000);
    const through = await say({ text: "chồng em đang say", key: "abcdefghw", effort: challenge });
    expect(through.status).toBe(303);
    expect(house.page.newest()?.lines[0]?.text).toBe("chồng em đang say");
  });
});
