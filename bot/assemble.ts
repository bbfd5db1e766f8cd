/** Wires ports to adapters and rooms to each other: one running service from one configuration. */

import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { fileSources } from "./adapters/files/sources.ts";
import { createKeyFile, KeyError } from "./adapters/keys/key-file.ts";
import { type KeyVault, openVault } from "./adapters/keys/vault.ts";
import { openMemoryBus } from "./adapters/memory/bus.ts";
import { openPostgres, openSqlite } from "./adapters/sql/open.ts";
import { openLog, systemClock } from "./adapters/system.ts";
import { noModel } from "./adapters/model/none.ts";
import { openaiModel } from "./adapters/model/openai.ts";
import { openVectorFile } from "./adapters/model/vector-file.ts";
import { TelegramChannel } from "./adapters/telegram/channel.ts";
import { webChannel } from "./adapters/web-page/channel.ts";
import { ZaloBotChannel } from "./adapters/zalo-bot/channel.ts";
import { ZaloOaChannel } from "./adapters/zalo-oa/channel.ts";
import type { TokenShelf } from "./adapters/zalo-oa/token.ts";
import { makeAccounts } from "./app/accounts.ts";
import { makeDesk } from "./app/desk.ts";
import { makeEditorial } from "./app/editorial.ts";
import { makeHandler } from "./app/handle.ts";
import { makeHealth, makeMeters } from "./app/health.ts";
import { makeHooks } from "./app/hooks.ts";
import { takeIn } from "./app/inbox.ts";
import { openLibrary } from "./app/library-live.ts";
import { type Loop, startLoop } from "./app/loop.ts";
import { makeCourier } from "./app/outbox.ts";
import { makeModelAsker } from "./app/model-asking.ts";
import { makeNearness } from "./app/nearness.ts";
import { makePage } from "./app/page.ts";
import type { Parts } from "./app/parts.ts";
import type { Services } from "./app/services.ts";
import { expire, fireTimers } from "./app/ticker.ts";
import type { Config } from "./config.ts";
import { capsOf } from "./channel-caps.ts";
import type { ChannelName } from "./core/message.ts";
import type { Bus } from "./ports/bus.ts";
import type { Channel } from "./ports/channel.ts";
import type { Clock } from "./ports/clock.ts";
import type { Log } from "./ports/log.ts";
import type { Store } from "./ports/store.ts";

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
export const VERSION = "0.1.0";

const WARM_AFTER_MS = 300;
const EMBED_EVERY_MS = 30_000;
const EXPIRE_EVERY_MS = 10 * 60_000;
/** Finish or hand back within this time when we are asked to stop. */
const STOP_WITHIN_MS = 9_000;

