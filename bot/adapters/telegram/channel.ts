/** Telegram behind the Channel port, through grammY's client: proves webhooks, polls, sends, deletes. */

import { autoRetry } from "@grammyjs/auto-retry";
import { Api, type ApiClientOptions, GrammyError } from "grammy";
import type { Inbound, Lang, Outbound } from "../../core/message.ts";
import type {
  Applied,
  Channel,
  Profile,
  ReadResult,
  SendResult,
  WebhookRequest,
} from "../../ports/channel.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { NOT_OURS, PartMemory } from "../parts.ts";
import { HURRY, isSameSecret, jsonOf } from "../wire.ts";
import { readForumUpdate } from "./forum.ts";
import { ALLOWED_UPDATES, type Parsed, parseUpdate } from "./parse.ts";
import { POLL_SECONDS, Poller } from "./poll.ts";
import { apply, applyProfile } from "./profile.ts";
import { refusalOf } from "./refusal.ts";
import { renderMessage, renderWithoutButtons, type SendMessage, TELEGRAM_CAPS } from "./render.ts";
import { reach } from "./transport.ts";
import { deleteAll } from "./wipe.ts";

export interface TelegramOptions {
  readonly token: string;
  /** Default: Telegram's own. No slash at the end. */
  readonly apiRoot?: string;
  /** The chat id of the counsellors' forum: what is written there is no person's. */
  readonly forum?: number;
  /** Present: Telegram posts to `url`. Absent: long polling. */
  readonly webhook?: { readonly url: string; readonly secret: string };
  readonly log: Log;
  readonly clock: Clock;
  /** Longest wait for one answer, ms. A shorter one is for tests. */
  readonly timeoutMs?: number;
  /** The longest `retry_after` that is waited out inside `send`; longer ones are the outbox's. Default 5 s. */
  readonly waitInSendMs?: number;
}

/** Another process has the message by now. */
class NotOurs extends Error {}
type SendRest = [Parameters<Api["sendMessage"]>[2], Parameters<Api["sendMessage"]>[3]];

const SECRET_HEADER = "x-telegram-bot-api-secret-token";
const CALL_TIMEOUT_MS = 20_000;
/**
 * Kept short: while `send` waits, it fills a place of the outbox, which knows `afterMs` and keeps the order just as well.
 */
const WAIT_IN_SEND_MS = 5_000;
const REGISTER_AGAIN_MS = 30_000;
/** How long a pressed button may show "loading" when no reply of ours follows. */
const ANSWER_PRESS_MS = 150;

export class TelegramChannel implements Channel {
  readonly name = "telegram" as const;
  readonly caps = TELEGRAM_CAPS;
  readonly secrets: readonly string[];
  readonly #o: TelegramOptions;
  /** Calls that act. */
  readonly api: Api;
  readonly #pollApi: Api;
  readonly #parts = new PartMemory();
  /** By the signal that a call carries: may it still be made? */
  readonly #guards = new WeakMap<object, () => boolean>();
  /** Signals of calls that do not wait as long as others for an answer. */
  readonly #hurried = new WeakSet<object>();
  #poller: Poller | undefined;
  #cancelRegister: (() => void) | undefined;
  #stopped = false;

