/** A fake platform on loopback that accepts every call at once, and people who write to a webhook and wait for the answer. */

import { createServer, type Server } from "node:http";

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
      const response = await fetch(target.webhook, {
        method: "POST",
        headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": target.secret },
        body: JSON.stringify(update(updates, chat, text)),
      });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`the webhook answered ${response.status}`);
      await answered;
      return performance.now() - started;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function update(id: number, chat: number, text: string) {
  const from = { id: chat, is_bot: false, first_name: "B", language_code: "vi" };
  return {
    update_id: id,
    message: { message_id: id, date: 1, chat: { id: chat, type: "private", first_name: "B" }, from, text },
  };
}
