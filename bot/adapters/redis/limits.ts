/** Limits in Redis, by Redis's own clock: one for all processes. While it is away each process keeps its own. */

import type { Limits } from "../../ports/limits.ts";
import type { Line } from "./line.ts";
import { within } from "./within.ts";

/** A limit is asked before every message and sign-in: nobody waits for it longer than this. */
const PATIENCE_MS = 250;

/** Fills the bucket for the time that has passed, takes one, and lets it vanish when it would be full again. */
const TAKE = `
local burst, every = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local kept = redis.call("HMGET", KEYS[1], "tokens", "at")
local tokens = burst
if kept[1] then
  tokens = math.min(burst, tonumber(kept[1]) + math.max(0, now - tonumber(kept[2])) / every)
end
local wait = 0
if tokens < 1 then wait = math.ceil((1 - tokens) * every) else tokens = tokens - 1 end
redis.call("HSET", KEYS[1], "tokens", tostring(tokens), "at", now)
redis.call("PEXPIRE", KEYS[1], math.ceil((burst - tokens) * every) + 1000)
return wait`;

/** For each line: fills its bucket for the time that has passed, and takes places, also such as are still to come. */
const RESERVE = `
local time = redis.call("TIME")
local now = time[1] * 1000 + time[2] / 1000
local waits = {}
for i, key in ipairs(KEYS) do
  local burst, rate, n = tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i])
  local kept = redis.call("HMGET", key, "left", "at")
  local left, at = burst, now
  if kept[1] then
    at = math.max(now, tonumber(kept[2]))
    left = math.min(burst, tonumber(kept[1]) + (at - tonumber(kept[2])) * rate / 1000)
  end
  left = left - n
  redis.call("HSET", key, "left", string.format("%.17g", left), "at", string.format("%.17g", at))
  redis.call("PEXPIRE", key, math.ceil((burst - left) * 1000 / rate) + 1000)
  waits[i] = left >= 0 and 0 or math.ceil(-left * 1000 / rate)
end
return waits`;

const COUNT = `
local by = tonumber(ARGV[2])
if by == 0 then return tonumber(redis.call("GET", KEYS[1]) or 0) end
local n = redis.call("INCRBY", KEYS[1], by)
if n == by then redis.call("PEXPIRE", KEYS[1], ARGV[1]) end
return n`;
const CLEAR = `return redis.call("DEL", KEYS[1])`;

/** `own`: what counts while Redis does not answer. */
export function limitsOver(line: Line, prefix: string, own: Limits): Limits {
  /** null: no answer in time, or none that makes sense. */
  async function ask<T>(
    script: string,
    keys: readonly string[],
    values: readonly (string | number)[],
    read: (answer: unknown) => T | null,
  ): Promise<T | null> {
    if (!line.isReady) return null;
    const call = { keys: keys.map((key) => prefix + key), arguments: values.map(String) };
    return within(
      PATIENCE_MS,
      line.eval(script, call).then(read, () => null),
    );
  }
  return {
    take: async (key, limit) =>
      (await ask(TAKE, [`rate:${key}`], [limit.burst, limit.everyMs], numberOf)) ?? own.take(key, limit),
    reserve: async (lines) =>
      (await ask(
        RESERVE,
        lines.map(({ key }) => `line:${key}`),
        lines.flatMap(({ rate, n }) => [rate.burst, rate.perSecond, n]),
        (answer) => numbersOf(answer, lines.length),
      )) ?? own.reserve(lines),
    count: async (key, windowMs, by = 1) =>
      (await ask(COUNT, [`count:${key}`], [windowMs, by], numberOf)) ?? own.count(key, windowMs, by),
    async clear(key) {
      // Here too: it may have been counted while Redis was away.
      await Promise.all([own.clear(key), ask(CLEAR, [`count:${key}`], [], numberOf)]);
    },
  };
}

function numberOf(answer: unknown): number | null {
  const number = Number(answer);
  return Number.isFinite(number) ? number : null;
}

function numbersOf(answer: unknown, n: number): readonly number[] | null {
  const numbers = Array.isArray(answer) ? answer.map(Number).filter(Number.isFinite) : [];
  return numbers.length === n ? numbers : null;
}
