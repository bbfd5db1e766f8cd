/** A database that is away just between a lease and the read of what was leased. */

import { expect, it } from "vitest";
import { cases } from "../../bot/adapters/sql/cases.ts";
import { conversations } from "../../bot/adapters/sql/conversations.ts";
import type { Engine } from "../../bot/adapters/sql/engine.ts";
import { StoreError } from "../../bot/adapters/sql/errors.ts";
import { migrate } from "../../bot/adapters/sql/migrate.ts";
import { outbox } from "../../bot/adapters/sql/outbox.ts";
import { SqliteEngine } from "../../bot/adapters/sql/sqlite.ts";
import type { Store } from "../../bot/ports/store.ts";
import { arrive, decide, ours, T0 } from "../contracts/store-scene.ts";

async function scene(error: unknown) {
  const engine = new SqliteEngine({ file: ":memory:" });
  await migrate(engine);
  const world = { away: 0 };
  const flaky: Engine = Object.assign(Object.create(engine), {
    dialect: engine.dialect,
    write: engine.write.bind(engine),
    change: engine.change.bind(engine),
    read: async (script: Parameters<Engine["read"]>[0]) => {
      if (world.away > 0) {
        world.away -= 1;
        throw error;
      }
      return engine.read(script);
    },
  });
  const store = { conversations: conversations(flaky), outbox: outbox(flaky), cases: cases(flaky) };
  return { world, store: store as unknown as Store };
}

const LEASE = { owner: "w", now: T0 + 10, forMs: 2_000, limit: 9 };

it("does not make of a reply one that may have come, nor lets a message wait for the lease to run out", async () => {
  const { world, store } = await scene(new StoreError("store_unavailable", "away"));
  const { conversationId } = await arrive(store);
  await decide(store, conversationId, { messages: [ours("xin chào")] });
  world.away = 3;
  const items = await store.outbox.lease({ ...LEASE, channels: ["telegram"] });
  expect(items).toMatchObject([{ id: conversationId, unclear: false }]);

  const her = await arrive(store);
  world.away = 3;
  const turns = await store.conversations.lease({ ...LEASE, eventsEach: 9 });
  expect(turns.map(({ id, events }) => [id, events.length])).toEqual([[her.conversationId, 1]]);
});

it("does not ask again where that does not help, nor for longer than half of the lease", async () => {
  const bug = await scene(new Error("a bug of ours"));
  await arrive(bug.store);
  bug.world.away = 1;
  await expect(bug.store.conversations.lease({ ...LEASE, eventsEach: 9 })).rejects.toThrow("a bug of ours");

  const gone = await scene(new StoreError("store_unavailable", "away"));
  await arrive(gone.store);
  gone.world.away = Number.POSITIVE_INFINITY;
  const asked = performance.now();
  await expect(gone.store.conversations.lease({ ...LEASE, forMs: 600, eventsEach: 9 })).rejects.toThrow(
    "away",
  );
  expect(performance.now() - asked).toBeLessThan(600);
});
