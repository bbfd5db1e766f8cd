/**
 * What many processes share over Redis: news by pub/sub, calls to whoever is free by lists of one sign, and rate limits.
 * Unreachable, it costs no error and no wait.
 */

import { type Bus, type Topic, WORKS, type Work } from "../../ports/bus.ts";
import type { Limits } from "../../ports/limits.ts";
import type { Log } from "../../ports/log.ts";
import { Calls } from "../calls.ts";
import { limitsOver } from "./limits.ts";
import { isRefusal, type Line, openLine, readPlace } from "./line.ts";
import { within } from "./within.ts";

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
/** A script that leaves a key of ours for a second: one that is full, or may not save, still reads. */
const LEAVE = `return redis.call("SET", KEYS[1], "1", "PX", "1000")`;
/** So long a free one waits for a call before it asks again: a connection that died unseen is noticed, and made anew. */
const CALL_SECONDS = 5;
/** Then Redis has not said that nobody called. */
const SILENT_MS = (CALL_SECONDS + 2) * 1_000;
/** After a refusal (Redis away, or only a copy of another): then calls come as news meanwhile. */
const REFUSED_PAUSE_MS = 500;
/** So soon a channel that may not be heard is asked for again. */
const DEAF_PAUSE_MS = 5_000;
/** Who hears nothing of the others makes all who watch look so often: a reply, a case, must not wait for their own clock. */
const DEAF_LOOK_MS = 1_000;
const REFUSED = "Redis refuses the name or the password of REDIS_URL, or wants one";
/** Redis 7 gives an account that is made no channel by itself. */
const MISSING_RIGHTS =
  "Redis does not let the account of REDIS_URL use our keys and channels (ACL SETUSER … ~ben-an:* &ben-an:* +@all)";
const TAKES_NOTHING = {
  OOM: "Redis is full and takes nothing more (OOM): raise its maxmemory, or clear what others keep in it",
  MISCONF:
    'Redis takes nothing while it cannot save (MISCONF): free its disk, or switch saving off (CONFIG SET save ""), which we do not need',
};

/** Returns at once, connected or not. Throws only when the address makes no sense. */
export async function openRedis(options: RedisOptions): Promise<{ bus: RedisBus; limits: Limits }> {
  const { url, log, prefix = "ben-an:", ownLimits } = options;
  const place = readPlace(url);
  const listeners = new Map<string, Set<() => void>>();
  const calls = new Calls();
  const tellOne = (topic: string) => {
    if (isWork(topic)) calls.call(topic);
    for (const listener of [...(listeners.get(topic) ?? [])]) listener();
  };
  const tell = (message: string) => {
    for (const topic of message.split("\n")) tellOne(topic);
  };
  const lines = new Set<Line>();
  const open = async (role: string, onReady?: (line: Line) => void) => {
    const line = await openLine(place, role, log, onReady);
    lines.add(line);
    return line;
  };
  // One channel for many topics: who listens to what changes with every open page, and must not cost a round trip.
  const channels = { all: `${prefix}bus`, talks: `${prefix}talks` };
  const talks = await open("publish");
  let isWatched = false;
  let isOver = false;
  const heard = new Set<string>();
  const hear = (line: Line, channel: string, topics: () => Iterable<string>): Promise<void> =>
    line.subscribe(channel, tell).then(
      // Whatever was missed before: everybody looks at the store once.
      () => {
        heard.add(channel);
        for (const topic of [...topics()]) tellOne(topic);
      },
      // Lost, it is heard anew at the next connection. Not allowed, it may be by and by.
      () => {
        heard.delete(channel);
        const again = () => line.isReady && !isOver && void hear(line, channel, topics);
        setTimeout(again, DEAF_PAUSE_MS).unref();
      },
    );
  const watched = () => [...listeners.keys()].filter(isTalk);
  const hears = await open("subscribe", (line) => {
    void hear(line, channels.all, () => [...listeners.keys(), ...WORKS]);
    if (isWatched) void hear(line, channels.talks, watched);
  });
  let [isAsking, isSilent] = [false, false];
  /** One that hangs keeps its connections. */
  const listenForLife = async () => {
    if (isAsking || !talks.isReady) return;
    isAsking = true;
    const asked = talks.eval("return 1", { keys: [], arguments: [] }).then(
      () => true,
      () => true,
    );
    isSilent = (await within(DEAF_LOOK_MS, asked)) === null;
    await asked;
    [isAsking, isSilent] = [false, false];
  };
  const deaf = setInterval(() => {
    void listenForLife();
    for (const topic of [...listeners.keys()]) {
      if (isSilent || !hears.isReady || !heard.has(isTalk(topic) ? channels.talks : channels.all))
        tellOne(topic);
    }
  }, DEAF_LOOK_MS).unref();
  /** What is published in one turn of the event loop goes over as one message. */
  const post = postbox<string>((topics) => {
    const message = topics.join("\n");
    // Without Redis at least those in this process hear it.
    if (!talks.isReady) return tell(message);
    const groups = Object.entries(Object.groupBy(topics, (topic) => (isTalk(topic) ? "talks" : "all")));
    for (const [to, those] of groups) {
      const said = those.join("\n");
      talks.publish(channels[to as keyof typeof channels], said).catch(() => tell(said));
    }
  });
  const ring = postbox<Work>((works) => {
    for (const work of new Set(works)) {
      if (!talks.isReady) calls.call(work);
      // A copy of another Redis takes no signs; then all are called.
      else talks.leave(`${prefix}${work}`).catch(() => post(work));
    }
  });
  const attend = async (work: Work) => {
    let line = await open(work);
    while (!isOver && calls.isServed(work)) {
      await calls.free(work);
      try {
        const came = await within(SILENT_MS, line.take(`${prefix}${work}`, CALL_SECONDS));
        if (came === null) {
          lines.delete(line);
          line.destroy();
          line = await open(work);
        }
        if (!came) continue;
        if (calls.isServed(work)) calls.call(work);
        // They stopped meanwhile: it is somebody else's.
        else ring(work);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, REFUSED_PAUSE_MS).unref());
      }
    }
    attended.delete(work);
    lines.delete(line);
    line.destroy();
  };
  const attended = new Set<Work>();
  const bus: RedisBus = {
    publish: post,
    subscribe(topic, listener) {
      // Most processes never show a conversation to anybody, and need not hear of each of its lines.
      if (isTalk(topic) && !isWatched) {
        isWatched = true;
        if (hears.isReady) void hear(hears, channels.talks, watched);
      }
      return listen(listeners, topic, listener);
    },
    call: ring,
    serve(work, take) {
      const stop = calls.serve(work, take);
      if (!attended.has(work)) void attend(work);
      attended.add(work);
      return stop;
    },
    check: () => check(talks, prefix, place.sentinel ? ` (of the Sentinels' "${place.sentinel.name}")` : ""),
    async close() {
      isOver = true;
      clearInterval(deaf);
      listeners.clear();
      calls.clear();
      for (const one of lines) one.destroy();
      lines.clear();
    },
  };
  return { bus, limits: limitsOver(talks, prefix, ownLimits) };
}

