/** A platform that hangs holds up nobody else; a process that slept over a send does no harm. */

import { describe, expect, it } from "vitest";
import { openMemoryLimits } from "../../bot/adapters/memory/limits.ts";
import { TELEGRAM_CAPS } from "../../bot/adapters/telegram/render.ts";
import { makeCourier } from "../../bot/app/outbox.ts";
import type { Parts } from "../../bot/app/parts.ts";
import type { SendResult } from "../../bot/ports/channel.ts";
import type { OutboxItem, Settlement } from "../../bot/ports/store.ts";

/** Slower than any platform, so that a test sees it. */
const RATES = { chat: { burst: 2, perSecond: 1 }, all: { burst: 4, perSecond: 2 } };

type Send = (id: string, isOurs: () => boolean) => Promise<SendResult>;

/** A courier whose items, platform, store and clock the test holds. Timers fire when the clock is moved. */
function scene(rounds: OutboxItem[][], send: Send) {
  const told: string[] = [];
  const settled: { id: string; how: Settlement }[] = [];
  const timers = new Set<{ at: number; call: () => void }>();
  const world = { now: 0, isHeld: true, isAway: false, renewed: 0, settled, told, pass };
  async function pass(ms: number) {
    const end = world.now + ms;
    for (;;) {
      const next = [...timers].filter((t) => t.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      timers.delete(next);
      world.now = Math.max(world.now, next.at);
      next.call();
      await new Promise(setImmediate);
    }
    world.now = end;
  }
  const parts = {
    store: {
      outbox: {
        lease: async ({ channels }: { channels: readonly string[] }) =>
          channels.includes("telegram") ? (rounds.shift() ?? []) : [],
        renew: async () => {
          world.renewed += 1;
          return world.isHeld;
        },
        settle: async ({ id }: OutboxItem, how: Settlement) => {
          if (world.isAway) throw new Error("away");
          if (world.isHeld) settled.push({ id, how });
          return world.isHeld;
        },
      },
      conversations: { append: async (id: string) => told.push(id) },
    },
    clock: {
      now: () => world.now,
      newId: () => "event",
      after(ms: number, call: () => void) {
        const timer = { at: world.now + ms, call };
        timers.add(timer);
        return () => timers.delete(timer);
      },
    },
    vault: {
      open: (_: unknown, context: string) =>
        JSON.stringify({ text: "x", safety: context.includes("safety") }),
      seal: () => new Uint8Array(),
    },
    library: { base: () => ({ settings: { gap_minutes: 30 } }) },
    bus: { publish() {}, call() {} },
    log() {},
    channels: new Map([
      [
        "telegram",
        {
          name: "telegram",
          caps: { ...TELEGRAM_CAPS, rates: RATES },
          send: (_: string, { id }: { id: string }, __: string, isOurs: () => boolean) => send(id, isOurs),
        },
      ],
    ]),
  } as unknown as Parts;
  return { world, parts, courier: makeCourier(parts, "test", openMemoryLimits(parts.clock)) };
}

const item = (id: string, safety = false, attempts = 0) =>
  ({
    id,
    channel: "telegram",
    kind: "message",
    messageId: id,
    ordinal: 1,
    attempts,
    safety,
    queuedAt: 0,
    sealed: new Uint8Array(),
  }) as unknown as OutboxItem;

function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
}

it("sends for other chats while a send hangs, and says when the last one has ended", async () => {
  const hanging = gate();
  const { world, courier } = scene([[item("hangs"), item("a")], [item("b")], []], async (id) => {
    if (id === "hangs") await hanging.opened;
    return { ok: true };
  });
  const first = courier.work();
  await new Promise(setImmediate);
  await world.pass(300);
  expect(await first).toBe(2);
  expect(await courier.work()).toBe(1);
  expect(world.settled.map((s) => s.id)).toEqual(["a", "b"]);
  hanging.open();
  await courier.rest();
  expect(world.settled.map((s) => s.id)).toEqual(["a", "b", "hangs"]);
});

