/** A smoke test against a Bot API stand-in that strangers wrote: telegram-test-api, in polling mode. */

import strangers from "telegram-test-api";
import { expect, it } from "vitest";
import { TelegramChannel } from "../../../bot/adapters/telegram/channel.ts";
import { outbound } from "../../contracts/channel.ts";
import { freePort } from "../../servers.ts";
import { hastyClock, keepingLog } from "../witness.ts";

interface StrangersClient {
  makeMessage(text: string): object;
  sendMessage(message: object): Promise<unknown>;
  getUpdates(): Promise<{ result: readonly { message: { text: string; reply_markup?: unknown } }[] }>;
}
interface StrangersServer {
  readonly config: { readonly apiURL: string };
  start(): Promise<void>;
  stop(): Promise<boolean>;
  getClient(token: string): StrangersClient;
}

it("a message comes in and its answer goes out, with buttons", async () => {
  // Its own types drag in those of its dependencies, which are not installed.
  const Server = strangers as unknown as new (config: object) => StrangersServer;
  // The stranger cannot choose a port itself.
  const server = new Server({ port: await freePort(), host: "127.0.0.1", storage: "RAM", storeTimeout: 60 });
  await server.start();
  const token = "1234567:strangers-token";
  const { log } = keepingLog();
  const channel = new TelegramChannel({
    token,
    apiRoot: server.config.apiURL,
    log,
    clock: hastyClock,
    timeoutMs: 3_000,
  });
  try {
    const got: string[] = [];
    await channel.start(async (inbound) => {
      for (const { address, content } of inbound) {
        if (content.kind === "text") got.push(content.text);
        const choices = [{ label: "Có", kind: "answer", value: "yes" }] as const;
        expect(
          await channel.send(address, outbound("Bạn có an toàn không?", { choices }), "vi"),
        ).toMatchObject({ ok: true });
      }
    });
    const client = server.getClient(token);
    await client.sendMessage(client.makeMessage("cứu em"));
    const { result } = await client.getUpdates();
    expect(got).toEqual(["cứu em"]);
    expect(result[0]?.message.text).toBe("Bạn có an toàn không?");
    expect(JSON.stringify(result[0]?.message.reply_markup)).toContain("yes");
  } finally {
    await channel.stop();
    await server.stop();
  }
}, 20_000);
