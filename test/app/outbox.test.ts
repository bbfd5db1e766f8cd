/** A platform that hangs holds up nobody else; a process that slept over a send does no harm. */

import { describe, expect, it } from "vitest";
import { makeCourier } from "../../bot/app/outbox.ts";
import type { Parts } from "../../bot/app/parts.ts";
import type { SendResult } from "../../bot/ports/channel.ts";
import type { OutboxItem, Settlement } from "../../bot/ports/store.ts";

type Send = (id: string, isOurs: () => boolean) => Promise<SendResult>;

/** A courier whose items, platform, store and clock the test holds. Timers fire when the clock is moved. */
function scene(rounds: OutboxItem[][], send: Send) {
  const told: string[] = [];
  const settled: { id: string; how: Settlement }[] = [];
  const timers = new Set<{ at: number; call: () => void }>();
  const world = { now: 0, isHeld: true, renewed: 0, settled, told, pass };
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
        lease: async () => rounds.shift() ?? [],
        renew: async () => {
          world.renewed += 1;
          return world.isHeld;
        },
        settle: async ({ id }: OutboxItem, how: Settlement) => {
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
    vault: { open: () => JSON.stringify({ text: "x" }), seal: () => new Uint8Array() },
    library: { base: () => ({ settings: { gap_minutes: 30 } }) },
    bus: { publish() {} },
    log() {},
    channels: new Map([
      [
        "telegram",
        { send: (_: string, { id }: { id: string }, __: string, isOurs: () => boolean) => send(id, isOurs) },
      ],
    ]),
  } as unknown as Parts;
  return { world, courier: makeCourier(parts, "test") };
}

const item = (id: string) =>
  ({
    id,
    channel: "telegram",
    kind: "message",
    messageId: id,
    ordinal: 1,
    attempts: 0,
    safety: false,
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

  it("is over once somebody else has it, who alone says what came of it", async () => {
    const { world, asked, end } = await sending();
    world.isHeld = false;
    await world.pass(5_000);
    await end();
    expect(asked).toEqual([false]);
    expect([world.settled, world.told]).toEqual([[], []]);
  });
});