it("tells the conversation of what is lost before it is settled: a crash in between must not keep it from her", async () => {
  const { world, courier } = scene([[item("a")]], async () => ({ ok: false, code: "x.400", kind: "bug" }));
  world.isAway = true;
  const work = courier.work();
  await new Promise(setImmediate);
  await world.pass(20_000);
  await courier.rest();
  await work;
  expect(world.settled).toEqual([]);
  expect(world.told).toEqual(["a"]);
});

it("tells a store that was away for a moment what came of a send, and sends nothing twice for it", async () => {
  let sent = 0;
  const { world, courier } = scene([[item("a", true)]], async () => {
    sent += 1;
    return { ok: true };
  });
  world.isAway = true;
  const work = courier.work();
  await new Promise(setImmediate);
  await world.pass(5_000);
  world.isAway = false;
  await world.pass(1_000);
  await courier.rest();
  await work;
  expect(world.settled).toMatchObject([{ id: "a", how: { outcome: "sent" } }]);
  expect(sent).toBe(1);
});

it("wipes what it can where one platform id does not open: what waits behind the wipe is not held up for ever", async () => {
  const wiped: string[][] = [];
  const { world, courier, parts } = scene([[{ ...item("a"), kind: "wipe" }]], async () => ({ ok: true }));
  const ref = (id: string) => ({ sealedPlatformRef: Buffer.from(id) });
  Object.assign(parts.store.outbox, { wipeRefs: async () => [ref("1"), ref("spoilt"), ref("2")] });
  Object.assign(parts.vault, {
    open: (_: unknown, context: string, sealed = new Uint8Array()) => {
      const words = Buffer.from(sealed).toString();
      if (words === "spoilt") throw new Error("it does not open");
      return JSON.stringify(context.startsWith("ref") ? words : "42");
    },
  });
  Object.assign(parts.channels.get("telegram") ?? {}, {
    wipe: async (_: string, refs: string[]) => {
      wiped.push(refs);
      return [];
    },
  });
  await courier.work();
  await courier.rest();
  expect(wiped).toEqual([["1", "2"]]);
  expect(world.settled).toMatchObject([{ how: { outcome: "sent" } }]);
});

it("waits longer after each attempt that failed", async () => {
  const waits: unknown[] = [];
  for (let attempts = 0; attempts < 8; attempts += 1) {
    const { world, courier } = scene([[item("a", false, attempts)]], async () => ({
      ok: false,
      code: "x.503",
      kind: "retry",
    }));
    await courier.work();
    await courier.rest();
    for (const { how } of world.settled) waits.push("at" in how && how.at / 1_000);
  }
  expect(waits).toEqual([1, 2, 5, 15, 60, 300, 900, 900]);
});

describe("the lease of a send", () => {
  async function sending() {
    const platform = gate();
    const asked: boolean[] = [];
    const { world, courier } = scene([[item("long")]], async (_, isOurs) => {
      await platform.opened;
      asked.push(isOurs());
      return isOurs() ? { ok: true } : { ok: false, code: "lease_lapsed", kind: "retry" };
    });
    const work = courier.work();
    await new Promise(setImmediate);
    const end = async () => {
      platform.open();
      await courier.rest();
      await work;
    };
    return { world, asked, end };
  }

  it("is renewed for as long as it takes, and no longer", async () => {
    const { world, asked, end } = await sending();
    await world.pass(120_000);
    const { renewed } = world;
    expect(renewed).toBeGreaterThan(10);
    await end();
    expect(asked).toEqual([true]);
    expect(world.settled).toMatchObject([{ how: { outcome: "sent" } }]);
    await world.pass(60_000);
    expect(world.renewed).toBe(renewed);
  });

  it("is over for a process that slept past it, before anybody is asked", async () => {
    const { world, asked, end } = await sending();
    world.now += 16_000;
    await end();
    expect(asked).toEqual([false]);
  });

  it.each([
    [true, ["a"]],
    [false, []],
  ])(
    "slept past in the middle of a send: what is lost is told by whoever still has it (%s)",
    async (isHeld, told) => {
      const platform = gate();
      const { world, courier } = scene([[item("a")]], async () => {
        await platform.opened;
        return { ok: false, code: "x.timeout", kind: "unclear" };
      });
      const work = courier.work();
      await new Promise(setImmediate);
      world.now += 16_000;
      world.isHeld = isHeld;
      platform.open();
      await courier.rest();
      await world.pass(300);
      await work;
      expect(world.told).toEqual(told);
      expect(world.settled.map(({ how }) => how.outcome)).toEqual(isHeld ? ["unclear"] : []);
    },
  );

  it("is over once somebody else has it, who alone says what came of it", async () => {
    const { world, asked, end } = await sending();
    world.isHeld = false;
    await world.pass(5_000);
    await end();
    expect(asked).toEqual([false]);
    expect([world.settled, world.told]).toEqual([[], []]);
  });
});

