/** The main job from the first word to a human and back, through real grammY against a strict Bot API server. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BotApiControl, type BotApiPerson } from "../peers/bot-api/person.ts";
import { startBotApi } from "../peers/bot-api/server.ts";
import { type Running, StaffClient, startService } from "../running.ts";
import { freePort } from "../servers.ts";

describe.each(["polling", "webhook"] as const)("the journey on Telegram by %s", (mode) => {
  let peer: Awaited<ReturnType<typeof startBotApi>>;
  let control: BotApiControl;
  let service: Running;

  beforeAll(async () => {
    peer = await startBotApi({ port: 0 });
    control = new BotApiControl(peer.url);
    const port = String(await freePort());
    const webhook = {
      TELEGRAM_WEBHOOK_SECRET: "a-secret-of-the-test",
      PUBLIC_URL: `http://127.0.0.1:${port}`,
    };
    service = await startService({
      PORT: port,
      TELEGRAM_BOT_TOKEN: peer.token,
      TELEGRAM_API_ROOT: peer.url,
      ...(mode === "webhook" ? webhook : {}),
    });
  }, 90_000);
  afterAll(async () => {
    await service?.remove();
    await peer?.close();
  });

  it("carries one person from the first word to a counsellor, an answer, and out", async () => {
    const staff = await StaffClient.first(service);
    await staff.post("/api/desk/duty", { on: true });
    const person = await control.person({ language: "vi" });
    await person.start();
    await person.waitFor(/máy trả lời tự động[\s\S]*an toàn không\?/);
    await person.tap("Có, nói được");
    await person.waitFor(/Điều nào gần với bạn nhất/);
    await person.tap("Tôi đang bị tổn thương");
    await person.waitFor(/Ngay lúc này/);
    await person.tap("Không phải lúc này");
    await person.waitFor(/bóp cổ/);
    await person.write("có rồi");
    await person.waitFor(/hôm nay/);
    await person.tap("Không");
    await person.waitFor(/tư vấn viên, là người thật/);
    await person.tap("Gọi người thật");
    await person.waitFor(/Mình đã gọi tư vấn viên/);

    const [waiting] = await staff.cases();
    expect(waiting).toMatchObject({
      state: "waiting",
      level: "high",
      headline: expect.arrayContaining(["strangulation"]),
    });
    const id = waiting?.id ?? "";
    await staff.post(`/api/desk/cases/${id}/claim`);
    await person.waitFor(/Mai đã vào/);
    await staff.post(`/api/desk/cases/${id}/reply`, { text: "Chào bạn, mình là Mai.", key: "reply-0001" });
    await person.waitFor(/^Chào bạn, mình là Mai\.$/);
    await person.write("em chào chị");
    await expectLine(staff, id, "em chào chị");
    await staff.post(`/api/desk/cases/${id}/close`, { outcome: "supported", note: "" });
    await person.waitFor(/Tư vấn viên đã rời/);

    await person.write("cấm tiếp xúc là gì");
    await person.waitFor(/3 ngày[\s\S]*Nguồn: .*13\/2022/);
    await person.write("thoát");
    await person.waitFor(/^Cảm ơn bạn đã ghé\.$/);
    await left(person);
    expect(await control.violations()).toEqual([]);
  }, 60_000);

  it("interrupts everything for a knife at the door", async () => {
    const person = await control.person();
    await person.write("no dang cam dao ngoai cua");
    await person.waitFor(/113[\s\S]*115/);
    expect(await control.violations()).toEqual([]);
  });

  it("refuses groups with one line", async () => {
    const group = await control.person({ type: "group" });
    await group.write("xin chào");
    await group.waitFor(/nhắn riêng/);
    await group.write("alo alo");
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await group.history()).filter((m) => m.from === "bot")).toHaveLength(1);
  });
});

async function expectLine(staff: StaffClient, id: string, text: string): Promise<void> {
  await expect
    .poll(
      async () =>
        (await staff.get<{ lines: { text: string }[] }>(`/api/desk/cases/${id}/lines`)).lines.map(
          (l) => l.text,
        ),
      { timeout: 5_000 },
    )
    .toContain(text);
}

/** After exit only the one dull line is left on her phone. */
async function left(person: BotApiPerson): Promise<void> {
  await expect
    .poll(async () => (await person.history()).map((m) => m.text), { timeout: 10_000 })
    .toEqual(["Cảm ơn bạn đã ghé."]);
}
