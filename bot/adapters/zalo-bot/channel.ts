/** Zalo Bot behind the Channel port: proves webhooks, polls in development, sends numbered texts. */

import type { Inbound, Lang, Outbound } from "../../core/message.ts";
import type { Applied, Channel, ReadResult, SendResult, WebhookRequest } from "../../ports/channel.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { PartMemory } from "../parts.ts";
import { isSameSecret, jsonOf } from "../wire.ts";
import { type ZaloBotApi, zaloBotApi } from "./api.ts";
import { parseUpdate } from "./parse.ts";
import { Poller } from "./poll.ts";
import { refusalOf } from "./refusal.ts";
import { renderMessage, ZALO_BOT_CAPS } from "./render.ts";

export interface ZaloBotOptions {
  readonly token: string;
  /** Default: Zalo's own. */
  readonly apiBase?: string;
  /** Present: Zalo posts to `url`. Absent: polling, which can lose messages and is for development. */
  readonly webhook?: { readonly url: string; readonly secret: string };
  readonly log: Log;
  readonly clock: Clock;
  /** Longest wait for one answer, ms. */
  readonly timeoutMs?: number;
  /** Another client with the same verbs, should Zalo ever publish one. */
  readonly api?: ZaloBotApi;
}

const SECRET_HEADER = "x-bot-api-secret-token";
const REGISTER_AGAIN_MS = 30_000;

export class ZaloBotChannel implements Channel {
  readonly name = "zalo-bot" as const;
  readonly caps = ZALO_BOT_CAPS;
  readonly secrets: readonly string[];
  readonly api: ZaloBotApi;
  readonly byHand = [
    "name and description are set in Zalo Bot Creator; put 111, 113, 115 and another way to reach you there, because Zalo hides what children write",
  ];
  readonly #o: ZaloBotOptions;
  readonly #parts = new PartMemory();
  #poller: Poller | undefined;
  #cancelRegister: (() => void) | undefined;
  #stopped = false;
  #unreachable = 0;

  constructor(options: ZaloBotOptions) {
    if (!/^[\w-]+:\S+$/.test(options.token))
      throw new Error("the Zalo Bot token must look like 123456:letters");
    const secret = options.webhook?.secret;
    if (secret !== undefined && (secret.length < 8 || secret.length > 256)) {
      throw new Error("the Zalo Bot webhook secret must have 8 to 256 characters");
    }
    this.#o = options;
    this.api =
      options.api ?? zaloBotApi({ ...options, ...(options.apiBase ? { base: options.apiBase } : {}) });
    const half = options.token.slice(options.token.indexOf(":") + 1);
    this.secrets = [options.token, half, ...(secret === undefined ? [] : [secret])];
  }

  get hiddenSenders(): number {
    return this.#unreachable;
  }