export interface Service {
  readonly parts: Parts;
  readonly services: Services;
  readonly vault: KeyVault;
  /** A key was made at this start: the operator must be told to keep it. */
  readonly newKeyFile: string | null;
  /** Begins to receive, decide and deliver. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface Overrides {
  readonly flowsDir?: string;
  readonly knowledgeDir?: string;
  readonly log?: Log;
  readonly clock?: Clock;
}

/** Opens everything, starts nothing. Throws KeyError, StoreError or ContentError, each with a sentence for the operator. */
export async function assemble(config: Config, overrides: Overrides = {}): Promise<Service> {
  const clock = overrides.clock ?? systemClock();
  const channels = new Map<ChannelName, Channel>();
  const model = config.openai ? openaiModel(config.openai) : noModel();
  const secrets = () => [...model.secrets, ...[...channels.values()].flatMap((c) => c.secrets)];
  const log = overrides.log ?? openLog({ level: config.logLevel, secrets });
  const { vault, newKeyFile } = openKeys(config);
  const store = await openStore(config, vault, log);
  try {
    const bus = await openBus(config, log);
    const library = await openLibrary({
      sources: fileSources(overrides.flowsDir ?? join(ROOT, "flows"), overrides.knowledgeDir ?? join(ROOT, "knowledge")),
      store,
      clock,
      log,
    });
    openChannels(config, channels, { log, clock, store, vault });
    const parts: Parts = { store, vault, bus, clock, log, library, channels, model };
    return run(config, parts, vault, newKeyFile);
  } catch (error) {
    await store.upkeep.close();
    throw error;
  }
}

function run(config: Config, parts: Parts, vault: KeyVault, newKeyFile: string | null): Service {
  const { bus, clock, log, library, store, channels } = parts;
  const meters = makeMeters();
  const nearness = makeNearness(parts, openVectorFile(join(config.dataDir, "vectors"), config.openai?.embeddingModel ?? ""));
  const asker = makeModelAsker(parts, nearness);
  const owner = `${hostname()}:${process.pid}:${clock.newId()}`;
  let ready = false;
  let loops: Loop[] = [];
  const services: Services = {
    hooks: makeHooks(parts),
    page: makePage(parts),
    accounts: makeAccounts(parts),
    desk: makeDesk(parts),
    editorial: makeEditorial(parts, capsOf),
    health: makeHealth(parts, meters, VERSION, () => ready),
    subscribe: (topic, listener) => bus.subscribe(topic, listener),
  };
  const timed = (name: string, work: () => Promise<number>) => async () => {
    const end = meters.workSeconds.startTimer({ loop: name });
    const n = await work();
    if (n > 0) end();
    return n;
  };
  const loop = (name: string, everyMs: number, work: () => Promise<number>) => {
    const started = startLoop(name, everyMs, timed(name, work), { clock, log });
    loops.push(started);
    return started;
  };

  return {
    parts,
    services,
    vault,
    newKeyFile,
    async start() {
      if (config.role !== "web") {
        const handle = loop("inbox", 1_000, makeHandler(parts, owner, asker).work);
        const deliver = loop("outbox", 1_000, makeCourier(parts, owner).work);
        bus.subscribe("inbox", handle.wake);
        bus.subscribe("outbox", deliver.wake);
        loop("timers", 500, () => fireTimers(parts));
        if (parts.model.can.embed) loop("embeddings", EMBED_EVERY_MS, nearness.learn);
        loop("expiry", EXPIRE_EVERY_MS, async () => {
          await expire(parts);
          return 0;
        });
      }
      const editions = loop("editions", 2_000, async () => {
        await library.refresh();
        return 0;
      });
      bus.subscribe("content", editions.wake);
      if (config.role !== "web") {
        // A platform that cannot be reached must not keep the page and the console from starting.
        for (const channel of channels.values()) {
          channel.start((inbound) => takeIn(parts, inbound)).catch((error: unknown) => {
            log("error", "channel_not_started", { channel: channel.name, error: error instanceof Error ? error.name : typeof error });
          });
        }
      }
      ready = true;
      // The first question must not wait for the index: it is built now that everything else runs.
      clock.after(WARM_AFTER_MS, () => {
        library.base().search({ text: "bến an", lang: "vi", limit: 1 });
        void parts.model.warm();
      });
    },
    async stop() {
      ready = false;
      asker.stop();
      const ended = Promise.all([...[...channels.values()].map((c) => c.stop()), ...loops.map((l) => l.stop())]);
      loops = [];
      const late = new Promise<"late">((resolve) => clock.after(STOP_WITHIN_MS, () => resolve("late")));
      if ((await Promise.race([ended, late])) === "late") log("warn", "stopped_with_work_left", {});
      await bus.close();
      await store.upkeep.close();
    },
  };
}

/** A key beside an existing database is never made anew: what it holds would be lost. */
function openKeys(config: Config): { vault: KeyVault; newKeyFile: string | null } {
  if (config.masterKey) return { vault: openVault({ key: config.masterKey }), newKeyFile: null };
  const file = join(config.dataDir, "master.key");
  try {
    return { vault: openVault({ file }), newKeyFile: null };
  } catch (error) {
    const fresh = error instanceof KeyError && error.code === "key_missing" && !hasData(config);
    if (!fresh) throw error;
    createKeyFile(file);
    return { vault: openVault({ file }), newKeyFile: file };
  }
}

function databaseFile(config: Config): string {
  return join(config.dataDir, "ben-an.sqlite");
}

function hasData(config: Config): boolean {
  return config.databaseUrl !== null || existsSync(databaseFile(config));
}

function openStore(config: Config, vault: KeyVault, log: Log): Promise<Store> {
  const installation = vault.fingerprint();
  return config.databaseUrl
    ? openPostgres({ url: config.databaseUrl, installation, log })
    : openSqlite({ file: databaseFile(config), installation, log });
}

async function openBus(config: Config, log: Log): Promise<Bus> {
  if (!config.redisUrl) return openMemoryBus();
  const { openRedisBus } = await import("./adapters/redis/bus.ts");
  return openRedisBus({ url: config.redisUrl, log });
}

function openChannels(config: Config, channels: Map<ChannelName, Channel>, { log, clock, store, vault }: Pick<Parts, "log" | "clock" | "store" | "vault">): void {
  channels.set("web", webChannel());
  if (config.telegram) {
    const { token, apiRoot, webhookSecret } = config.telegram;
    channels.set(
      "telegram",
      new TelegramChannel({
        token,
        log,
        clock,
        ...(apiRoot ? { apiRoot } : {}),
        ...(webhookSecret ? { webhook: { url: `${config.publicUrl}/hooks/telegram`, secret: webhookSecret } } : {}),
      }),
    );
  }
  if (config.zaloBot) {
    const { token, apiBase, webhookSecret } = config.zaloBot;
    channels.set(
      "zalo-bot",
      new ZaloBotChannel({
        token,
        log,
        clock,
        ...(apiBase ? { apiBase } : {}),
        ...(webhookSecret ? { webhook: { url: `${config.publicUrl}/hooks/zalo-bot`, secret: webhookSecret } } : {}),
      }),
    );
  }
  if (config.zaloOa) {
    const { secretKey: oaSecretKey, refreshToken: firstRefreshToken, ...rest } = config.zaloOa;
    channels.set("zalo-oa", new ZaloOaChannel({ ...rest, oaSecretKey, firstRefreshToken, shelf: tokenShelf(store, vault), log, clock }));
  }
}

/** Where the OA's token pair lives: sealed in the store, changed by compare-and-set, so that one process renews it. */
function tokenShelf(store: Store, vault: Pick<KeyVault, "sealOwn" | "openOwn">): TokenShelf {
  const name = "zalo-oa.token";
  return {
    async get() {
      const kept = await store.upkeep.getSecret(name);
      return kept && { text: vault.openOwn(name, kept.sealed), version: kept.version };
    },
    put: (text, expect) => store.upkeep.putSecret(name, vault.sealOwn(name, text), expect),
  };
}
