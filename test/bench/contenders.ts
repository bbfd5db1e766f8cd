/** The bots that are measured, and one round of people who write to one of them. */

import { spawn } from "node:child_process";
import { join } from "node:path";
import { cpuMs, median, quantile, ratio } from "./measure.ts";
import type { Platform } from "./platform.ts";

export const SECRET = "a-secret-of-the-bench";

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

interface Round {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Of all its processes, ms for one turn. */
  readonly cpu: number;
}

export class Contender {
  readonly name: string;
  /** Where the platform posts what people write. */
  readonly webhook: string;
  readonly pids: readonly number[];
  readonly rounds: Round[] = [];

  constructor(name: string, webhook: string, pids: readonly number[]) {
    this.name = name;
    this.webhook = webhook;
    this.pids = pids;
  }

  get rates(): readonly number[] {
    return this.rounds.map((r) => r.perSecond);
  }

  line(): string {
    const of = (field: keyof Round) => median(this.rounds.map((r) => r[field]));
    return [
      this.name.padEnd(34),
      `${of("perSecond").toFixed(0).padStart(5)} turns/s`,
      `${of("cpu").toFixed(2).padStart(6)} ms of processor a turn`,
      `p50 ${of("p50").toFixed(0)} ms`,
      `p99 ${of("p99").toFixed(0)} ms`,
    ].join("  ");
  }

  against(other: Contender): string {
    return `${`${this.name} / ${other.name}`.padEnd(60)} ${ratio(this.rates, other.rates).toFixed(2)}`;
  }
}

let chat = 1_000_000;

/** Every chat writes its next message when the answer to the last one has come. People are new each time. */
export async function load(
  platform: Platform,
  { webhook, pids }: Contender,
  chats: number,
  turns: number,
): Promise<Round> {
  platform.aim(webhook, SECRET);
  chat += chats;
  const first = chat;
  const times: number[] = [];
  const used = () => pids.reduce((sum, pid) => sum + cpuMs(pid), 0);
  const before = used();
  const started = performance.now();
  await Promise.all(
    Array.from({ length: chats }, async (_, i) => {
      for (let n = 0; n < turns; n += 1)
        times.push(await platform.turn(first + i, WORDS[n % WORDS.length] ?? "alo"));
    }),
  );
  return {
    perSecond: (times.length / (performance.now() - started)) * 1_000,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    cpu: (used() - before) / times.length,
  };
}

/** One round of each, again and again, so that a busy minute of the computer meets all; the first `warmUps` do not count. */
export async function inTurn(
  platform: Platform,
  contenders: readonly Contender[],
  how: { rounds: number; warmUps: number; chats: number; turns: number },
): Promise<void> {
  for (let n = 0; n < how.warmUps + how.rounds; n += 1) {
    for (const one of contenders) {
      const round = await load(platform, one, how.chats, how.turns);
      if (n >= how.warmUps) one.rounds.push(round);
    }
  }
}

export interface BareBot {
  readonly url: string;
  readonly pid: number;
  end(): void;
}

/** Starts a bot of this folder, which prints `PORT n` when it listens. */
export async function startBare(file: string, args: readonly string[]): Promise<BareBot> {
  const child = spawn(process.execPath, [join(import.meta.dirname, file), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (piece) => {
      const found = /PORT (\d+)/.exec(String(piece))?.[1];
      if (found) resolve(found);
    });
    child.once("exit", () => reject(new Error(`${file} ended`)));
  });
  return { url: `http://127.0.0.1:${port}/`, pid: child.pid ?? 0, end: () => child.kill("SIGKILL") };
}
