/** A Zalo OA Open API v3 on loopback, with its windows, quotas, single-use tokens and ladder of retries (channels.md §2, §4.4). */

import { createHash } from "node:crypto";
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
import { eventOf } from "./samples.ts";

export const ZALO_OA = {
  appId: "4310000000000000001",
  oaId: "3880000000000000001",
  oaSecretKey: "PEER-made-up-oa-secret-key",
  appSecret: "PEER-made-up-app-secret",
  firstRefreshToken: "PEER-made-up-first-refresh-token",
} as const;

/** The settings of an installation whose OA this is; `url`: where the stand-in listens, if the installation is to reach it. */
export function zaloOaSettings(url?: string): Record<string, string> {
  return {
    ...(url !== undefined && { ZALO_OA_API_BASE: url, ZALO_OA_OAUTH_BASE: url }),
    ZALO_OA_ID: ZALO_OA.oaId,
    ZALO_OA_APP_ID: ZALO_OA.appId,
    ZALO_OA_APP_SECRET: ZALO_OA.appSecret,
    ZALO_OA_SECRET_KEY: ZALO_OA.oaSecretKey,
    ZALO_OA_REFRESH_TOKEN: ZALO_OA.firstRefreshToken,
  };
}

const DAY_MS = 24 * 3_600_000;
const WINDOW_MS = 7 * DAY_MS;
const FREE_MS = 2 * DAY_MS;
const TOKEN_SECONDS = 90_000;
const RATE_PER_MINUTE = 4_000;
/** Zalo waits this long for a 200. */
const ANSWER_MS = 2_000;
/** Then it tries again after these, and after the last takes the webhook away. */
const LADDER_MS = [30_000, 300_000, 900_000, 1_800_000, 3_600_000] as const;

const text = z.string().min(1);
const buttonSchema = z.discriminatedUnion("type", [
  z.strictObject({
    title: z.string().min(1),
    type: z.enum(["oa.query.hide", "oa.query.show"]),
    payload: z.string().min(1),
  }),
  z.strictObject({
    title: z.string().min(1),
    type: z.literal("oa.open.phone"),
    payload: z.strictObject({ phone_code: z.string().regex(/^\+?\d{3,15}$/) }),
  }),
  z.strictObject({
    title: z.string().min(1),
    type: z.literal("oa.open.url"),
    payload: z.strictObject({ url: z.url() }),
  }),
]);
const csSchema = z.strictObject({
  recipient: z.strictObject({ user_id: z.string().min(1) }),
  message: z.strictObject({
    text,
    attachment: z
      .strictObject({
        type: z.literal("template"),
        payload: z.strictObject({ buttons: z.array(buttonSchema).min(1) }),
      })
      .optional(),
  }),
});
const anonymousSchema = z.strictObject({
  recipient: z.strictObject({ anonymous_id: z.string().min(1), conversation_id: z.string().min(1) }),
  message: z.strictObject({ text }),
});
type Button = z.infer<typeof buttonSchema>;

export interface SignedWith {
  readonly first: string;
  readonly key: string;
}

/** Written again here on purpose: a stand-in that borrows the adapter's own function proves nothing about it. */
export function signatureOf(body: string, timestamp: string, { first, key }: SignedWith): string {
  return `mac=${createHash("sha256").update(`${first}${body}${timestamp}${key}`, "utf8").digest("hex")}`;
}

interface Seen {
  readonly text: string;
  readonly buttons: readonly Button[];
  readonly isFree: boolean;
}

interface Person {
  readonly id: string;
  lastAt: number;
  hasRestricted: boolean;
  readonly seen: Seen[];
}

/** A `no` of Zalo: its `error` number. */
class Refused extends Error {
  readonly error: number;
  constructor(error: number, message: string) {
    super(message);
    this.error = error;
  }
}

