/** Wires ports to adapters and rooms to each other: one running service from one configuration. */

import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { fileSources } from "./adapters/files/sources.ts";
import type { KeyVault } from "./adapters/keys/vault.ts";
import { openMemoryBus } from "./adapters/memory/bus.ts";
import { openMemoryLimits } from "./adapters/memory/limits.ts";
import { noModel } from "./adapters/model/none.ts";
import { openaiModel } from "./adapters/model/openai.ts";
import { openVectorFile } from "./adapters/model/vector-file.ts";
import { openPostgres, openSqlite } from "./adapters/sql/open.ts";
import { openLog, type SteadyClock, steadyClock, systemClock } from "./adapters/system.ts";
import { TelegramChannel } from "./adapters/telegram/channel.ts";
import { telegramForum } from "./adapters/telegram/forum.ts";
import { makeAccounts } from "./app/accounts.ts";
import { makeDesk } from "./app/desk.ts";
import { makeEditorial } from "./app/editorial.ts";
import { type Meters, makeMeters } from "./app/figures.ts";
import { type ForumDesk, makeForumDesk } from "./app/forum.ts";
import { makeHandler } from "./app/handle.ts";
import { makeHealth } from "./app/health.ts";
import { makeHooks } from "./app/hooks.ts";
import { receive as receiveAll } from "./app/inbox.ts";
import { makeKnownHeads } from "./app/known-heads.ts";
import { openLibrary } from "./app/library-live.ts";
import { type Loop, startLoop } from "./app/loop.ts";
import { makeModelAsker } from "./app/model-asking.ts";
import { makeNearness } from "./app/nearness.ts";
import { makeCourier } from "./app/outbox.ts";
import { makePage } from "./app/page.ts";
import type { Parts } from "./app/parts.ts";
import { makePrivacy } from "./app/privacy.ts";
import type { Desk, Services } from "./app/services.ts";
import { startSingle } from "./app/single.ts";
import { expire, fireTimers } from "./app/ticker.ts";
import { makeWatch } from "./app/watch.ts";
import { isPaced, openChannels, polls } from "./assemble/channels.ts";
import { databaseFile, openKeys } from "./assemble/keys.ts";
import { capsOf } from "./channel-caps.ts";
import type { Config } from "./config.ts";
import { openContentCache, openContentIndexes } from "./content-cache.ts";
import { errorKind } from "./core/error-kind.ts";
import type { ChannelName } from "./core/message.ts";
import type { Bus } from "./ports/bus.ts";
import type { Channel } from "./ports/channel.ts";
import type { Clock } from "./ports/clock.ts";
import type { Limits } from "./ports/limits.ts";
import type { Log } from "./ports/log.ts";
import type { Store } from "./ports/store.ts";

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
export const VERSION = "0.2.0";

const WARM_AFTER_MS = 300;
/** A start waits no longer for its index: people who wrote meanwhile are waiting. */
const INDEX_WITHIN_MS = 15_000;
const EMBED_EVERY_MS = 30_000;
const FORUM_EVERY_MS = 5_000;
const WATCH_EVERY_MS = 60_000;
const EXPIRE_EVERY_MS = 10 * 60_000;
/** How often the shared clock is asked again. */
const CLOCK_EVERY_MS = 30_000;
/** An answer that took longer says too little about what time it is. */
const CLOCK_ANSWER_MS = 2_000;
/** Finish or hand back within this time when we are asked to stop. */
const STOP_WITHIN_MS = 9_000;
/** All in all, connections closed too: after ten seconds we may be ended by force. */
const END_WITHIN_MS = 9_800;

export interface Service {
  readonly parts: Parts;
  readonly services: Services;
  readonly vault: KeyVault;
  /** A key was made at this start: the operator must be told to keep it. */
  readonly newKeyFile: string | null;
  /** Begins to receive, decide and deliver. */
  start(): Promise<void>;
  /** `shut` takes no more requests, and resolves when the open ones are answered: so long they can still read and write. */
  stop(shut?: () => Promise<void>): Promise<void>;
}

export interface Overrides {
  readonly flowsDir?: string;
  readonly knowledgeDir?: string;
  /** Another build's. */
  readonly version?: string;
  readonly log?: Log;
  readonly clock?: Clock;
  /** Stands between the service and its store; for tests that must see what happens without one of its promises. */
  readonly around?: (store: Store) => Store;
}

