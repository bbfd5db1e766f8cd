/** One process at a time has a turn: taken over when its holder dies, given back when it stops, never held by two. */

import { describe, expect, it } from "vitest";
import { openVault } from "../../bot/adapters/keys/vault.ts";
import { openSqlite } from "../../bot/adapters/sql/open.ts";
import { startSingle } from "../../bot/app/single.ts";
import type { Clock } from "../../bot/ports/clock.ts";
import type { Store } from "../../bot/ports/store.ts";

/** A clock that the test moves: what is due is called as it passes. */
function handClock() {
  let now = 1_000_000;
  const due: { at: number; call: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    newId: () => String(now),
    token: () => "t",
    after(ms, call) {
      const entry = { at: now + ms, call };
      due.push(entry);
      return () => void due.splice(due.indexOf(entry), due.includes(entry) ? 1 : 0);
    },
  };
  const settled = () => new Promise((resolve) => setTimeout(resolve, 15));
  return {
    clock,
    async pass(ms: number) {
      for (const end = now + ms; ; ) {
        const next = due.filter((d) => d.at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) {
          now = end;
          return settled();
        }
        due.splice(due.indexOf(next), 1);
        now = Math.max(now, next.at);
        next.call();
        await settled();
      }
    },
  };
}

async function scene() {
  const store = await openSqlite({ file: ":memory:" });
  const vault = openVault({ key: Buffer.alloc(32, 1).toString("base64") });
  const time = handClock();
  const holders = new Set<string>();
  const open = (name: string, through: Store = store) =>
    startSingle(
      "poll",
      name,
      { begin: async () => void holders.add(name), end: async () => void holders.delete(name) },
      { store: through, vault, clock: time.clock, log: () => {} },
    );
  return { store, time, holders, open };
}

describe("a turn", () => {
  it("is held by one, and given back in order to the next", async () => {
    const { store, time, holders, open } = await scene();
    const [a, b] = [open("a"), open("b")];
    await time.pass(60_000);
    expect(holders.size).toBe(1);
    const [first] = holders;
    await (first === "a" ? a : b).stop();
    await time.pass(4_000);
    expect([...holders]).toEqual([first === "a" ? "b" : "a"]);
    await Promise.all([a.stop(), b.stop()]);
    expect(holders.size).toBe(0);
    await store.upkeep.close();
  });

  it("is taken over where nobody can read whose it is", async () => {
    const { store, time, holders, open } = await scene();
    await store.upkeep.putSecret("turn:poll", new Uint8Array(40), null);
    const one = open("a");
    await time.pass(3_000);
    expect(holders.size).toBe(0);
    await time.pass(30_000);
    expect([...holders]).toEqual(["a"]);
    await one.stop();
    await store.upkeep.close();
  });

  it("passes to another when its holder falls asleep, and the sleeper finds out when it wakes", async () => {
    const { store, time, holders, open } = await scene();
    // A holder whose every look at the store hangs, as a paused process.
    let gate: Promise<void> | null = null;
    let wake = () => {};
    const sleepy: Store = {
      ...store,
      upkeep: {
        ...store.upkeep,
        async putSecret(...args) {
          await gate;
          return store.upkeep.putSecret(...args);
        },
      },
    };
    const a = open("a", sleepy);
    await time.pass(3_000);
    expect([...holders]).toEqual(["a"]);
    gate = new Promise((resolve) => {
      wake = resolve;
    });
    const b = open("b");
    await time.pass(9_000);
    expect([...holders]).toEqual(["a"]);
    await time.pass(12_000);
    expect(holders).toContain("b");
    wake();
    gate = null;
    await time.pass(3_000);
    expect([...holders]).toEqual(["b"]);
    await Promise.all([a.stop(), b.stop()]);
    await store.upkeep.close();
  });

  it("is dropped by a holder that cannot reach the store for longer than others wait", async () => {
    const { store, time, holders, open } = await scene();
    let isAway = false;
    const away = <T>(work: () => Promise<T>) => (isAway ? Promise.reject(new Error("away")) : work());
    const shaky: Store = {
      ...store,
      upkeep: {
        ...store.upkeep,
        getSecret: (name) => away(() => store.upkeep.getSecret(name)),
        putSecret: (...args) => away(() => store.upkeep.putSecret(...args)),
      },
    };
    const a = open("a", shaky);
    await time.pass(3_000);
    isAway = true;
    await time.pass(8_000);
    expect(holders).toContain("a");
    await time.pass(20_000);
    expect(holders.size).toBe(0);
    isAway = false;
    await time.pass(30_000);
    expect([...holders]).toEqual(["a"]);
    await a.stop();
    await store.upkeep.close();
  });
});
