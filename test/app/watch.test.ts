/** A channel that refuses is called out once in the log, in health and in the figures, and two processes count together. */

import { afterEach, beforeEach, expect, it } from "vitest";
import { makeWatch } from "../../bot/app/watch.ts";
import { type Bench, HOUR, MINUTE, openBench } from "./service.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

it("calls out a channel that refuses, as all processes together see it, and says when it is over", async () => {
  const said: string[] = [];
  const parts = {
    ...bench.parts,
    log: (level: string, code: string, facts: object = {}) =>
      void said.push(`${level} ${code} ${JSON.stringify(facts)}`),
  };
  const [one, two] = [makeWatch(parts), makeWatch(parts)];
  for (let n = 0; n < 3; n += 1) {
    one.refused("web");
    two.refused("web");
  }
  await one.flush();
  expect(said).toEqual([]);
  await two.flush();
  expect(said).toEqual(['error channel_refuses {"channel":"web","refused":6,"of":6}']);
  await two.flush();
  expect(said).toHaveLength(1);
  const { warnings } = await bench.services.health.report();
  expect(warnings.join()).toContain("web refuses: 6 of the last 6 deliveries failed");
  expect(await bench.services.health.metrics()).toContain(
    'benan_channel_alarm{channel="web",what="refuses"} 1',
  );
  bench.pass(HOUR);
  await two.flush();
  expect(said.at(-1)).toBe('info channel_as_usual {"channel":"web","was":"channel_refuses"}');
});

it("learns what is usual from what people write, and calls out the silence", async () => {
  const watch = bench.parts.watch;
  for (let hours = 0; hours < 4 * 24; hours += 1) {
    for (let n = 0; n < 20; n += 1) watch?.came("web", 1);
    await watch?.flush();
    bench.pass(HOUR);
  }
  await bench.says("0".repeat(32), "alo");
  await watch?.flush();
  bench.pass(15 * MINUTE);
  expect((await watch?.standing())?.get("web")?.quiet).toBeNull();
  bench.pass(30 * MINUTE);
  expect((await watch?.standing())?.get("web")?.quiet).toMatchObject({ minutes: 45 });
  expect((await bench.services.health.report()).warnings.join()).toContain(
    "web is quiet: nothing came for 45 min",
  );
});

it("ends its round though people go on writing while it writes", async () => {
  const { store } = bench.parts;
  let writes = 0;
  const upkeep: typeof store.upkeep = {
    ...store.upkeep,
    async putSecret(...args) {
      writes += 1;
      if (writes < 50) watch.came("web", 1);
      return store.upkeep.putSecret(...args);
    },
  };
  const watch = makeWatch({ ...bench.parts, store: { ...store, upkeep } });
  watch.came("web", 1);
  await watch.flush();
  expect(writes).toBe(1);
  await watch.flush();
  expect(writes).toBe(2);
});

it("keeps what it counted while the store was away", async () => {
  const { store } = bench.parts;
  let isAway = true;
  const upkeep: typeof store.upkeep = {
    ...store.upkeep,
    putSecret: async (...args) => {
      if (isAway) throw new Error("away");
      return store.upkeep.putSecret(...args);
    },
  };
  const watch = makeWatch({ ...bench.parts, store: { ...store, upkeep } });
  for (let n = 0; n < 6; n += 1) watch.refused("web");
  await watch.flush();
  isAway = false;
  await watch.flush();
  expect((await watch.standing()).get("web")?.refuses).toMatchObject({ refused: 6, of: 6 });
});

it("begins a diary anew that was spoilt, and tells the figures and the other channels meanwhile", async () => {
  const { store, vault } = bench.parts;
  const said: string[] = [];
  const watch = makeWatch({ ...bench.parts, log: (_, code) => void said.push(code) });
  watch.came("web", 1);
  await watch.flush();
  const spoil = async () => {
    const kept = await store.upkeep.getSecret("watch.web");
    await store.upkeep.putSecret("watch.web", vault.sealOwn("another", "{}"), kept?.version ?? null);
  };
  await spoil();
  expect(await bench.services.health.metrics()).toContain("benan_store_up 1");
  await watch.flush();
  expect(said).toEqual(["secret_unreadable"]);
  for (let n = 0; n < 6; n += 1) watch.refused("web");
  await watch.flush();
  expect((await watch.standing()).get("web")?.refuses).toMatchObject({ refused: 6, of: 6 });
});