/** Opens everything, starts nothing. Throws KeyError, StoreError or ContentError, each with a sentence for the operator. */
export async function assemble(config: Config, overrides: Overrides = {}): Promise<Service> {
  const channels = new Map<ChannelName, Channel>();
  const model = config.openai ? openaiModel(config.openai) : noModel();
  const secrets = () => [...model.secrets, ...[...channels.values()].flatMap((c) => c.secrets)];
  const meters = makeMeters();
  const log = meters.counting(overrides.log ?? openLog({ level: config.logLevel, secrets }));
  const { vault, newKeyFile } = openKeys(config);
  const opened = await openStore(config, vault, log);
  const store = overrides.around?.(opened) ?? opened;
  let shutBus = async () => {};
  try {
    const shared = config.databaseUrl && !overrides.clock ? steadyClock() : null;
    const clock = overrides.clock ?? shared ?? systemClock();
    if (shared) await setClock(shared, store);
    const { bus, limits } = await openShared(config, { vault, log, clock });
    shutBus = () => bus.close();
    const library = await openLibrary({
      build: overrides.version ?? VERSION,
      sources: fileSources(
        overrides.flowsDir ?? join(ROOT, "flows"),
        overrides.knowledgeDir ?? join(ROOT, "knowledge"),
      ),
      cache: openContentCache(config.cacheDir ?? undefined),
      indexes: openContentIndexes(config.cacheDir ?? undefined),
      store,
      clock,
      log,
    });
    openChannels(config, channels, { log, clock, store, vault });
    const watch = makeWatch({ store, vault, clock, log, channels, library });
    const heads = makeKnownHeads();
    const page = config.publicUrl?.startsWith("https:") ? { page: config.publicUrl } : {};
    const parts: Parts = { store, vault, bus, clock, log, library, channels, model, watch, heads, ...page };
    return run(config, parts, limits, meters, vault, newKeyFile, shared);
  } catch (error) {
    // An open connection to Redis would keep a command from ending.
    await shutBus();
    await store.upkeep.close();
    throw error;
  }
}

function run(
  config: Config,
  given: Parts,
  limits: Limits,
  meters: Meters,
  vault: KeyVault,
  newKeyFile: string | null,
  shared: SteadyClock | null,
): Service {
  const { bus, clock, log, library, store, channels } = given;
  const nearness = makeNearness(
    given,
    openVectorFile(join(config.dataDir, "vectors"), config.openai?.embeddingModel ?? ""),
  );
  const asker = makeModelAsker(given, nearness);
  const owner = `${hostname()}:${process.pid}:${clock.newId()}`;
  const courier = makeCourier(
    given,
    owner,
    limits,
    (name) => isPaced(config, name),
    () => meters.workDone.inc({ loop: "outbox" }),
  );
  const measure = (loop: string) => () => {
    const end = meters.workSeconds.startTimer({ loop });
    return (n: number) => {
      if (n === 0) return;
      end();
      meters.workDone.inc({ loop }, n);
    };
  };
  const handler = makeHandler(given, owner, asker, { courier, measure: measure("inbox") });
  const parts: Parts = config.role === "web" ? given : { ...given, atOnce: handler };
  let ready = false;
  let loops: Loop[] = [];
  const desk = makeDesk(parts);
  const forum = openForum(config, parts, desk);
  const services: Services = {
    hooks: makeHooks(parts, forum),
    page: makePage(parts, limits),
    accounts: makeAccounts(parts, limits),
    privacy: makePrivacy(parts),
    desk,
    editorial: makeEditorial(parts, capsOf),
    health: makeHealth(parts, meters, VERSION, () => ready),
    limits,
    subscribe: (topic, listener) => bus.subscribe(topic, listener),
  };
  const timed = (name: string, work: () => Promise<number>) => async () => {
    const measured = measure(name)();
    const n = await work();
    measured(n);
    return n;
  };
  const loop = (name: string, everyMs: number, work: () => Promise<number>) => {
    const started = startLoop(name, everyMs, timed(name, work), { clock, log });
    loops.push(started);
    return started;
  };

  /** The first question need not wait until the index is read. Called by a timer: what it threw would end the process. */
  const warm = () => {
    if (config.role === "web") return;
    try {
      library.base().search({ text: "bến an", lang: "vi", limit: 1 });
    } catch (error) {
      log("error", "search_not_ready", { error: errorKind(error) });
    }
  };

  /** Two that poll one platform would take each other's messages away: where many machines are, one has the turn. */
  const receive = (channel: Channel) => {
    const begin = () =>
      channel
        .start((inbound) => receiveAll(parts, forum, inbound))
        .catch((error: unknown) => {
          log("error", "channel_not_started", {
            channel: channel.name,
            error: errorKind(error),
          });
        });
    if (!config.databaseUrl || !polls(config, channel.name)) void begin();
    else
      loops.push(startSingle(`receive-${channel.name}`, owner, { begin, end: () => channel.stop() }, parts));
  };

  return {
    parts,
    services,
    vault,
    newKeyFile,
    async start() {
      // Embedded, nobody else can be at work: what a killed process held is free at once.
      if (!config.databaseUrl) await store.upkeep.reclaim();
      if (config.role !== "web") await library.prepare(INDEX_WITHIN_MS);
      if (config.role !== "web") {
        const handle = loop("inbox", 1_000, handler.work);
        const deliver = loop("outbox", 1_000, courier.work);
        // In this order: what is decided last is still sent.
        const rest = () => handle.stop().then(handler.rest).then(deliver.stop).then(courier.rest);
        loops.push({ wake: async () => {}, stop: rest });
        bus.serve("inbox", handle.wake);
        bus.serve("outbox", deliver.wake);
        loop("timers", 500, () => fireTimers(parts));
        if (forum) loops.push(startSingle("forum", owner, forumWork(parts, forum), parts));
        if (parts.model.can.embed) loop("embeddings", EMBED_EVERY_MS, nearness.learn);
        loop("expiry", EXPIRE_EVERY_MS, async () => {
          await expire(parts);
          return 0;
        });
      }
      loop("watch", WATCH_EVERY_MS, async () => {
        await parts.watch?.flush();
        return 0;
      });
      const editions = loop("editions", 2_000, async () => {
        const before = library.base();
        await library.refresh();
        if (library.base() !== before) warm();
        return 0;
      });
      bus.subscribe("content", editions.wake);
      if (shared) {
        loop("clock", CLOCK_EVERY_MS, async () => {
          await setClock(shared, store);
          return 0;
        });
      }
      if (config.role !== "web") {
        // A platform that cannot be reached must not keep the page and the console from starting.
        for (const channel of channels.values()) receive(channel);
      }
      ready = true;
      clock.after(WARM_AFTER_MS, () => {
        warm();
        void parts.model.warm();
      });
    },
    async stop(shut) {
      ready = false;
      const asked = performance.now();
      asker.stop();
      const works = [
        ...[...channels.values()].map((c) => async () => c.stop()),
        ...loops.map((l) => async () => l.stop()),
        async () => shut?.(),
      ];
      loops = [];
      const ended = Promise.all(
        works.map((end) =>
          // One that cannot end must not keep the others, the store or the process open.
          end().catch((error: unknown) => log("error", "not_stopped", { error: errorKind(error) })),
        ),
      );
      if (!(await inTime(clock, STOP_WITHIN_MS, ended))) log("warn", "stopped_with_work_left", {});
      await bus.close();
      // A database that hangs answers no farewell either.
      await inTime(clock, END_WITHIN_MS - (performance.now() - asked), store.upkeep.close());
    },
  };
}

