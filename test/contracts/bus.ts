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
        bus.subscribe("cases", () => heard.push("here")),
        again.subscribe("cases", () => heard.push("there")),
        again.subscribe("conversation:a", () => heard.push("a")),
        again.subscribe("conversation:b", () => heard.push("b")),
      ];
      bus.publish("conversation:a");
      bus.publish("cases");
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
      const take = async () => {
        heard = true;
      };
      const stops = [bus.subscribe("cases", take), bus.serve("outbox", take)];
      bus.publish("cases");
      bus.call("outbox");
      expect(heard).toBe(false);
      for (const stop of stops) stop();
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

    describe("calls", () => {
      /** Serves as two processes do, and busy until they are told; what each began, in order. */
      function two() {
        const { bus, again } = opened;
        const began: string[] = [];
        const busy: Record<string, () => void> = {};
        const serve = (name: string) => () => {
          began.push(name);
          return new Promise<void>((resolve) => {
            busy[name] = resolve;
          });
        };
        const stops = [bus.serve("inbox", serve("one")), again.serve("inbox", serve("two"))];
        return {
          began,
          end: (name: string) => busy[name]?.(),
          stop() {
            for (const end of Object.values(busy)) end();
            for (const stop of stops) stop();
          },
          /** Both have been reached, whatever an earlier test left behind is over, and both wait. */
          async quiet() {
            // Who has begun is busy, so the next call reaches the other.
            while (new Set(began).size < 2) {
              bus.call("inbox");
              await new Promise((resolve) => setTimeout(resolve, 50));
            }
            let before = -1;
            while (began.length !== before) {
              before = began.length;
              for (const end of Object.values(busy)) end();
              await new Promise((resolve) => setTimeout(resolve, 300));
            }
            began.length = 0;
          },
        };
      }

      it("calls one of those who are free, and the other while the first is busy", async () => {
        const served = two();
        await served.quiet();
        opened.bus.call("inbox");
        await expect.poll(() => served.began.length, { timeout: 5_000 }).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 100));
        expect(served.began).toHaveLength(1);
        opened.again.call("inbox");
        await expect.poll(() => [...served.began].sort(), { timeout: 5_000 }).toEqual(["one", "two"]);
        served.stop();
      });

      it("makes one of the calls that come while all are busy, and gives it to the first that is free", async () => {
        const served = two();
        await served.quiet();
        for (const count of [1, 2]) {
          opened.bus.call("inbox");
          await expect.poll(() => served.began.length, { timeout: 5_000 }).toBe(count);
        }
        for (let i = 0; i < 50; i++) (i % 2 ? opened.bus : opened.again).call("inbox");
        await new Promise((resolve) => setTimeout(resolve, 100));
        expect(served.began).toHaveLength(2);
        served.end("two");
        await expect.poll(() => served.began.slice(2), { timeout: 5_000 }).toEqual(["two"]);
        served.end("one");
        served.end("two");
        await new Promise((resolve) => setTimeout(resolve, 100));
        expect(served.began).toHaveLength(3);
        served.stop();
      });

      it("calls nobody for what somebody else serves", async () => {
        let took = 0;
        const stop = opened.again.serve("outbox", async () => {
          took += 1;
        });
        // Reached, and whatever an earlier test left behind is over.
        opened.bus.call("outbox");
        await expect.poll(() => took, { timeout: 5_000 }).toBeGreaterThan(0);
        await new Promise((resolve) => setTimeout(resolve, 300));
        took = 0;
        opened.bus.call("inbox");
        await new Promise((resolve) => setTimeout(resolve, 100));
        expect(took).toBe(0);
        opened.bus.call("outbox");
        await expect.poll(() => took, { timeout: 5_000 }).toBe(1);
        stop();
      });
    });
  });
}
