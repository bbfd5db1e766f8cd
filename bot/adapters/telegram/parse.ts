/** Telegram's update JSON → Inbound. Pure; keeps no name, and reads only the fields that are named here. */

import { z } from "zod";
import type { Content, Inbound, MediaKind } from "../../core/message.ts";

/** Update kinds that we ask Telegram for; anything else is answered with 200 and left. */
export const ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"] as const;

export type Parsed =
  | {
      readonly ok: true;
      readonly updateId: number;
      readonly inbound: readonly Inbound[];
      /** A button press that Telegram shows as "loading" until it is answered. */
      readonly callbackId?: string;
    }
  | { readonly ok: false; readonly code: "telegram.not_an_update" };

// Only what decides where a reply goes is required. The rest may be missing or odd without losing her message.
const optionalText = z.string().optional().catch(undefined);
const id = z.number().int();
const userSchema = z.object({ id, is_bot: z.boolean().catch(false), language_code: optionalText });
const chatSchema = z.object({ id, type: z.string() });
const messageSchema = z.looseObject({
  message_id: id,
  date: z.number().catch(0),
  edit_date: z.number().catch(0),
  chat: chatSchema,
  from: userSchema.optional().catch(undefined),
  sender_chat: z.unknown().optional(),
  text: optionalText,
  caption: optionalText,
});
const callbackSchema = z.object({
  id: z.string(),
  from: userSchema,
  data: optionalText,
  message: z.object({ chat: chatSchema }).optional().catch(undefined),
});
const memberSchema = z.object({
  chat: chatSchema,
  from: userSchema,
  date: z.number().catch(0),
  new_chat_member: z.object({ status: z.string() }),
});
const updateSchema = z.looseObject({ update_id: id });

type TelegramMessage = z.infer<typeof messageSchema>;
type Head = Omit<Inbound, "content">;

/** Reads one update. `now` (epoch ms) stands in where Telegram gives no time. Throws nothing. */
export function parseUpdate(json: unknown, now: number): Parsed {
  const update = updateSchema.safeParse(json);
  if (!update.success) return { ok: false, code: "telegram.not_an_update" };
  const { update_id: updateId, ...kinds } = update.data;
  const key = String(updateId);
  // What is not there is not parsed: a fault costs ten times as much as a fit.
  const callback = kinds.callback_query === undefined ? null : callbackSchema.safeParse(kinds.callback_query);
  const one = callback?.success
    ? fromCallback(callback.data, key, now)
    : (fromMessage(kinds.message ?? kinds.channel_post, key, now) ??
      fromEdit(kinds.edited_message, key, now) ??
      fromMembership(kinds.my_chat_member, key, now));
  const inbound = one ? [one] : [];
  return { ok: true, updateId, inbound, ...(callback?.success ? { callbackId: callback.data.id } : {}) };
}

function fromMessage(json: unknown, key: string, now: number): Inbound | undefined {
  const read = messageSchema.safeParse(json);
  if (!read.success) return undefined;
  const message = read.data;
  const head = headOf(message, key, now);
  const refused = refusal(message.chat, message.from, message.sender_chat !== undefined);
  if (refused) return { ...head, content: refused };
  const content = contentOf(message);
  return content && { ...head, platformRef: String(message.message_id), content };
}

function fromEdit(json: unknown, key: string, now: number): Inbound | undefined {
  const read = messageSchema.safeParse(json);
  if (!read.success || refusal(read.data.chat, read.data.from, false)) return undefined;
  const message = read.data;
  const text = message.text ?? message.caption ?? richText(message.rich_message);
  // A moving live location is an edit too, without words.
  if (text === undefined) return undefined;
  const head = headOf(message, key, now);
  return {
    ...head,
    // By the date of what she has changed, danger that she tells now would be taken for words that came hours late.
    at: time(message.edit_date, head.at),
    platformRef: String(message.message_id),
    content: { kind: "edited", text },
  };
}

function fromCallback(
  callback: z.infer<typeof callbackSchema>,
  key: string,
  now: number,
): Inbound | undefined {
  // Without a message the button hung on an inline result, which we never send.
  if (callback.data === undefined || callback.message === undefined) return undefined;
  const chat = callback.message.chat;
  const content = refusal(chat, callback.from, false) ?? { kind: "choice", value: callback.data };
  // Telegram gives no time for a press; the message's own is that of our question.
  return { ...address(chat.id), key, at: now, ...hint(callback.from), content };
}

