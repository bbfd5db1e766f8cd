/** What has just come is decided and delivered without being looked up again, and nothing is different for it. */

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openMemoryLimits } from "../../bot/adapters/memory/limits.ts";
import { envelope } from "../../bot/app/contexts.ts";
import { makeHandler } from "../../bot/app/handle.ts";
import { takeIn } from "../../bot/app/inbox.ts";
import { makeCourier } from "../../bot/app/outbox.ts";
import type { Parts } from "../../bot/app/parts.ts";
import { type Bench, openBench } from "./service.ts";

describe("an arrival where it is decided", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.close());

  /** The bench's house with a door of its own; `calls` counts what is looked up in the store. */
  function house() {
    const calls = { leases: 0, pickUps: 0, woken: [] as string[] };
    const { store, bus } = bench.parts;
    const parts: Parts = {
      ...bench.parts,
      store: {
        ...store,
        conversations: {
          ...store.conversations,
          lease(ask) {
            calls.leases += 1;
            return store.conversations.lease(ask);
          },
        },
        outbox: {
          ...store.outbox,
          lease(ask) {
            calls.pickUps += 1;
            return store.outbox.lease(ask);
          },
        },
      },
      bus: {
        ...bus,
        publish(topic) {
          calls.woken.push(topic);
          bus.publish(topic);
        },
        call(work) {
          calls.woken.push(work);
          bus.call(work);
        },
      },
    };
    const courier = makeCourier(parts, "door", openMemoryLimits(parts.clock));
    const measured: number[] = [];
    const handler = makeHandler(
      parts,
      "door",
      { ask() {}, stop() {} },
      { courier, measure: () => (n) => void measured.push(n) },
    );
    let n = 0;
    return {
      calls,
      handler,
      courier,
      measured,
      write(address: string, ...texts: string[]) {
        bench.pass(10);
        const at = parts.clock.now();
        const came = texts.map((text) => {
          n += 1;
          const content = { kind: "text", text } as const;
          return { channel: "web", address, key: `door-${n}`, at, content } as const;
        });
        return takeIn({ ...parts, atOnce: handler }, came);
      },
    };
  }

  const said = async (address: string) => (await bench.lines(address)).map((l) => l.from);

  async function states(address: string) {
    const head = await bench.parts.store.conversations.find(bench.parts.vault.pseudonym("web", address));
    if (!head) return [];
    const lines = await bench.parts.store.conversations.transcript(head.id, 0, 99);
    return lines.map((l) => l.state);
  }

  it("is answered as it would be in its turn, and nobody is woken or asks the store for it", async () => {
    const { handler, calls, courier, measured, write } = house();
    expect(await handler.work()).toBe(0);
    for (const [i, words] of ["alo", "có", "5", "cấm tiếp xúc là gì"].entries()) {
      await write("her", words);
      await expect.poll(async () => (await states("her")).filter((s) => s === "sent").length).toBe(i + 1);
    }
    expect(calls).toMatchObject({ leases: 1, pickUps: 0 });
    expect(calls.woken).not.toContain("inbox");
    expect(calls.woken).not.toContain("outbox");
    expect(measured).toEqual([1, 1, 1, 1]);
    for (const words of ["alo", "có", "5", "cấm tiếp xúc là gì"]) await bench.says("beside", words);
    expect(await bench.lines("her")).toEqual(await bench.lines("beside"));
    await handler.rest();
    await courier.rest();
  });

  it("waits its turn before the service works and after it rests, and is told to whoever is free", async () => {
    const { handler, calls, write } = house();
    await write("early", "alo");
    expect(await said("early")).toEqual([]);
    expect(calls.woken).toContain("inbox");
    expect(await handler.work()).toBe(1);
    await handler.rest();
    await write("late", "alo");
    expect(await said("late")).toEqual([]);
    await bench.settle();
    expect(await said("late")).toEqual(["person", "bot"]);
  });

  it("is decided before the service rests, though it was only being put on disk then", async () => {
    const { handler, write } = house();
    await handler.work();
    const written = write("her", "alo");
    await handler.rest();
    await written;
    expect(await said("her")).toEqual(["person", "bot"]);
  });

  it("waits while others wait who came before it", async () => {
    const { handler, write } = house();
    for (let i = 0; i < 40; i += 1) await bench.put(`before-${i}`, "alo");
    expect(await handler.work()).toBe(32);
    await write("now", "alo");
    await handler.rest();
    expect(await said("now")).toEqual([]);
    await bench.settle();
    expect(await said("now")).toEqual(["person", "bot"]);
  });

  it("is decided in the order of arrival, and what comes meanwhile is taken up", async () => {
    const { handler, write, calls } = house();
    await handler.work();
    await Promise.all([write("her", "alo"), write("her", "có"), write("her", "5")]);
    await expect.poll(() => calls.woken.filter((t) => t === "inbox").length).toBeGreaterThan(1);
    while ((await handler.work()) > 0);
    await bench.settle();
    const lines = await bench.lines("her");
    expect(lines.filter((l) => l.from === "person").map((l) => l.text)).toEqual(["alo", "có", "5"]);
    expect(new Set(await states("her"))).toEqual(new Set(["received", "sent"]));
  });

  it("hears all of a burst that came in one piece, and answers once", async () => {
    const { handler, write } = house();
    await handler.work();
    await write("her", "chị ơi", "em hoang mang quá", "alo");
    await expect.poll(() => said("her")).toEqual(["person", "person", "person", "bot"]);
  });

  it("is tried again from the disk when deciding fails", async () => {
    const { conversations } = bench.parts.store;
    const commit = conversations.commit;
    let failed = 0;
    (conversations as { commit: typeof commit }).commit = async (turn) => {
      failed += 1;
      if (failed === 1) throw new Error("the disk said no");
      return commit(turn);
    };
    const { handler, write } = house();
    await handler.work();
    await write("her", "alo");
    await handler.rest();
    expect(await said("her")).toEqual([]);
    bench.pass(2_000);
    await bench.settle();
    expect(await said("her")).toEqual(["person", "bot"]);
    const head = await conversations.find(bench.parts.vault.pseudonym("web", "her"));
    const lines = head ? await conversations.transcript(head.id, 0, 9) : [];
    const box = envelope(bench.parts.vault, head?.wrappedKey ?? new Uint8Array());
    expect(box.line.open(lines[0]?.id as never, lines[0]?.sealed as never).text).toBe("alo");
  });

  it("does not wait for its lease to run out after the store was away for a moment", async () => {
    const { conversations } = bench.parts.store;
    const { commit, release } = conversations;
    let isAway = true;
    Object.assign(conversations, {
      commit: (async (turn) => {
        if (isAway) throw new Error("away");
        return commit(turn);
      }) satisfies typeof commit,
      release: (async (give) => {
        if (isAway) throw new Error("away");
        return release(give);
      }) satisfies typeof release,
    });
    const { handler, write } = house();
    await handler.work();
    await write("her", "alo");
    await handler.rest();
    isAway = false;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    bench.pass(2_000);
    await bench.settle();
    expect(await said("her")).toEqual(["person", "bot"]);
  });
});
