/** The Bot API methods that the stand-in plays, each with Telegram's own sentences when it says no. */

import { badRequest, Refusal } from "./refusal.ts";
import type { BotApiWorld, Chat, ChatMessage, Json, Update } from "./world.ts";

const DELETABLE_MS = 48 * 3_600_000;
const PRESS_LIVES_MS = 10 * 60_000;

export type Method = (world: BotApiWorld, params: Json, gone: AbortSignal) => unknown | Promise<unknown>;

export const METHODS: Readonly<Record<string, Method>> = {
  getMe: (world) => ({
    ...world.bot,
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
    has_topics_enabled: false,
  }),
  getUpdates,
  setWebhook(world, params) {
    const url = String(params.url);
    world.allowed = (params.allowed_updates as readonly string[] | undefined) ?? world.allowed;
    if (params.drop_pending_updates) world.pending.length = 0;
    world.webhook =
      url === ""
        ? null
        : {
            url,
            secret: params.secret_token as string | undefined,
            maxConnections: Number(params.max_connections ?? 40),
          };
    world.changed.emit("webhook");
    return true;
  },
  deleteWebhook(world, params) {
    world.webhook = null;
    if (params.drop_pending_updates) world.pending.length = 0;
    world.changed.emit("webhook");
    return true;
  },
  getWebhookInfo: (world) => ({
    url: world.webhook?.url ?? "",
    has_custom_certificate: false,
    pending_update_count: world.pending.length,
    ...(world.webhook ? { max_connections: world.webhook.maxConnections } : {}),
    ...(world.allowed ? { allowed_updates: world.allowed } : {}),
    ...(world.webhook?.lastError
      ? {
          last_error_date: Math.floor(world.webhook.lastError.at / 1000),
          last_error_message: world.webhook.lastError.message,
        }
      : {}),
  }),
  createForumTopic(world, params) {
    const chat = reachable(world, params);
    if (chat.type !== "supergroup") throw badRequest("the chat is not a forum");
    const thread = chat.nextMessageId++;
    chat.topics.set(thread, { name: String(params.name) });
    return { message_thread_id: thread, name: params.name, icon_color: 7322096 };
  },
  editForumTopic(world, params) {
    const topic = topicOf(world, params);
    if (topic.name === params.name) throw badRequest("TOPIC_NOT_MODIFIED");
    topic.name = String(params.name);
    return true;
  },
  /** With all messages in it, whoever wrote them and however old. */
  deleteForumTopic(world, params) {
    topicOf(world, params);
    const chat = chatOf(world, params);
    chat.topics.delete(Number(params.message_thread_id));
    for (const message of chat.messages)
      if (message.raw.message_thread_id === params.message_thread_id) message.isDeleted = true;
    return true;
  },
  getChatMember(world, params) {
    const status = chatOf(world, params).members.get(Number(params.user_id));
    if (status === undefined) throw badRequest("PARTICIPANT_ID_INVALID");
    return { status, user: { id: params.user_id, is_bot: false, first_name: "Hoa Thử Nghiệm" } };
  },
  sendMessage(world, params) {
    const chat = reachable(world, params);
    if (params.message_thread_id !== undefined) topicOf(world, params);
    const message = world.addMessage(chat, true, {
      text: String(params.text).trim(),
      ...(params.reply_markup ? { reply_markup: params.reply_markup } : {}),
      ...(params.message_thread_id === undefined
        ? {}
        : { message_thread_id: params.message_thread_id, is_topic_message: true }),
      ...(params.protect_content ? { has_protected_content: true } : {}),
      ...(params.link_preview_options ? { link_preview_options: params.link_preview_options } : {}),
    });
    return message.raw;
  },
  sendChatAction(world, params) {
    reachable(world, params);
    return true;
  },
  editMessageText(world, params) {
    const message = ownMessage(world, params);
    const isSame =
      message.raw.text === params.text &&
      JSON.stringify(message.raw.reply_markup) === JSON.stringify(params.reply_markup);
    if (isSame) {
      throw badRequest(
        "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
      );
    }
    message.raw = {
      ...message.raw,
      text: params.text,
      reply_markup: params.reply_markup,
      edit_date: seconds(world),
    };
    return message.raw;
  },
  editMessageReplyMarkup(world, params) {
    const message = ownMessage(world, params);
    message.raw = { ...message.raw, reply_markup: params.reply_markup, edit_date: seconds(world) };
    return message.raw;
  },
  deleteMessage(world, params) {
    const chat = chatOf(world, params);
    const message = chat.messages.find((m) => m.id === params.message_id && !m.isDeleted);
    if (!message) throw badRequest("message to delete not found");
    if (!isDeletable(world, chat, message)) throw badRequest("message can't be deleted");
    message.isDeleted = true;
    return true;
  },
  deleteMessages(world, params) {
    const chat = chatOf(world, params);
    const ids = params.message_ids as readonly number[];
    const found = chat.messages.filter((m) => ids.includes(m.id) && !m.isDeleted);
    if (found.some((m) => !isDeletable(world, chat, m))) throw badRequest("message can't be deleted");
    for (const message of found) message.isDeleted = true;
    return true;
  },
  answerCallbackQuery(world, params) {
    const id = String(params.callback_query_id);
    const at = Number(id.split(".")[1]);
    if (!world.presses.has(id) || world.now() - at > PRESS_LIVES_MS) {
      throw badRequest("query is too old and response timeout expired or query ID is invalid");
    }
    world.presses.set(id, params);
    return true;
  },
  ...profileField("Name", "name"),
  ...profileField("Description", "description"),
  ...profileField("ShortDescription", "short_description"),
  setMyCommands: (world, params) => setProfile(world, `commands ${scopeKey(params)}`, params.commands),
  getMyCommands: (world, params) => world.profile.get(`commands ${scopeKey(params)}`) ?? [],
  deleteMyCommands: (world, params) => setProfile(world, `commands ${scopeKey(params)}`, []),
};

