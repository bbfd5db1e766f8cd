/** The suite that every Bus must pass. `again` is a bus of another process, or the same one where there is only one. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Bus } from "../../bot/ports/bus.ts";

export interface OpenedBus {
  readonly bus: Bus;
  readonly again: Bus;
  end(): Promise<void>;
}

export function busContract(name: string, open: () => Promise<OpenedBus>): void {
  describe(name, () => {
    let opened: OpenedBus;
    beforeAll(async () => {
      opened = await open();
    }, 30_000);
    afterAll(() => opened?.end());

    it("wakes those who listen to a topic, and nobody else", async () => {
      const { bus, again } = opened;
      const heard: string[] = [];
      const stops = [
        bus.subscribe("inbox", () => heard.push("here")),
        again.subscribe("inbox", () => heard.push("there")),
        again.subscribe("conversation:a", () => heard.push("a")),
        again.subscribe("conversation:b", () => heard.push("b")),
      ];
      bus.publish("conversation:a");
      bus.publish("inbox");
      await expect.poll(() => [...heard].sort(), { timeout: 5_000 }).toEqual(["a", "here", "there"]);
      for (const stop of stops) stop();
    });

    it("stops when it is told to, and only that listener", async () => {
      const { bus, again } = opened;
      let [kept, stopped] = [0, 0];
      const same = () => {
        kept += 1;
      };
      const stops = [again.subscribe("cases", same), again.subscribe("cases", same)];
      again.subscribe("cases", () => {
        stopped += 1;
      })();
      stops[0]?.();
      bus.publish("cases");
      await expect.poll(() => kept, { timeout: 5_000 }).toBe(1);
      expect(stopped).toBe(0);
      stops[1]?.();
    });

    it("never makes the publisher wait for a listener", () => {
      const { bus } = opened;
      let heard = false;
      const stop = bus.subscribe("outbox", () => {
        heard = true;
      });
      bus.publish("outbox");
      expect(heard).toBe(false);
      stop();
    });

    it("takes a thousand wake-ups without losing the last", async () => {
      const { bus, again } = opened;
      let heard = 0;
      const stop = again.subscribe("content", () => {
        heard += 1;
      });
      for (let i = 0; i < 1_000; i++) bus.publish("content");
      await expect.poll(() => heard, { timeout: 5_000 }).toBe(1_000);
      stop();
    });
  });
}
