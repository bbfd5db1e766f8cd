/** The bare thing with many machines: a grammY echo bot whose sessions lie in Redis, as @grammyjs/storage-redis keeps them. */

import { createServer } from "node:http";
import { Bot, type Context, type SessionFlavor, type StorageAdapter, session, webhookCallback } from "grammy";
import { createClient } from "redis";

interface Kept {
  n: number;
}

const [apiRoot = "", redisUrl = "", secret = ""] = process.argv.slice(2);
const redis = createClient({ url: redisUrl });
await redis.connect();
const storage: StorageAdapter<Kept> = {
  async read(key) {
    const text = await redis.get(key);
    return text === null ? undefined : (JSON.parse(text) as Kept);
  },
  write: async (key, value) => void (await redis.set(key, JSON.stringify(value))),
  delete: async (key) => void (await redis.del(key)),
};
const bot = new Bot<Context & SessionFlavor<Kept>>("1:bench", { client: { apiRoot } });
// Only what grammY reads of itself.
bot.botInfo = { id: 1, is_bot: true, first_name: "Bench", username: "bench_bot" } as typeof bot.botInfo;
bot.use(session({ initial: () => ({ n: 0 }), storage }));
bot.on("message:text", async (ctx) => {
  ctx.session.n += 1;
  await ctx.api.sendMessage(ctx.chat.id, ctx.message.text);
});
const server = createServer(webhookCallback(bot, "http", { secretToken: secret }));
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`PORT ${typeof address === "object" && address ? address.port : 0}\n`);
});