function profileField(title: string, field: string): Record<string, Method> {
  const keyOf = (params: Json) => `${field} ${String(params.language_code ?? "")}`;
  return {
    [`setMy${title}`]: (world, params) => setProfile(world, keyOf(params), params[field] ?? ""),
    // A language without a text of its own shows the one for everybody.
    [`getMy${title}`]: (world, params) => ({
      [field]:
        world.profile.get(keyOf(params)) ||
        world.profile.get(`${field} `) ||
        (field === "name" ? world.bot.first_name : ""),
    }),
  };
}

function scopeKey(params: Json): string {
  return `${String(params.language_code ?? "")} ${JSON.stringify(params.scope ?? { type: "default" })}`;
}

function setProfile(world: BotApiWorld, key: string, value: unknown): true {
  world.profile.set(key, value);
  return true;
}

function seconds(world: BotApiWorld): number {
  return Math.floor(world.now() / 1000);
}

/** Long poll: what is confirmed by `offset` is forgotten, the rest stays and comes again until it is. */
async function getUpdates(world: BotApiWorld, params: Json, gone: AbortSignal): Promise<readonly Update[]> {
  if (world.webhook) {
    throw new Refusal(
      409,
      "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    );
  }
  if (params.allowed_updates) world.allowed = params.allowed_updates as readonly string[];
  world.changed.emit("poll");
  const offset = Number(params.offset ?? 0);
  confirm(world, offset);
  const until = Date.now() + Number(params.timeout ?? 0) * 1000;
  while (world.pending.length === 0 && Date.now() < until && !gone.aborted) {
    const event = await nextChange(world, until - Date.now(), gone);
    if (event === "poll") {
      throw new Refusal(
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
      );
    }
    if (event === "webhook") throw new Refusal(409, "Conflict: terminated by setWebhook request");
  }
  return world.pending.slice(0, Number(params.limit ?? 100));
}

function confirm(world: BotApiWorld, offset: number): void {
  if (offset < 0) world.pending.splice(0, Math.max(0, world.pending.length + offset));
  if (offset > 0) {
    const keep = world.pending.filter((update) => update.update_id >= offset);
    world.pending.splice(0, world.pending.length, ...keep);
  }
}

function nextChange(world: BotApiWorld, ms: number, gone: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const names = ["update", "poll", "webhook"];
    const end = (what: string) => {
      clearTimeout(timer);
      for (const [n, name] of names.entries()) world.changed.off(name, listeners[n] ?? (() => undefined));
      resolve(what);
    };
    const listeners = names.map((name) => () => end(name));
    const timer = setTimeout(() => end("time"), Math.max(0, ms));
    for (const [n, name] of names.entries()) world.changed.on(name, listeners[n] ?? (() => undefined));
    gone.addEventListener("abort", () => end("gone"), { once: true });
  });
}

function chatOf(world: BotApiWorld, params: Json): Chat {
  const chat = world.chats.get(Number(params.chat_id));
  if (!chat) throw badRequest("chat not found");
  return chat;
}

function reachable(world: BotApiWorld, params: Json): Chat {
  const chat = chatOf(world, params);
  if (chat.hasBlocked) throw new Refusal(403, "Forbidden: bot was blocked by the user");
  if (!chat.hasBegun) throw new Refusal(403, "Forbidden: bot can't initiate conversation with a user");
  return chat;
}

function topicOf(world: BotApiWorld, params: Json): { name: string } {
  const topic = chatOf(world, params).topics.get(Number(params.message_thread_id));
  if (!topic) throw badRequest("message thread not found");
  return topic;
}

function ownMessage(world: BotApiWorld, params: Json): ChatMessage {
  const message = chatOf(world, params).messages.find((m) => m.id === params.message_id && !m.isDeleted);
  if (!message) throw badRequest("message to edit not found");
  if (!message.byBot) throw badRequest("message can't be edited");
  return message;
}

/** Both sides' messages in a private chat, the bot's own in a group; younger than 48 hours. */
function isDeletable(world: BotApiWorld, chat: Chat, message: ChatMessage): boolean {
  return world.now() - message.at < DELETABLE_MS && (message.byBot || chat.type === "private");
}
