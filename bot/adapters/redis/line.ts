/** One connection to Redis: a single server, or whatever server Sentinel names the master. Comes back by itself. */

import type { Log } from "../../ports/log.ts";

/** What we need of a client; a lost connection costs the call that it breaks. */
export interface Line {
  readonly isReady: boolean;
  /** It was reached and turned us away: the name or the password is wrong, or missing. */
  readonly isRefused: boolean;
  /** Where it was looked for and what came of it, while it is away; never the password. */
  readonly fault: string;
  publish(channel: string, message: string): Promise<unknown>;
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  /** Leaves one sign in a place, however many were left there before. */
  leave(place: string): Promise<unknown>;
  /** Takes the sign from a place, waiting for one so long; false: none came. Of many that wait each sign goes to one. */
  take(place: string, seconds: number): Promise<boolean>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  info(): Promise<string>;
  destroy(): void;
}

export interface Place {
  readonly isTls: boolean;
  /** Present: ask these Sentinels where the master of this name is. */
  readonly sentinel?: { readonly name: string; readonly nodes: readonly { host: string; port: number }[] };
  readonly username?: string;
  readonly password?: string;
  readonly url: string;
}

const SHAPES =
  "REDIS_URL must look like redis://host:6379 (rediss:// with TLS), or redis+sentinel://host:26379,host:26379/name (rediss+sentinel:// with TLS). In the password write / as %2F, # as %23, ? as %3F, @ as %40, % as %25.";
const SENTINEL_PORT = 26_379;

/** Its message says what to do. */
export class RedisUrlError extends Error {
  readonly code = "redis_bad_url";
  constructor() {
    super(SHAPES);
    this.name = "RedisUrlError";
  }
}

