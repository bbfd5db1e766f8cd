/**
 * The bare thing on many machines: a grammY echo bot with sessions in Redis. `--conversations`: the same words back through
 * @grammyjs/conversations, eight questions to a conversation, with the same storage.
 */

import { createServer } from "node:http";
import {
  type Conversation,
  type ConversationFlavor,
  conversations,
  createConversation,
} from "@grammyjs/conversations";
import { RedisAdapter } from "@grammyjs/storage-redis";
import { Bot, type Context, type SessionFlavor, session, webhookCallback } from "grammy";
import { createClient } from "redis";

type Echo = ConversationFlavor<Context & SessionFlavor<{ n: number }>>;
/** As many questions as the bench has words; then the conversation ends and the next message begins another. */
const QUESTIONS = 8;

const [apiRoot = "", redisUrl = "", secret = "", kind = ""] = process.argv.slice(2);
const redis = createClient({ url: redisUrl });
await redis.connect();
// Of a client it calls get, set and del, which are the same in both of Node's.
const instance = redis as unknown as NonNullable<ConstructorParameters<typeof RedisAdapter>[0]["instance"]>;
const bot = new Bot<Echo>("1:bench", { client: { apiRoot } });
// Only what grammY reads of itself.
bot.botInfo = { id: 1, is_bot: true, first_name: "Bench", username: "bench_bot" } as typeof bot.botInfo;
if (kind === "--conversations") talk();
else echo();
const server = createServer(webhookCallback(bot, "http", { secretToken: secret }));
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`PORT ${typeof address === "object" && address ? address.port : 0}\n`);
});

function echo(): void {
  bot.use(session({ initial: () => ({ n: 0 }), storage: new RedisAdapter<{ n: number }>({ instance }) }));
  bot.on("message:text", async (ctx) => {
    ctx.session.n += 1;
    await ctx.api.sendMessage(ctx.chat.id, ctx.message.text);
  });
}

function talk(): void {
  bot.use(conversations<Echo, Context>({ storage: new RedisAdapter({ instance }) }));
  bot.use(createConversation<Echo, Context>(ask, "ask"));
  bot.on("message:text", (ctx) => ctx.conversation.enter("ask"));
}

async function ask(conversation: Conversation<Echo, Context>, first: Context): Promise<void> {
  const answers: string[] = [];
  let ctx = first;
  for (;;) {
    const words = ctx.message?.text ?? "";
    answers.push(words);
    await ctx.reply(words);
    if (answers.length === QUESTIONS) return;
    ctx = await conversation.waitFor("message:text");
  }
}
