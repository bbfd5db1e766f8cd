/** The bus's contract on a real Redis, and a Redis that goes away. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRedisBus } from "../../bot/adapters/redis/bus.ts";
import { busContract } from "../contracts/bus.ts";
import { freePort, redisMissing, type Server, startRedis, until } from "../servers.ts";

const missing = redisMissing();
if (missing) console.warn(`skipped: ${missing}`);

describe.skipIf(missing)("with a server", () => {
  let server: Server;
  beforeAll(async () => {
    server = await startRedis();
  }, 30_000);
  afterAll(() => server?.end());

  async function connected() {
    const bus = await openRedisBus({ url: server.url });
    let heard = 0;
    const stop = bus.subscribe("inbox", () => {
      heard += 1;
    });
    // Its first connection wakes everybody; from then on it hears others.
    await until(() => heard > 0, "the bus to be connected");
    stop();
    return bus;
  }

  busContract("Redis bus", async () => {
    const [bus, again] = [await connected(), await connected()];
    await until(async () => (await bus.check()).ok, "Redis to answer");
    return { bus, again, end: async () => void (await Promise.all([bus.close(), again.close()])) };
  });

  it("goes on by itself after Redis was killed and started again", async () => {
    const [bus, again] = [await connected(), await connected()];
    let heard = 0;
    again.subscribe("cases", () => {
      heard += 1;
    });
    await server.stop("kill");
    await expect.poll(async () => (await bus.check()).ok, { timeout: 5_000 }).toBe(false);
    for (let i = 0; i < 100; i++) bus.publish("cases");
    expect(heard).toBe(0);
    await server.start();
    // Whoever listened is woken, because something may have been missed.
    await expect.poll(() => heard, { timeout: 10_000 }).toBeGreaterThan(0);
    await expect.poll(async () => (await bus.check()).ok, { timeout: 10_000 }).toBe(true);
    const before = heard;
    bus.publish("cases");
    await expect.poll(() => heard, { timeout: 5_000 }).toBe(before + 1);
    await Promise.all([bus.close(), again.close()]);
  });
});

it("opens at once without a Redis, throws nothing, and still wakes its own process", async () => {
  const lines: string[] = [];
  const started = performance.now();
  const bus = await openRedisBus({
    url: `redis://127.0.0.1:${await freePort()}`,
    log: (_, code) => lines.push(code),
  });
  expect(performance.now() - started).toBeLessThan(1_000);
  let heard = 0;
  bus.subscribe("inbox", () => {
    heard += 1;
  });
  bus.publish("inbox");
  await expect.poll(() => heard).toBe(1);
  expect(await bus.check()).toMatchObject({ ok: false });
  await expect.poll(() => lines).toContain("redis_away");
  await bus.close();
});

it("refuses an address that is none", async () => {
  await expect(openRedisBus({ url: "http://somewhere" })).rejects.toThrow("REDIS_URL");
});
