/**
 * `npm run bench`: pure `step` per second, and the whole path (webhook in over HTTP → committed and fsynced → delivered
 * to a fake platform on loopback) beside a bare grammY echo bot with session storage, in the same run, as a ratio.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beginRehearsal, says, taps } from "../../bot/core/rehearsal.ts";
import { startService } from "../running.ts";
import { freePort } from "../servers.ts";
import { repositoryWorld } from "../world.ts";
import { Contender, inTurn, SECRET, startBare } from "./contenders.ts";
import { machine, median, say } from "./measure.ts";
import { startPlatform } from "./platform.ts";

const SIZE = { rounds: 3, warmUps: 1, chats: 64, turns: 20 };

say(machine());
await pureStep();
await wholePath();

async function pureStep(): Promise<void> {
  const world = await repositoryWorld("telegram");
  const rates: number[] = [];
  for (let round = 0; round < SIZE.rounds + 1; round += 1) {
    let turns = 0;
    const started = performance.now();
    for (let n = 0; n < 200; n += 1) {
      const r = beginRehearsal(world, 1_763_800_000_000, "vi");
      says(r, { kind: "text", text: "alo" });
      taps(r, "Có, nói được");
      taps(r, "Tôi đang bị tổn thương");
      says(r, { kind: "text", text: "không phải bây giờ" });
      says(r, { kind: "text", text: "không" });
      says(r, { kind: "text", text: "có" });
      taps(r, "Không");
      taps(r, "Gọi người thật");
      turns += 8;
    }
    if (round > 0) rates.push((turns / (performance.now() - started)) * 1_000);
  }
  say(
    `pure step                 ${Math.round(median(rates))} turns/s (state through JSON each turn, ear included)`,
  );
}

async function wholePath(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "ben-an-bench-"));
  const platform = await startPlatform();
  const port = String(await freePort());
  const service = await startService({
    PORT: port,
    LOG_LEVEL: "error",
    TELEGRAM_BOT_TOKEN: "1:bench",
    TELEGRAM_API_ROOT: platform.url,
    TELEGRAM_WEBHOOK_SECRET: SECRET,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
  });
  const bare = await startBare("echo.ts", [platform.url, join(folder, "sessions"), SECRET]);
  try {
    const ours = new Contender("whole path (SQLite, fsync)", `${service.url}/hooks/telegram`, [service.pid]);
    const echo = new Contender("bare grammY echo, files", bare.url, [bare.pid]);
    await inTurn(platform, [ours, echo], SIZE);
    for (const one of [ours, echo]) say(one.line());
    say(
      `${ours.against(echo)}   (median of ${SIZE.rounds} rounds, ${SIZE.chats} chats × ${SIZE.turns} turns)`,
    );
  } finally {
    bare.end();
    await service.remove();
    await platform.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
