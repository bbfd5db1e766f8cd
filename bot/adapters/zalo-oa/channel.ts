/** Zalo Official Account behind the Channel port: signed webhooks in, consultation messages out. */

import { z } from "zod";
import type { Inbound, Lang, Outbound } from "../../core/message.ts";
import type { Channel, ReadResult, SendResult, WebhookRequest } from "../../ports/channel.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { PartMemory } from "../parts.ts";
import { HURRY, jsonOf } from "../wire.ts";
import { call, type OaApiOptions } from "./api.ts";
import { parseEvent, readHead } from "./parse.ts";
import { hasButtons, type OaRequest, renderMessage, renderWithoutButtons, ZALO_OA_CAPS } from "./render.ts";
import {
  DOCUMENTED_SCHEME,
  isSigned,
  SIGNATURE_HEADER,
  type SigningScheme,
  type SigningTerms,
} from "./signature.ts";
import { TokenKeeper, type TokenShelf } from "./token.ts";

export interface ZaloOaOptions extends SigningTerms {
  readonly firstRefreshToken: string;
  /** What `zalo pin` found. Default: as documented. */
  readonly scheme?: SigningScheme;
  /** Default: Zalo's own. */
  readonly apiBase?: string;
  readonly oauthBase?: string;
  readonly shelf: TokenShelf;
  readonly log: Log;
  readonly clock: Clock;
  /** Longest wait for one answer, ms. */
  readonly timeoutMs?: number;
}

const OA_BASE = "https://openapi.zalo.me";
const OAUTH_BASE = "https://oauth.zaloapp.com";
/** Zalo's own clients wait 30 s; while a call hangs, nothing else goes to this person. */
const CALL_MS = 20_000;
/** Ours, not Zalo's. Must be longer than its ladder of retries, which ends after about two hours. */
const FRESH_MS = 3 * 3_600_000;
/** The token is looked at this often, so that it is renewed in quiet nights too. */
const LOOK_MS = 5 * 60_000;
/** Of 4,000 calls a minute: when fewer are left, an operator should know. */
const FEW_REMAINING = 400;

const sentSchema = z.object({ message_id: z.string().optional().catch(undefined) }).catch({});

export class ZaloOaChannel implements Channel {
  readonly name = "zalo-oa" as const;
  readonly caps = ZALO_OA_CAPS;
  readonly byHand = [
    "the webhook's address (PUBLIC_URL/hooks/zalo-oa) and its events are set in Zalo's developer console; then run zalo capture and zalo pin",
    "switch automatic greetings and replies off in OA Manager",
  ];
  readonly #o: ZaloOaOptions;
  readonly #tokens: TokenKeeper;
  readonly #api: OaApiOptions;
  readonly #parts = new PartMemory();
  #cancelLook: (() => void) | undefined;

  constructor(options: ZaloOaOptions) {
    for (const name of ["appId", "oaId", "oaSecretKey", "appSecret", "firstRefreshToken"] as const) {
      // With an empty secret anybody could sign.
      if (options[name].trim() === "") throw new Error(`Zalo OA: ${name} is missing`);
    }
    this.#o = options;
    const timeoutMs = options.timeoutMs ?? CALL_MS;
    const oauthBase = withoutSlash(options.oauthBase ?? OAUTH_BASE);
    this.#tokens = new TokenKeeper({ ...options, oauthBase, timeoutMs });
    this.#api = { base: withoutSlash(options.apiBase ?? OA_BASE), tokens: this.#tokens, timeoutMs };
  }