function fromMembership(json: unknown, key: string, now: number): Inbound | undefined {
  const read = memberSchema.safeParse(json);
  if (!read.success) return undefined;
  const { chat, from, date, new_chat_member: member } = read.data;
  const head: Head = { ...address(chat.id), key, at: time(date, now), ...hint(from) };
  const gone = member.status === "kicked" || member.status === "left";
  if (chat.type === "private") return gone ? { ...head, content: { kind: "left" } } : undefined;
  return gone ? undefined : { ...head, content: { kind: "refused", why: "group" } };
}

function headOf(message: TelegramMessage, key: string, now: number): Head {
  return { ...address(message.chat.id), key, at: time(message.date, now), ...hint(message.from) };
}

function address(chatId: number): { channel: "telegram"; address: string } {
  return { channel: "telegram", address: String(chatId) };
}

function time(seconds: number, now: number): number {
  return seconds > 0 ? seconds * 1000 : now;
}

function hint(from: z.infer<typeof userSchema> | undefined): { langHint?: string } {
  return from?.language_code === undefined ? {} : { langHint: from.language_code };
}

function refusal(
  chat: z.infer<typeof chatSchema>,
  from: z.infer<typeof userSchema> | undefined,
  bySenderChat: boolean,
): Content | undefined {
  if (chat.type !== "private" || bySenderChat) return { kind: "refused", why: "group" };
  return from?.is_bot ? { kind: "refused", why: "bot" } : undefined;
}

const START = /^\/start(?:@\w+)?(?:\s+([\s\S]*\S))?\s*$/i;

function contentOf(message: TelegramMessage): Content | undefined {
  const text = message.text ?? richText(message.rich_message);
  if (text !== undefined) {
    const start = START.exec(text);
    if (!start) return { kind: "text", text };
    return start[1] === undefined ? { kind: "arrived" } : { kind: "arrived", text: start[1] };
  }
  const media = mediaOf(message);
  if (media === undefined) return undefined;
  return message.caption === undefined
    ? { kind: "media", media }
    : { kind: "media", media, caption: message.caption };
}

/** Telegram's field → our kind. Order matters: an animation carries `document` too, a venue `location`. */
const MEDIA_FIELDS: readonly (readonly [field: string, kind: MediaKind])[] = [
  ["live_photo", "photo"],
  ["photo", "photo"],
  ["voice", "voice"],
  ["audio", "voice"],
  ["animation", "video"],
  ["video", "video"],
  ["video_note", "video"],
  ["sticker", "sticker"],
  ["document", "file"],
  ["location", "location"],
  ["venue", "location"],
  ["contact", "contact"],
];

/** Telegram's own notices in a private chat: nobody said anything, so nobody waits for an answer. */
const NOTICES: ReadonlySet<string> = new Set([
  "pinned_message",
  "message_auto_delete_timer_changed",
  "write_access_allowed",
  "connected_website",
  "chat_background_set",
  "proximity_alert_triggered",
  "boost_added",
  "forum_topic_created",
  "forum_topic_edited",
  "forum_topic_closed",
  "forum_topic_reopened",
  "general_forum_topic_hidden",
  "general_forum_topic_unhidden",
  "users_shared",
  "chat_shared",
  "web_app_data",
  "new_chat_title",
  "new_chat_photo",
  "delete_chat_photo",
  "migrate_to_chat_id",
  "migrate_from_chat_id",
]);

function mediaOf(message: TelegramMessage): MediaKind | undefined {
  const known = MEDIA_FIELDS.find(([field]) => message[field] !== undefined);
  if (known) return known[1];
  // Something that we do not know yet (a poll, a kind of next year): tell her kindly that only text is read.
  return isNotice(message) ? undefined : "other";
}

/** Is it Telegram's own line about the chat? */
export function isNotice(message: object): boolean {
  return Object.keys(message).some((field) => NOTICES.has(field));
}

/** The words of a rich message (headings, quotes, tables …), so that danger in it is heard like in plain text. */
function richText(json: unknown): string | undefined {
  const text = words(json, false, 0).trim();
  return text === "" ? undefined : text;
}

/** Fields of a rich message whose strings are words; a mention's `user` is a name and is not among them. */
const RICH_WORDS: ReadonlySet<string> = new Set(["text", "caption", "credit", "title", "summary"]);

function words(json: unknown, isText: boolean, depth: number): string {
  if (depth > 32) return "";
  if (typeof json === "string") return isText ? json : "";
  // Bold in the middle of a word makes an array of pieces: joined without a gap, or "da|o" would not be heard.
  if (Array.isArray(json)) return json.map((item) => words(item, isText, depth + 1)).join(isText ? "" : "\n");
  if (typeof json !== "object" || json === null) return "";
  return Object.entries(json)
    .map(([field, value]) => words(value, RICH_WORDS.has(field), depth + 1))
    .filter((found) => found !== "")
    .join("\n");
}
