/** Counsellor and administrator in a real Chromium against the whole service: a case, and a text changed for the next person. */

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DESKTOP, openBrowser, type TestBrowser } from "../browser/chromium.ts";
import { type Running, startService } from "../running.ts";

describe("the console", () => {
  let browser: TestBrowser;
  let service: Running;
  let staff: Page;

  beforeAll(async () => {
    [browser, service] = await Promise.all([openBrowser(), startService()]);
    const context = await browser.context({ viewport: DESKTOP });
    staff = await context.newPage();
    await staff.goto(`${service.url}/console/#/invite/${service.invite}`);
    await staff.getByLabel("Tên đăng nhập").fill("mai");
    await staff.getByLabel("Tên gọi khi trò chuyện").fill("Mai");
    await staff.getByLabel("Mật khẩu").fill("mat-khau-thu-nghiem");
    await staff.getByRole("button", { name: "Tạo tài khoản" }).click();
    await staff.getByText("Hàng chờ").first().waitFor();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await service?.remove();
  });

  it("takes a case from the queue to its end, both writing", async () => {
    await staff.getByText("Tôi đang trực").click();
    await staff.getByText("Đang trực: Mai").waitFor();
    const person = await newPerson();
    await say(person, "nó đang cầm dao ngoài cửa");
    await sees(person, "113 công an");
    await person.getByRole("button", { name: "Gọi người thật", exact: true }).last().click();
    await sees(person, "Mình đã gọi tư vấn viên");

    await staff.getByText("Khẩn cấp").first().click();
    await staff.getByText("Vì sao mức này").waitFor();
    await staff.getByRole("button", { name: /Nhận ca/ }).click();
    await sees(person, "Mai đã vào");
    await staff.getByPlaceholder("Viết cho người ấy…").fill("Mình đây. Bạn khóa cửa lại được không?");
    await staff.getByRole("button", { name: "Gửi", exact: true }).click();
    await sees(person, "Bạn khóa cửa lại được không?");
    await say(person, "em khóa rồi");
    await sees(staff, "em khóa rồi");
    await staff.getByRole("button", { name: /Kết thúc ca/ }).click();
    const dialog = staff.getByRole("dialog");
    await dialog.getByText("Đã được hỗ trợ qua trò chuyện").click();
    await dialog.getByRole("button", { name: /Kết thúc/ }).click();
    await sees(person, "Tư vấn viên đã rời");
    await person.context().close();
  }, 60_000);

  it("changes a text, refuses a wrong flow with its line, publishes, and goes back", async () => {
    await openFlow("Mục chính");
    await typeInto("Bạn cần gì lúc này?", "Mình nghe đây, bạn cần gì?");
    await staff.getByText("Không có lỗi").waitFor();
    await publish("đổi lời chào");
    const person = await newPerson();
    await say(person, "có");
    await say(person, "menu");
    await sees(person, "Mình nghe đây, bạn cần gì?");

    await typeInto("start: ask", "start: khong_co");
    await staff
      .getByText(/không có bước “khong_co”/)
      .first()
      .waitFor();
    expect(await staff.getByRole("button", { name: "Xuất bản" }).isDisabled()).toBe(true);
    await typeInto("start: khong_co", "start: ask");

    await staff
      .getByRole("tab", { name: "Các bản trước" })
      .or(staff.getByRole("button", { name: "Các bản trước" }))
      .first()
      .click();
    await staff
      .getByRole("button", { name: /Dùng lại bản này|Quay về bản này|Trở về bản này/ })
      .last()
      .click();
    const confirm = staff.getByRole("dialog").getByRole("button").last();
    if (await confirm.isVisible().catch(() => false)) await confirm.click();
    await expect
      .poll(
        async () => {
          await say(person, "menu");
          return person.getByText("Bạn cần gì lúc này?").last().isVisible();
        },
        { timeout: 15_000, interval: 1_000 },
      )
      .toBe(true);
    await person.context().close();
  }, 90_000);

  async function newPerson(): Promise<Page> {
    const page = await (await browser.context()).newPage();
    await page.goto(service.url);
    await page.getByRole("button", { name: "Bắt đầu trò chuyện" }).click();
    await sees(page, "an toàn không?");
    return page;
  }

  async function openFlow(title: string): Promise<void> {
    await staff.getByRole("link", { name: "Nội dung" }).click();
    await staff.getByText(title, { exact: true }).first().click();
    await staff.locator(".cm-content").waitFor();
  }

  /** Replaces words: the whole text selected and pasted anew, as an author would who edits elsewhere. */
  async function typeInto(from: string, to: string): Promise<void> {
    const text = (await staff.locator(".cm-line").allTextContents()).join("\n");
    expect(text).toContain(from);
    await staff.locator(".cm-content").click();
    await staff.keyboard.press("ControlOrMeta+a");
    await staff.evaluate(
      (words) => {
        const data = new DataTransfer();
        data.setData("text/plain", words);
        document.activeElement?.dispatchEvent(
          new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
        );
      },
      text.replace(from, to),
    );
  }

  async function publish(note: string): Promise<void> {
    await staff.getByRole("button", { name: "Xuất bản" }).click();
    const dialog = staff.getByRole("dialog");
    await dialog.getByRole("textbox").first().fill(note);
    await dialog.getByRole("button", { name: /Xuất bản/ }).click();
    await dialog.waitFor({ state: "hidden" }).catch(async () => {
      throw new Error(`publishing did not end: ${await dialog.textContent()}`);
    });
  }
});

async function sees(page: Page, text: string): Promise<void> {
  await page.getByText(text, { exact: false }).last().waitFor({ timeout: 15_000 });
}

async function say(page: Page, words: string): Promise<void> {
  await page.getByRole("textbox").fill(words);
  await page.getByRole("button", { name: "Gửi", exact: true }).click();
}