  /** Grows with each renewal: read it again for every line. */
  get secrets(): readonly string[] {
    return [this.#o.oaSecretKey, this.#o.appSecret, ...this.#tokens.secrets];
  }

  read(request: WebhookRequest): ReadResult {
    const json = jsonOf(request.body);
    if (json === undefined) return { ok: false, status: 400, code: "zalo-oa.not_json" };
    const head = readHead(json);
    if (!head) return { ok: false, status: 400, code: "zalo-oa.not_an_event" };
    const header = request.headers[SIGNATURE_HEADER];
    const scheme = this.#o.scheme ?? DOCUMENTED_SCHEME;
    if (head.appId !== this.#o.appId || !isSigned(request.body, header, head.timestamp, scheme, this.#o)) {
      return { ok: false, status: 401, code: "zalo-oa.wrong_signature" };
    }
    const age = this.#o.clock.now() - head.at;
    if (Math.abs(age) > FRESH_MS) {
      // Rightly signed: a replay, or one of the two clocks is wrong. Then Zalo will soon take our webhook away from everybody.
      this.#o.log("error", "zalo-oa.stale", { channel: this.name, minutes: Math.round(age / 60_000) });
      return { ok: false, status: 401, code: "zalo-oa.stale" };
    }
    const retry = request.headers.num_retry;
    // Zalo takes our webhook away after the fifth retry in vain.
    if (retry !== undefined) this.#o.log("warn", "zalo-oa.redelivered", { retry: Number(retry) });
    return { ok: true, inbound: this.#parse(json, request.body) };
  }

  async send(address: string, message: Outbound, _lang: Lang, isOurs?: () => boolean): Promise<SendResult> {
    const requests = renderMessage(address, message);
    const plain = renderWithoutButtons(address, message);
    if (!requests || !plain) return { ok: false, code: "zalo-oa.bad_address", kind: "bug" };
    const one = (request: OaRequest) => this.#sendOne(message, request, isOurs);
    const sent = await this.#parts.deliver(message.id, requests, one, isOurs);
    if (sent.ok || sent.kind !== "bug" || !requests.some(hasButtons)) return sent;
    // Better the words without their buttons than nothing: a button that Zalo refuses must not silence us.
    this.#o.log("error", "zalo-oa.buttons_refused", { message: message.id, cause: sent.code });
    return this.#parts.deliver(message.id, plain, one, isOurs);
  }

  /** Zalo OA can delete nothing: the person has to be told how to do it by hand. */
  async wipe(_address: string, refs: readonly string[]): Promise<readonly string[]> {
    return refs;
  }

  /** The webhook is set in Zalo's console, not by us; here only the token is kept alive. */
  async start(_take: (inbound: readonly Inbound[]) => Promise<void>): Promise<void> {
    this.#cancelLook?.();
    this.#look();
  }

  async stop(): Promise<void> {
    this.#cancelLook?.();
    this.#cancelLook = undefined;
    await this.#tokens.rest();
  }

  async check(): Promise<{ readonly ok: boolean; readonly detail: string }> {
    const answer = await call(this.#api, "/v3.0/oa/quota/message", {});
    const { failures, goodUntil } = this.#tokens.health;
    const hours = Math.max(0, Math.round((goodUntil - this.#o.clock.now()) / 3_600_000));
    const token = `token good for ${hours} h${failures > 0 ? `, ${failures} renewals failed` : ""}`;
    if (!answer.ok) return { ok: false, detail: `${answer.refused.code}; ${token}` };
    return { ok: failures === 0, detail: token };
  }

  #look(): void {
    void this.#tokens.current();
    this.#cancelLook = this.#o.clock.after(LOOK_MS, () => this.#look());
  }

  async #sendOne(message: Outbound, request: OaRequest, isOurs?: () => boolean): Promise<SendResult> {
    const timeoutMs = this.#api.timeoutMs * (message.safety ? HURRY : 1);
    const answer = await call({ ...this.#api, timeoutMs }, request.path, request.body, isOurs);
    if (!answer.ok) {
      const { kind, code } = answer.refused;
      if (kind === "bug" || kind === "quota")
        this.#o.log("error", "zalo-oa.refused", { message: message.id, cause: code });
      return answer.refused;
    }
    if (answer.remaining !== undefined && answer.remaining < FEW_REMAINING) {
      this.#o.log("warn", "zalo-oa.rate_nearly_used", { remaining: answer.remaining });
    }
    const ref = sentSchema.parse(answer.data).message_id;
    return ref === undefined ? { ok: true } : { ok: true, platformRef: ref };
  }

  #parse(json: unknown, body: Uint8Array): readonly Inbound[] {
    const parsed = parseEvent(json, this.#o.oaId, body);
    switch (parsed.kind) {
      case "read":
        return [parsed.inbound];
      case "unknown_withdrawal":
        this.#o.log("error", "zalo-oa.withdrawal_without_person");
        return [];
      case "unread":
        // Zalo got its 200, because it would only send the same again: somebody must look at once.
        this.#o.log("error", "zalo-oa.unread", { channel: this.name, event: parsed.event, why: parsed.why });
        return [];
      case "ignored":
        return [];
    }
  }
}

function withoutSlash(base: string): string {
  return base.replace(/\/+$/, "");
}