  constructor(options: TelegramOptions) {
    if (!/^\d+:[\w-]+$/.test(options.token))
      throw new Error("the Telegram token must look like 123456:letters");
    // grammY takes every webhook when no secret is set; we never start like that.
    if (options.webhook && !/^[\w-]{1,256}$/.test(options.webhook.secret)) {
      throw new Error("the Telegram webhook secret must be 1 to 256 of A-Z a-z 0-9 _ -");
    }
    this.#o = options;
    const half = options.token.split(":")[1] ?? "";
    this.secrets = [options.token, half, ...(options.webhook ? [options.webhook.secret] : [])];
    const timeout = options.timeoutMs ?? CALL_TIMEOUT_MS;
    this.api = this.#client(timeout);
    this.#pollApi = this.#client(timeout + POLL_SECONDS * 1000);
    // Inside of the one that repeats, so that it is asked before each try.
    this.api.config.use((call, method, payload, signal) => {
      if (signal && this.#guards.get(signal)?.() === false) throw new NotOurs();
      const isHurried = signal !== undefined && this.#hurried.has(signal);
      const limit = isHurried ? (AbortSignal.timeout(timeout * HURRY) as unknown as typeof signal) : signal;
      return call(method, payload, limit);
    });
    this.api.config.use(
      autoRetry({
        maxRetryAttempts: 1,
        maxDelaySeconds: (options.waitInSendMs ?? WAIT_IN_SEND_MS) / 1000,
        // Whether to send again after these is for the outbox, which knows if a second copy does harm.
        rethrowInternalServerErrors: true,
        rethrowHttpErrors: true,
      }),
    );
  }

  read(request: WebhookRequest): ReadResult {
    const secret = this.#o.webhook?.secret;
    if (secret === undefined || !isSameSecret(request.headers[SECRET_HEADER] ?? "", secret)) {
      return { ok: false, status: 401, code: "telegram.wrong_secret" };
    }
    const json = jsonOf(request.body);
    if (json === undefined) return { ok: false, status: 400, code: "telegram.not_json" };
    const parsed = this.#parse(json);
    return parsed.ok ? { ok: true, inbound: parsed.inbound } : { ok: false, status: 400, code: parsed.code };
  }

  async send(
    address: string,
    message: Outbound,
    _lang: Lang,
    isOurs: () => boolean = () => true,
  ): Promise<SendResult> {
    if (!/^-?\d{1,16}$/.test(address)) return { ok: false, code: "telegram.bad_address", kind: "bug" };
    const sent = await this.#deliver(message, renderMessage(address, message), isOurs);
    if (sent.ok || sent.kind !== "bug" || message.choices.length === 0) return sent;
    // Better the words without their buttons than nothing: a keyboard that Telegram refuses must not silence us.
    this.#o.log("error", "telegram.buttons_refused", { message: message.id, cause: sent.code });
    return this.#deliver(message, renderWithoutButtons(address, message), isOurs);
  }

  async showTyping(address: string): Promise<void> {
    // Telegram takes the sign away after five seconds, or when our message comes.
    await this.api
      .sendChatAction(Number(address), "typing")
      .catch((error) => this.#o.log("debug", "telegram.typing_not_shown", { cause: refusalOf(error).code }));
  }

  wipe(address: string, refs: readonly string[]): Promise<readonly string[] | null> {
    return deleteAll({ api: this.api, clock: this.#o.clock, log: this.#o.log }, address, refs);
  }

  async start(take: (inbound: readonly Inbound[]) => Promise<void>): Promise<void> {
    this.#stopped = false;
    if (this.#o.webhook) return this.#register();
    // A webhook left from before would make every poll a 409; if this fails the poller sees it and tries again.
    await this.api.deleteWebhook().catch(() => undefined);
    const { clock, log } = this.#o;
    this.#poller = new Poller({
      api: this.#pollApi,
      clock,
      log,
      take,
      read: (update) => this.#parse(update),
    });
    this.#poller.begin();
  }

  async stop(): Promise<void> {
    // The webhook stays registered: Telegram keeps what comes while we are away, for 24 hours.
    this.#stopped = true;
    this.#cancelRegister?.();
    await this.#poller?.end();
    this.#poller = undefined;
  }

  async check(): Promise<{ readonly ok: boolean; readonly detail: string }> {
    try {
      const me = await this.api.getMe();
      const info = await this.api.getWebhookInfo();
      const wanted = this.#o.webhook?.url ?? "";
      const way = wanted === "" ? "long polling" : "webhook";
      const facts = `@${me.username}, ${way}, ${info.pending_update_count} waiting at Telegram`;
      if ((info.url ?? "") === wanted) return { ok: true, detail: facts };
      return { ok: false, detail: `${facts}; Telegram has another webhook address than ours` };
    } catch (error) {
      return { ok: false, detail: refusalOf(error).code };
    }
  }

  async apply(profile: Profile): Promise<readonly Applied[]> {
    const webhook = this.#o.webhook;
    const where = {
      what: "webhook",
      wanted: webhook?.url ?? "",
      read: async () => (await this.api.getWebhookInfo()).url ?? "",
      write: () => (webhook ? this.#setWebhook(webhook) : this.api.deleteWebhook()),
    };
    return [...(await applyProfile(this.api, profile)), await apply(where)];
  }

  #client(timeoutMs: number): Api {
    return new Api(this.#o.token, {
      ...(this.#o.apiRoot === undefined ? {} : { apiRoot: this.#o.apiRoot.replace(/\/+$/, "") }),
      timeoutSeconds: timeoutMs / 1000,
      // grammY's type is node-fetch's; it calls `.json()` on the answer and nothing else.
      fetch: reach as unknown as NonNullable<ApiClientOptions["fetch"]>,
    });
  }

  #parse(json: unknown): Parsed {
    const { forum, clock } = this.#o;
    const posts = forum === undefined ? null : readForumUpdate(json, forum, clock.now());
    if (posts) return { ok: true, updateId: Number(posts[0]?.key ?? 0), inbound: posts };
    const parsed = parseUpdate(json, this.#o.clock.now());
    if (!parsed.ok) {
      this.#o.log("warn", parsed.code);
      return parsed;
    }
    if (parsed.inbound.length === 0) this.#o.log("debug", "telegram.ignored", { update: parsed.updateId });
    if (parsed.callbackId !== undefined) this.#answerPress(parsed.callbackId);
    return parsed;
  }

  /** Ends the "loading" sign on the pressed button. Only for the eye: what was pressed is in the inbox. */
  #answerPress(callbackId: string): void {
    this.#o.clock.after(ANSWER_PRESS_MS, () => {
      this.api
        .answerCallbackQuery(callbackId)
        .catch((error) =>
          this.#o.log("debug", "telegram.press_not_answered", { cause: refusalOf(error).code }),
        );
    });
  }

