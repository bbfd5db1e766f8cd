/** The whole service inside the test's own process, with a clock that is moved by hand and no loops: work is asked for. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openMemoryLimits } from "../../bot/adapters/memory/limits.ts";
import { systemClock } from "../../bot/adapters/system.ts";
import { envelope } from "../../bot/app/contexts.ts";
import { makeHandler } from "../../bot/app/handle.ts";
import { takeIn } from "../../bot/app/inbox.ts";
import { makeCourier } from "../../bot/app/outbox.ts";
import type { Staff } from "../../bot/app/services.ts";
import { fireTimers } from "../../bot/app/ticker.ts";
import { assemble } from "../../bot/assemble.ts";
import { configFrom } from "../../bot/config.ts";
import type { StaffId } from "../../bot/core/ids.ts";
import type { ChannelName, Content } from "../../bot/core/message.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export type Bench = Awaited<ReturnType<typeof openBench>>;

export async function openBench(
  startsAt = Date.parse("2026-11-20T20:00:00+07:00"),
  { env = {}, knowledgeDir }: { env?: Record<string, string>; knowledgeDir?: string } = {},
) {
  const dataDir = env.DATA_DIR ?? mkdtempSync(join(tmpdir(), "ben-an-bench-"));
  const config = configFrom({ ...env, DATA_DIR: dataDir });
  if (!config.ok) throw new Error(config.faults.join());
  const system = systemClock();
  let now = startsAt;
  let n = 0;
  const clock = { ...system, now: () => now };
  const service = await assemble(config.config, {
    log: () => {},
    clock,
    ...(knowledgeDir ? { knowledgeDir } : {}),
  });
  const { parts } = service;
  // No model is configured: nothing is ever asked of it.
  const handler = makeHandler(parts, "bench", { ask: () => {}, stop: () => {} });
  const courier = makeCourier(parts, "bench", openMemoryLimits(parts.clock));
  const staff: Staff = {
    id: "staff-1" as StaffId,
    login: "mai",
    alias: "Mai",
    roles: ["counsellor", "supervisor"],
  };
  await parts.store.staff.put(
    { id: staff.id, login: "mai", alias: "Mai", roles: staff.roles, passwordHash: "x", disabled: false },
    { at: now, actor: "test", action: "staff_added", subject: staff.id, detail: "" },
  );
  const bench = {
    parts,
    services: service.services,
    handler,
    staff,
    dataDir,
    pass(ms: number) {
      now += ms;
    },
    /** Puts it on disk, decides nothing. */
    async put(address: string, content: Content | string, channel: ChannelName = "web") {
      n += 1;
      now += 10;
      await takeIn(parts, [
        {
          channel,
          address,
          // Of this moment too: what was restored from a backup has its own.
          key: `k${n}-${now}`,
          at: now,
          content: typeof content === "string" ? { kind: "text", text: content } : content,
        },
      ]);
    },
    async says(address: string, content: Content | string, channel: ChannelName = "web") {
      await bench.put(address, content, channel);
      await bench.settle();
    },
    /** Timers, decisions and deliveries until nothing is left. */
    async settle() {
      while ((await fireTimers(parts)) + (await handler.work()) + (await courier.work()) > 0);
    },
    async lines(address: string, channel: ChannelName = "web") {
      const head = await parts.store.conversations.find(parts.vault.pseudonym(channel, address));
      if (!head) return [];
      const box = envelope(parts.vault, head.wrappedKey);
      return (await parts.store.conversations.transcript(head.id, 0, 1_000)).map((l) => ({
        from: l.author,
        text: box.line.open(l.id, l.sealed).text,
      }));
    },
    async close() {
      await service.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return bench;
}
