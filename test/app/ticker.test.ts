/** Time fires for everybody: one conversation that takes nothing keeps nobody else's timer. */

import { expect, it } from "vitest";
import type { Parts } from "../../bot/app/parts.ts";
import { fireTimers } from "../../bot/app/ticker.ts";

it("fires the timers behind one whose key is spoilt, or whose conversation the store refuses", async () => {
  const fired: string[] = [];
  const called: string[] = [];
  const logged: string[] = [];
  const due = ["a", "spoilt", "b", "refused", "c"].map((id) => ({
    id,
    wrappedKey: Buffer.from(id),
    timer: "case_waits",
    token: "t",
  }));
  const parts = {
    clock: { now: () => 1, newId: () => "e" },
    vault: {
      seal: (key: Buffer) => {
        if (key.toString() === "spoilt") throw new Error("the key does not open");
        return new Uint8Array();
      },
    },
    store: {
      upkeep: { dueTimers: async () => due },
      conversations: {
        append: async (id: string) => {
          if (id === "refused") throw new Error("store_locked");
          return fired.push(id) > 0;
        },
      },
    },
    bus: { call: (work: string) => called.push(work) },
    log: (_: string, code: string) => logged.push(code),
  } as unknown as Parts;
  expect(await fireTimers(parts)).toBe(3);
  expect(fired).toEqual(["a", "b", "c"]);
  expect(called).toEqual(["inbox"]);
  expect(logged).toEqual(["timer_not_fired", "timer_not_fired"]);
});
