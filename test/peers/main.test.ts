/** The stand-ins as a process of their own, as `npm run peers` starts them. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { BotApiControl } from "./bot-api/person.ts";
import { ZaloBotControl } from "./zalo-bot/person.ts";
import { ZaloOaControl } from "./zalo-oa/person.ts";

it("starts, prints the settings to use, and ends when asked", async () => {
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  const process_ = spawn(process.execPath, [main], {
    env: { ...process.env, PEER_TELEGRAM_PORT: "0", PEER_ZALO_BOT_PORT: "0", PEER_ZALO_OA_PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    let printed = "";
    for await (const chunk of process_.stdout) {
      printed += chunk;
      if (printed.includes("PEERS_READY")) break;
    }
    const rootOf = (name: string) => new RegExp(`^${name}=(.+)$`, "m").exec(printed)?.[1] ?? "";
    const her = await new BotApiControl(rootOf("TELEGRAM_API_ROOT")).person();
    await her.write("xin chào");
    expect(await her.history()).toMatchObject([{ text: "xin chào", from: "person" }]);
    const onZalo = [
      new ZaloBotControl(rootOf("ZALO_BOT_API_BASE")),
      new ZaloOaControl(rootOf("ZALO_OA_API_BASE")),
    ];
    for (const control of onZalo) expect((await control.person()).address).toMatch(/^\w+$/);
    const ended = once(process_, "exit");
    process_.kill("SIGTERM");
    expect((await ended)[0]).toBe(0);
  } finally {
    process_.kill("SIGKILL");
  }
}, 30_000);
