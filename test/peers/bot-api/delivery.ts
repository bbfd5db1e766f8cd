/** Webhook delivery: in order within a chat, with the secret header, again and again until the bot says 2xx. */

import type { BotApiWorld, Update, Webhook } from "./world.ts";

const FIRST_RETRY_MS = 150;
const MAX_RETRY_MS = 2_000;
const ANSWER_MS = 15_000;

/** Starts delivering what is pending; returns the function that ends it. */
export function deliverWebhooks(world: BotApiWorld): () => void {
  const end = new AbortController();
  const busyChats = new Set<string>();
  const flush = () => {
    if (end.signal.aborted || !world.webhook) return;
    for (const update of [...world.pending]) {
      const chat = chatKey(update);
      if (busyChats.size >= world.webhook.maxConnections) return;
      if (busyChats.has(chat)) continue;
      busyChats.add(chat);
      void deliverOne(world, update, end.signal).finally(() => {
        busyChats.delete(chat);
        flush();
      });
    }
  };
  world.changed.on("update", flush);
  world.changed.on("webhook", flush);
  return () => {
    end.abort();
    world.changed.off("update", flush);
    world.changed.off("webhook", flush);
  };
}

/** Posts one update as Telegram does; the status, or a word for why there is none. Also used to post a duplicate. */
export async function post(webhook: Webhook, update: unknown, end: AbortSignal): Promise<number | string> {
  try {
    const response = await fetch(webhook.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(webhook.secret === undefined ? {} : { "x-telegram-bot-api-secret-token": webhook.secret }),
      },
      body: JSON.stringify(update),
      signal: AbortSignal.any([end, AbortSignal.timeout(ANSWER_MS)]),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return "Connection failed or timed out";
  }
}

async function deliverOne(world: BotApiWorld, update: Update, end: AbortSignal): Promise<void> {
  for (let wait = FIRST_RETRY_MS; !end.aborted && world.webhook; wait = Math.min(MAX_RETRY_MS, wait * 2)) {
    const webhook = world.webhook;
    const status = await post(webhook, update, end);
    if (typeof status === "number" && status >= 200 && status < 300) {
      const at = world.pending.indexOf(update);
      if (at >= 0) world.pending.splice(at, 1);
      return;
    }
    webhook.lastError = {
      at: world.now(),
      message: typeof status === "number" ? `Wrong response from the webhook: ${status}` : status,
    };
    await new Promise((resolve) => setTimeout(resolve, wait).unref());
  }
}

function chatKey(update: Update): string {
  const found = /"chat":\{"id":(-?\d+)/.exec(JSON.stringify(update));
  return found?.[1] ?? String(update.update_id);
}