class ZaloOaPlay implements Play {
  readonly #clock = new MovableClock();
  readonly #people = new Map<string, Person>();
  readonly #violations: string[] = [];
  readonly #deliveries: { event: string; retry: number; status: number }[] = [];
  readonly #spentRefreshTokens = new Set<string>();
  #refreshToken: string = ZALO_OA.firstRefreshToken;
  #accessTokens = new Map<string, number>();
  #refreshes = 0;
  #webhook = "";
  /** What is joined before and after: documented as app id and OA secret key, and disputed. */
  #signedWith: SignedWith = { first: ZALO_OA.appId, key: ZALO_OA.oaSecretKey };
  #ladderScale = 1;
  #isSubscribed = true;
  #nextId = 1;
  #quota = Number.POSITIVE_INFINITY;
  #callsThisMinute: number[] = [];
  #rate = RATE_PER_MINUTE;
  #echoes = false;
  #last: { name: string; body: string; header: string } | undefined;
  readonly #stop = new AbortController();

  answer(call: Call): Answer {
    try {
      if (call.path === "/v4/oa/access_token") return { json: this.#grant(call) };
      return this.#api(call);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { json: { error: error.error, message: error.message } };
    }
  }

  stop(): void {
    this.#stop.abort();
  }

  #violation(error: number, what: string): Refused {
    this.#violations.push(what);
    return new Refused(error, what);
  }

  #grant(call: Call): Json {
    const form = new URLSearchParams(call.body);
    const isForm = call.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
    if (call.method !== "POST" || !isForm) throw this.#violation(-201, "access_token wants a posted form");
    if (call.headers.secret_key !== ZALO_OA.appSecret) throw this.#violation(-14004, "Invalid secret key");
    const names = [...form.keys()].sort().join();
    if (names !== "app_id,grant_type,refresh_token") throw this.#violation(-201, `access_token got ${names}`);
    if (form.get("app_id") !== ZALO_OA.appId) throw this.#violation(-14001, "Invalid app id");
    const given = form.get("refresh_token") ?? "";
    if (given !== this.#refreshToken) {
      const why = this.#spentRefreshTokens.has(given) ? "was used before" : "is unknown";
      throw new Refused(-14020, `Invalid refresh token: it ${why}`);
    }
    this.#spentRefreshTokens.add(given);
    this.#refreshes += 1;
    this.#refreshToken = `PEER-refresh-${this.#refreshes}-made-up`;
    const access = `PEER-access-${this.#refreshes}-made-up`;
    this.#accessTokens.set(access, this.#clock.now() + TOKEN_SECONDS * 1000);
    return { access_token: access, refresh_token: this.#refreshToken, expires_in: String(TOKEN_SECONDS) };
  }

