/** A Zalo Bot Platform on loopback, as strict as its documentation and as forgetful as it was seen (channels.md §1, §4.4). */

import { z } from "zod";
import {
  type Answer,
  type Call,
  commonVerbs,
  type Json,
  json,
  MovableClock,
  type Play,
  type StandIn,
  serve,
} from "../stand-in.ts";
import { sample, type ZaloEvent } from "./samples.ts";

export const ZALO_BOT_TOKEN = "3141592653589:PEER-made-up-token-for-tests";

/** Messages for a bot that has not asked for this long are gone. */
const UNASKED_MS = 2_000;
const FREE_USERS = 50;
const FREE_MESSAGES = 3_000;

interface Person {
  readonly id: string;
  readonly isGroup: boolean;
  /** What she sees of the bot, oldest first. */
  readonly seen: string[];
}

const chatId = z.string().min(1);
const BODIES: Readonly<Record<string, z.ZodType<Json>>> = {
  getMe: z.strictObject({}),
  getUpdates: z.strictObject({ timeout: z.union([z.string().regex(/^\d+$/), z.number()]).optional() }),
  setWebhook: z.strictObject({ url: z.string(), secret_token: z.string().min(8).max(256) }),
  deleteWebhook: z.strictObject({}),
  getWebhookInfo: z.strictObject({}),
  sendMessage: z.strictObject({ chat_id: chatId, text: z.string().min(1).max(2000) }),
  sendPhoto: z.strictObject({
    chat_id: chatId,
    photo: z.url(),
    caption: z.string().min(1).max(2000).optional(),
  }),
  sendChatAction: z.strictObject({ chat_id: chatId, action: z.literal("typing") }),
};

class Refused extends Error {
  readonly code: number;
  constructor(code: number, description: string) {
    super(description);
    this.code = code;
  }
}

class ZaloBotPlay implements Play {
  readonly #clock = new MovableClock();
  readonly #people = new Map<string, Person>();
  readonly #violations: string[] = [];
  readonly #calls: { method: string; params: Json }[] = [];
  readonly #webhookAnswers: number[] = [];
  #queue: unknown[] = [];
  #lastPoll = 0;
  #wake: (() => void) | undefined;
  #webhook: { url: string; secret: string } | undefined;
  #form: "wrapped" | "flat" = "wrapped";
  #last: unknown;
  #sent = 0;
  #nextId = 1;
  #freeUsers = FREE_USERS;
  #freeMessages = FREE_MESSAGES;

  async answer(call: Call): Promise<Answer> {
    const [, token, method = ""] = /^\/bot([^/]+)\/(\w+)$/.exec(call.path) ?? [];
    try {
      if (token !== ZALO_BOT_TOKEN) throw new Refused(401, "Unauthorized");
      return { json: { ok: true, result: await this.#call(method, call) } };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // Zalo says no with HTTP 200 too.
      return { json: { ok: false, description: error.message, error_code: error.code } };
    }
  }

  async #call(method: string, call: Call): Promise<unknown> {
    const schema = BODIES[method];
    if (!schema) throw this.#violation(400, `no method ${method}`);
    if (call.method !== "POST") throw this.#violation(400, `${method} wants POST`);
    const body = schema.safeParse(json(call.body));
    if (!body.success) throw this.#violation(400, `${method}: ${z.prettifyError(body.error)}`);
    this.#calls.push({ method, params: body.data });
    switch (method) {
      case "getMe":
        return {
          id: "1459232241454765289",
          account_name: "bot.VDKyGxQvc",
          account_type: "BASIC",
          can_join_groups: false,
        };
      case "getUpdates":
        return this.#poll(Number(body.data.timeout ?? 30), call.gone);
      case "setWebhook":
        return this.#setWebhook(String(body.data.url), String(body.data.secret_token));
      case "deleteWebhook":
        this.#webhook = undefined;
        return { url: "", updated_at: this.#clock.now() };
      case "getWebhookInfo":
        return { url: this.#webhook?.url ?? "", updated_at: this.#clock.now() };
      case "sendMessage":
        return this.#send(String(body.data.chat_id), String(body.data.text));
      case "sendPhoto":
        return this.#send(String(body.data.chat_id), `[ảnh] ${String(body.data.caption ?? "")}`);
      default:
        this.#personOf(String(body.data.chat_id));
        return undefined;
    }
  }

  #violation(code: number, what: string): Refused {
    this.#violations.push(what);
    return new Refused(code, `Bad request: ${what}`);
  }

  async #poll(seconds: number, gone: AbortSignal): Promise<unknown> {
    if (this.#webhook) throw new Refused(400, "Bad request: webhook is set");
    this.#forgetUnasked();
    if (this.#queue.length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, seconds * 1000);
        const end = () => {
          clearTimeout(timer);
          resolve();
        };
        this.#wake = end;
        gone.addEventListener("abort", end, { once: true });
      });
      this.#wake = undefined;
    }
    this.#lastPoll = this.#clock.now();
    // No acknowledgement: whoever asked has it, or nobody ever will.
    const update = this.#queue.shift();
    if (update === undefined) throw new Refused(408, "Request timeout");
    return update;
  }