/** Reads REDIS_URL; throws a RedisUrlError with a sentence for the operator, never with the address, which may hold a password. */
export function readPlace(url: string): Place {
  const shape = /^(redis|rediss)(\+sentinel)?:\/\/(?:([^@/]*)@)?([^/?]+)(?:\/([^/?]*))?\/?$/.exec(url);
  if (!shape) throw new RedisUrlError();
  const [, scheme = "", isSentinel, user = "", hosts = "", path = ""] = shape;
  const isTls = scheme === "rediss";
  if (!isDecodable(user) || !isDecodable(path)) throw new RedisUrlError();
  if (isSentinel === undefined) {
    // Behind the host stands at most the number of a database.
    if (!URL.canParse(url) || !/^\d*$/.test(path)) throw new RedisUrlError();
    return { isTls, url };
  }
  const nodes = hosts.split(",").map(nodeOf);
  if (path === "" || nodes.some((n) => n === null)) throw new RedisUrlError();
  // What stands behind the first colon is the password, whatever is in it.
  const [, username = "", password] = (/^([^:]*)(?::(.*))?$/s.exec(user) ?? []).map(
    (part) => part && decodeURIComponent(part),
  );
  return {
    isTls,
    url,
    sentinel: { name: decodeURIComponent(path), nodes: nodes.filter((n) => n !== null) },
    ...(username === "" ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function nodeOf(text: string): { host: string; port: number } | null {
  if (!URL.canParse(`tcp://${text}`)) return null;
  const { hostname, port } = new URL(`tcp://${text}`);
  const host = hostname.replace(/^\[|\]$/g, "");
  return host === "" ? null : { host, port: port === "" ? SENTINEL_PORT : Number(port) };
}

/** The part that a client and a Sentinel client of the package have in common. */
interface Client extends Omit<Line, "destroy" | "leave" | "take"> {
  lPush(key: string, value: string): Promise<unknown>;
  lTrim(key: string, from: number, to: number): Promise<unknown>;
  blPop(key: string, seconds: number): Promise<unknown>;
  connect(): Promise<unknown>;
  destroy(): unknown;
  on(event: "error" | "ready", listener: (error: unknown) => void): unknown;
}

/** What a server says to a name or password that it does not take, or for want of one. */
export function isRefusal(error: unknown): boolean {
  return (
    error instanceof Error && /^(NOAUTH|WRONGPASS|NOPERM)\b|invalid (username|password)/i.test(error.message)
  );
}

/** What went wrong, in a word of the system's or of Redis' own (`ECONNREFUSED`, `ERR DB index is out of range`). */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if ("code" in error && typeof error.code === "string" && error.code !== "") return error.code;
  // An answer of the server; others of its words than an error could hold what we sent.
  return /^[A-Z]+ [\w ]{1,60}$/.test(error.message) ? error.message : error.name;
}

/** Longest pause between two tries to connect. */
const MAX_PAUSE_MS = 2_000;
const CONNECT_TIMEOUT_MS = 2_000;
/** How often the Sentinels are asked who is master, beside what they say by themselves. */
const SCAN_MS = 2_000;

const pauseAfter = (tries: number) => Math.min(50 * 2 ** Math.min(tries, 10), MAX_PAUSE_MS);

/** Returns at once, connected or not; `redis` is loaded only here. `onReady`: at each connection, the first one too. */
export async function openLine(
  place: Place,
  role: string,
  log: Log | undefined,
  onReady?: (line: Line) => void,
): Promise<Line> {
  const { createClient, createSentinel } = await import("redis");
  const socket = { connectTimeout: CONNECT_TIMEOUT_MS, reconnectStrategy: pauseAfter };
  const { username, password } = place;
  const node = {
    disableOfflineQueue: true,
    socket: place.isTls ? { ...socket, tls: true as const } : socket,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
  const sentinel = place.sentinel;
  const client = (sentinel
    ? createSentinel({
        name: sentinel.name,
        sentinelRootNodes: [...sentinel.nodes],
        nodeClientOptions: node,
        sentinelClientOptions: { socket: node.socket },
        passthroughClientErrorEvents: true,
        scanInterval: SCAN_MS,
      })
    : createClient({ url: place.url, disableOfflineQueue: true, socket })) as unknown as Client;
  let [away, isOver, isRefused, tries] = [false, false, false, 0];
  let fault = "";
  const where = sentinel
    ? sentinel.nodes.map((n) => `${n.host}:${n.port}`).join(", ")
    : new URL(place.url).host;
  const line: Line = {
    get isReady() {
      return client.isReady;
    },
    get isRefused() {
      return isRefused;
    },
    get fault() {
      return `${where}${fault}`;
    },
    publish: (channel, message) => client.publish(channel, message),
    subscribe: (channel, listener) => client.subscribe(channel, listener),
    leave: (place) => Promise.all([client.lPush(place, "1"), client.lTrim(place, 0, 0)]),
    take: async (place, seconds) => (await client.blPop(place, seconds)) !== null,
    eval: (script, options) => client.eval(script, options),
    info: () => client.info(),
    destroy() {
      if (isOver) return;
      isOver = true;
      void Promise.resolve(client.destroy()).catch(() => undefined);
    },
  };
  // Without a listener an error of the connection would end the process. Told once, not at every try.
  client.on("error", (error: unknown) => {
    isRefused = isRefusal(error);
    const name = nameOf(error);
    fault = `: ${name}`;
    if (!away) {
      log?.("warn", "redis_away", { role, error: isRefused ? "refused" : name });
    }
    away = true;
  });
  client.on("ready", () => {
    if (away) log?.("info", "redis_back", { role });
    [away, isRefused, tries] = [false, false, 0];
    onReady?.(line);
  });
  // A single server is tried again by its client; Sentinels that are all away are not.
  const connect = () => {
    client.connect().catch(() => {
      if (isOver || !sentinel) return;
      tries += 1;
      setTimeout(connect, pauseAfter(tries)).unref();
    });
  };
  connect();
  return line;
}
