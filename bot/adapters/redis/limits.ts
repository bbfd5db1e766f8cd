/** Token buckets in Redis, by Redis's own clock: one for all processes. While it is away each process keeps its own. */

import type { Limits } from "../../ports/limits.ts";
import type { Line } from "./line.ts";

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

/** `own`: what counts while Redis does not answer. */
export function limitsOver(line: Line, prefix: string, own: Limits): Limits {
  return {
    async take(key, limit) {
      if (!line.isReady) return own.take(key, limit);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<null>((resolve) => {
        timer = setTimeout(resolve, PATIENCE_MS, null);
      });
      const asked = line
        .eval(TAKE, {
          keys: [`${prefix}rate:${key}`],
          arguments: [String(limit.burst), String(limit.everyMs)],
        })
        .then(Number, () => null);
      const wait = await Promise.race([asked, late]);
      clearTimeout(timer);
      return wait !== null && Number.isFinite(wait) ? wait : own.take(key, limit);
    },
  };
}
