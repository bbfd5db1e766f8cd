/**
 * `npm run bench`: pure `step` per second, and the whole path (webhook in over HTTP → committed and fsynced → delivered
 * to a fake platform on loopback) beside a bare grammY echo bot with session storage, in the same run, as a ratio.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beginRehearsal, says, taps } from "../../bot/core/rehearsal.ts";
import { type Running, startService } from "../running.ts";
import { freePort } from "../servers.ts";
import { repositoryWorld } from "../world.ts";
import { type Platform, startPlatform } from "./platform.ts";

const ROUNDS = 3;
const CHATS = 64;
const TURNS_EACH = 20;
const SECRET = "a-secret-of-the-bench";
/** What people write, over and over: first words, a door, a question, the menu. */
const WORDS = [
  "alo",
  "có",
  "5",
  "cấm tiếp xúc là gì",
  "menu",
  "4",
  "gọi số nào",
  "bị chồng đánh thì báo ở đâu",
];

const median = (all: readonly number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
const quantile = (all: readonly number[], q: number) =>
  all.toSorted((a, b) => a - b)[Math.floor(all.length * q)] ?? 0;
const say = (line: string) => process.stdout.write(`${line}\n`);

await pureStep();
await wholePath();

async function pureStep(): Promise<void> {
  const world = await repositoryWorld("telegram");
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS + 1; round += 1) {
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

interface Round {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

async function wholePath(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "ben-an-bench-"));
  const platform = await startPlatform();
  const port = String(await freePort());
  const ours = await startService({
    PORT: port,
    LOG_LEVEL: "error",
    TELEGRAM_BOT_TOKEN: "1:bench",
    TELEGRAM_API_ROOT: platform.url,
    TELEGRAM_WEBHOOK_SECRET: SECRET,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
  });
  const echo = await startEcho(platform.url, join(folder, "sessions"));
  const results = { ours: [] as Round[], echo: [] as Round[] };
  try {
    for (let round = 0; round <= ROUNDS; round += 1) {
      platform.aim(`${ours.url}/hooks/telegram`, SECRET);
      const a = await load(platform, 1_000_000 * (round + 1));
      platform.aim(echo.url, SECRET);
      const b = await load(platform, 1_000_000 * (round + 1) + 500_000);
      // The first round warms both up.
      if (round > 0) {
        results.ours.push(a);
        results.echo.push(b);
      }
    }
  } finally {
    await stopAll(ours, echo.child, platform);
    rmSync(folder, { recursive: true, force: true });
  }
  const line = (name: string, rounds: readonly Round[]) =>
    `${name.padEnd(26)}${Math.round(median(rounds.map((r) => r.perSecond)))} turns/s, p50 ${median(rounds.map((r) => r.p50)).toFixed(1)} ms, p99 ${median(rounds.map((r) => r.p99)).toFixed(1)} ms`;
  say(line("whole path (SQLite, fsync)", results.ours));
  say(line("bare grammY echo, files", results.echo));
  const ratio = median(results.ours.map((r, i) => r.perSecond / (results.echo[i]?.perSecond ?? 1)));
  say(
    `ratio ours / echo         ${ratio.toFixed(2)} (median of ${ROUNDS} rounds, ${CHATS} chats × ${TURNS_EACH} turns)`,
  );
}

/** Every chat writes its next message when the answer to the last one has arrived. */
async function load(platform: Platform, firstChat: number): Promise<Round> {
  const times: number[] = [];
  const started = performance.now();
  await Promise.all(
    Array.from({ length: CHATS }, async (_, i) => {
      for (let n = 0; n < TURNS_EACH; n += 1)
        times.push(await platform.turn(firstChat + i, WORDS[n % WORDS.length] ?? "alo"));
    }),
  );
  return {
    perSecond: (times.length / (performance.now() - started)) * 1_000,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
  };
}

async function startEcho(apiRoot: string, folder: string): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "echo.ts"), apiRoot, folder, SECRET], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (piece) => {
      const found = /PORT (\d+)/.exec(String(piece))?.[1];
      if (found) resolve(found);
    });
    child.once("exit", () => reject(new Error("the echo bot ended")));
  });
  return { url: `http://127.0.0.1:${port}/`, child };
}

async function stopAll(ours: Running, echo: ChildProcess, platform: Platform): Promise<void> {
  echo.kill("SIGKILL");
  await ours.remove();
  await platform.close();
}