/** false: it was not done within this time. Leaves no timer behind: a script that opened the service must not stay for it. */
async function inTime(clock: Clock, ms: number, work: Promise<unknown>): Promise<boolean> {
  let stopWaiting = () => {};
  const late = new Promise<false>((resolve) => {
    stopWaiting = clock.after(ms, () => resolve(false));
  });
  return Promise.race([work.then(() => true), late]).finally(() => stopWaiting());
}

/** The counsellors' forum is kept by one process: two would open two topics for one case. */
function forumWork({ bus, clock, log }: Parts, forum: ForumDesk) {
  let work: Loop | null = null;
  const stops: (() => void)[] = [];
  return {
    async begin() {
      const kept = startLoop("forum", FORUM_EVERY_MS, () => forum.sync().then(() => 0), { clock, log });
      work = kept;
      stops.push(bus.subscribe("cases", kept.wake));
    },
    async end() {
      for (const stop of stops.splice(0)) stop();
      await work?.stop();
      work = null;
    },
  };
}

function openForum(config: Config, parts: Parts, desk: Desk): ForumDesk | null {
  const channel = parts.channels.get("telegram");
  const { forum } = config.telegram ?? {};
  if (!forum || !(channel instanceof TelegramChannel)) return null;
  const own = telegramForum({ api: channel.api, clock: parts.clock, log: parts.log }, forum.group);
  return makeForumDesk(parts, desk, { forum: own, staff: forum.staff });
}

/** Sets our clock by the one that all machines share, as exactly as half the way there and back allows. */
async function setClock(clock: SteadyClock, store: Store): Promise<void> {
  const asked = performance.now();
  const told = await store.upkeep.time();
  const took = performance.now() - asked;
  if (told !== null && took < CLOCK_ANSWER_MS) clock.set(told + took / 2);
}

function openStore(config: Config, vault: KeyVault, log: Log): Promise<Store> {
  const installation = vault.fingerprint();
  return config.databaseUrl
    ? openPostgres({ url: config.databaseUrl, installation, log })
    : openSqlite({ file: databaseFile(config), installation, log });
}

/** What processes share beside the store: over Redis if there is one, else each has its own. */
async function openShared(
  config: Config,
  { vault, log, clock }: { vault: KeyVault; log: Log; clock: Clock },
): Promise<{ bus: Bus; limits: Limits }> {
  const ownLimits = openMemoryLimits(clock);
  if (!config.redisUrl) return { bus: openMemoryBus(), limits: ownLimits };
  const { openRedis } = await import("./adapters/redis/bus.ts");
  // Two installations that share one Redis do not wake each other.
  return openRedis({ url: config.redisUrl, log, prefix: `ben-an:${vault.fingerprint()}:`, ownLimits });
}