describe("the rates of a channel", () => {
  async function paced(rounds: OutboxItem[][], send: Send = async () => ({ ok: true })) {
    const sentAt: [string, number][] = [];
    const { world, courier } = scene(rounds, async (id, isOurs) => {
      sentAt.push([id, world.now]);
      return send(id, isOurs);
    });
    const work = async (forMs: number) => {
      const working = courier.work();
      await new Promise(setImmediate);
      await world.pass(forMs);
      return working;
    };
    return { world, courier, sentAt, work };
  }

  it("are kept over all chats, with a burst at first", async () => {
    const { sentAt, work } = await paced([Array.from({ length: 10 }, (_, n) => item(`c${n}`))]);
    await work(5_000);
    expect(sentAt.map(([, at]) => at)).toEqual([0, 0, 0, 0, 500, 1_000, 1_500, 2_000, 2_500, 3_000]);
  });

  it("are kept within a chat, and hold up no other chat", async () => {
    const rounds = [[item("a")], [item("a")], [item("a"), item("b")], [item("a")]];
    const { sentAt, work } = await paced(rounds);
    for (let n = 0; n < 4; n += 1) await work(250);
    await work(5_000);
    expect(sentAt).toEqual([
      ["a", 0],
      ["a", 250],
      ["b", 500],
      ["a", 1_000],
      ["a", 2_000],
    ]);
  });

  it("let a safety text pass the other chats", async () => {
    const many = Array.from({ length: 8 }, (_, n) => item(`c${n}`));
    const { sentAt, work } = await paced([[...many, item("safety", true)]]);
    await work(10_000);
    expect(sentAt.find(([id]) => id === "safety")?.[1]).toBe(0);
    expect(sentAt.at(-1)).toEqual(["c7", 2_000]);
  });

  it("give way to the platform's own wish for a pause, which is not asked again before", async () => {
    let isFull = true;
    const { world, courier, sentAt, work } = await paced([[item("a")], [item("b")]], async () =>
      isFull ? { ok: false, code: "x.quota", kind: "quota", afterMs: 300_000, whole: true } : { ok: true },
    );
    await work(10);
    expect(world.settled[0]?.how).toMatchObject({ outcome: "retry", at: 300_000 });
    await work(1_000);
    expect(sentAt).toHaveLength(1);
    isFull = false;
    // Whoever mended it need not wait for the five minutes that the first one was told.
    await work(60_000);
    await work(10);
    await courier.rest();
    expect(sentAt.map(([id]) => id)).toEqual(["a", "b"]);
  });
});

it("hands back what would wait long for its turn when it is asked to stop: ended in the middle it would count as perhaps sent", async () => {
  const sent: string[] = [];
  // Two a second after the first four: the last ones would wait for more than five seconds.
  const ids = Array.from({ length: 20 }, (_, n) => `m${n}`);
  const { world, courier } = scene([ids.map((id) => item(id))], async (id) => {
    sent.push(id);
    return { ok: true };
  });
  const work = courier.work();
  await new Promise(setImmediate);
  const rest = courier.rest();
  await world.pass(5_100);
  await Promise.all([work, rest]);
  const handed = world.settled.filter(({ how }) => how.outcome === "retry");
  expect(sent).toHaveLength(14);
  expect(handed.map(({ id }) => id)).toEqual(["m14", "m15", "m16", "m17", "m18", "m19"]);
  expect(handed[0]?.how).toMatchObject({ code: "stopping" });
});
