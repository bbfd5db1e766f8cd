/** Health answers soon whatever hangs, and what it says of the store holds for writing too. */

import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { assemble, type Overrides, type Service } from "../../bot/assemble.ts";
import { configFrom } from "../../bot/config.ts";
import type { Store } from "../../bot/ports/store.ts";

const folder = () => mkdtempSync(join(tmpdir(), "ben-an-health-"));
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function open(env: Record<string, string> = {}, overrides: Overrides = {}): Promise<Service> {
  const DATA_DIR = folder();
  const config = configFrom({ DATA_DIR, ...env });
  if (!config.ok) throw new Error(config.faults.join());
  const service = await assemble(config.config, { log: () => {}, ...overrides });
  ends.push(
    () => rmSync(DATA_DIR, { recursive: true, force: true }),
    () => service.stop(),
  );
  return service;
}

/** Takes connections and never says a word. */
async function silence(): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => sockets.add(socket.on("error", () => {})));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ends.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const at = server.address();
  return `http://127.0.0.1:${typeof at === "object" ? at?.port : ""}`;
}

const around = (change: (check: Store["upkeep"]["check"]) => Store["upkeep"]["check"]) => (store: Store) => ({
  ...store,
  upkeep: { ...store.upkeep, check: change(store.upkeep.check) },
});

it("says after three seconds that the database is silent, in health and in figures", async () => {
  let isHung = false;
  const hanging = around((check) => (deep) => (isHung ? new Promise(() => {}) : check(deep)));
  const { services } = await open({}, { around: hanging });
  isHung = true;
  const began = performance.now();
  const [report, figures] = await Promise.all([services.health.report(), services.health.metrics()]);
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(report).toMatchObject({ ok: false, ready: false });
  expect(report.parts[0]?.detail).toMatch(/has not answered for 3 s/);
  expect(figures).toContain("benan_store_up 0");
}, 20_000);

it("waits three seconds for a silent platform, and is ready all the same", async () => {
  const { services, start } = await open({
    TELEGRAM_BOT_TOKEN: "1:letters",
    TELEGRAM_API_ROOT: await silence(),
  });
  void start();
  await expect.poll(async () => (await services.health.report()).ready, { timeout: 20_000 }).toBe(true);
  const began = performance.now();
  const { parts } = await services.health.report();
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(parts.find((p) => p.name === "telegram")).toMatchObject({ ok: false });
}, 30_000);

it("asks the store for a write where somebody looks closely, and once a minute for the figures", async () => {
  const asked: boolean[] = [];
  const { services } = await open(
    {},
    {
      around: around((check) => (deep) => {
        asked.push(deep);
        return check(deep);
      }),
    },
  );
  await services.health.report();
  await services.health.report(true);
  await services.health.metrics();
  await services.health.metrics();
  expect(asked).toEqual([false, true, true, false]);
});

it("gives figures also while the store cannot count, and says that it is not well", async () => {
  const { services } = await open(
    {},
    {
      around: (store) => ({
        ...store,
        cases: { ...store.cases, tally: () => Promise.reject(new Error("a damaged index")) },
      }),
    },
  );
  const figures = await services.health.metrics();
  expect(figures).toContain("benan_store_up 0");
  expect(figures).toContain("benan_clock_ahead_seconds");
});
