/** The webhook of the running service: what is not from the platform, not what it sends, too large, or sent twice. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BotApiControl } from "../peers/bot-api/person.ts";
import { startBotApi } from "../peers/bot-api/server.ts";
import { type Running, startService } from "../running.ts";
import { freePort } from "../servers.ts";

const SECRET = "a-secret-of-the-test";

describe("/hooks/telegram", () => {
  let peer: Awaited<ReturnType<typeof startBotApi>>;
  let control: BotApiControl;
  let service: Running;

  beforeAll(async () => {
    peer = await startBotApi({ port: 0 });
    control = new BotApiControl(peer.url);
    const port = String(await freePort());
    service = await startService({
      PORT: port,
      TELEGRAM_BOT_TOKEN: peer.token,
      TELEGRAM_API_ROOT: peer.url,
      TELEGRAM_WEBHOOK_SECRET: SECRET,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
    });
  });
  afterAll(async () => {
    await service?.remove();
    await peer?.close();
  });

  function post(body: string, secret: string | null = SECRET): Promise<Response> {
    return fetch(`${service.url}/hooks/telegram`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(secret === null ? {} : { "x-telegram-bot-api-secret-token": secret }),
      },
      body,
    });
  }

  it.each([
    ["a missing secret", () => post("{}", null), 401],
    ["a wrong secret", () => post("{}", `${SECRET}x`), 401],
    ["broken JSON", () => post("{"), 400],
    ["5 MB", () => post(JSON.stringify({ update_id: 1, x: "x".repeat(5_000_000) })), 413],
  ] as const)("refuses %s", async (_, send, status) => {
    expect((await send()).status).toBe(status);
  });

  it("takes the same update once, however often and late it comes", async () => {
    const person = await control.person();
    await person.write("alo");
    await person.waitFor(/an toàn không\?/);
    await control.repeatLast();
    await control.repeatLast();
    await person.write("có");
    await person.waitFor(/Điều nào gần/);
    expect((await person.history()).filter((m) => m.from === "bot")).toHaveLength(2);
  });

  it("hears danger in an edited message, and takes it for no new answer", async () => {
    const person = await control.person();
    const id = await person.write("alo");
    await person.waitFor(/an toàn không\?/);
    await person.edit(id, "nó đang cầm dao ngoài cửa");
    await person.waitFor(/113[\s\S]*115/);
  });

  it("goes on after the platform refused, answered nonsense, or said nothing", async () => {
    const person = await control.person();
    await person.write("alo");
    await person.waitFor(/an toàn không\?/);
    for (const fault of ["too_many", "server_error", "html"] as const) {
      await control.fault({ fault, method: "sendMessage", times: 1 });
    }
    await person.write("có");
    await person.waitFor(/Điều nào gần/, 25_000);
    expect(service.output()).not.toContain(peer.token);
  });
});