  #setWebhook({ url, secret }: NonNullable<TelegramOptions["webhook"]>): Promise<unknown> {
    return this.api.setWebhook(url, {
      secret_token: secret,
      allowed_updates: ALLOWED_UPDATES,
      max_connections: 40,
    });
  }

  async #register(): Promise<void> {
    const webhook = this.#o.webhook;
    if (!webhook || this.#stopped) return;
    try {
      await this.#setWebhook(webhook);
      this.#o.log("info", "telegram.webhook_set");
    } catch (error) {
      // The service must start without Telegram; an earlier registration may still hold.
      this.#o.log("error", "telegram.webhook_not_set", { cause: refusalOf(error).code });
      this.#cancelRegister = this.#o.clock.after(REGISTER_AGAIN_MS, () => void this.#register());
    }
  }

  #deliver(message: Outbound, parts: readonly SendMessage[], isOurs: () => boolean): Promise<SendResult> {
    const guard = new AbortController().signal;
    this.#guards.set(guard, isOurs);
    if (message.safety) this.#hurried.add(guard);
    const one = async ({ chat_id, text, ...rest }: SendMessage): Promise<SendResult> => {
      try {
        // The payload is ours and read-only, and the signal Node's; grammY's types ask for mutable arrays and its own.
        const [options, signal] = [rest, guard] as unknown as SendRest;
        const sent = await this.api.sendMessage(chat_id, text, options, signal);
        return { ok: true, platformRef: String(sent.message_id) };
      } catch (error) {
        return error instanceof NotOurs ? NOT_OURS : this.#refused(message, error);
      }
    };
    return this.#parts.deliver(message.id, parts, one, isOurs);
  }

  #refused(message: Outbound, error: unknown): SendResult {
    const refused = refusalOf(error);
    if (refused.kind === "bug") {
      // Telegram's sentence is about our parameters; it never quotes the text.
      const said = error instanceof GrammyError ? error.description : "not an answer of Telegram";
      this.#o.log("error", "telegram.refused", { message: message.id, cause: refused.code, said });
    }
    return refused;
  }
}
