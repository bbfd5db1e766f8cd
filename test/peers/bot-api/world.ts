/** The state behind the Bot API stand-in: people, chats, the bot's updates, its webhook and its profile. */

import { EventEmitter } from "node:events";

export type Json = Readonly<Record<string, unknown>>;

export interface ShownButton {
  readonly text: string;
  readonly style?: string;
  readonly callback_data?: string;
  readonly copy_text?: { readonly text: string };
  readonly url?: string;
}

export interface ChatMessage {
  readonly id: number;
  readonly byBot: boolean;
  /** Epoch ms on the stand-in's clock. */
  readonly at: number;
  /** The message as Telegram would show it to the bot. */
  raw: Record<string, unknown>;
  isDeleted: boolean;
}

export interface Chat {
  readonly id: number;
  readonly type: "private" | "group" | "supergroup" | "channel";
  readonly language: string | undefined;
  readonly isBotAccount: boolean;
  readonly messages: ChatMessage[];
  nextMessageId: number;
  /** Did the person ever write? A bot cannot begin. */
  hasBegun: boolean;
  hasBlocked: boolean;
  /** A supergroup with topics: by thread id; and who is in it, by account. */
  readonly topics: Map<number, { name: string }>;
  readonly members: Map<number, string>;
}

export interface Webhook {
  readonly url: string;
  readonly secret: string | undefined;
  readonly maxConnections: number;
  lastError?: { readonly at: number; readonly message: string };
}

/** An answer that goes wrong on purpose. `isDone`: the call takes effect first, only its answer is lost. */
export interface Fault {
  readonly fault:
    | "too_many"
    | "blocked"
    | "server_error"
    | "html"
    | "hang"
    | "cut"
    | "late"
    | "unauthorized"
    | "bad_request";
  /** Only calls of this method; absent: any but getUpdates. */
  readonly method?: string;
  readonly times?: number;
  /** How many fitting calls go well before. */
  readonly after?: number;
  readonly retryAfter?: number;
  /** "late": the call takes effect at once, its answer comes after this. */
  readonly lateMs?: number;
  readonly status?: number;
  readonly description?: string;
  readonly isDone?: boolean;
}

export interface Update {
  readonly update_id: number;
  readonly [kind: string]: unknown;
}

const NOT_SENT_BY_DEFAULT = new Set(["chat_member", "message_reaction", "message_reaction_count"]);

export class BotApiWorld {
  readonly token: string;
  readonly bot = { id: 4_242_000_001, is_bot: true, first_name: "Góc bếp", username: "goc_bep_bot" };
  readonly chats = new Map<number, Chat>();
  readonly profile = new Map<string, unknown>();
  /** Presses: callback id → what the bot answered, null while it has not. */
  readonly presses = new Map<string, Json | null>();
  /** Calls that broke the documented rules. A test that finds one here has found a bug of ours. */
  readonly violations: string[] = [];
  readonly calls: { readonly method: string; readonly params: Json; status: number }[] = [];
  readonly pending: Update[] = [];
  readonly faults: (Fault & { left: number; spared: number })[] = [];
  /** "update": something was added to `pending`; "webhook": it was set or deleted; "poll": a newer poll came. */
  readonly changed = new EventEmitter().setMaxListeners(0);
  webhook: Webhook | null = null;
  allowed: readonly string[] | undefined;
  lastUpdate: Update | undefined;
  #nextUpdateId = 700_000_001;
  #nextChatId = 5_100_000_001;
  #clockOffsetMs = 0;

  constructor(token: string) {
    this.token = token;
  }

  now(): number {
    return Date.now() + this.#clockOffsetMs;
  }

  advance(ms: number): void {
    this.#clockOffsetMs += ms;
  }

  addChat(how: { type?: Chat["type"]; language?: string | undefined; isBotAccount?: boolean }): Chat {
    const type = how.type ?? "private";
    const id = type === "private" ? this.#nextChatId++ : -this.#nextChatId++;
    const chat: Chat = {
      id,
      type,
      language: how.language,
      isBotAccount: how.isBotAccount ?? false,
      messages: [],
      nextMessageId: 1,
      hasBegun: false,
      hasBlocked: false,
      topics: new Map(),
      members: new Map(),
    };
    this.chats.set(id, chat);
    return chat;
  }

  /** A person with a name, so that a test can look for the name where it must not be. */
  userOf(chat: Chat): Json {
    return {
      id: Math.abs(chat.id),
      is_bot: chat.isBotAccount,
      first_name: "Hoa Thử Nghiệm",
      username: "hoa_thu_nghiem",
      ...(chat.language === undefined ? {} : { language_code: chat.language }),
    };
  }

  chatJson(chat: Chat): Json {
    return chat.type === "private"
      ? { id: chat.id, type: "private", first_name: "Hoa Thử Nghiệm", username: "hoa_thu_nghiem" }
      : { id: chat.id, type: chat.type, title: "Nhóm thử nghiệm" };
  }

  addMessage(chat: Chat, byBot: boolean, fields: Json): ChatMessage {
    const id = chat.nextMessageId++;
    const at = this.now();
    const raw = {
      message_id: id,
      date: Math.floor(at / 1000),
      chat: this.chatJson(chat),
      from: byBot ? this.bot : this.userOf(chat),
      ...fields,
    };
    const message: ChatMessage = { id, byBot, at, raw, isDeleted: false };
    chat.messages.push(message);
    return message;
  }

  addUpdate(kinds: Json): Update | undefined {
    const kind = Object.keys(kinds)[0] ?? "";
    const isWanted = this.allowed?.length ? this.allowed.includes(kind) : !NOT_SENT_BY_DEFAULT.has(kind);
    if (!isWanted) return undefined;
    const update = { update_id: this.#nextUpdateId++, ...kinds };
    this.lastUpdate = update;
    this.queue(update);
    return update;
  }

  /** Puts an update (also one that was delivered before) where the bot will get it. */
  queue(update: Update): void {
    this.pending.push(update);
    this.pending.sort((a, b) => a.update_id - b.update_id);
    this.changed.emit("update");
  }

  takeFault(method: string): Fault | undefined {
    const at = this.faults.findIndex((f) => (f.method ? f.method === method : method !== "getUpdates"));
    const fault = this.faults[at];
    if (!fault || fault.spared-- > 0) return undefined;
    fault.left -= 1;
    if (fault.left <= 0) this.faults.splice(at, 1);
    return fault;
  }
}