function isWork(topic: string): topic is Work {
  return (WORKS as readonly string[]).includes(topic);
}

function isTalk(topic: string): boolean {
  return topic.startsWith("conversation:");
}

/** Gives what comes together to `send` at once, after the input that is already waiting was read. */
function postbox<T>(send: (all: readonly T[]) => void): (one: T) => void {
  let waiting: T[] = [];
  return (one) => {
    if (waiting.length === 0) {
      setImmediate(() => {
        const all = waiting;
        waiting = [];
        send(all);
      });
    }
    waiting.push(one);
  };
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

async function check(
  client: Line,
  prefix: string,
  whose: string,
): Promise<{ ok: boolean; detail: string; ms: number }> {
  const started = performance.now();
  const ms = () => Math.round(performance.now() - started);
  const fault = (what: string) => ({
    ok: false,
    detail: `${what}; wake-ups come late and limits are counted by each process, nothing is lost.`,
    ms: ms(),
  });
  if (!client.isReady) return fault(client.isRefused ? REFUSED : `Redis can't be used (${client.fault})`);
  try {
    // An account may be let in and allowed nothing of what we do: asked as we use it, for nobody.
    const used = Promise.all([
      client.publish(`${prefix}bus`, ""),
      client.eval(LEAVE, { keys: [`${prefix}check`], arguments: [] }).catch(unlessCopy),
      // What a hosted Redis says of itself to nobody is not needed.
      client.info().catch((error: unknown) => (isRefusal(error) ? "" : Promise.reject(error))),
    ]);
    const told = await within(CHECK_TIMEOUT_MS, used);
    if (!told) return fault("Redis does not answer");
    const [, , info] = told;
    return { ok: true, detail: `Redis ${ms()} ms${whose}${remarks(info)}`, ms: ms() };
  } catch (error) {
    if (error instanceof Error && /^NOPERM|can't run this command/.test(error.message))
      return fault(MISSING_RIGHTS);
    const full = error instanceof Error && /\b(OOM|MISCONF)\b/.exec(error.message)?.[1];
    if (full) return fault(TAKES_NOTHING[full as keyof typeof TAKES_NOTHING]);
    return fault(isRefusal(error) ? REFUSED : "Redis does not answer");
  }
}

/** That it takes nothing is told by its role (`remarks`). */
function unlessCopy(error: unknown): void {
  if (!(error instanceof Error && /\bREADONLY\b/.test(error.message))) throw error;
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
      `it throws keys away when it is full (${policy}), which does no harm: only counts of rate limits and wake-ups are in it`,
    );
  }
  return notes.length > 0 ? `; ${notes.join("; ")}` : "";
}