  #forgetUnasked(): void {
    if (this.#clock.now() - this.#lastPoll > UNASKED_MS) this.#queue = [];
    this.#lastPoll = this.#clock.now();
  }

  async #setWebhook(url: string, secret: string): Promise<unknown> {
    const isLoopback = /^http:\/\/127\.0\.0\.1[:/]/.test(url);
    if (!/^https:\/\//.test(url) && !isLoopback) throw this.#violation(400, "setWebhook wants https");
    this.#webhook = { url, secret };
    // The address is kept even if it does not answer the probe.
    const status = await this.#post("");
    return { url, updated_at: this.#clock.now(), verification: { ok: status === 200, status_code: status } };
  }

  #send(id: string, text: string): unknown {
    const person = this.#personOf(id);
    if (this.#sent >= this.#freeMessages) throw new Refused(429, "Quota exceeded");
    this.#sent += 1;
    person.seen.push(text);
    return { message_id: `sent${this.#nextId++}`, date: this.#clock.now() };
  }

  #personOf(id: string): Person {
    const person = this.#people.get(id);
    if (!person) throw new Refused(404, "chat not found");
    return person;
  }

  async #post(body: string): Promise<number> {
    if (!this.#webhook) return 0;
    const { url, secret } = this.#webhook;
    const headers = {
      "content-type": "application/json",
      "x-bot-api-secret-token": secret,
      "user-agent": "Java/1.8.0",
    };
    const status = await fetch(url, {
      method: "POST",
      headers,
      body,
      signal: AbortSignal.timeout(5_000),
    }).then(
      (response) => response.status,
      () => 0,
    );
    this.#webhookAnswers.push(status);
    return status;
  }

  async #deliver(event: unknown): Promise<void> {
    this.#last = event;
    // Retries are undocumented; the worst that a webhook may have to live with is none.
    if (this.#webhook) {
      const flat = this.#form === "flat";
      await this.#post(JSON.stringify(flat ? event : { ok: true, result: event }));
      return;
    }
    if (this.#clock.now() - this.#lastPoll > UNASKED_MS && this.#wake === undefined) return;
    this.#queue.push(event);
    this.#wake?.();
    this.#wake = undefined;
  }

  readonly verbs: Play["verbs"] = {
    ...commonVerbs(this.#clock, this.#violations),
    person: (ask) => {
      const isGroup = ask.group === true;
      if (!isGroup && this.#people.size >= this.#freeUsers)
        throw new Error("the free tier has no place for another user");
      const id = `6ede9afa66b8${String(this.#nextId++).padStart(8, "0")}`;
      this.#people.set(id, { id, isGroup, seen: [] });
      return { chat: id };
    },
    do: async (ask) => {
      const person = this.#personOf(String(ask.chat));
      const what = ask.event as ZaloEvent;
      await this.#deliver(sample(what, person, { id: `in${this.#nextId++}`, at: this.#clock.now(), ...ask }));
      return {};
    },
    raw: async (ask) => {
      await this.#deliver(ask.event);
      return {};
    },
    repeat: async () => {
      await this.#deliver(this.#last);
      return {};
    },
    history: (ask) => ({ seen: this.#personOf(String(ask.chat)).seen }),
    form: (ask) => {
      this.#form = ask.form === "flat" ? "flat" : "wrapped";
      return {};
    },
    quota: (ask) => {
      this.#freeMessages = Number(ask.messages ?? this.#freeMessages);
      this.#freeUsers = Number(ask.users ?? this.#freeUsers);
      return {};
    },
    calls: () => ({ calls: this.#calls }),
    state: () => ({
      webhook: this.#webhook?.url ?? "",
      webhookAnswers: this.#webhookAnswers,
      sent: this.#sent,
    }),
  };
}

/** Starts the stand-in; its URL is for ZALO_BOT_API_BASE. */
export function startZaloBot(port = 0): Promise<StandIn> {
  return serve(new ZaloBotPlay(), port);
}
