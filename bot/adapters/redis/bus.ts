/** The bus of many processes: Redis pub/sub. An unreachable Redis costs wake-ups, never an error and never a wait. */

import type { RedisClientType } from "redis";
import type { Bus, Topic } from "../../ports/bus.ts";
import type { Log } from "../../ports/log.ts";

export interface RedisBusOptions {
  /** redis:// or rediss:// */
  readonly url: string;
  readonly log?: Log;
  /** Keeps installations apart that share one Redis. */
  readonly prefix?: string;
}

export interface RedisBus extends Bus {
  check(): Promise<{ readonly ok: boolean; readonly detail: string; readonly ms: number }>;
}

/** Longest pause between two tries to connect. */
const MAX_PAUSE_MS = 2_000;
const CONNECT_TIMEOUT_MS = 2_000;
const CHECK_TIMEOUT_MS = 1_000;

/** Returns at once, connected or not; `redis` is loaded only here. Throws only when the address makes no sense. */
export async function openRedisBus({ url, log, prefix = "ben-an:" }: RedisBusOptions): Promise<RedisBus> {
  if (!/^rediss?:\/\//.test(url) || !URL.canParse(url)) {
    throw new Error("REDIS_URL must look like redis://host:6379 (or rediss:// with TLS).");
  }
  const { createClient } = await import("redis");
  const listeners = new Map<string, Set<() => void>>();
  const tell = (message: string) => {
    for (const listener of [...(listeners.get(message) ?? [])]) listener();
  };
  const wakeEverybody = () => {
    for (const topic of [...listeners.keys()]) tell(topic);
  };
  const client = (role: string) =>
    watched(createClient({ url, ...SOCKET, disableOfflineQueue: true }) as RedisClientType, role, log);
  const talks = client("publish");
  // One channel for all topics: who listens to what changes with every open page, and must not cost a round trip.
  const hears = client("subscribe");
  const channel = `${prefix}bus`;
  // Whatever was missed while it was away: everybody looks at the store once.
  hears.on("ready", () => void hears.subscribe(channel, tell).then(wakeEverybody, () => undefined));
  for (const one of [talks, hears]) one.connect().catch(() => undefined);
  return {
    publish(topic) {
      if (talks.isReady) talks.publish(channel, topic).catch(() => tell(topic));
      // Without Redis at least those in this process hear it.
      else queueMicrotask(() => tell(topic));
    },
    subscribe: (topic, listener) => listen(listeners, topic, listener),
    check: () => check(talks),
    async close() {
      listeners.clear();
      for (const one of [talks, hears]) one.destroy();
    },
  };
}

const SOCKET = {
  socket: {
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectStrategy: (tries: number) => Math.min(50 * 2 ** Math.min(tries, 10), MAX_PAUSE_MS),
  },
} as const;

function watched(client: RedisClientType, role: string, log?: Log): RedisClientType {
  let away = false;
  // Without a listener an error of the connection would end the process. Told once, not at every try.
  client.on("error", (error: unknown) => {
    if (!away) log?.("warn", "redis_away", { role, error: error instanceof Error ? error.name : "unknown" });
    away = true;
  });
  client.on("ready", () => {
    if (away) log?.("info", "redis_back", { role });
    away = false;
  });
  return client;
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

async function check(client: RedisClientType): Promise<{ ok: boolean; detail: string; ms: number }> {
  const started = performance.now();
  const ms = () => Math.round(performance.now() - started);
  if (!client.isReady)
    return { ok: false, detail: "Redis can't be reached; wake-ups come late, nothing is lost.", ms: ms() };
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, CHECK_TIMEOUT_MS);
  });
  try {
    const info = await Promise.race([client.info(), silence]);
    return { ok: true, detail: `Redis ${ms()} ms${remarks(info)}`, ms: ms() };
  } catch {
    return { ok: false, detail: "Redis does not answer; wake-ups come late, nothing is lost.", ms: ms() };
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
  const policy = field("maxmemory_policy");
  if (field("maxmemory") !== "0" && policy !== "" && policy !== "noeviction") {
    notes.push(`it throws keys away when it is full (${policy}), which does no harm: we keep nothing in it`);
  }
  return notes.length > 0 ? `; ${notes.join("; ")}` : "";
}
