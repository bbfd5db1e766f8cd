/** A typed client of the Zalo Bot Platform (channels.md §1.2–§1.3), checked both ways; an SDK could stand in its place. */

import { z } from "zod";
import { type Failure, HURRY, post } from "../wire.ts";

export const ZALO_BOT_BASE = "https://bot-api.zaloplatforms.com";
/** Others wait 30 s; while a call hangs, nothing else goes to this person. */
const CALL_MS = 20_000;
/** How much longer than the poll itself we wait for its answer. */
const POLL_GRACE_MS = 5_000;

/** Why a call failed. `api`: Zalo answered no, with its code; `gateway`: something else answered in its place. */
export type ZaloBotRefusal =
  | { readonly ok: false; readonly by: "api"; readonly errorCode: number; readonly description: string }
  | { readonly ok: false; readonly by: "gateway"; readonly status: number }
  | { readonly ok: false; readonly by: "wire"; readonly failure: Failure };
export type ZaloBotAnswer<T> = { readonly ok: true; readonly result: T } | ZaloBotRefusal;

export interface ZaloBotApi {
  getMe(): Promise<ZaloBotAnswer<{ readonly account_name: string }>>;
  /** One update, still unread, or null when none came in time. There is no acknowledgement: it never comes again. */
  getUpdates(timeoutSeconds: number, signal: AbortSignal): Promise<ZaloBotAnswer<unknown>>;
  setWebhook(url: string, secretToken: string): Promise<ZaloBotAnswer<unknown>>;
  deleteWebhook(): Promise<ZaloBotAnswer<unknown>>;
  getWebhookInfo(): Promise<ZaloBotAnswer<{ readonly url?: string | undefined }>>;
  /** `isHurried`: gives up waiting early. */
  sendMessage(
    chatId: string,
    text: string,
    isHurried?: boolean,
  ): Promise<ZaloBotAnswer<{ readonly message_id?: string | undefined }>>;
  /** `photo`: a public address. */
  sendPhoto(
    chatId: string,
    photo: string,
    caption?: string,
  ): Promise<ZaloBotAnswer<{ readonly message_id?: string | undefined }>>;
  sendChatAction(chatId: string, action: "typing"): Promise<ZaloBotAnswer<unknown>>;
}

export interface ZaloBotApiOptions {
  readonly token: string;
  readonly base?: string;
  readonly timeoutMs?: number;
}

const chatId = z.string().min(1);
const BODIES = {
  getMe: z.strictObject({}),
  // The page says String, its sample shows a number; the string is what the page promises.
  getUpdates: z.strictObject({ timeout: z.string() }),
  setWebhook: z.strictObject({ url: z.url(), secret_token: z.string().min(8).max(256) }),
  deleteWebhook: z.strictObject({}),
  getWebhookInfo: z.strictObject({}),
  sendMessage: z.strictObject({ chat_id: chatId, text: z.string().min(1).max(2000) }),
  sendPhoto: z.strictObject({
    chat_id: chatId,
    photo: z.url(),
    caption: z.string().min(1).max(2000).optional(),
  }),
  sendChatAction: z.strictObject({ chat_id: chatId, action: z.literal("typing") }),
} as const;
type Method = keyof typeof BODIES;

const envelopeSchema = z.object({
  ok: z.boolean(),
  result: z.unknown().optional(),
  description: z.string().catch(""),
  error_code: z.coerce.number().optional().catch(undefined),
});
// Zalo saying ok is what counts: an odd result must not turn a delivered message into an undelivered one.
const sentSchema = z.object({ message_id: z.string().optional().catch(undefined) }).catch({});
const meSchema = z.object({ account_name: z.string().catch("?") }).catch({ account_name: "?" });
const infoSchema = z.object({ url: z.string().optional().catch(undefined) }).catch({});

/** Our own client over HTTP. A request that breaks the documented limits throws: that is a bug of ours. */
export function zaloBotApi(options: ZaloBotApiOptions): ZaloBotApi {
  const base = (options.base ?? ZALO_BOT_BASE).replace(/\/+$/, "");
  const timeout = options.timeoutMs ?? CALL_MS;
  const call = async <T>(
    method: Method,
    body: unknown,
    result: z.ZodType<T>,
    how: { timeoutMs?: number; signal?: AbortSignal } = {},
  ): Promise<ZaloBotAnswer<T>> => {
    const reply = await post({
      url: `${base}/bot${options.token}/${method}`,
      headers: { "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify(BODIES[method].parse(body)),
      timeoutMs: timeout,
      ...how,
    });
    if (!reply.ok) return { ok: false, by: "wire", failure: reply.failure };
    const envelope = envelopeSchema.safeParse(reply.json);
    if (!envelope.success) return { ok: false, by: "gateway", status: reply.status };
    const { ok, description, error_code: errorCode } = envelope.data;
    // HTTP 200 may carry ok:false.
    if (!ok) return { ok: false, by: "api", errorCode: errorCode ?? reply.status, description };
    return { ok: true, result: result.parse(envelope.data.result) };
  };
  const anything = z.unknown();
  return {
    getMe: () => call("getMe", {}, meSchema),
    getUpdates: (seconds, signal) =>
      call("getUpdates", { timeout: String(seconds) }, anything, {
        timeoutMs: seconds * 1000 + POLL_GRACE_MS,
        signal,
      }),
    setWebhook: (url, secretToken) => call("setWebhook", { url, secret_token: secretToken }, anything),
    deleteWebhook: () => call("deleteWebhook", {}, anything),
    getWebhookInfo: () => call("getWebhookInfo", {}, infoSchema),
    sendMessage: (to, text, isHurried = false) =>
      call("sendMessage", { chat_id: to, text }, sentSchema, {
        timeoutMs: timeout * (isHurried ? HURRY : 1),
      }),
    sendPhoto: (to, photo, caption) => call("sendPhoto", { chat_id: to, photo, caption }, sentSchema),
    sendChatAction: (to, action) => call("sendChatAction", { chat_id: to, action }, anything),
  };
}
