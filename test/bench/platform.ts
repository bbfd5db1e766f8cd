/** A fake platform on loopback that accepts every call at once, and people who write to a webhook and wait for the answer. */

import { Agent, createServer, request, type Server } from "node:http";

export interface Platform {
  readonly url: string;
  /** Sends one update to a webhook; resolves when the bot's answer to this chat has arrived here. */
  turn(chat: number, text: string): Promise<number>;
  aim(webhook: string, secret: string): void;
  close(): Promise<void>;
}

export async function startPlatform(): Promise<Platform> {
  const waiting = new Map<number, () => void>();
  let target = { webhook: "", secret: "" };
  // The bots close a connection that stood idle for five seconds: ours does so before, and is never caught by it.
  const agent = new Agent({ keepAlive: true, timeout: 3_000 });
  let updates = 0;
  let messages = 0;
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => {
      body += piece;
    });
    request.on("end", () => {
      const method = request.url?.split("/").at(-1) ?? "";
      response.setHeader("content-type", "application/json");
      if (method !== "sendMessage") {
        const result =
          method === "getMe" ? { id: 1, is_bot: true, first_name: "Bench", username: "bench_bot" } : true;
        response.end(JSON.stringify({ ok: true, result }));
        return;
      }
      const { chat_id, text } = JSON.parse(body) as { chat_id: number | string; text: string };
      const chat = Number(chat_id);
      messages += 1;
      response.end(
        JSON.stringify({
          ok: true,
          result: { message_id: messages, date: 0, chat: { id: chat, type: "private" }, text },
        }),
      );
      waiting.get(chat)?.();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    aim(webhook, secret) {
      target = { webhook, secret };
    },
    async turn(chat, text) {
      updates += 1;
      const started = performance.now();
      const answered = new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no answer to chat ${chat} in 20 s`)), 20_000);
        waiting.set(chat, () => {
          clearTimeout(timer);
          waiting.delete(chat);
          resolve();
        });
      });
      const status = await post(
        agent,
        target.webhook,
        target.secret,
        JSON.stringify(update(updates, chat, text)),
      );
      if (status !== 200) throw new Error(`the webhook answered ${status}`);
      await answered;
      return performance.now() - started;
    },
    close: () =>
      new Promise((resolve) => {
        agent.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Node's own client, not fetch, which alone would cost as much as the bot beside it. The status. */
function post(agent: Agent, url: string, secret: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      {
        agent,
        method: "POST",
        headers: {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
          "x-telegram-bot-api-secret-token": secret,
        },
      },
      (response) => {
        response.resume();
        response.once("end", () => resolve(response.statusCode ?? 0));
        response.once("error", reject);
      },
    );
    asked.on("error", reject);
    asked.end(body);
  });
}

function update(id: number, chat: number, text: string) {
  const from = { id: chat, is_bot: false, first_name: "B", language_code: "vi" };
  return {
    update_id: id,
    message: {
      message_id: id,
      date: Math.floor(Date.now() / 1_000),
      chat: { id: chat, type: "private", first_name: "B" },
      from,
      text,
    },
  };
}
