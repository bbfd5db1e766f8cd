/** What many processes share over Redis: wake-ups by pub/sub, and rate limits. Unreachable, it costs no error and no wait. */

import type { Bus, Topic } from "../../ports/bus.ts";
import type { Limits } from "../../ports/limits.ts";
import type { Log } from "../../ports/log.ts";
import { limitsOver } from "./limits.ts";
import { isRefusal, type Line, openLine, readPlace } from "./line.ts";

export interface RedisOptions {
  /** redis://, rediss://, redis+sentinel:// or rediss+sentinel:// */
  readonly url: string;
  readonly log?: Log;
  /** Keeps installations apart that share one Redis. */
  readonly prefix?: string;
  /** What counts while Redis is away. */
  readonly ownLimits: Limits;
}

export interface RedisBus extends Bus {
  check(): Promise<{ readonly ok: boolean; readonly detail: string; readonly ms: number }>;
}

const CHECK_TIMEOUT_MS = 1_000;
const REFUSED = "Redis refuses the name or the password of REDIS_URL, or wants one";

/** Returns at once, connected or not. Throws only when the address makes no sense. */
export async function openRedis(options: RedisOptions): Promise<{ bus: RedisBus; limits: Limits }> {
  const { url, log, prefix = "ben-an:", ownLimits } = options;
  const place = readPlace(url);
  const listeners = new Map<string, Set<() => void>>();
  const tell = (message: string) => {
    for (const listener of [...(listeners.get(message) ?? [])]) listener();
  };
  const wakeEverybody = () => {
    for (const topic of [...listeners.keys()]) tell(topic);
  };
  // One channel for all topics: who listens to what changes with every open page, and must not cost a round trip.
  const channel = `${prefix}bus`;
  const talks = await openLine(place, "publish", log);
  // Whatever was missed while it was away: everybody looks at the store once.
  const hears = await openLine(
    place,
    "subscribe",
    log,
    (line) => void line.subscribe(channel, tell).then(wakeEverybody, () => undefined),
  );
  const bus: RedisBus = {
    publish(topic) {
      if (talks.isReady) talks.publish(channel, topic).catch(() => tell(topic));
      // Without Redis at least those in this process hear it.
      else queueMicrotask(() => tell(topic));
    },
    subscribe: (topic, listener) => listen(listeners, topic, listener),
    check: () => check(talks, place.sentinel ? ` (of the Sentinels' "${place.sentinel.name}")` : ""),
    async close() {
      listeners.clear();
      for (const one of [talks, hears]) one.destroy();
    },
  };
  return { bus, limits: limitsOver(talks, prefix, ownLimits) };
}

function listen(listeners: Map<string, Set<() => void>>, topic: Topic, listener: () => void): () => void {
  const heard = listeners.get(topic) ?? new Set();
  listeners.set(topic, heard);
  const own = () => listener();
  heard.add(own);
  return () => {
    heard.delete(own);
    if (heard.size === 0 && listeners.get(topic) === heard) listeners.delete(topic);
  };
}

async function check(client: Line, whose: string): Promise<{ ok: boolean; detail: string; ms: number }> {
  const started = performance.now();
  const ms = () => Math.round(performance.now() - started);
  const fault = (what: string) => ({
    ok: false,
    detail: `${what}; wake-ups come late and limits are counted by each process, nothing is lost.`,
    ms: ms(),
  });
  if (!client.isReady) return fault(client.isRefused ? REFUSED : "Redis can't be reached");
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, CHECK_TIMEOUT_MS);
  });
  try {
    const info = await Promise.race([client.info(), silence]);
    return { ok: true, detail: `Redis ${ms()} ms${whose}${remarks(info)}`, ms: ms() };
  } catch (error) {
    return fault(isRefusal(error) ? REFUSED : "Redis does not answer");
  } finally {
    clearTimeout(timer);
  }
}

const OLDEST_VERSION = 7;

/** What an operator should know about this server, although wake-ups work with it. */
function remarks(info: string): string {
  const field = (name: string) => new RegExp(`^${name}:(.*?)\r?$`, "m").exec(info)?.[1] ?? "";
  const notes: string[] = [];
  // Valkey tells its own version apart and a Redis version that it stands in for.
  const version = field("valkey_version") || field("redis_version");
  if (Number.parseInt(version, 10) < OLDEST_VERSION)
    notes.push(`version ${version} is older than ${OLDEST_VERSION}`);
  if (field("role") === "slave")
    notes.push(
      "it is the copy of another Redis and takes no counts: limits are counted by each process. Point REDIS_URL at the master, or at the Sentinels",
    );
  const policy = field("maxmemory_policy");
  if (field("maxmemory") !== "0" && policy !== "" && policy !== "noeviction") {
    notes.push(
      `it throws keys away when it is full (${policy}), which does no harm: only counts of rate limits are in it`,
    );
  }
  return notes.length > 0 ? `; ${notes.join("; ")}` : "";
}
