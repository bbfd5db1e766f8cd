/** Zalo Bot through the suite of all channels. */

import { ZaloBotChannel } from "../../../bot/adapters/zalo-bot/channel.ts";
import { type ChannelHarness, channelContract } from "../../contracts/channel.ts";
import type { Fault } from "../../peers/stand-in.ts";
import { ZaloBotControl } from "../../peers/zalo-bot/person.ts";
import { startZaloBot, ZALO_BOT_TOKEN } from "../../peers/zalo-bot/server.ts";
import { hastyClock, keepingLog } from "../witness.ts";

const SECRET = "made-up_secret-0004";
const FAULTS: Readonly<Record<"blocked" | "down" | "slow" | "broken", Omit<Fault, "path">>> = {
  blocked: { fault: "cut" },
  down: { fault: "html" },
  slow: { fault: "hang", isDone: true },
  broken: { fault: "html", status: 200 },
};

channelContract(
  "zalo-bot",
  async (): Promise<ChannelHarness> => {
    const peer = await startZaloBot();
    const control = new ZaloBotControl(peer.url);
    const { log, lines } = keepingLog();
    const webhook = { url: "http://127.0.0.1:9/hooks/zalo-bot", secret: SECRET };
    const channel = new ZaloBotChannel({
      token: ZALO_BOT_TOKEN,
      apiBase: peer.url,
      webhook,
      log,
      clock: hastyClock,
      timeoutMs: 400,
    });
    await channel.start(async () => undefined);
    let messageId = 1;
    return {
      channel,
      logged: lines,
      personal: ["Mai"],
      async person() {
        const person = await control.person();
        await person.write("xin chào");
        return { address: person.address, seen: () => person.history() };
      },
      webhook: (text) => ({
        headers: { "x-bot-api-secret-token": SECRET },
        body: new TextEncoder().encode(
          JSON.stringify({
            event_name: "message.text.received",
            message: {
              message_id: `m${messageId++}`,
              date: 1_795_329_530_000,
              from: { id: "6ede", display_name: "Mai", is_bot: false },
              chat: { id: "6ede", chat_type: "PRIVATE" },
              text,
            },
          }),
        ),
      }),
      forged: (request) => ({ ...request, headers: { "x-bot-api-secret-token": `${SECRET.slice(0, -1)}x` } }),
      fail: async (how) => void (await control.fault({ ...FAULTS[how], path: "/sendMessage" })),
      close: () => peer.close(),
    };
  },
  { blocked: "(Zalo Bot documents no answer for it)" },
);
