/** The service with one of its promises broken on purpose, to prove that the checker sees it: `version`, `outbox` or `inbox`. */

import pg from "pg";
import { assemble } from "../../bot/assemble.ts";
import { readConfig } from "../../bot/config.ts";
import type { Store } from "../../bot/ports/store.ts";
import { hookDoor } from "../../bot/web/hooks.ts";
import { makeHealthServer, makeServer, serve } from "../../bot/web/server.ts";

const database = new pg.Pool({ connectionString: process.env.CHAOS_DATABASE_URL ?? "", max: 4 });
database.on("error", () => undefined);

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const BROKEN: Readonly<Record<string, (store: Store) => Store>> = {
  /**
   * Whoever comes last wins: no lease holds, and no commit is refused. The version alone may be gone without harm: an
   * event that was handled is refused too, so that mark goes with it.
   */
  version: (store) => ({
    ...store,
    conversations: {
      ...store.conversations,
      async lease(ask) {
        let turns = await store.conversations.lease(ask);
        // The others look again a moment later, when it is free as if nobody had it.
        if (turns.length === 0) {
          await pause(50);
          turns = await store.conversations.lease(ask);
        }
        await database.query("update conversations set offer_at = 0 where id = any($1)", [
          turns.map((t) => t.id),
        ]);
        return turns;
      },
      async commit(turn) {
        // Time for the others to decide the same.
        await pause(150);
        await database.query("update conversations set version = $2, fence = $3 where id = $1", [
          turn.conversationId,
          turn.expectedVersion,
          turn.fence,
        ]);
        await database.query(
          "update events set handled_at = null where conversation_id = $1 and id = any($2)",
          [turn.conversationId, turn.handled],
        );
        return store.conversations.commit(turn);
      },
    },
  }),
  /** What is to be sent is forgotten the moment it is picked up. */
  outbox: (store) => ({
    ...store,
    conversations: {
      ...store.conversations,
      // Nothing is handed over as it is committed: all of it is picked up below.
      commit: ({ sendUntil: _, ...turn }) => store.conversations.commit(turn),
    },
    outbox: {
      ...store.outbox,
      async lease(ask) {
        const items = await store.outbox.lease(ask);
        for (const item of items) await store.outbox.settle(item, { outcome: "sent" }, ask.now);
        return items;
      },
      settle: async () => ({ more: false }),
    },
  }),
  /** 200 before it is on disk, and nobody remembers what came already. */
  inbox: (store) => ({
    ...store,
    conversations: {
      ...store.conversations,
      async receive(arrival) {
        const events = arrival.events.map((e) => ({ ...e, dedupeKey: `${e.dedupeKey}:${Math.random()}` }));
        setTimeout(() => store.conversations.receive({ ...arrival, events }).catch(() => undefined), 150);
        return { ok: true, fresh: events.map((e) => e.id) };
      },
    },
  }),
};

const config = readConfig();
const around = BROKEN[process.argv[2] ?? ""];
if (!config.ok || !around) throw new Error(`which promise? ${Object.keys(BROKEN).join(", ")}`);
const service = await assemble(config.config, { around });
const { services, parts } = service;
const publicUrl = config.config.publicUrl ?? "";
const app =
  config.config.role === "worker"
    ? makeHealthServer(services.health)
    : makeServer({ services, log: parts.log, publicUrl, consoleDir: "dist/console" });
await serve(app, config.config.port, config.config.host, hookDoor(services.hooks, parts.log));
await service.start();
const first = config.config.role === "web" ? await services.accounts.firstLink() : null;
if (first) process.stdout.write(`#/invite/${first}\n`);
process.stdout.write("  health            here\n");
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(0));
