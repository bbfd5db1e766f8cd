/** Telegram through the suite of all channels. */

import { TelegramChannel } from "../../../bot/adapters/telegram/channel.ts";
import { type ChannelHarness, channelContract } from "../../contracts/channel.ts";
import { BotApiControl, type Fault } from "../../peers/bot-api/person.ts";
import { startBotApi } from "../../peers/bot-api/server.ts";
import { hastyClock, keepingLog } from "../witness.ts";

const SECRET = "made-up_secret-0001";
const FAULTS: Readonly<Record<"blocked" | "down" | "slow" | "broken", Fault>> = {
  blocked: { fault: "blocked" },
  down: { fault: "server_error" },
  slow: { fault: "hang", isDone: true },
  broken: { fault: "html", status: 200 },
};

channelContract("telegram", async (): Promise<ChannelHarness> => {
  const peer = await startBotApi();
  const control = new BotApiControl(peer.url);
  const { log, lines } = keepingLog();
  const webhook = { url: "http://127.0.0.1:9/hooks/telegram", secret: SECRET };
  const channel = new TelegramChannel({
    token: peer.token,
    apiRoot: peer.url,
    webhook,
    log,
    clock: hastyClock,
    timeoutMs: 400,
  });
  await channel.start(async () => undefined);
  let updateId = 1;
  return {
    channel,
    logged: lines,
    personal: ["Hoa", "hoa_thu_nghiem"],
    async person() {
      const person = await control.person();
      await person.start();
      return {
        address: person.address,
        seen: async () =>
          (await person.history())
            .filter((m) => m.from === "bot")
            .map((m) => [m.text, ...m.buttons.map((b) => b.text)].join("\n")),
      };
    },
    webhook: (text) => ({
      headers: { "x-telegram-bot-api-secret-token": SECRET },
      body: new TextEncoder().encode(
        JSON.stringify({
          update_id: updateId++,
          message: {
            message_id: 1,
            date: 1_795_329_530,
            chat: { id: 5, type: "private", first_name: "Hoa", username: "hoa_thu_nghiem" },
            from: { id: 5, is_bot: false, first_name: "Hoa", username: "hoa_thu_nghiem" },
            text,
          },
        }),
      ),
    }),
    forged: (request) => ({
      ...request,
      headers: { "x-telegram-bot-api-secret-token": `${SECRET.slice(0, -1)}x` },
    }),
    fail: (how) => control.fault({ ...FAULTS[how], method: "sendMessage" }),
    close: () => peer.close(),
  };
});
