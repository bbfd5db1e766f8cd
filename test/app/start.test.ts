/** Starting: with nothing set, a second time, and when something is in the way: one clear message, nothing overwritten. */

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../bot/adapters/system.ts";
import { assemble } from "../../bot/assemble.ts";
import { configFrom } from "../../bot/config.ts";
import type { Clock } from "../../bot/ports/clock.ts";
import { type Running, startService } from "../running.ts";

const root = join(import.meta.dirname, "..", "..");
const running: Running[] = [];
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((r) => r.remove()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function start(env: Record<string, string> = {}): Promise<Running> {
  const service = await startService(env);
  running.push(service);
  return service;
}

/** Runs to the end, for starts that must fail. */
function failing(env: Record<string, string>): { code: number | null; said: string } {
  const result = spawnSync(process.execPath, ["bot/main.ts"], {
    cwd: root,
    env: { PATH: process.env.PATH, LOG_LEVEL: "error", ...env },
    encoding: "utf8",
    timeout: 20_000,
  });
  return { code: result.status, said: result.stdout + result.stderr };
}

describe("a start", () => {
  it("needs nothing, tells where everything is, and makes its keys readable by nobody else", async () => {
    const service = await start();
    expect(service.output()).toMatch(
      /survivors' page[\s\S]*console[\s\S]*one-time link[\s\S]*health[\s\S]*channels +web/,
    );
    expect(service.output()).toMatch(/A key was made[\s\S]*safe place/);
    expect(statSync(join(service.dataDir, "master.key")).mode & 0o777).toBe(0o600);
    expect(statSync(service.dataDir).mode & 0o077).toBe(0);
    const health = (await (await fetch(`${service.url}/healthz`)).json()) as {
      ok: boolean;
      warnings: string[];
      notices: { en: string; vi: string }[];
    };
    expect(health.ok).toBe(true);
    expect(health.warnings.join()).toMatch(/articles wait for their professional review/);
    expect(health.notices.map((n) => n.en)).toEqual(health.warnings);
    expect(health.notices.map((n) => n.vi).join()).toMatch(/\d+ bài đang chờ chuyên môn đọc/);
  }, 60_000);

  it("ends cleanly on Ctrl-C and starts again without making a key", async () => {
    const service = await start();
    expect(await service.kill("SIGINT")).toBe(0);
    const again = await service.again();
    running.push(again);
    expect(again.output()).not.toContain("A key was made");
  }, 60_000);

  it("says that a port is taken", async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, "127.0.0.1", resolve));
    const address = blocker.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const { code, said } = failing({ PORT: String(port), DATA_DIR: folder() });
    blocker.close();
    expect(code).toBe(1);
    expect(said).toContain("the port is taken");
    expect(said).not.toMatch(/\n\s+at /);
  });

  it("names all wrong settings at once", () => {
    const { code, said } = failing({ PORT: "many", ROLE: "boss", DATA_DIR: folder() });
    expect(code).toBe(1);
    expect(said).toContain("PORT");
    expect(said).toContain("ROLE is one of all, web, worker");
  });

  it("says that the data folder cannot be used", () => {
    const place = join(folder(), "a-file");
    writeFileSync(place, "not a folder");
    const { code, said } = failing({ DATA_DIR: place });
    expect(code).toBe(1);
    expect(said).toContain("a-file");
    expect(said).not.toMatch(/\n\s+at /);
  });

  it("says at once that no folder can be made there, and that a file stands in its place", () => {
    const place = join(folder(), "a-file");
    writeFileSync(place, "not a folder");
    const own = { MASTER_KEY: Buffer.alloc(32, 3).toString("base64") };
    for (const [env, word] of [
      // What is under /proc is there, and the system says all the same that it is not.
      [{ DATA_DIR: "/proc/ben-an" }, "No folder can be made there"],
      [{ DATA_DIR: "/proc/ben-an/below" }, "No folder can be made there"],
      [{ DATA_DIR: "/proc/ben-an", ...own }, "a folder that can be made there"],
      [{ DATA_DIR: place }, "A file stands where its folder should be"],
      [{ DATA_DIR: join(place, "below") }, "A file stands where its folder should be"],
      [{ DATA_DIR: place, ...own }, "a folder that can be made there"],
    ] as const) {
      const { code, said } = failing(env);
      expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining(word) });
      expect(said).toContain(env.DATA_DIR);
      expect(said).not.toMatch(/\n\s+at /);
    }
  }, 60_000);

  it("refuses a wrong or missing key and overwrites nothing", async () => {
    const service = await start();
    await service.kill("SIGTERM");
    const before = readFileSync(join(service.dataDir, "ben-an.sqlite"));
    rmSync(join(service.dataDir, "master.key"));
    const missing = failing({ DATA_DIR: service.dataDir });
    expect(missing.code).toBe(1);
    expect(missing.said).toMatch(/key/i);

    const other = await start();
    await other.kill("SIGTERM");
    copyFileSync(join(other.dataDir, "master.key"), join(service.dataDir, "master.key"));
    const wrong = failing({ DATA_DIR: service.dataDir });
    expect(wrong.code).toBe(1);
    expect(wrong.said).toMatch(/key|installation/i);
    expect(readFileSync(join(service.dataDir, "ben-an.sqlite")).equals(before)).toBe(true);
  }, 60_000);

  it("says that a file is no database", () => {
    const place = folder();
    mkdirSync(place, { recursive: true });
    writeFileSync(
      join(place, "ben-an.sqlite"),
      "this is a shopping list, not a database, and it is long enough to be read",
    );
    const { code, said } = failing({ DATA_DIR: place });
    expect(code).toBe(1);
    expect(said).toMatch(/database|key/i);
  });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "ben-an-start-"));
  folders.push(made);
  return made;
}

