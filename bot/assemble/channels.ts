/** The channels that are configured: each adapter with its secrets, its addresses and what it keeps. */

import { TelegramChannel } from "../adapters/telegram/channel.ts";
import { webChannel } from "../adapters/web-page/channel.ts";
import { ZaloBotChannel } from "../adapters/zalo-bot/channel.ts";
import { ZaloOaChannel } from "../adapters/zalo-oa/channel.ts";
import { schemeOf } from "../adapters/zalo-oa/signature.ts";
import type { TokenShelf } from "../adapters/zalo-oa/token.ts";
import type { Parts } from "../app/parts.ts";
import { openedOwn } from "../app/readable.ts";
import type { Config } from "../config.ts";
import type { ChannelName } from "../core/message.ts";
import type { Channel } from "../ports/channel.ts";

/** Opens them into `channels`; nothing is received or sent yet. */
export function openChannels(
  config: Config,
  channels: Map<ChannelName, Channel>,
  { log, clock, store, vault }: Pick<Parts, "log" | "clock" | "store" | "vault">,
): void {
  channels.set("web", webChannel());
  if (config.telegram) {
    const { token, apiRoot, webhookSecret, forum } = config.telegram;
    channels.set(
      "telegram",
      new TelegramChannel({
        token,
        log,
        clock,
        ...(apiRoot ? { apiRoot } : {}),
        ...(forum ? { forum: forum.group } : {}),
        ...(webhookSecret
          ? { webhook: { url: `${config.publicUrl}/hooks/telegram`, secret: webhookSecret } }
          : {}),
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
        ...(webhookSecret
          ? { webhook: { url: `${config.publicUrl}/hooks/zalo-bot`, secret: webhookSecret } }
          : {}),
      }),
    );
  }
  if (config.zaloOa) {
    const { secretKey: oaSecretKey, refreshToken: firstRefreshToken, signature, ...rest } = config.zaloOa;
    const scheme = signature === undefined ? undefined : schemeOf(signature);
    channels.set(
      "zalo-oa",
      new ZaloOaChannel({
        ...rest,
        oaSecretKey,
        firstRefreshToken,
        ...(scheme ? { scheme } : {}),
        shelf: tokenShelf({ store, vault, log }),
        log,
        clock,
      }),
    );
  }
}

/** Where the OA's token pair lives: sealed in the store, changed by compare-and-set, so that one process renews it. */
function tokenShelf(needs: Pick<Parts, "store" | "vault" | "log">): TokenShelf {
  const { store, vault } = needs;
  const name = "zalo-oa.token";
  return {
    async get() {
      const kept = await store.upkeep.getSecret(name);
      // Spoilt, it is as if nothing were there: else not even a new consent could replace it.
      return kept && { text: openedOwn(needs, name, kept.sealed) ?? "{}", version: kept.version };
    },
    put: (text, expect) => store.upkeep.putSecret(name, vault.sealOwn(name, text), expect),
  };
}

/** Does this channel fetch what people write, instead of being called? */
export function polls(config: Config, name: ChannelName): boolean {
  if (name === "telegram") return config.telegram !== null && !config.telegram.webhookSecret;
  if (name === "zalo-bot") return config.zaloBot !== null && !config.zaloBot.webhookSecret;
  return false;
}

/** The published rates are those of the platform's own servers; a stand-in says itself what it wants. */
export function isPaced(config: Config, name: ChannelName): boolean {
  if (config.sendRates === "always") return true;
  if (name === "telegram") return config.telegram?.apiRoot === undefined;
  if (name === "zalo-bot") return config.zaloBot?.apiBase === undefined;
  if (name === "zalo-oa") return config.zaloOa?.apiBase === undefined;
  return true;
}
