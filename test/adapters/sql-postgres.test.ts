/** The store's contract on a real PostgreSQL, and what only a server can do wrong. */

import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrate } from "../../bot/adapters/sql/migrate.ts";
import { MIGRATIONS } from "../../bot/adapters/sql/migrations/list.ts";
import { openPostgres } from "../../bot/adapters/sql/open.ts";
import { connectPostgres } from "../../bot/adapters/sql/postgres.ts";
import { listOf } from "../../bot/adapters/sql/postgres-lists.ts";
import { put, type Script, Slot, type Statement } from "../../bot/adapters/sql/statement.ts";
import type { Store } from "../../bot/ports/store.ts";
import { storeContract } from "../contracts/store.ts";
import { arrival, arrive, commitOf, event, ours, T0 } from "../contracts/store-scene.ts";
import { freePort, postgresMissing, type Server, saying, startPostgres, until } from "../servers.ts";

const missing = postgresMissing();
if (missing) console.warn(`skipped: ${missing}`);

describe.skipIf(missing)("with a server", () => {
  let server: Server;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server?.end());

  storeContract("PostgreSQL", async () => {
    const store = await openPostgres({ url: server.url });
    return { store, again: () => openPostgres({ url: server.url }), end: () => store.upkeep.close() };
  });

  async function sql(text: string, database = "bot"): Promise<void> {
    const client = new pg.Client({ connectionString: server.url.replace(/bot$/, database) });
    await client.connect();
    await client.query(text);
    await client.end();
  }

  async function emptyDatabase(name: string): Promise<string> {
    await sql(`create database ${name}`);
    return server.url.replace(/bot$/, name);
  }

  it("reads lists of values as they were given, and takes none of another kind", async () => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    const numbers = [
      0,
      1,
      -1,
      255,
      2 ** 31,
      -(2 ** 31) - 1,
      1_795_000_000_123,
      2 ** 53 - 1,
      -(2 ** 53) + 1,
      null,
    ];
    const texts = ["", "a", 'quo"te\\,{}', "NULL", "đêm qua 🌙", null, "hai\ndòng"];
    const blobs = [
      new Uint8Array(0),
      new Uint8Array([0, 255, 92, 120]),
      null,
      Buffer.from("abcd").subarray(1, 3),
    ];
    const told = await client.query("select $1::int8[]::text[] as n, $2::text[] as t, $3::bytea[] as b", [
      listOf("int8", numbers),
      listOf("text", texts),
      listOf("bytea", blobs),
    ]);
    await client.end();
    const [{ n, t, b }] = told.rows;
    expect(n).toEqual(numbers.map((one) => (one === null ? null : String(one))));
    expect(t).toEqual(texts);
    expect(b).toEqual(blobs.map((one) => one && Buffer.from(one)));
    expect(() => listOf("int8", [1.5])).toThrow(RangeError);
    expect(() => listOf("int8", [2 ** 53])).toThrow(RangeError);
    expect(() => listOf("int8", [1, "2"])).toThrow(TypeError);
    expect(() => listOf("text", [new Uint8Array(1)])).toThrow(TypeError);
  });

  it("migrates once, however many start at the same moment", async () => {
    const url = await emptyDatabase("together");
    const stores = await Promise.all([1, 2, 3, 4, 5].map(() => openPostgres({ url, maxConnections: 2 })));
    for (const store of stores) expect(await store.staff.count()).toBe(0);
    await Promise.all(stores.map((store) => store.upkeep.close()));
  });

  it("lets one migrate while the others wait, so that a long change is not begun twice", async () => {
    const url = await emptyDatabase("waiting");
    // Where no table has to be made, nothing but the lock makes them wait.
    await (await openPostgres({ url, installation: "one" })).upkeep.close();
    const engines = await Promise.all([1, 2, 3].map(() => connectPostgres({ url })));
    let begun = 0;
    const slow: Statement<Record<never, never>, unknown> = { sql: "select pg_sleep(0.3)", parameters: [] };
    const long = {
      number: MIGRATIONS.length + 1,
      name: "long",
      worksFrom: 1,
      *up(): Script<void> {
        begun += 1;
        yield* put(slow, {});
      },
    };
    await Promise.all(engines.map((engine) => migrate(engine, "one", [...MIGRATIONS, long])));
    expect(begun).toBe(1);
    await Promise.all(engines.map((engine) => engine.close()));
  });

  it("lets nobody wait long behind a migration that cannot begin: a backup still reads the table", async () => {
    const url = await emptyDatabase("read");
    await (await openPostgres({ url, installation: "one" })).upkeep.close();
    const [backup, service] = [
      new pg.Client({ connectionString: url }),
      new pg.Client({ connectionString: url }),
    ];
    await Promise.all([backup.connect(), service.connect()]);
    await backup.query("begin; select count(*) from cases");
    const engine = await connectPostgres({ url, timeoutMs: 4_000 });
    const adds = {
      number: MIGRATIONS.length + 1,
      name: "adds",
      worksFrom: 1,
      *up(): Script<void> {
        yield* put({ sql: "alter table cases add column more text", parameters: [] }, {});
      },
    };
    const migrating = migrate(engine, "one", [...MIGRATIONS, adds]);
    const refused = expect(migrating).rejects.toMatchObject({ code: "store_locked", retry: true });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const asked = performance.now();
    await service.query("select count(*) from cases");
    expect(performance.now() - asked).toBeLessThan(2_500);
    await refused;
    await backup.query("rollback");
    await migrate(engine, "one", [...MIGRATIONS, adds]);
    await Promise.all([backup.end(), service.end(), engine.close()]);
  });

  it("refuses a database of another installation", async () => {
    const url = await emptyDatabase("owned");
    await (await openPostgres({ url, installation: "one" })).upkeep.close();
    await expect(openPostgres({ url, installation: "two" })).rejects.toMatchObject({
      code: "store_other_installation",
    });
  });

  it("refuses a server that only lets us read, at the start and in health", async () => {
    const url = await emptyDatabase("readable");
    const store = await openPostgres({ url });
    await sql("alter database readable set default_transaction_read_only = on");
    await expect(openPostgres({ url })).rejects.toMatchObject({ code: "store_read_only" });
    await sql("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'readable'");
    await expect.poll(async () => (await store.upkeep.check(false)).detail).toContain("store_read_only");
    await expect(store.conversations.receive(arrival())).rejects.toMatchObject({ code: "store_read_only" });
    // As after a change of the primary: what was connected stays with the old one, the name leads to the new one.
    await sql("alter database readable reset default_transaction_read_only");
    await expect
      .poll(async () => (await store.upkeep.check(false)).ok, { timeout: 3_000, interval: 50 })
      .toBe(true);
    await store.conversations.receive(arrival());
    await store.upkeep.close();
  });

  it("refuses a server that is too old, and says which it needs", async () => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    const { rows } = await client.query("show server_version_num");
    await client.end();
    const old = await saying(server.port, String(rows[0].server_version_num), "140011");
    await expect(
      openPostgres({ url: server.url.replace(`:${server.port}/`, `:${old.port}/`) }),
    ).rejects.toMatchObject({
      code: "store_too_old",
      message: expect.stringMatching(/PostgreSQL 15 or later is needed.*140011/),
    });
    old.end();
  });

  it("refuses an account without rights, and says which", async () => {
    await emptyDatabase("rights");
    await sql("create role guest login");
    const url = server.url.replace("bot@", "guest@").replace(/bot$/, "rights");
    await expect(openPostgres({ url })).rejects.toMatchObject({ code: "store_missing_rights" });
    const nobody = server.url.replace("bot@", "nobody@");
    await expect(openPostgres({ url: nobody })).rejects.toMatchObject({ code: "store_missing_rights" });
    const nowhere = server.url.replace(/bot$/, "nowhere");
    await expect(openPostgres({ url: nowhere })).rejects.toMatchObject({ code: "store_missing_rights" });
  });

  it("takes a change again when the server undid it for another's sake", async () => {
    const url = await emptyDatabase("conflicts");
    const [one, two] = [await openPostgres({ url }), await openPostgres({ url })];
    const people = await Promise.all(Array.from({ length: 10 }, () => arrive(one)));
    const work = async (store: Store) => {
      for (let round = 0; round < 10; round++) {
        const leased = await store.conversations.lease({
          owner: "w",
          now: T0 + 9,
          forMs: 9,
          limit: 4,
          eventsEach: 9,
        });
        const counts = [1, 2, 3].map((n) => ({ name: `c${n}`, labels: {} }));
        for (const result of await Promise.all(
          leased.map((t) =>
            store.conversations.commit(
              commitOf(t, {
                counts: leased.length % 2 ? counts : counts.toReversed(),
                messages: [ours("x")],
              }),
            ),
          ),
        )) {
          expect(result.ok).toBe(true);
        }
        await Promise.all(people.map((p) => store.conversations.append(p.conversationId, [event()])));
      }
    };
    await Promise.all([work(one), work(two), work(one), work(two)]);
    for (const p of people) {
      const ordinals = (await one.conversations.transcript(p.conversationId, 0, 999)).map((l) => l.ordinal);
      expect(ordinals).toEqual(ordinals.map((_, i) => i + 1));
    }
    await Promise.all([one.upkeep.close(), two.upkeep.close()]);
  }, 30_000);

  it("goes on by itself after the server was killed, and keeps what it promised", async () => {
    const own = await startPostgres({ fsync: true });
    const store = await openPostgres({ url: own.url, timeoutMs: 1_000 });
    const kept: string[] = [];
    let [raging, refused] = [true, 0];
    const storm = async () => {
      while (raging) {
        const one = arrival();
        try {
          if ((await store.conversations.receive(one)).ok) kept.push(one.pseudonym);
        } catch (error) {
          expect(error).toMatchObject({ code: "store_unavailable", retry: true });
          refused += 1;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    };
    const storms = Promise.all([1, 2, 3, 4].map(storm));
    await until(() => kept.length > 50, "some arrivals");
    await own.stop("kill");
    await until(() => refused > 5, "refusals");
    expect(await store.upkeep.check(false)).toMatchObject({
      ok: false,
      detail: expect.stringContaining("store_unavailable"),
    });
    const before = kept.length;
    // The old server's helpers hold its memory for a moment; then it starts.
    await until(
      () =>
        own.start().then(
          () => true,
          () => false,
        ),
      "the server to start again",
    );
    await until(() => kept.length > before + 50, "arrivals again");
    raging = false;
    await storms;
    for (const pseudonym of kept) expect(await store.conversations.find(pseudonym)).not.toBeNull();
    await store.upkeep.close();
    await own.end();
  }, 90_000);

  it("leaves nothing of a change whose statement fails on its way together with the commit", async () => {
    const url = await emptyDatabase("late");
    await (await openPostgres({ url })).upkeep.close();
    await sql("create table small (n int check (n < 5))", "late");
    const engine = await connectPostgres({ url });
    const add: Statement<{ n: number }, unknown> = {
      sql: "insert into small (n) values ($1)",
      parameters: [new Slot("n")],
    };
    function* adding(numbers: readonly number[]): Script<string> {
      for (const n of numbers) yield* put(add, { n });
      return "done";
    }
    await expect(engine.write(() => adding([1, 9]))).rejects.toMatchObject({ code: "store_bug" });
    const together = await Promise.allSettled(
      [[2], [3, 9], [4]].map((numbers, i) =>
        engine.write(() => adding(numbers), { row: null, line: String(i) }),
      ),
    );
    expect(together.map((one) => one.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    const kept = await engine.read(function* (): Script<readonly unknown[]> {
      const statement = { sql: "select n from small order by n", parameters: [] };
      return (yield { statement, values: [], wants: "rows" }).rows;
    });
    expect(kept).toEqual([{ n: 2 }, { n: 4 }]);
    await engine.close();
  });

  it("gives up a change that waits too long instead of hanging", async () => {
    const url = await emptyDatabase("slow");
    const store = await openPostgres({ url, timeoutMs: 300 });
    const holder = new pg.Client({ connectionString: url });
    await holder.connect();
    await holder.query("begin; lock table seen");
    const one = arrival();
    const started = performance.now();
    await expect(store.conversations.receive(one)).rejects.toMatchObject({
      code: "store_unavailable",
      retry: true,
    });
    expect(performance.now() - started).toBeLessThan(5_000);
    await holder.query("rollback");
    await holder.end();
    expect((await store.conversations.receive(one)).ok).toBe(true);
    await store.upkeep.close();
  });
});

it("refuses an address that is none, without showing the password", async () => {
  const failure = await openPostgres({ url: "mysql://root:hunter22@db/x" }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "store_bad_url" });
  expect(String(failure)).not.toContain("hunter22");
});

it("says soon that nobody is there", async () => {
  const url = `postgres://bot@127.0.0.1:${await freePort()}/bot`;
  await expect(openPostgres({ url })).rejects.toMatchObject({ code: "store_unavailable" });
});
