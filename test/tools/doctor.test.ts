/** `doctor --apply`: the platforms' side is set right, told before and after, and nothing is changed without being asked. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { assemble } from "../../bot/assemble.ts";
import { configFrom } from "../../bot/config.ts";
import { doctor } from "../../bot/tools/doctor.ts";
import { BotApiControl } from "../peers/bot-api/person.ts";
import { startBotApi } from "../peers/bot-api/server.ts";
import { ZaloBotControl } from "../peers/zalo-bot/person.ts";
import { startZaloBot, ZALO_BOT_TOKEN } from "../peers/zalo-bot/server.ts";
import { startZaloOa, zaloOaSettings } from "../peers/zalo-oa/server.ts";

let folder: string;
let telegram: Awaited<ReturnType<typeof startBotApi>>;
let zaloBot: Awaited<ReturnType<typeof startZaloBot>>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ben-an-doctor-"));
  telegram = await startBotApi();
  zaloBot = await startZaloBot();
});
afterEach(async () => {
  await telegram.close();
  await zaloBot.close();
  rmSync(folder, { recursive: true, force: true });
});

async function run(...args: string[]) {
  const said: string[] = [];
  const config = configFrom({
    DATA_DIR: folder,
    PUBLIC_URL: "http://127.0.0.1:9",
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.url,
    TELEGRAM_WEBHOOK_SECRET: "a-secret-of-the-test",
    ZALO_BOT_TOKEN,
    ZALO_BOT_API_BASE: zaloBot.url,
    ZALO_BOT_WEBHOOK_SECRET: "a-secret-of-the-test",
  });
  const code = await doctor(config, args, (line) => void said.push(line));
  return { code, said: said.join("\n") };
}

it("sets names, descriptions, commands and webhooks, in that order of asking, once", async () => {
  const control = new BotApiControl(telegram.url);
  const bare = await run();
  expect(bare.code).toBe(1);
  expect(bare.said).toContain("Telegram has another webhook address than ours");
  expect((await control.ask<{ profile: object }>("state", {})).profile).toEqual({});

  const first = await run("--apply");
  expect(first).toMatchObject({ code: 0 });
  expect(first.said).toContain('set       telegram description default: "" → "Nơi hỏi đáp tự động');
  expect(first.said).toContain(
    'set       telegram commands en: "" → "/start Begin, /menu Main menu, /thoat Stop"',
  );
  expect(first.said).toContain('set       telegram webhook: "" → "http://127.0.0.1:9/hooks/telegram"');
  expect(first.said).toContain('set       zalo-bot webhook: "" → "http://127.0.0.1:9/hooks/zalo-bot"');
  expect(first.said).toMatch(/by hand {3}zalo-bot: .*111/);
  const state = await control.ask<{ profile: Record<string, unknown> }>("state", {});
  expect(JSON.stringify(state.profile)).not.toMatch(/bạo|hại|an toàn|giúp|violence|help|safe/i);

  const second = await run("--apply");
  expect(second.code).toBe(0);
  expect(second.said).not.toContain("set       ");
  expect(await control.violations()).toEqual([]);
  expect(await new ZaloBotControl(zaloBot.url).violations()).toEqual([]);
}, 30_000);

it("says what could not be set, goes on with the rest, and fails", async () => {
  const control = new BotApiControl(telegram.url);
  await control.fault({ fault: "too_many", retryAfter: 3_600, method: "setMyName" });
  const { code, said } = await run("--apply");
  expect(code).toBe(1);
  expect(said).toMatch(/wrong {5}telegram name default: could not be set \(telegram\.too_many\)/);
  expect(said).toContain("set       telegram webhook");
}, 30_000);

it("leaves the OA's first refresh token to the first start: what it was spent for would be thrown away", async () => {
  const zaloOa = await startZaloOa();
  try {
    const config = configFrom({
      DATA_DIR: folder,
      PUBLIC_URL: "https://chat.example.org",
      ...zaloOaSettings(zaloOa.url),
    });
    if (!config.ok) throw new Error(config.faults.join());
    const said: string[] = [];
    expect(await doctor(config, [], (line) => void said.push(line))).toBe(0);
    expect(said.join("\n")).toMatch(/note {6}zalo-oa: .*first start/);

    const service = await assemble(config.config, { log: () => {} });
    const { parts } = await service.services.health.report();
    await service.stop();
    expect(parts.find((part) => part.name === "zalo-oa")).toMatchObject({ ok: true });
    // Now there is an installation that keeps the pair, and it is asked.
    expect(await doctor(config, [], (line) => void said.push(line))).toBe(0);
    expect(said.join("\n")).toContain("fine      zalo-oa: token good for");
  } finally {
    await zaloOa.close();
  }
}, 30_000);
