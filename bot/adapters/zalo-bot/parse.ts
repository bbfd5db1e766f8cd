/** Zalo Bot's update JSON → Inbound. Pure; wrapped and flat bodies, text and what hides it (channels.md §1.4). */

import { createHash } from "node:crypto";
import { z } from "zod";
import type { Content, Inbound, MediaKind } from "../../core/message.ts";

export type Parsed =
  | { readonly kind: "read"; readonly inbound: Inbound }
  /** A protected sender (often a child) whom Zalo gives no way to answer: to be counted, and to alarm. */
  | { readonly kind: "unreachable" }
  /** Somebody wrote, in a shape that we do not know: nobody could be answered, and somebody must look. */
  | { readonly kind: "unread"; readonly event: string }
  /** A probe, or an event that says nothing. */
  | { readonly kind: "ignored" };

const optionalText = z.string().optional().catch(undefined);
/** Text until now; a number is taken as long as JSON has not rounded it. */
const idShape = z.union([z.string().min(1), z.number().int().transform(String)]);
const messageSchema = z.object({
  message_id: idShape.optional().catch(undefined),
  date: z.coerce.number().optional().catch(undefined),
  from: z
    .object({ is_bot: z.boolean().catch(false) })
    .optional()
    .catch(undefined),
  chat: z.object({ id: idShape, chat_type: z.string().catch("PRIVATE") }),
  text: optionalText,
  caption: optionalText,
});
const eventSchema = z.object({ event_name: z.string(), message: z.unknown().optional() });
const wrappedSchema = z.object({ result: eventSchema });

type ZaloMessage = z.infer<typeof messageSchema>;

/** Without message id or date, the same words within this time are taken for one message delivered twice. */
const SAME_MS = 10_000;

/** Reads one update; `now` (epoch ms) stands in where Zalo gives no time. Throws nothing. */
export function parseUpdate(json: unknown, now: number): Parsed {
  const wrapped = wrappedSchema.safeParse(json);
  const event = wrapped.success ? wrapped.data.result : eventSchema.safeParse(json).data;
  if (!event) return { kind: "ignored" };
  const message = messageSchema.safeParse(event.message).data;
  // Only this event may come without a chat by design.
  if (!message && event.event_name === UNSUPPORTED) return { kind: "unreachable" };
  if (!message) return isSomebodys(event) ? { kind: "unread", event: event.event_name } : { kind: "ignored" };
  const content = contentOf(event.event_name, message);
  return content
    ? { kind: "read", inbound: inboundOf(event.event_name, message, content, now) }
    : { kind: "ignored" };
}

function inboundOf(event: string, message: ZaloMessage, content: Content, now: number): Inbound {
  const { id } = message.chat;
  const at = time(message.date) ?? now;
  const mark = message.message_id ?? markOf(event, message, now);
  return { channel: "zalo-bot", address: id, key: `${id}:${mark}`, at, content };
}

function markOf(event: string, { date, text, caption }: ZaloMessage, now: number): string {
  const words = createHash("sha256")
    .update(JSON.stringify([text, caption]))
    .digest("hex")
    .slice(0, 16);
  return `${event}@${date || Math.floor(now / SAME_MS)}:${words}`;
}

/** Documented as milliseconds; seconds were seen. */
function time(date: number | undefined): number | undefined {
  if (date === undefined || !(date > 0)) return undefined;
  return date < 1e12 ? date * 1000 : date;
}

const UNSUPPORTED = "message.unsupported.received";
const MEDIA: Readonly<Record<string, MediaKind>> = {
  "message.image.received": "photo",
  "message.sticker.received": "sticker",
  "message.voice.received": "voice",
};

/** A probe may be named like a message; one that has a body is from somebody. */
function isSomebodys({ event_name: name, message }: z.infer<typeof eventSchema>): boolean {
  return name.startsWith("message.") && !name.includes("reaction") && message !== undefined;
}

function contentOf(event: string, message: ZaloMessage): Content | undefined {
  if (message.chat.chat_type !== "PRIVATE") return { kind: "refused", why: "group" };
  if (message.from?.is_bot) return { kind: "refused", why: "bot" };
  // A protected sender, but also a file, a link or a contact card: Zalo does not say which.
  if (event === UNSUPPORTED) return { kind: "unreadable" };
  if (!event.startsWith("message.") || event.includes("reaction")) return undefined;
  const caption = message.caption ?? (event === "message.text.received" ? undefined : message.text);
  if (event === "message.text.received" && message.text !== undefined)
    return { kind: "text", text: message.text };
  const media = MEDIA[event] ?? "other";
  return caption === undefined || caption === ""
    ? { kind: "media", media }
    : { kind: "media", media, caption };
}
