/** Zalo OA's webhook JSON → Inbound. Pure; reads no profile, keeps no link to a file (channels.md §2.1). */

import { createHash } from "node:crypto";
import { z } from "zod";
import { type Content, type Inbound, MAX_CHOICE_VALUE, type MediaKind } from "../../core/message.ts";

export type Parsed =
  | { readonly kind: "read"; readonly inbound: Inbound }
  /** A demand to erase that names nobody we could find. The law gives it a clock, so somebody must look. */
  | { readonly kind: "unknown_withdrawal" }
  /** Somebody did something, and nobody could be answered: a shape that we do not know, or another OA than ours. */
  | { readonly kind: "unread"; readonly event: string; readonly why: "no_sender" | "other_oa" }
  | { readonly kind: "ignored" };

/** Marks the payload of our own buttons, which Zalo gives back as if she had written it. */
export const CHOICE_MARK = "#~";

/** Zalo's ids are digits beyond 2^53; JSON numbers would be rounded, so only strings are taken. */
const id = z.string().regex(/^[\w-]{1,128}$/);
const party = z.object({ id }).optional().catch(undefined);
const optionalText = z.string().optional().catch(undefined);

const headSchema = z.object({
  app_id: z.string(),
  event_name: z.string(),
  timestamp: z.union([z.string().regex(/^\d{10,16}$/), z.number().int().positive()]).transform(String),
});
const eventSchema = headSchema.extend({
  oa_id: id.optional().catch(undefined),
  user_id: id.optional().catch(undefined),
  sender: party,
  recipient: party,
  follower: party,
  message: z
    .object({ msg_id: optionalText, text: optionalText, conversation_id: id.optional().catch(undefined) })
    .optional()
    .catch(undefined),
});
type ZaloEvent = z.infer<typeof eventSchema>;

export interface Head {
  readonly appId: string;
  /** The digits as they stand in the body: they are part of what is signed. */
  readonly timestamp: string;
  /** Epoch ms. */
  readonly at: number;
}

/** What the proof needs, before anything else is believed. undefined: not one of Zalo's events. */
export function readHead(json: unknown): Head | undefined {
  const head = headSchema.safeParse(json);
  if (!head.success) return undefined;
  const { app_id: appId, timestamp } = head.data;
  return { appId, timestamp, at: msOf(timestamp) };
}

/** Reads one proven event of the OA `oaId`. `body`: its bytes, for a key where Zalo gives no message id. */
export function parseEvent(json: unknown, oaId: string, body: Uint8Array): Parsed {
  const read = eventSchema.safeParse(json);
  if (!read.success) return { kind: "ignored" };
  const event = read.data;
  const name = event.event_name;
  if (name.startsWith("oa_send_")) return echo(event, oaId, body);
  if (name === "user_withdraw") return withdrawal(event, body);
  const content = contentOf(event);
  if (!content) return { kind: "ignored" };
  const from = personOf(event);
  if (from === undefined) return { kind: "unread", event: name, why: "no_sender" };
  const isOurs = (event.oa_id ?? event.recipient?.id ?? oaId) === oaId;
  return isOurs
    ? { kind: "read", inbound: inboundOf(event, from, content, body) }
    : { kind: "unread", event: name, why: "other_oa" };
}

/** An address that answers an anonymous visitor of the web widget; both ids are needed, neither outlives the visit. */
export function anonymousAddress(anonymousId: string, conversationId: string): string {
  return `anon:${anonymousId}:${conversationId}`;
}

function inboundOf(event: ZaloEvent, address: string, content: Content, body: Uint8Array): Inbound {
  // The id of the OA stands in the deployment, not in the key: one deployment has one OA.
  const mark = event.message?.msg_id || createHash("sha256").update(body).digest("hex");
  return {
    channel: "zalo-oa",
    address,
    key: `${event.event_name}:${mark}`,
    at: msOf(event.timestamp),
    content,
  };
}

/** Something that our OA sent: by us, or by a human in OA Manager. Which of them is not to be seen here. */
function echo(event: ZaloEvent, oaId: string, body: Uint8Array): Parsed {
  if (event.sender?.id !== oaId || event.recipient === undefined) return { kind: "ignored" };
  const { msg_id: ref, text, conversation_id: visit } = event.message ?? {};
  const to = event.recipient.id;
  const content: Content = { kind: "other_voice", ...(text ? { text } : {}) };
  const inbound = inboundOf(event, visit === undefined ? to : anonymousAddress(to, visit), content, body);
  return { kind: "read", inbound: ref === undefined ? inbound : { ...inbound, platformRef: ref } };
}

function withdrawal(event: ZaloEvent, body: Uint8Array): Parsed {
  const address = event.user_id ?? event.sender?.id ?? event.follower?.id;
  if (address === undefined) return { kind: "unknown_withdrawal" };
  return { kind: "read", inbound: inboundOf(event, address, { kind: "withdrawn" }, body) };
}

function personOf(event: ZaloEvent): string | undefined {
  if (event.event_name === "follow" || event.event_name === "unfollow") return event.follower?.id;
  const sender = event.sender?.id ?? event.user_id;
  if (!event.event_name.startsWith("anonymous_")) return sender;
  const conversation = event.message?.conversation_id;
  return sender === undefined || conversation === undefined
    ? undefined
    : anonymousAddress(sender, conversation);
}

const STATES: Readonly<Record<string, Content>> = {
  follow: { kind: "arrived" },
  unfollow: { kind: "left" },
  user_click_chatnow: { kind: "arrived" },
};

const MEDIA: Readonly<Record<string, MediaKind>> = {
  image: "photo",
  gif: "photo",
  audio: "voice",
  video: "video",
  sticker: "sticker",
  location: "location",
  business_card: "contact",
  file: "file",
};

function contentOf(event: ZaloEvent): Content | undefined {
  const state = STATES[event.event_name];
  if (state) return state;
  const kind = /^(?:user|anonymous)_send_(\w+)$/.exec(event.event_name)?.[1];
  // Group events are switched off in the console; if one comes all the same, no dialogue begins there.
  if (kind === undefined || kind.startsWith("group")) return undefined;
  const text = event.message?.text;
  if (kind === "text" && text !== undefined) return choiceOf(text) ?? { kind: "text", text };
  const media = MEDIA[kind] ?? "other";
  return text === undefined || text === ""
    ? { kind: "media", media }
    : { kind: "media", media, caption: text };
}

function choiceOf(text: string): Content | undefined {
  const value = text.startsWith(CHOICE_MARK) ? text.slice(CHOICE_MARK.length) : "";
  return value.length <= MAX_CHOICE_VALUE && /^[\x21-\x7e]+$/.test(value)
    ? { kind: "choice", value }
    : undefined;
}

function msOf(timestamp: string): number {
  const time = Number(timestamp);
  return time < 1e12 ? time * 1000 : time;
}
