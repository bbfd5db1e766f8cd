/** What a test may do to the Bot API stand-in: be a person, make things go wrong, look. Each verb takes and gives JSON. */

import { post } from "./delivery.ts";
import { MEDIA } from "./samples.ts";
import type { BotApiWorld, Chat, Fault, Json, ShownButton } from "./world.ts";

export interface SeenMessage {
  readonly id: number;
  readonly from: "bot" | "person";
  readonly text: string;
  /** Row by row, from top to bottom. */
  readonly buttons: readonly ShownButton[];
  readonly isProtected: boolean;
}

type Verb = (world: BotApiWorld, ask: Json) => unknown | Promise<unknown>;

export const VERBS: Readonly<Record<string, Verb>> = {
  person: (world, ask) => ({ chat: world.addChat(ask as { language?: string }).id }),
  /** A supergroup with topics, in which the bot is an administrator. */
  forum(world, ask) {
    const made = world.addChat({ type: "supergroup" });
    made.hasBegun = true;
    for (const account of (ask.members ?? []) as readonly number[]) made.members.set(account, "member");
    return { chat: made.id };
  },
  leave(world, ask) {
    chat(world, ask).members.set(Number(ask.account), "left");
    return {};
  },
  /** Somebody writes in a topic. */
  post(world, ask) {
    const within = chat(world, ask);
    const from = { id: Number(ask.account), is_bot: false, first_name: "Hoa Thử Nghiệm" };
    const thread = Number(ask.topic);
    const fields = { from, text: ask.text, message_thread_id: thread, is_topic_message: true };
    const message = world.addMessage(within, false, fields);
    world.addUpdate({ message: message.raw });
    return { message: message.id };
  },
  topics: (world, ask) => ({
    topics: [...chat(world, ask).topics].map(([topic, { name }]) => ({
      topic,
      name,
      texts: chat(world, ask)
        .messages.filter((m) => m.raw.message_thread_id === topic && !m.isDeleted)
        .map((m) => String(m.raw.text)),
    })),
  }),
  write: (world, ask) => say(world, chat(world, ask), { text: ask.text }),
  start: (world, ask) =>
    say(world, chat(world, ask), {
      text: ask.payload === undefined ? "/start" : `/start ${String(ask.payload)}`,
      entities: [{ type: "bot_command", offset: 0, length: 6 }],
    }),
  media(world, ask) {
    const sample = MEDIA[String(ask.media)];
    if (!sample) throw new Error(`no sample of ${String(ask.media)}`);
    return say(world, chat(world, ask), {
      ...sample,
      ...(ask.caption === undefined ? {} : { caption: ask.caption }),
    });
  },
  edit(world, ask) {
    const message = chat(world, ask).messages.find((m) => m.id === ask.message);
    if (!message) throw new Error("no such message");
    message.raw = { ...message.raw, text: ask.text, edit_date: Math.floor(world.now() / 1000) };
    world.addUpdate({ edited_message: message.raw });
    return {};
  },
  tap(world, ask) {
    const within = chat(world, ask);
    const wanted = String(ask.button);
    for (const message of [...within.messages].reverse()) {
      const button = message.isDeleted
        ? undefined
        : buttonsOf(message.raw).find((b) => b.text.includes(wanted));
      if (!button) continue;
      if (button.copy_text) return { copied: button.copy_text.text };
      if (button.url) return { opened: button.url };
      return { press: press(world, within, message.raw, button.callback_data) };
    }
    throw new Error(`nobody can see a button "${wanted}"`);
  },
  pressed: (world, ask) => ({ answered: world.presses.get(String(ask.press)) !== null }),
  block: (world, ask) => membership(world, chat(world, ask), true),
  unblock: (world, ask) => membership(world, chat(world, ask), false),
  history: (world, ask) => ({
    messages: chat(world, ask)
      .messages.filter((m) => !m.isDeleted)
      .map(seen),
  }),
  /** Any update, as a platform may one day send it. */
  update: (world, ask) => world.addUpdate(ask) ?? {},
  /** Delivers the last update a second time. */
  async repeat(world) {
    if (!world.lastUpdate) throw new Error("nothing was sent yet");
    if (!world.webhook) {
      world.queue(world.lastUpdate);
      return {};
    }
    // What was never delivered is not repeated: it would overtake what waits before it, which Telegram does not do.
    if (world.pending.includes(world.lastUpdate)) return {};
    return { status: await post(world.webhook, world.lastUpdate, new AbortController().signal) };
  },
  fault(world, ask) {
    const fault = ask as unknown as Fault;
    world.faults.push({ ...fault, left: fault.times ?? 1, spared: fault.after ?? 0 });
    return {};
  },
  clock(world, ask) {
    world.advance(Number(ask.advanceMs));
    return { now: world.now() };
  },
  calls: (world, ask) => ({ calls: world.calls.filter((c) => !ask.method || c.method === ask.method) }),
  violations: (world) => ({ violations: world.violations }),
  forgive(world) {
    world.violations.length = 0;
    return {};
  },
  state: (world) => ({
    webhook: world.webhook,
    pending: world.pending.length,
    allowed: world.allowed ?? null,
    profile: Object.fromEntries(world.profile),
  }),
};

function chat(world: BotApiWorld, ask: Json): Chat {
  const found = world.chats.get(Number(ask.chat));
  if (!found) throw new Error("no such chat");
  return found;
}

function say(world: BotApiWorld, within: Chat, fields: Json): Json {
  if (within.hasBlocked) throw new Error("she blocked the bot; she has to unblock it first");
  within.hasBegun = true;
  const message = world.addMessage(within, false, fields);
  world.addUpdate({ [within.type === "channel" ? "channel_post" : "message"]: message.raw });
  return { message: message.id };
}

function press(world: BotApiWorld, within: Chat, raw: Json, data: string | undefined): string {
  const id = `press${world.presses.size + 1}.${world.now()}`;
  world.presses.set(id, null);
  world.addUpdate({
    callback_query: { id, from: world.userOf(within), chat_instance: "1", message: raw, data },
  });
  return id;
}

function membership(world: BotApiWorld, within: Chat, isBlocked: boolean): Json {
  within.hasBlocked = isBlocked;
  const member = (status: string) => ({
    user: world.bot,
    status,
    ...(status === "kicked" ? { until_date: 0 } : {}),
  });
  world.addUpdate({
    my_chat_member: {
      chat: world.chatJson(within),
      from: world.userOf(within),
      date: Math.floor(world.now() / 1000),
      old_chat_member: member(isBlocked ? "member" : "kicked"),
      new_chat_member: member(isBlocked ? "kicked" : "member"),
    },
  });
  return {};
}

function seen(message: Chat["messages"][number]): SeenMessage {
  return {
    id: message.id,
    from: message.byBot ? "bot" : "person",
    text: String(message.raw.text ?? message.raw.caption ?? ""),
    buttons: buttonsOf(message.raw),
    isProtected: message.raw.has_protected_content === true,
  };
}

function buttonsOf(raw: Json): readonly ShownButton[] {
  const markup = raw.reply_markup as
    | { readonly inline_keyboard?: readonly (readonly ShownButton[])[] }
    | undefined;
  return markup?.inline_keyboard?.flat() ?? [];
}
