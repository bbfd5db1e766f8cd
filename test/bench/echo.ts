/** The bare thing that we are compared with: a grammY echo bot with session storage in files, behind a webhook. */

import { createServer } from "node:http";
import { FileAdapter } from "@grammyjs/storage-file";
import { Bot, type Context, type SessionFlavor, session, webhookCallback } from "grammy";

type Echo = Context & SessionFlavor<{ n: number }>;

const [apiRoot = "", folder = "", secret = ""] = process.argv.slice(2);
const bot = new Bot<Echo>("1:bench", {
  client: { apiRoot },
  botInfo: {
    id: 1,
    is_bot: true,
    first_name: "Bench",
    username: "bench_bot",
    can_join_groups: false,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
    has_topics_enabled: false,
    allows_users_to_create_topics: false,
    can_manage_bots: false,
    supports_guest_queries: false,
    supports_join_request_queries: false,
  },
});
bot.use(session({ initial: () => ({ n: 0 }), storage: new FileAdapter<{ n: number }>({ dirName: folder }) }));
bot.on("message:text", async (ctx) => {
  ctx.session.n += 1;
  await ctx.api.sendMessage(ctx.chat.id, ctx.message.text);
});
const server = createServer(webhookCallback(bot, "http", { secretToken: secret }));
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`PORT ${typeof address === "object" && address ? address.port : 0}\n`);
});
