/** What only a file can do wrong: kill -9 in a storm, a full disk, a lock, a file that is no database. */

import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { doubting } from "../../bot/adapters/sql/doubt.ts";
import type { Engine } from "../../bot/adapters/sql/engine.ts";
import { migrate } from "../../bot/adapters/sql/migrate.ts";
import { MIGRATIONS } from "../../bot/adapters/sql/migrations/list.ts";
import { openSqlite } from "../../bot/adapters/sql/open.ts";
import { SqliteEngine } from "../../bot/adapters/sql/sqlite.ts";
import { explain } from "../../bot/adapters/sql/sqlite-errors.ts";
import { exec } from "../../bot/adapters/sql/statement.ts";
import type { ConversationId } from "../../bot/core/ids.ts";
import type { Sealed, Store } from "../../bot/ports/store.ts";
import {
  arrival,
  arrive,
  bytes,
  commitOf,
  decide,
  event,
  hers,
  lease,
  line,
  ours,
  text,
} from "../contracts/store-scene.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ben-an-sqlite-"));
  file = join(folder, "data", "bot.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The user id that Debian gives to nobody. */
const NOBODY = 65_534;

describe("kill -9", () => {
  /** Lets the storm rage for a while, kills it, and gives back the lines that it wrote. */
  async function rage(life: number, ms: number): Promise<string[]> {
    const child = spawn(process.execPath, [join(import.meta.dirname, "sql-storm.ts"), file, String(life)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let out = "";
    child.stdout.on("data", (piece) => {
      out += piece;
      if (out.startsWith("ready") && ms > 0) {
        setTimeout(() => child.kill("SIGKILL"), ms);
        ms = 0;
      }
    });
    await new Promise((resolve) => child.once("close", resolve));
    // A last line that was cut is no promise.
    return out.slice(0, out.lastIndexOf("\n")).split("\n");
  }

  it("loses nothing that was promised, doubles nothing, and leaves no gap", async () => {
    const promised: string[] = [];
    for (const [life, ms] of [150, 90, 230, 40].entries()) promised.push(...(await rage(life, ms)));
    const store = await openSqlite({ file });
    const kept = (what: string) =>
      promised.filter((l) => l.startsWith(what)).map((l) => l.slice(what.length + 1));
    expect(kept("received").length).toBeGreaterThan(100);
    expect(kept("decided").length).toBeGreaterThan(20);

    const transcripts = await everyTranscript(store);
    for (const lines of transcripts) expect(lines.map((l) => l.ordinal)).toEqual(lines.map((_, i) => i + 1));
    const written = transcripts
      .flat()
      .filter((l) => l.author === "person")
      .map((l) => text(l.sealed) ?? "");
    expect(new Set(written).size).toBe(written.length);
    const decided = new Set(written);
    expect(kept("decided").filter((key) => !decided.has(key))).toEqual([]);

    const waiting = await everythingWaiting(store);
    expect(waiting.filter((key) => decided.has(key))).toEqual([]);
    expect(new Set(waiting).size).toBe(waiting.length);
    const there = new Set([...written, ...waiting]);
    expect(kept("received").filter((key) => !there.has(key))).toEqual([]);
    const [count] = (await store.upkeep.counts("2000-01-01", "2999-01-01")).filter(
      (c) => c.name === "handled",
    );
    expect(count?.n).toBe(written.length);
    await store.upkeep.close();
  }, 60_000);

  async function everyTranscript(store: Store) {
    return Promise.all(
      Array.from({ length: 20 }, (_, p) => store.conversations.transcript(`c${p}` as ConversationId, 0, 1e6)),
    );
  }

  async function everythingWaiting(store: Store): Promise<string[]> {
    const ask = { owner: "end", now: Date.now() + 1e6, forMs: 1e6, limit: 1e6, eventsEach: 1e6 };
    return (await store.conversations.lease(ask)).flatMap((t) => t.events.map((e) => text(e.sealed) ?? ""));
  }
});

describe("a group of changes", () => {
  it("undoes the one that fails, and only that one", async () => {
    const store = await openSqlite({ file });
    const good = Array.from({ length: 20 }, () => arrival());
    const bad = arrival({ events: [event(), { ...event(), sealed: undefined as unknown as Sealed }] });
    const results = await Promise.allSettled(
      [...good.slice(0, 9), bad, ...good.slice(9)].map((a) => store.conversations.receive(a)),
    );
    expect(results.filter((r) => r.status === "rejected")).toHaveLength(1);
    expect(results[9]?.status).toBe("rejected");
    for (const one of good)
      expect((await store.conversations.find(one.pseudonym))?.id).toBe(one.conversationId);
    expect(await store.conversations.find(bad.pseudonym)).toBeNull();
    expect(await store.conversations.receive({ ...bad, events: bad.events.slice(0, 1) })).toMatchObject({
      ok: true,
      fresh: [bad.events[0]?.id],
    });
    await store.upkeep.close();
  });

  it("is finished before the store closes", async () => {
    const store = await openSqlite({ file });
    const one = arrival();
    const receiving = store.conversations.receive(one);
    await store.upkeep.close();
    expect((await receiving).ok).toBe(true);
    const again = await openSqlite({ file });
    expect(await again.conversations.find(one.pseudonym)).not.toBeNull();
    await again.upkeep.close();
  });
});

describe("the disk", () => {
  /** One that says "done" when it is told to. */
  function slowDisk() {
    const asked: ((error: Error | null) => void)[] = [];
    let waits = false;
    return {
      asked,
      wait() {
        waits = true;
      },
      toDisk: (_: number, told: (error: Error | null) => void) =>
        waits ? void asked.push(told) : setImmediate(told, null),
    };
  }
  const settled = async (of: Promise<unknown>) => {
    const before = Symbol();
    await new Promise((resolve) => setTimeout(resolve, 20));
    return (await Promise.race([of.catch(() => "refused"), Promise.resolve(before)])) !== before;
  };

  it("has it before anybody is told, a redelivery too, and the next ones share the next trip", async () => {
    const disk = slowDisk();
    const store = await openSqlite({ file, toDisk: disk.toDisk });
    disk.wait();
    const one = arrival();
    const first = store.conversations.receive(one);
    expect(await settled(first)).toBe(false);
    const again = store.conversations.receive(one);
    expect(await settled(again)).toBe(false);
    const others = [arrival(), arrival()].map((a) => store.conversations.receive(a));
    expect(await settled(Promise.race(others))).toBe(false);
    others.push(store.conversations.receive(arrival()));
    expect(await settled(Promise.race(others))).toBe(false);
    // The process itself goes on meanwhile.
    expect(await store.conversations.find(one.pseudonym)).not.toBeNull();
    expect(disk.asked).toHaveLength(1);
    disk.asked[0]?.(null);
    expect(await first).toMatchObject({ ok: true, fresh: [one.events[0]?.id] });
    expect(await again).toEqual({ ok: true, fresh: [] });
    expect(await settled(Promise.race(others))).toBe(false);
    expect(disk.asked).toHaveLength(2);
    disk.asked[1]?.(null);
    for (const other of others) expect((await other).ok).toBe(true);
    // Nothing was changed and nothing is on its way: nobody asks the disk.
    expect(await store.conversations.receive(one)).toEqual({ ok: true, fresh: [] });
    expect(disk.asked).toHaveLength(2);
    await store.upkeep.close();
  });

  it("that fails is believed: nothing more is promised until a new start has read what is there", async () => {
    const disk = slowDisk();
    const store = await openSqlite({ file, toDisk: disk.toDisk });
    disk.wait();
    const lost = [arrival(), arrival()];
    const refused = expect(store.conversations.receive(lost[0] as never)).rejects.toMatchObject({
      code: "store_unavailable",
      retry: true,
    });
    expect(await settled(refused)).toBe(false);
    const later = store.conversations.receive(lost[1] as never);
    expect(await settled(later)).toBe(false);
    disk.asked[0]?.(new Error("EIO"));
    await refused;
    await expect(later).rejects.toMatchObject({ code: "store_unavailable" });
    await expect(store.conversations.receive(arrival())).rejects.toMatchObject({ code: "store_unavailable" });
    expect(disk.asked).toHaveLength(1);
    expect(await store.upkeep.check(false)).toMatchObject({
      ok: false,
      detail: expect.stringContaining("start the service again"),
    });
    await store.upkeep.close();
    const again = await openSqlite({ file });
    expect((await again.conversations.receive(arrival())).ok).toBe(true);
    await again.upkeep.close();
  });
});

describe("a full disk", () => {
  it("refuses with a code, writes no half, and goes on when there is room", async () => {
    await (await openSqlite({ file })).upkeep.close();
    const pages = new DatabaseSync(file).prepare("pragma page_count").get() as { page_count: number };
    const full = await openSqlite({ file, maxPages: pages.page_count + 8 });
    const { conversationId: id } = await arrive(full);
    const big = {
      sealedState: new Uint8Array(500_000),
      messages: [hers("words"), ours("reply")],
      audit: [line("x", id)],
    };
    const turn = await lease(full, id);
    await expect(full.conversations.commit(commitOf(turn, big))).rejects.toMatchObject({
      code: "store_full",
      retry: true,
    });
    expect(await full.conversations.transcript(id, 0, 9)).toEqual([]);
    expect(await full.upkeep.auditTrail(9, id)).toEqual([]);
    // A small change still fits, and one that fails beside it does not take it along.
    await full.conversations.release({ id, fence: turn.fence });
    const [small, large] = await Promise.allSettled([
      full.conversations.append(id, [event()]),
      full.conversations.append(id, [{ ...event(), sealed: new Uint8Array(500_000) }]),
    ]);
    expect(small).toEqual({ status: "fulfilled", value: true });
    expect(large.status).toBe("rejected");
    await full.upkeep.close();
    const roomy = await openSqlite({ file });
    await decide(roomy, id, big);
    expect(await roomy.conversations.transcript(id, 0, 9)).toHaveLength(2);
    await roomy.upkeep.close();
  });

  const [disk, other] = [tinyDisk(), tinyDisk()];
  afterAll(() => {
    for (const one of [disk, other]) one?.remove();
  });
  it.skipIf(!disk)(
    "that is really full is told by every check until there is room, and everything promised is there afterwards",
    async () => {
      const store = await openSqlite({ file: join(disk?.folder ?? "", "bot.db") });
      const kept: string[] = [];
      let refused = 0;
      for (let i = 0; refused < 3 && i < 5_000; i++) {
        const one = arrival({ events: [{ ...event(), sealed: new Uint8Array(2_000) }] });
        await store.conversations.receive(one).then(
          () => kept.push(one.pseudonym),
          (error: { code?: string }) => {
            expect(error.code).toBe("store_full");
            refused += 1;
          },
        );
      }
      expect(kept.length).toBeGreaterThan(10);
      expect(refused).toBe(3);
      for (const deep of [true, false, false]) {
        expect(await store.upkeep.check(deep)).toMatchObject({
          ok: false,
          detail: expect.stringContaining("store_full"),
        });
      }
      disk?.grow();
      expect(await store.upkeep.check(false)).toMatchObject({ ok: true });
      await store.upkeep.close();
      const again = await openSqlite({ file: join(disk?.folder ?? "", "bot.db") });
      for (const pseudonym of kept) expect(await again.conversations.find(pseudonym)).not.toBeNull();
      expect(await again.upkeep.check(true)).toMatchObject({ ok: true });
      await again.upkeep.close();
    },
  );

  it.skipIf(!other)(
    "that takes nothing over from the log ends no process and refuses no forgetting; the log is emptied when there is room",
    async () => {
      const place = join(other?.folder ?? "", "bot.db");
      const engine = new SqliteEngine({ file: place, lockPatienceMs: 100 });
      await migrate(engine);
      const put = (n: number) =>
        engine.change({
          statement: { sql: "insert into secrets (name, sealed, version) values (?, ?, 1)", parameters: [] },
          values: [`s${n}`, new Uint8Array(20_000)],
          wants: "changes",
        });
      let n = 0;
      for (let isFull = false; !isFull; n += 1)
        await put(n).catch((error) => {
          expect(error).toMatchObject({ code: "store_full" });
          isFull = true;
        });
      expect(n).toBeGreaterThan(5);
      await engine.scrub();
      // Each change tries it anew.
      await put(n).catch(() => undefined);
      other?.grow();
      await put(n + 1);
      await engine.scrub();
      expect(statSync(`${place}-wal`).size).toBe(0);
      await engine.close();
    },
  );
});

it("a disk that takes nothing, for another reason than being full, is told by every check until it takes something", async () => {
  const engine = new SqliteEngine({ file });
  await migrate(engine);
  let isQuotaUsedUp = true;
  const refusing: Engine = {
    dialect: engine.dialect,
    read: (script) => engine.read(script),
    write: (script) =>
      // What SQLite says then (SQLITE_IOERR_WRITE).
      isQuotaUsedUp ? Promise.reject(explain({ errcode: 778 })) : engine.write(script),
    change: (ask) => engine.change(ask),
    scrub: () => engine.scrub(),
    probe: async (deep) => {
      if (deep && isQuotaUsedUp) throw explain({ errcode: 778 });
      return engine.probe(deep);
    },
    time: () => engine.time(),
    close: () => engine.close(),
  };
  const watched = doubting(refusing);
  const nothing = () => watched.write(function* () {});
  expect(await watched.probe(false)).toContain("SQLite");
  await expect(nothing()).rejects.toMatchObject({ code: "store_unavailable" });
  await expect(watched.probe(false)).rejects.toMatchObject({ code: "store_unavailable" });
  await expect(watched.probe(false)).rejects.toMatchObject({ code: "store_unavailable" });
  isQuotaUsedUp = false;
  expect(await watched.probe(false)).toContain("SQLite");
  await watched.close();
});

/** A disk of one megabyte, where we may mount one. */
function tinyDisk() {
  const folder = mkdtempSync(join(tmpdir(), "ben-an-disk-"));
  const mount = (options: string) =>
    spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]).status === 0;
  if (!mount("size=1m")) {
    rmSync(folder, { recursive: true });
    console.warn("skipped: no right to mount a tiny disk");
    return undefined;
  }
  return {
    folder,
    grow: () => mount("remount,size=200m"),
    remove() {
      spawnSync("umount", ["--lazy", folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

describe("a lock", () => {
  function holdLock(): DatabaseSync {
    const other = new DatabaseSync(file);
    other.exec("begin immediate");
    return other;
  }

  it("is waited for without stopping the process, and then the change is made", async () => {
    const store = await openSqlite({ file });
    const other = holdLock();
    const receiving = store.conversations.receive(arrival());
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 10);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(ticks).toBeGreaterThan(2);
    clearInterval(ticking);
    expect(await store.conversations.find("nobody")).toBeNull();
    other.exec("rollback");
    expect((await receiving).ok).toBe(true);
    other.close();
    await store.upkeep.close();
  });

  it("that stays is refused with a code, said by the deep check, and nothing is half-written", async () => {
    const store = await openSqlite({ file, lockPatienceMs: 200 });
    const other = holdLock();
    const one = arrival();
    await expect(store.conversations.receive(one)).rejects.toMatchObject({
      code: "store_locked",
      retry: true,
    });
    expect(await store.upkeep.check(true)).toMatchObject({
      ok: false,
      detail: expect.stringContaining("store_locked"),
    });
    other.exec("rollback");
    other.close();
    expect(await store.conversations.find(one.pseudonym)).toBeNull();
    expect((await store.conversations.receive(one)).ok).toBe(true);
    await store.upkeep.close();
  });

  it("on the whole file stops the start with what to do", async () => {
    await (await openSqlite({ file })).upkeep.close();
    const other = new DatabaseSync(file);
    other.exec("pragma locking_mode = exclusive; begin immediate; create table t (x); commit");
    await expect(openSqlite({ file, lockPatienceMs: 200 })).rejects.toMatchObject({ code: "store_locked" });
    other.close();
    await (await openSqlite({ file })).upkeep.close();
  });
});

describe("opening", () => {
  it("refuses a file that is no database and leaves it as it is", async () => {
    mkdirSync(join(folder, "data"));
    const other = "This is a shopping list. ".repeat(100);
    writeFileSync(file, other);
    await expect(openSqlite({ file })).rejects.toMatchObject({
      code: "store_not_a_database",
      message: expect.stringContaining(file),
    });
    expect(readFileSync(file, "utf8")).toBe(other);
  });

  it("refuses a folder that is a file, or can't be made", async () => {
    writeFileSync(join(folder, "data"), "");
    await expect(openSqlite({ file })).rejects.toMatchObject({ code: "store_unreadable" });
  });

  it("refuses a folder without rights", async () => {
    mkdirSync(join(folder, "data"));
    chmodSync(join(folder, "data"), 0o500);
    // Root may write anywhere: for this one look it becomes nobody.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(NOBODY);
    try {
      await expect(openSqlite({ file })).rejects.toMatchObject({
        code: expect.stringMatching(/store_(unreadable|read_only)/),
      });
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it("refuses a database of another installation", async () => {
    await (await openSqlite({ file, installation: "one" })).upkeep.close();
    await expect(openSqlite({ file, installation: "two" })).rejects.toMatchObject({
      code: "store_other_installation",
    });
    await (await openSqlite({ file, installation: "one" })).upkeep.close();
  });

  it("migrates once, whoever comes first, and keeps what is there", async () => {
    const stores = await Promise.all([1, 2, 3].map(() => openSqlite({ file })));
    const { pseudonym } = await arrive(stores[0] as Store);
    for (const store of stores) await store.upkeep.close();
    const again = await openSqlite({ file });
    expect(await again.conversations.find(pseudonym)).not.toBeNull();
    await again.upkeep.close();
  });

  it("works beside a later build that only added, and refuses one that changed more", async () => {
    const store = await openSqlite({ file });
    const engine = new SqliteEngine({ file });
    const next = (worksFrom: number) => ({
      number: MIGRATIONS.length + 1,
      name: "later",
      worksFrom,
      up: () =>
        exec(
          engine.dialect.db.schema
            .alterTable("conversations")
            .addColumn("later", "integer", (c) => c.defaultTo(0)),
        ),
    });
    await migrate(engine, undefined, [...MIGRATIONS, next(1)]);
    const { conversationId } = await arrive(store);
    await decide(store, conversationId, { sealedState: bytes("still works") });
    await (await openSqlite({ file })).upkeep.close();
    await migrate(engine, undefined, [
      ...MIGRATIONS,
      next(1),
      { ...next(9), number: MIGRATIONS.length + 2, *up() {} },
    ]);
    await expect(openSqlite({ file })).rejects.toMatchObject({ code: "store_newer_schema" });
    await engine.close();
    await store.upkeep.close();
  });

  it("makes its files and folder for the owner only", async () => {
    const store = await openSqlite({ file });
    await arrive(store);
    const files = readdirSync(join(folder, "data"));
    expect(files.sort()).toEqual(["bot.db", "bot.db-shm", "bot.db-wal"]);
    for (const name of files) expect(statSync(join(folder, "data", name)).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "data")).mode & 0o777).toBe(0o700);
    await store.upkeep.close();
  });
});
