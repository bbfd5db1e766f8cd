/** The main job on a Zalo Official Account, with its echoes, and with a human who takes the talk over in OA Manager. */

import { afterAll, beforeAll, expect, it } from "vitest";
import { ZaloOaControl, type ZaloOaPerson } from "../peers/zalo-oa/person.ts";
import { startZaloOa, zaloOaSettings } from "../peers/zalo-oa/server.ts";
import { type Running, StaffClient, startService } from "../running.ts";
import { freePort } from "../servers.ts";

let peer: Awaited<ReturnType<typeof startZaloOa>>;
let control: ZaloOaControl;
let service: Running;
let staff: StaffClient;

beforeAll(async () => {
  peer = await startZaloOa();
  control = new ZaloOaControl(peer.url);
  const port = String(await freePort());
  service = await startService({
    PORT: port,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    ...zaloOaSettings(peer.url),
  });
  await control.set({ webhook: `http://127.0.0.1:${port}/hooks/zalo-oa`, echoes: true });
  staff = await StaffClient.first(service);
  await staff.post("/api/desk/duty", { on: true });
}, 90_000);
afterAll(async () => {
  await service?.remove();
  await peer?.close();
});

async function sees(her: ZaloOaPerson, words: RegExp): Promise<void> {
  await expect.poll(async () => (await her.history()).at(-1)?.text ?? "", { timeout: 8_000 }).toMatch(words);
}

it("carries one person to a counsellor and back, although Zalo repeats to us all that we say", async () => {
  const her = await control.person();
  await her.do("follow");
  await sees(her, /máy trả lời tự động[\s\S]*an toàn không\?/);
  await her.tap("Có, nói được");
  await sees(her, /Điều nào gần với bạn nhất/);
  await her.tap("Tôi đang bị tổn thương");
  await sees(her, /Ngay lúc này/);
  await her.write("gọi người thật");
  await sees(her, /Mình đã gọi tư vấn viên/);
  const [waiting] = await staff.cases();
  const id = waiting?.id ?? "";
  await staff.post(`/api/desk/cases/${id}/claim`);
  await sees(her, /Mai đã vào/);
  await staff.post(`/api/desk/cases/${id}/reply`, { text: "Chào bạn, mình là Mai.", key: "reply-0001" });
  await sees(her, /^Chào bạn, mình là Mai\.$/);
  await staff.post(`/api/desk/cases/${id}/close`, { outcome: "supported", note: "" });
  await sees(her, /Tư vấn viên đã rời/);
  await her.write("cấm tiếp xúc là gì");
  await sees(her, /3 ngày[\s\S]*Nguồn: .*13\/2022/);
  await her.write("thoát");
  await sees(her, /giữ vào cuộc trò chuyện này/);
  expect(await staff.cases()).toEqual([]);
  expect(await control.violations()).toEqual([]);
}, 60_000);

it("opens what was found by a button and by a number, with one message for each", async () => {
  const her = await control.person();
  await her.do("follow");
  await sees(her, /an toàn không\?/);
  await her.tap("Có, nói được");
  await sees(her, /Điều nào gần với bạn nhất/);
  await her.tap("Tôi chỉ muốn hỏi");
  await sees(her, /hỏi bằng lời của mình/);
  const ours = async () => (await her.history()).length;
  const before = await ours();
  await her.write("nhà tạm lánh là gì");
  // The choices stand in the text too, for clients without buttons.
  await sees(
    her,
    /Nơi ở tạm[\s\S]*Nguồn: [\s\S]*\n1\. [\s\S]*Nên hỏi gì khi gọi\n[\s\S]*4\. Gọi người thật\n5\. Mục chính\n1900 969 680 · [^\n]+$/,
  );
  await her.tap("Nên hỏi gì khi gọi");
  await sees(her, /^Đây là điều bạn hỏi\.\n\nNên hỏi gì khi gọi\n/);
  await her.write("số 1");
  await sees(her, /^Đây là điều bạn hỏi\.\n\n(?!Nên hỏi gì)[\s\S]*Nguồn: /);
  expect(await ours()).toBe(before + 3);
  expect(await control.violations()).toEqual([]);
}, 40_000);

it("is silent while a human writes in OA Manager, and shows the desk those words", async () => {
  const her = await control.person();
  await her.write("alo");
  await sees(her, /an toàn không\?/);
  // Nobody types a reply within five seconds; such a fast one is an automatic greeting.
  await new Promise((resolve) => setTimeout(resolve, 5_200));
  await her.do("oa_send_text", { text: "Chào em, chị là người thật đây", msgId: "human1" });
  await expect.poll(async () => (await staff.cases()).length, { timeout: 8_000 }).toBe(1);
  const before = (await her.history()).length;
  await her.write("dạ em chào chị");
  const id = (await staff.cases())[0]?.id ?? "";
  const lines = () => staff.get<{ lines: { from: string; text: string }[] }>(`/api/desk/cases/${id}/lines`);
  await expect
    .poll(async () => (await lines()).lines.slice(-2).map(({ from, text }) => ({ from, text })), {
      timeout: 8_000,
    })
    .toEqual([
      { from: "counsellor", text: "Chào em, chị là người thật đây" },
      { from: "person", text: "dạ em chào chị" },
    ]);
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(await her.history()).toHaveLength(before);
}, 40_000);
