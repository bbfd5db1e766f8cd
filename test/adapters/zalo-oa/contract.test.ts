/** Zalo OA through the suite of all channels. */

import { ZaloOaChannel } from "../../../bot/adapters/zalo-oa/channel.ts";
import { type ChannelHarness, channelContract } from "../../contracts/channel.ts";
import type { Fault } from "../../peers/stand-in.ts";
import { ZaloOaControl } from "../../peers/zalo-oa/person.ts";
import { eventOf } from "../../peers/zalo-oa/samples.ts";
import { signatureOf, startZaloOa, ZALO_OA } from "../../peers/zalo-oa/server.ts";
import { hastyClock, keepingLog } from "../witness.ts";
import { MemoryShelf } from "./shelf.ts";

const FAULTS: Readonly<Record<"blocked" | "down" | "slow" | "broken", Omit<Fault, "path">>> = {
  blocked: { fault: "answer", json: { error: -244, message: "User has restricted" } },
  down: { fault: "html" },
  slow: { fault: "hang", isDone: true },
  broken: { fault: "html", status: 200 },
};

channelContract("zalo-oa", async (): Promise<ChannelHarness> => {
  const peer = await startZaloOa();
  const control = new ZaloOaControl(peer.url);
  const { log, lines } = keepingLog();
  const channel = new ZaloOaChannel({
    ...ZALO_OA,
    apiBase: peer.url,
    oauthBase: peer.url,
    shelf: new MemoryShelf(),
    log,
    clock: hastyClock,
    timeoutMs: 400,
  });
  await channel.start(async () => undefined);
  let msgId = 1;
  return {
    channel,
    logged: lines,
    personal: ["552", "example.org"],
    async person() {
      const person = await control.person();
      await person.write("xin chào");
      return {
        address: person.address,
        seen: async () => (await person.history()).map((m) => m.text),
      };
    },
    webhook(text) {
      const timestamp = String(Date.now());
      const facts = { ...ZALO_OA, userId: "246", msgId: `m${msgId++}`, timestamp, text };
      const body = JSON.stringify(eventOf("user_send_text", facts));
      const header = signatureOf(body, timestamp, { first: ZALO_OA.appId, key: ZALO_OA.oaSecretKey });
      return { headers: { "x-zevent-signature": header }, body: new TextEncoder().encode(body) };
    },
    forged: ({ headers, body }) => ({ headers, body: body.with(body.length - 4, 0x20) }),
    fail: async (how) => void (await control.fault({ ...FAULTS[how], path: "/message/cs" })),
    close: () => peer.close(),
  };
});
