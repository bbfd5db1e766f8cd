/** A platform that hangs holds up nobody else. */

import { expect, it } from "vitest";
import { makeCourier } from "../../bot/app/outbox.ts";
import type { Parts } from "../../bot/app/parts.ts";
import type { OutboxItem } from "../../bot/ports/store.ts";

it("sends for other chats while a send hangs, and says when the last one has ended", async () => {
  const item = (id: string) =>
    ({
      id,
      channel: "telegram",
      kind: "message",
      messageId: id,
      ordinal: 1,
      attempts: 0,
      safety: true,
      queuedAt: 0,
      sealed: new Uint8Array(),
    }) as unknown as OutboxItem;
  const waiting = [[item("hangs"), item("a")], [item("b")], []];
  const settled: string[] = [];
  let letGo = () => {};
  const hanging = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const after = (_: number, call: () => void) => {
    const timer = setTimeout(call, 5);
    return () => clearTimeout(timer);
  };
  const parts = {
    store: {
      outbox: {
        lease: async () => waiting.shift() ?? [],
        settle: async ({ id }: OutboxItem) => settled.push(id),
      },
    },
    clock: { now: () => 0, after },
    vault: { open: () => JSON.stringify({ text: "x" }), seal: () => new Uint8Array() },
    library: { base: () => ({ settings: { gap_minutes: 30 } }) },
    bus: { publish() {} },
    log() {},
    channels: new Map([
      [
        "telegram",
        {
          send: async (_: string, { id }: { id: string }) => {
            if (id === "hangs") await hanging;
            return { ok: true };
          },
        },
      ],
    ]),
  } as unknown as Parts;
  const courier = makeCourier(parts, "test");
  expect(await courier.work()).toBe(2);
  expect(await courier.work()).toBe(1);
  expect(settled).toEqual(["a", "b"]);
  letGo();
  await courier.rest();
  expect(settled).toEqual(["a", "b", "hangs"]);
});