  read(request: WebhookRequest): ReadResult {
    // setWebhook and the Bot Creator send empty probes, whether with the secret is not documented; there is nothing in them.
    if (request.body.length === 0) return { ok: true, inbound: [] };
    const secret = this.#o.webhook?.secret;
    if (secret === undefined || !isSameSecret(request.headers[SECRET_HEADER] ?? "", secret)) {
      return { ok: false, status: 403, code: "zalo-bot.wrong_secret" };
    }
    const json = jsonOf(request.body);
    if (json === undefined) return { ok: false, status: 400, code: "zalo-bot.not_json" };
    return { ok: true, inbound: this.#parse(json) };
  }

  send(address: string, message: Outbound, _lang: Lang, isOurs?: () => boolean): Promise<SendResult> {
    if (!/^[\w-]{1,128}$/.test(address)) {
      return Promise.resolve({ ok: false, code: "zalo-bot.bad_address", kind: "bug" });
    }
    const one = async (text: string): Promise<SendResult> => {
      const answer = await this.api.sendMessage(address, text, message.safety);
      if (answer.ok) {
        const ref = answer.result.message_id;
        return ref === undefined ? { ok: true } : { ok: true, platformRef: ref };
      }
      const refused = refusalOf(answer);
      if (refused.kind === "bug" || refused.kind === "quota") {
        this.#o.log("error", "zalo-bot.refused", { message: message.id, cause: refused.code });
      }
      return refused;
    };
    return this.#parts.deliver(message.id, renderMessage(message), one, isOurs);
  }

  async showTyping(address: string): Promise<void> {
    // Zalo takes the sign away after five seconds at most.
    await this.api.sendChatAction(address, "typing");
  }

  /** Zalo Bot can delete nothing: the person has to be told how to do it by hand. */
  async wipe(_address: string, refs: readonly string[]): Promise<readonly string[]> {
    return refs;
  }

  async start(take: (inbound: readonly Inbound[]) => Promise<void>): Promise<void> {
    this.#stopped = false;
    if (this.#o.webhook) return this.#register();
    await this.api.deleteWebhook();
    const { clock, log } = this.#o;
    this.#poller = new Poller({ api: this.api, clock, log, take, read: (update) => this.#parse(update) });
    this.#poller.begin();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelRegister?.();
    await this.#poller?.end();
    this.#poller = undefined;
  }

  async check(): Promise<{ readonly ok: boolean; readonly detail: string }> {
    const me = await this.api.getMe();
    if (!me.ok) return { ok: false, detail: refusalOf(me).code };
    const info = await this.api.getWebhookInfo();
    if (!info.ok) return { ok: false, detail: refusalOf(info).code };
    const wanted = this.#o.webhook?.url ?? "";
    const unreachable =
      this.#unreachable > 0 ? `; ${this.#unreachable} protected senders could not be answered` : "";
    const facts = `${wanted === "" ? "polling (development only)" : "webhook"}${unreachable}`;
    if ((info.result.url ?? "") === wanted) return { ok: true, detail: facts };
    return { ok: false, detail: `${facts}; Zalo has another webhook address than ours` };
  }

  async apply(): Promise<readonly Applied[]> {
    const wanted = this.#o.webhook?.url ?? "";
    const info = await this.api.getWebhookInfo();
    if (!info.ok) return [{ what: "webhook", before: "?", after: "?", failed: refusalOf(info).code }];
    const before = info.result.url ?? "";
    if (before === wanted) return [{ what: "webhook", before, after: before }];
    const set = this.#o.webhook
      ? await this.api.setWebhook(this.#o.webhook.url, this.#o.webhook.secret)
      : await this.api.deleteWebhook();
    return set.ok
      ? [{ what: "webhook", before, after: wanted }]
      : [{ what: "webhook", before, after: before, failed: refusalOf(set).code }];
  }

  #parse(json: unknown): readonly Inbound[] {
    const parsed = parseUpdate(json, this.#o.clock.now());
    if (parsed.kind === "read") return [parsed.inbound];
    if (parsed.kind === "unread")
      this.#o.log("error", "zalo-bot.unread", { channel: this.name, event: parsed.event });
    if (parsed.kind === "unreachable") {
      this.#unreachable += 1;
      // Nothing is known of this person, so nothing of this person can be in the line.
      this.#o.log("warn", "zalo-bot.protected_sender_unreachable", { sinceStart: this.#unreachable });
    }
    return [];
  }

  async #register(): Promise<void> {
    const webhook = this.#o.webhook;
    if (!webhook || this.#stopped) return;
    const answer = await this.api.setWebhook(webhook.url, webhook.secret);
    if (answer.ok) return this.#o.log("info", "zalo-bot.webhook_set");
    // The service must start without Zalo; an earlier registration may still hold.
    this.#o.log("error", "zalo-bot.webhook_not_set", { cause: refusalOf(answer).code });
    this.#cancelRegister = this.#o.clock.after(REGISTER_AGAIN_MS, () => void this.#register());
  }
}