describe("a second process on one folder", () => {
  it("is refused with a sentence, whatever its port, and may begin when the first was killed", async () => {
    const first = await start();
    const second = failing({ DATA_DIR: first.dataDir, PORT: "0" });
    expect(second.code).toBe(1);
    expect(second.said).toContain("Another process of Bến An runs on this folder");
    expect(second.said).not.toMatch(/^ {4}at /m);
    await first.kill("SIGKILL");
    running.push(await first.again());
  }, 120_000);
});

describe("an end", () => {
  it("leaves nothing behind that a script would have to wait for", async () => {
    const system = systemClock();
    const waiting = new Set<symbol>();
    const clock: Clock = {
      ...system,
      after(ms, call) {
        const one = Symbol();
        waiting.add(one);
        const cancel = system.after(ms, () => {
          waiting.delete(one);
          call();
        });
        return () => {
          waiting.delete(one);
          cancel();
        };
      },
    };
    const config = configFrom({ DATA_DIR: folder() });
    if (!config.ok) throw new Error(config.faults.join());
    const service = await assemble(config.config, { log: () => {}, clock });
    await service.stop();
    expect(waiting.size).toBe(0);
  }, 60_000);

  it("comes whatever cannot stop, and says so", async () => {
    const config = configFrom({ DATA_DIR: folder() });
    if (!config.ok) throw new Error(config.faults.join());
    const said: string[] = [];
    const service = await assemble(config.config, { log: (_, code) => void said.push(code) });
    const web = service.parts.channels.get("web");
    if (!web) throw new Error("no page");
    const broken = { ...web, name: web.name, stop: () => Promise.reject(new Error("no")) };
    (service.parts.channels as Map<string, unknown>).set("web", broken);
    await service.stop();
    expect(said).toContain("not_stopped");
    expect(await service.services.health.report()).toMatchObject({ ok: false });
  }, 60_000);

  it("comes within ten seconds when the database hangs", async () => {
    const system = systemClock();
    // Twenty times as fast.
    const clock: Clock = { ...system, after: (ms, call) => system.after(ms / 20, call) };
    const config = configFrom({ DATA_DIR: folder() });
    if (!config.ok) throw new Error(config.faults.join());
    const service = await assemble(config.config, {
      log: () => {},
      clock,
      around: (store) => ({ ...store, upkeep: { ...store.upkeep, close: () => new Promise(() => {}) } }),
    });
    const asked = performance.now();
    await service.stop(() => new Promise(() => {}));
    expect(performance.now() - asked).toBeLessThan(5_000);
  }, 60_000);

  it("lets a request that is being answered still read and write, and is no longer ready meanwhile", async () => {
    const config = configFrom({ DATA_DIR: folder() });
    if (!config.ok) throw new Error(config.faults.join());
    const service = await assemble(config.config, { log: () => {} });
    await service.start();
    const { page, health } = service.services;
    const request = Promise.withResolvers<void>();
    const stopped = service.stop(() => request.promise);
    // Long enough for all that has nothing to do.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await health.report()).toMatchObject({ ok: true, ready: false });
    const token = page.open();
    expect(await page.arrive(token, "vi")).toMatchObject({ ok: true });
    request.resolve();
    await stopped;
    expect(await health.report()).toMatchObject({ ok: false });
  }, 60_000);
});
