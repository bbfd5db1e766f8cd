/** An editor in a real Chromium against the whole service: previews, what publishing would change, and the directory's state. */

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { axeFaults, DESKTOP, openBrowser, PHONE, shoot, type TestBrowser } from "../browser/chromium.ts";
import { type Running, startService } from "../running.ts";

describe("an editor", () => {
  let browser: TestBrowser;
  let service: Running;
  let staff: Page;

  beforeAll(async () => {
    [browser, service] = await Promise.all([openBrowser(), startService()]);
    const context = await browser.context({ viewport: DESKTOP });
    staff = await context.newPage();
    staff.setDefaultTimeout(60_000);
    await staff.goto(`${service.url}/console/#/invite/${service.invite}`);
    await staff.getByLabel("Tên đăng nhập").fill("mai");
    await staff.getByLabel("Tên gọi khi trò chuyện").fill("Mai");
    await staff.getByLabel("Mật khẩu").fill("mat-khau-thu-nghiem");
    await staff.getByRole("button", { name: "Tạo tài khoản" }).click();
    await staff.getByRole("navigation", { name: "Các phần" }).waitFor();
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await service?.remove();
  });

  it("sees each passage as each channel shows it, and what is wrong in Vietnamese", async () => {
    await staff.goto(`${service.url}/console/#/content/article/act-beating`);
    const phone = staff.locator(".phone");
    await phone.getByText("Nguồn:").waitFor();
    expect(await phone.getAttribute("class")).toContain("zalo-oa");
    expect(await phone.locator(".bubble-buttons li").count()).toBeLessThanOrEqual(5);
    expect(await phone.locator(".bubble").last().innerText()).toMatch(/\n1\. /);
    await shoot(staff, "editors-preview-oa");
    await staff.getByLabel("Kênh").selectOption("telegram");
    await phone.locator(".bubble-buttons").getByText("Gọi người thật").waitFor();
    expect(await phone.locator(".bubble").last().innerText()).not.toMatch(/\n1\. /);
    await shoot(staff, "editors-preview-telegram");
    expect(await axeFaults(staff)).toEqual([]);
    await staff.locator(".cm-line", { hasText: "id: act-beating" }).first().click();
    await staff.keyboard.press("End");
    await staff.keyboard.type("x");
    await staff.getByText("mã không bao giờ đổi").first().waitFor();
    await shoot(staff, "editors-problem");
    await staff.keyboard.press("Backspace");
    await staff.getByText("Không có lỗi").or(staff.getByText("lưu ý")).first().waitFor();
  }, 180_000);

  it("sees which questions would be answered otherwise, and must say why before they fall", async () => {
    await staff.goto(`${service.url}/console/#/content/article/strangled-go-to-hospital`);
    await staff.locator(".cm-content").getByText("id: strangled-go-to-hospital").waitFor();
    await staff.getByRole("button", { name: "Sẽ đổi gì" }).click();
    await staff.getByText("câu mẫu có đúng bài đứng đầu").waitFor();
    await staff.getByText("Không có gì đổi.").waitFor();
    // Another audience: most who ask this are not shown it first any more.
    const answer = await staff.evaluate(async () => {
      const opened = await fetch("/api/content/item?kind=article&key=strangled-go-to-hospital");
      const { source, number } = await opened.json();
      const worse = source
        .replace(
          /\n {2}vi:\n(?: {4}- .*\n)+/,
          '\n  vi:\n    - "trà sữa trân châu"\n    - "cách pha trà sữa"\n',
        )
        .replace(/bóp cổ|siết cổ|bịt miệng|nghẹt thở/gi, "việc ấy");
      const headers = { "content-type": "application/json", "x-asked-by": "console" };
      const body = { kind: "article", key: "strangled-go-to-hospital", source: worse, basedOn: number };
      return (await fetch("/api/content/save", { method: "POST", headers, body: JSON.stringify(body) }))
        .status;
    });
    expect(answer).toBe(200);
    await staff.reload();
    await staff.getByRole("button", { name: "Xuất bản" }).click();
    const dialog = staff.getByRole("dialog");
    await dialog.getByText("Đang đúng, sẽ sai").waitFor();
    await shoot(staff, "editors-falls");
    expect(await axeFaults(staff)).toEqual([]);
    await dialog.getByLabel("Bạn đã đổi gì?").fill("thử");
    await dialog
      .getByLabel("Vì sao vẫn nên xuất bản?")
      .fill("Phần kia nằm ở bài khác, xuất bản cùng hôm nay.");
    await dialog.getByRole("button", { name: "Xuất bản" }).click();
    await staff.getByText(/Đang dùng · \d/).waitFor();
    await staff.getByRole("button", { name: "Các bản trước" }).click();
    await staff.getByText("xuất bản cùng hôm nay").waitFor();
  }, 240_000);

  it("sees every place of the directory with its last day, on a phone too", async () => {
    await staff.goto(`${service.url}/console/#/content/service`);
    await staff.locator(".entries li").first().waitFor();
    expect(await staff.locator(".entries .mark", { hasText: "dùng đến" }).count()).toBeGreaterThan(10);
    await shoot(staff, "editors-directory");
    expect(await axeFaults(staff)).toEqual([]);
    await staff.goto(`${service.url}/console/#/content/article`);
    await staff.getByLabel("Hiện").selectOption("pending");
    await staff.getByText("kèm một dòng nói rõ").waitFor();
    await staff.setViewportSize(PHONE);
    await shoot(staff, "editors-articles-phone");
    expect(await staff.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    await staff.goto(`${service.url}/console/#/content/service/services/40`);
    await staff.locator(".phone .bubble").waitFor();
    await shoot(staff, "editors-service-phone");
    expect(await staff.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
  }, 180_000);
});