  #api(call: Call): Answer {
    const now = this.#clock.now();
    const until = this.#accessTokens.get(call.headers.access_token ?? "");
    if (until === undefined) throw new Refused(-216, "Access token is invalid");
    if (until < now) throw new Refused(-220, "Access token has expired");
    this.#callsThisMinute = this.#callsThisMinute.filter((at) => at > now - 60_000);
    if (this.#callsThisMinute.length >= this.#rate) throw new Refused(-32, "Rate limit exceeded");
    this.#callsThisMinute.push(now);
    const headers = {
      "X-RateLimit-Limit": String(this.#rate),
      "X-RateLimit-Remain": String(this.#rate - this.#callsThisMinute.length),
    };
    return { headers, json: { error: 0, message: "Success", data: this.#perform(call) } };
  }

  #perform(call: Call): Json {
    const body = json(call.body);
    if (call.method !== "POST") throw this.#violation(-201, `${call.path} wants POST`);
    if (call.path === "/v3.0/oa/quota/message") return { quota_type: "reply", remain: "unlimited" };
    if (call.path === "/v3.0/oa/message/cs") {
      const { recipient, message } = this.#checked(csSchema, body);
      return this.#consult(recipient.user_id, message.text, message.attachment?.payload.buttons ?? []);
    }
    if (call.path === "/v2.0/oa/message") {
      // v2 is shut down for all but a few; a visitor of the web widget is one of them.
      if (!anonymousSchema.safeParse(body).success) throw this.#violation(-240, "API v2 is shut down");
      const { recipient, message } = this.#checked(anonymousSchema, body);
      this.#checkText(message.text);
      const person = this.#people.get(`anon:${recipient.anonymous_id}:${recipient.conversation_id}`);
      if (!person) throw new Refused(-201, "anonymous_id or conversation_id is invalid");
      person.seen.push({ text: message.text, buttons: [], isFree: true });
      return { message_id: `sent${this.#nextId++}`, ...recipient };
    }
    throw this.#violation(-201, `there is no ${call.path}`);
  }

  #checked<T>(schema: z.ZodType<T>, body: unknown): T {
    const read = schema.safeParse(body);
    if (!read.success) throw this.#violation(-201, z.prettifyError(read.error));
    return read.data;
  }

  #checkText(words: string): void {
    if (words.length > 2000) throw this.#violation(-210, "text is longer than 2000");
    if (words !== words.normalize("NFC")) throw this.#violation(-201, "text is not in NFC");
  }

  #consult(id: string, words: string, buttons: readonly Button[]): Json {
    this.#checkText(words);
    if (buttons.length > 5) throw this.#violation(-210, "more than 5 buttons");
    for (const { title, payload } of buttons) {
      if (title.length > 100) throw this.#violation(-210, "button title is longer than 100");
      if (JSON.stringify(payload).length > 1002) throw this.#violation(-210, "payload is longer than 1000");
    }
    const person = this.#people.get(id);
    if (!person) throw new Refused(-213, "User has not followed the OA");
    if (person.hasRestricted) throw new Refused(-244, "User has restricted this message type");
    const idle = this.#clock.now() - person.lastAt;
    if (idle > WINDOW_MS) throw new Refused(-230, "User has not interacted with the OA in the past 7 days");
    if (this.#quota <= 0) throw new Refused(-211, "Out of quota");
    this.#quota -= 1;
    person.seen.push({ text: words, buttons, isFree: idle <= FREE_MS });
    const ref = `sent${this.#nextId++}`;
    const sentAt = String(this.#clock.now());
    // Zalo tells of all that goes out in the OA's name; this one overtakes the answer to the call.
    if (this.#echoes) void this.verbs.do?.({ address: id, event: "oa_send_text", text: words, msgId: ref });
    return { message_id: ref, user_id: id, sent_time: sentAt, quota: { quota_type: "reply" } };
  }

  #personOf(ask: Json): Person {
    const person = this.#people.get(String(ask.address));
    if (!person) throw new Error("no such person");
    return person;
  }

  /** Signs and posts an event, and again along the ladder until there is a 200 in time. */
  async #deliver(name: string, body: string, timestamp: string): Promise<Json> {
    const header = signatureOf(body, timestamp, this.#signedWith);
    this.#last = { name, body, header };
    const status = await this.#post(name, body, header, 0);
    if (status !== 200 && this.#isSubscribed) void this.#climb(name, body, header);
    return { status };
  }

  async #climb(name: string, body: string, header: string): Promise<void> {
    for (const [n, wait] of LADDER_MS.entries()) {
      await new Promise((resolve) => setTimeout(resolve, wait * this.#ladderScale).unref());
      if (this.#stop.signal.aborted) return;
      if ((await this.#post(name, body, header, n + 1)) === 200) return;
    }
    this.#isSubscribed = false;
  }

  async #post(event: string, body: string, header: string, retry: number): Promise<number> {
    if (this.#webhook === "" || !this.#isSubscribed) return 0;
    const headers = {
      "content-type": "application/json",
      "x-zevent-signature": header,
      ...(retry === 0 ? {} : { num_retry: String(retry) }),
    };
    const status = await fetch(this.#webhook, {
      method: "POST",
      headers,
      body,
      signal: AbortSignal.timeout(ANSWER_MS),
    }).then(
      (response) => response.status,
      () => 0,
    );
    this.#deliveries.push({ event, retry, status });
    return status;
  }

  readonly verbs: Play["verbs"] = {
    ...commonVerbs(this.#clock, this.#violations),
    person: (ask) => {
      const n = this.#nextId++;
      const anonymous = ask.anonymous === true;
      const id = anonymous ? `anon:77${n}:88${n}` : `246000000000000${String(n).padStart(4, "0")}`;
      this.#people.set(id, {
        id,
        lastAt: anonymous ? 0 : -Number.MAX_SAFE_INTEGER,
        hasRestricted: false,
        seen: [],
      });
      return { address: id };
    },
    /** She does something: any of Zalo's event names. */
    do: (ask) => {
      const person = this.#personOf(ask);
      const event = String(ask.event);
      // A message, a follow and a press open the window; what we do does not.
      if (!event.startsWith("oa_") && event !== "unfollow" && event !== "user_seen_message")
        person.lastAt = this.#clock.now();
      const [, anonymousId, conversationId] = /^anon:(\w+):(\w+)$/.exec(person.id) ?? [];
      const now = this.#clock.now() + Number(ask.shiftMs ?? 0);
      const body = eventOf(event, {
        appId: ZALO_OA.appId,
        oaId: ZALO_OA.oaId,
        userId: anonymousId ?? person.id,
        msgId: String(ask.msgId ?? `in${this.#nextId++}`),
        timestamp: ask.isNumber === true ? now : String(now),
        ...(ask.text === undefined ? {} : { text: String(ask.text) }),
        ...(conversationId === undefined ? {} : { conversationId }),
        isNameless: ask.isNameless === true,
      });
      return this.#deliver(event, JSON.stringify(body), String(now));
    },
    /** Presses the newest button that she can see whose title contains `button`. */
    tap: async (ask) => {
      const person = this.#personOf(ask);
      const wanted = String(ask.button);
      const button = person.seen.flatMap((m) => m.buttons).findLast((b) => b.title.includes(wanted));
      if (!button) throw new Error(`nobody can see a button "${wanted}"`);
      if (button.type === "oa.open.phone") return { dialled: button.payload.phone_code };
      if (button.type === "oa.open.url") return { opened: button.payload.url };
      return this.verbs.do?.({ address: person.id, event: "user_send_text", text: button.payload });
    },
    restrict: (ask) => {
      this.#personOf(ask).hasRestricted = true;
      return {};
    },
    repeat: async () => {
      if (!this.#last) throw new Error("nothing was sent yet");
      return { status: await this.#post(this.#last.name, this.#last.body, this.#last.header, 1) };
    },
    history: (ask) => ({ seen: this.#personOf(ask).seen }),
    set: (ask) => {
      if (ask.webhook !== undefined) this.#webhook = String(ask.webhook);
      if (ask.signedWith !== undefined) this.#signedWith = ask.signedWith as SignedWith;
      if (ask.ladderScale !== undefined) this.#ladderScale = Number(ask.ladderScale);
      if (ask.echoes !== undefined) this.#echoes = ask.echoes === true;
      if (ask.quota !== undefined) this.#quota = Number(ask.quota);
      if (ask.rate !== undefined) this.#rate = Number(ask.rate);
      return {};
    },
    /** All access tokens die at once, as when an administrator takes the grant back. */
    revoke: () => {
      this.#accessTokens.clear();
      return {};
    },
    state: () => ({
      refreshes: this.#refreshes,
      isSubscribed: this.#isSubscribed,
      deliveries: this.#deliveries,
    }),
  };
}

/** Starts the stand-in; its URL is for ZALO_OA_API_BASE and ZALO_OA_OAUTH_BASE. */
export function startZaloOa(port = 0): Promise<StandIn> {
  return serve(new ZaloOaPlay(), port);
}
