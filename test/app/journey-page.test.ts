/** The main job on the survivors' page in a real Chromium, against the whole service. */

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DESKTOP, openBrowser, PHONE, type TestBrowser } from "../browser/chromium.ts";
import { type Running, StaffClient, startService } from "../running.ts";

describe("the journey on the survivors' page", () => {
  let browser: TestBrowser;
  let service: Running;
  let staff: StaffClient;

  beforeAll(async () => {
    [browser, service] = await Promise.all([openBrowser(), startService()]);
    staff = await StaffClient.first(service);
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await service?.remove();
  });

  it.each([
    ["phone", PHONE],
    ["desktop", DESKTOP],
  ] as const)(
    "carries one person from the first word to a human and out, %s",
    async (_, viewport) => {
      await staff.post("/api/desk/duty", { on: true });
      const context = await browser.context({ viewport });
      const page = await context.newPage();
      await page.goto(service.url);
      await page.getByRole("button", { name: "Bắt đầu trò chuyện" }).click();
      await sees(page, "Lúc này bạn nói chuyện có an toàn không?");
      await choose(page, "Có, nói được");
      await sees(page, "Điều nào gần với bạn nhất?");
      await choose(page, "Tôi đang bị tổn thương");
      await sees(page, "Ngay lúc này có ai đang đánh");
      await choose(page, "Không phải lúc này");
      await sees(page, "bóp cổ");
      await choose(page, "Có");
      await sees(page, "hôm nay");
      await choose(page, "Không");
      await sees(page, "là người thật, không?");
      await choose(page, "Gọi người thật");
      await sees(page, "Mình đã gọi tư vấn viên");

      const waiting = (await staff.cases()).find((c) => c.state === "waiting");
      expect(waiting?.level).toBe("high");
      const id = waiting?.id ?? "";
      await staff.post(`/api/desk/cases/${id}/claim`);
      await sees(page, "Mai đã vào");
      await staff.post(`/api/desk/cases/${id}/reply`, {
        text: "Chào bạn, mình là Mai.",
        key: `reply-${viewport.width}`,
      });
      await sees(page, "Chào bạn, mình là Mai.");
      await write(page, "em chào chị");
      await expect
        .poll(async () =>
          (await staff.get<{ lines: { text: string }[] }>(`/api/desk/cases/${id}/lines`)).lines.map(
            (l) => l.text,
          ),
        )
        .toContain("em chào chị");
      await staff.post(`/api/desk/cases/${id}/close`, { outcome: "supported", note: "đã hẹn giờ an toàn" });
      await sees(page, "Tư vấn viên đã rời");
      await write(page, "cam tiep xuc la gi");
      await sees(page, "3 ngày");
      await sees(page, "13/2022");

      // Nothing is looked up outside: the harmless site is only where the page goes.
      await page.route(/wikipedia/, (route) => route.fulfill({ body: "<title>Thời tiết</title>" }));
      await write(page, "thoát");
      await page.waitForURL(/wikipedia/);
      await context.close();
    },
    60_000,
  );

  it("takes the talk away from who asks what she wrote, and gives it back to her", async () => {
    const context = await browser.context({ viewport: PHONE });
    const page = await context.newPage();
    await page.goto(service.url);
    await page.getByRole("button", { name: "Bắt đầu trò chuyện" }).click();
    await choose(page, "Có, nói được");
    await sees(page, "Điều nào gần với bạn nhất?");
    await choose(page, "Tôi đang bị tổn thương");
    await sees(page, "Ngay lúc này có ai đang đánh");
    await write(page, "vợ tôi nhắn gì ở đây");
    await page.getByText("vợ tôi nhắn gì ở đây").waitFor();
    await expect.poll(() => page.getByText("Ngay lúc này có ai đang đánh").count()).toBe(0);
    expect(await page.getByText("Tôi đang bị tổn thương").count()).toBe(0);
    await write(page, "alo");
    await choose(page, "Vâng, xem tiếp");
    await sees(page, "Ngay lúc này có ai đang đánh");
    await expect.poll(() => page.getByText("Tôi đang bị tổn thương").count()).toBeGreaterThan(0);
    await context.close();
  }, 60_000);

  it.each([
    ["vi", PHONE, "Có, nói được", "Tôi chỉ muốn hỏi", "nhà tạm lánh là gì", "Nên hỏi gì khi gọi"],
    [
      "en",
      DESKTOP,
      "Yes, I can talk",
      "I just have a question",
      "what is a shelter",
      "What to ask when you call",
    ],
  ] as const)(
    "opens with a tap the part of an article that was found, and shows its beginning (%s)",
    async (lang, viewport, safe, justAsk, question, part) => {
      const context = await browser.context({ viewport });
      const page = await context.newPage();
      await page.goto(service.url);
      if (lang === "en") await page.getByRole("link", { name: "English" }).click();
      await page.locator("#start-form button").click();
      await choose(page, safe);
      await choose(page, justAsk);
      await page.locator("#choices button").first().waitFor({ state: "detached" });
      await page.getByRole("textbox").fill(question);
      await page.locator("#write button").click();
      await choose(page, part);
      const answer = page.locator("#lines .bot .text").last();
      await expect.poll(() => answer.innerText()).toMatch(new RegExp(`^[^\\n]+\\n\\n${part}\\n`));
      // What she chose stands in the conversation with the words of its button.
      expect(await page.locator("#lines .you .text").last().innerText()).toBe(part);
      await expect.poll(async () => (await answer.boundingBox())?.y).toBeGreaterThan(60);
      // The other choices, and not this one again.
      expect(await page.locator("#choices button").allInnerTexts()).not.toContain(part);
      await context.close();
    },
    60_000,
  );

  it.each([844, 500])(
    "asks on a phone of %i px without a keyboard over the question",
    async (height) => {
      const context = await browser.context({
        viewport: { width: 390, height },
        hasTouch: true,
        isMobile: true,
        reducedMotion: "reduce",
      });
      const page = await context.newPage();
      await page.goto(service.url);
      await page.getByRole("button", { name: "Bắt đầu trò chuyện" }).click();
      await sees(page, "Lúc này bạn nói chuyện có an toàn không?");
      // The cursor in the box would bring the keyboard up.
      expect(await page.evaluate(() => document.activeElement?.id)).not.toBe("text");
      const bottom = async (css: string) => {
        const box = await page.locator(css).first().boundingBox();
        return (box?.y ?? Number.NaN) + (box?.height ?? Number.NaN);
      };
      await expect
        .poll(
          async () =>
            (await bottom("#choices button")) < ((await page.locator("#write").boundingBox())?.y ?? 0),
        )
        .toBe(true);
      // Two lines of the question, below the header.
      expect(await bottom("#lines .bot")).toBeGreaterThan((await bottom("header")) + 50);
      await context.close();
    },
    60_000,
  );

  it("goes on where it stood after the service was killed and started again", async () => {
    const context = await browser.context();
    const page = await context.newPage();
    await page.goto(service.url);
    await page.getByRole("button", { name: "Bắt đầu trò chuyện" }).click();
    await choose(page, "Có, nói được");
    await sees(page, "Điều nào gần với bạn nhất?");
    await service.kill("SIGKILL");
    service = await service.again();
    await choose(page, "Tôi lo cho người khác");
    await sees(page, "Người đó có đang gặp nguy hiểm");
    await page.reload();
    await sees(page, "Người đó có đang gặp nguy hiểm");
    await context.close();
  }, 60_000);
});

async function sees(page: Page, text: string): Promise<void> {
  await page.getByText(text, { exact: false }).last().waitFor({ timeout: 10_000 });
}

async function choose(page: Page, label: string): Promise<void> {
  await page.getByRole("button", { name: label, exact: true }).last().click({ timeout: 10_000 });
}

async function write(page: Page, words: string): Promise<void> {
  await page.getByRole("textbox").fill(words);
  await page.getByRole("button", { name: "Gửi", exact: true }).click();
}
