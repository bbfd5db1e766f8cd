/** The editors' screens in a real browser: checked and completed while typing, tried out, published, taken back; two at once. */

import { readFileSync } from "node:fs";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { StaffId } from "../../bot/core/ids.ts";
import { TEST_PASSWORD } from "../web/fake-accounts.ts";
import { WELCOME_FLOW } from "../web/fake-editorial.ts";
import { axeFaults, DESKTOP, PHONE, shoot } from "./chromium.ts";
import { buildConsole, openConsole } from "./console-house.ts";

let built: Awaited<ReturnType<typeof buildConsole>>;
let office: Awaited<ReturnType<typeof openConsole>>;
// A real browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

beforeAll(async () => {
  built = await buildConsole();
}, 90_000);
afterAll(() => built?.close());
beforeEach(async () => {
  office = await openConsole(built.folder, built.browser);
});
afterEach(async () => {
  await office.close();
  expect(office.faults).toEqual([]);
});

/** All letters that Vietnamese adds to the Latin ones. */
const LETTERS =
  "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ" +
  "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ";

const openWelcome = async (login = "tu"): Promise<Page> => {
  const page = await office.signIn(login);
  await page.goto(`${office.url}#/content/flow/welcome`);
  await page.locator(".cm-content").getByText("Cảm ơn bạn").waitFor();
  return page;
};
/** Puts the cursor at the end of the line that holds `words`, as a hand would. */
const clickEndOf = async (page: Page, words: string) => {
  await page.locator(".cm-line", { hasText: words }).first().click();
  await page.keyboard.press("End");
};

test("the list says what is published, drafted and waiting for review; it is found without marks", async () => {
  const page = await office.signIn("tu");
  await page.getByText("Lời đầu tiên").waitFor();
  await shoot(page, "content-list");
  expect(await axeFaults(page)).toEqual([]);
  await page.getByLabel("Tìm").fill("loi dau");
  expect(await page.locator(".items li").count()).toBe(1);
  await page.getByLabel("Tìm").fill("không có gì");
  await page.getByText("Không có mục nào.").waitFor();
  for (const kind of ["Bài viết", "Danh bạ", "Quy tắc nguy cơ", "Cài đặt"]) {
    await page.getByLabel("Tìm").fill("");
    await page.getByRole("link", { name: kind }).click();
    await page.locator(".items li").first().waitFor();
    if (kind !== "Bài viết") continue;
    // Which part did not help, so that it is mended and not the whole.
    await page.getByText("(phần 2: 2)").first().waitFor();
    await shoot(page, "content-articles");
    await page.setViewportSize(PHONE);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    await shoot(page, "content-articles-phone");
    await page.setViewportSize(DESKTOP);
  }
});

test("a draft that an upgrade has overtaken says so, in the list and over the text", async () => {
  const page = await office.signIn("tu");
  await page.locator(".items li", { hasText: "goodbye" }).getByText("Cần so sánh lại").waitFor();
  await page.goto(`${office.url}#/content/flow/goodbye`);
  await page.getByText("Bản nháp vẫn còn nguyên").waitFor();
  await shoot(page, "content-overtaken");
  expect(await axeFaults(page)).toEqual([]);
});

test("the revisions say who wrote and who published; a discarded one can be taken up again", async () => {
  const page = await office.signIn("tu");
  await page.goto(`${office.url}#/content/flow/welcome`);
  await page.getByRole("button", { name: "Các bản trước" }).click();
  await page.getByText("viết: Mai · xuất bản: Tú").waitFor();
  await shoot(page, "content-history");
  await page.goto(`${office.url}#/content/flow/safety-check`);
  await page.getByRole("button", { name: "Các bản trước" }).click();
  await page.getByRole("button", { name: "Đưa vào khung viết: 1" }).click();
  await page.locator(".cm-line", { hasText: "viết dở" }).waitFor();
  await page.getByText("Chưa lưu").waitFor();
});

test("a text that is too long says so, and is not sent to be refused", async () => {
  const page = await openWelcome();
  await clickEndOf(page, "vi: Lời đầu tiên");
  await page.evaluate((words) => {
    const data = new DataTransfer();
    data.setData("text/plain", words);
    document.activeElement?.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
    );
  }, "chữ ".repeat(110_000));
  await page.getByText(/bài có 44\d{4} ký tự; nhiều nhất 300000/).waitFor();
  expect(await page.getByRole("button", { name: "Lưu nháp" }).isDisabled()).toBe(true);
  await page.getByText("chưa xem trước được").waitFor();
  expect(await page.locator(".refusal").count()).toBe(0);
  await page.keyboard.press("Control+z");
  await page.getByText("Không có lỗi").waitFor();
});

test("what is being written outlives the end of the session, and still overwrites nobody", async () => {
  const page = await openWelcome();
  await clickEndOf(page, "vi: Lời đầu tiên");
  await page.keyboard.type(" Viết dở.");
  await page.getByText("Chưa lưu").waitFor();
  await page.context().clearCookies();
  await page.keyboard.press("Control+s");
  await page.getByLabel("Tên đăng nhập").fill("tu");
  // Somebody else saves meanwhile.
  const { revisions } = office.house.editorial;
  const mai = { id: "staff-9" as StaffId, login: "mai", alias: "Mai", roles: ["editor" as const] };
  await office.house.services.editorial.save(mai, "flow", "welcome", `${WELCOME_FLOW}# của Mai\n`, 2);
  await page.getByLabel("Mật khẩu").fill(TEST_PASSWORD);
  await page.getByRole("button", { name: "Đăng nhập" }).click();
  await page.locator(".cm-line", { hasText: "Viết dở." }).waitFor();
  await page.getByText("Chưa lưu").waitFor();
  await page.getByRole("button", { name: "Lưu nháp" }).click();
  await page.getByText("Người khác vừa lưu một bản mới hơn").waitFor();
  expect(revisions.at(-1)?.source).toContain("của Mai");
  await page.getByRole("button", { name: "Lưu bản của tôi lên trên" }).click();
  await page.getByText("Bản nháp · 4").waitFor();
  expect(revisions.at(-1)?.source).toContain("Viết dở.");
  await page.reload();
  await page.locator(".cm-line", { hasText: "Viết dở." }).waitFor();
  expect(await page.getByText("Chưa lưu").count()).toBe(0);
});

test("what is being written outlives a reload, and goes when she drops it", async () => {
  const page = await openWelcome();
  await clickEndOf(page, "vi: Lời đầu tiên");
  await page.keyboard.type(" Viết dở.");
  await page.getByText("Chưa lưu").waitFor();
  page.on("dialog", (dialog) => void dialog.accept());
  await page.reload();
  await page.locator(".cm-line", { hasText: "Viết dở." }).waitFor();
  await page.getByText("Chưa lưu").waitFor();
  await page.getByRole("link", { name: "Kịch bản" }).click();
  await page.locator(".items li").first().waitFor();
  await page.goBack();
  await page.locator(".cm-line", { hasText: "vi: Lời đầu tiên" }).waitFor();
  expect(await page.locator(".cm-content").innerText()).not.toContain("Viết dở.");
  expect(
    await page.evaluate(() => Object.keys(sessionStorage).filter((k) => k.startsWith("writing"))),
  ).toEqual([]);
});

test("who signs out with something unsaved is asked before the session ends, and stays signed in if she stays", async () => {
  const page = await openWelcome();
  await clickEndOf(page, "vi: Lời đầu tiên");
  await page.keyboard.type(" Viết dở.");
  await page.getByText("Chưa lưu").waitFor();
  const asked: string[] = [];
  let isLeaving = false;
  page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void (isLeaving ? dialog.accept() : dialog.dismiss());
  });
  await page.getByRole("button", { name: "Tú" }).click();
  await page.getByRole("button", { name: "Đăng xuất" }).click();
  await expect.poll(() => asked).toEqual(["confirm"]);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Lưu nháp" }).click();
  await page.getByText("Bản nháp · 3").waitFor();
  await page.keyboard.type("!");
  await clickEndOf(page, "vi: Lời đầu tiên");
  await page.keyboard.type("?");
  await page.getByText("Chưa lưu").waitFor();
  isLeaving = true;
  await page.getByRole("button", { name: "Tú" }).click();
  await page.getByRole("button", { name: "Đăng xuất" }).click();
  await page.getByRole("heading", { name: "Đăng nhập" }).waitFor();
  expect(asked).toEqual(["confirm", "confirm"]);
  expect(
    await page.evaluate(() => Object.keys(sessionStorage).filter((k) => k.startsWith("writing"))),
  ).toEqual([]);
});

test("a text that could not be checked is not called faultless, and is checked when the line is back", async () => {
  const page = await openWelcome();
  await page.getByText("Không có lỗi").waitFor();
  await page.context().setOffline(true);
  await clickEndOf(page, "next: short");
  await page.keyboard.type("er");
  await page.keyboard.press("Escape");
  await page.getByText("chưa kiểm tra được").waitFor();
  expect(await page.getByText("Không có lỗi").count()).toBe(0);
  await shoot(page, "content-unchecked");
  await page.context().setOffline(false);
  await page.getByText('there is no step "shorter"').waitFor();
});

test("an answer that is lost on its way is nobody else's newer text", async () => {
  const page = await openWelcome();
  const losesOnce = async (path: string) => {
    await page.route(
      path,
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
  };
  await clickEndOf(page, "en: First words");
  await page.keyboard.type("!");
  await losesOnce("**/content/save");
  await page.getByRole("button", { name: "Lưu nháp" }).click();
  await page.getByText("Không nối được").waitFor();
  await page.getByRole("button", { name: "Lưu nháp" }).click();
  await page.getByText("Bản nháp · 3").waitFor();
  expect(await page.locator(".conflict").count()).toBe(0);
  await page.getByRole("button", { name: "Xuất bản" }).click();
  await page.getByLabel("Bạn đã đổi gì?").fill("Một dấu");
  await losesOnce("**/content/publish");
  await page.getByRole("dialog").getByRole("button", { name: "Xuất bản" }).click();
  await page.getByRole("dialog").getByText("Không nối được").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Xuất bản" }).click();
  await page.getByText("Đang dùng · 3").waitFor();
  expect(await page.locator(".conflict").count()).toBe(0);
});

test("a double press is one: published once, returned once, one draft thrown away", async () => {
  const page = await openWelcome();
  const numbers = () =>
    office.house.editorial.revisions.filter((r) => r.key === "welcome").map((r) => r.number);
  const pressTwice = async (name: string) => {
    const button = page.getByRole("dialog").getByRole("button", { name });
    await button.evaluate((el: HTMLElement) => {
      el.click();
      el.click();
    });
    await page.getByRole("dialog").waitFor({ state: "detached" });
  };
  await page.getByRole("button", { name: "Các bản trước" }).click();
  await page.getByRole("button", { name: "Dùng lại bản này: 1" }).click();
  await pressTwice("Dùng lại bản này");
  await page.getByText("Đang dùng · 3").waitFor();
  await page.waitForTimeout(300);
  expect(numbers()).toEqual([1, 2, 3]);
  await clickEndOf(page, "en: First words");
  await page.keyboard.type("!");
  const asked: string[] = [];
  page.on("request", (r) => asked.push(r.url().split("/").at(-1) ?? ""));
  await page.getByRole("button", { name: "Xuất bản" }).click();
  await page.getByLabel("Bạn đã đổi gì?").fill("Một dấu");
  await pressTwice("Xuất bản");
  await page.getByText("Đang dùng · 4").waitFor();
  expect(asked.filter((path) => path === "publish")).toHaveLength(1);
  await clickEndOf(page, "en: First words!");
  await page.keyboard.type("!");
  await page.getByRole("button", { name: "Lưu nháp" }).click();
  await page.getByRole("button", { name: "Bỏ bản nháp" }).click();
  await pressTwice("Bỏ bản nháp");
  // What is in use is called by its own number, and not by that of what was thrown away.
  await page.getByText("Đang dùng · 4").waitFor();
  expect(await page.locator(".conflict").count()).toBe(0);
});

test("a text is changed, tried in the simulator, published with a note, and taken back with one press", async () => {
  const page = await openWelcome();
  await page.getByRole("button", { name: "Chưa, có người ở gần" }).click();
  await page.getByText("Mở ca").waitFor();
  await page.locator(".sim-lines").getByText("Mình sẽ nhắn thật ngắn").waitFor();
  await shoot(page, "content-editor");
  expect(await axeFaults(page)).toEqual([]);
  await clickEndOf(page, "vi: Mình sẽ nhắn thật ngắn");
  await page.keyboard.type(" Bạn chỉ cần trả lời bằng số.");
  await page.getByText("Chưa lưu").waitFor();
  await page.locator(".sim-lines").getByText("trả lời bằng số").waitFor();
  await page.getByRole("button", { name: "1 giờ" }).click();
  await page.getByText("Hẹn giờ: nhắc khi ca còn chờ").waitFor();
  await page.getByRole("button", { name: "Chép đoạn thoại" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("< Mình sẽ nhắn thật ngắn");
  await page.getByRole("button", { name: "So sánh" }).click();
  await page.locator(".diff .added").getByText("trả lời bằng số").waitFor();
  await shoot(page, "content-compare");
  expect(await axeFaults(page)).toEqual([]);
  await page.keyboard.press("Control+s");
  await page.getByRole("button", { name: "Xuất bản" }).click();
  await page.getByLabel("Bạn đã đổi gì?").fill("Nhắc trả lời bằng số");
  await shoot(page, "content-publish");
  expect(await axeFaults(page)).toEqual([]);
  await page.getByRole("dialog").getByRole("button", { name: "Xuất bản" }).click();
  await page.getByText("Đang dùng · 3").waitFor();
  await page.getByRole("button", { name: "Các bản trước" }).click();
  await page.getByText("Nhắc trả lời bằng số").waitFor();
  await page.getByRole("heading", { name: "Lời đầu tiên welcome" }).waitFor();
  await page.getByRole("button", { name: "Dùng lại bản này: 2" }).click();
  await shoot(page, "content-revert");
  expect(await axeFaults(page)).toEqual([]);
  await page.getByRole("dialog").getByRole("button", { name: "Dùng lại bản này" }).click();
  await page.getByText("Đang dùng · 4").waitFor();
  await page.locator(".cm-content").getByText("Mình sẽ nhắn thật ngắn").waitFor();
  expect(await page.locator(".cm-content").innerText()).not.toContain("trả lời bằng số");
  await shoot(page, "content-history");
  expect(await axeFaults(page)).toEqual([]);
});

test("a talk that is tried out stays while another panel is looked at, and what was half typed too", async () => {
  const page = await openWelcome();
  const restart = page.getByRole("button", { name: "Bắt đầu lại" });
  expect(await restart.isDisabled()).toBe(true);
  await page.getByRole("button", { name: "Chưa, có người ở gần" }).click();
  await page.locator(".sim-lines").getByText("Mình sẽ nhắn thật ngắn").waitFor();
  await page.getByLabel("Viết như người nhắn").fill("nó về rồi");
  await page.getByRole("button", { name: "Xem trước" }).click();
  await page.locator(".phone").waitFor();
  await page.getByRole("button", { name: "Chạy thử" }).click();
  await page.locator(".sim-lines").getByText("Mình sẽ nhắn thật ngắn").waitFor();
  expect(await page.getByLabel("Viết như người nhắn").inputValue()).toBe("nó về rồi");
  await restart.click();
  await page.locator(".sim-lines").getByText("Mình sẽ nhắn thật ngắn").waitFor({ state: "detached" });
});

test("an article past its day is never called what people get; what she says of her change outlives a last look", async () => {
  const page = await office.signIn("tu");
  await page.goto(`${office.url}#/content/article/contact-ban`);
  await clickEndOf(page, "id: contact-ban");
  await page.getByText("Đúng như người nhắn sẽ thấy").waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.type("review_by: 2020-01-01");
  await page.getByText("đang được rút: chưa người nhắn nào nhận").waitFor();
  await page.getByRole("button", { name: "Xuất bản" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("không người nhắn nào nhận nó").waitFor();
  expect(await dialog.getByText("Người nhắn tin tiếp theo").count()).toBe(0);
  await dialog.getByLabel("Bạn đã đổi gì?").fill("Số gọi đã đổi");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Xuất bản" }).click();
  expect(await dialog.getByLabel("Bạn đã đổi gì?").inputValue()).toBe("Số gọi đã đổi");
  await dialog.getByRole("button", { name: "Xuất bản" }).click();
  await page.locator(".work-head").getByText("Quá hạn, đã rút").waitFor();
  await shoot(page, "content-withdrawn");
  expect(await axeFaults(page)).toEqual([]);
});

test("a list of changes that is cut says how many more there are", async () => {
  const page = await office.signIn("tu");
  await page.goto(`${office.url}#/content/rules/weapons`);
  await page.getByRole("button", { name: "Sẽ đổi gì" }).click();
  await page.getByText("Nghe khác đi · 73").waitFor();
  await page.getByText("+ 13 dòng nữa").waitFor();
  expect(await page.locator(".heard li").count()).toBe(60);
});

test("mistakes are shown at their line while typing, and bar the way to publishing", async () => {
  const page = await openWelcome();
  await clickEndOf(page, "next: short");
  for (let i = 0; i < 5; i++) await page.keyboard.press("Backspace");
  await page.keyboard.type("nowhere");
  await page.keyboard.press("Escape");
  await page.getByText('there is no step "nowhere"').waitFor();
  await page.locator(".cm-lint-marker-error").waitFor();
  expect(await page.getByRole("button", { name: "Xuất bản" }).isDisabled()).toBe(true);
  await page.getByText("Sửa hết lỗi").waitFor();
  await shoot(page, "content-problem");
  expect(await axeFaults(page)).toEqual([]);
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await page.getByText("Không có lỗi").waitFor();
});

test("what a text breaks in another is named and opened there, and not at a line of this one", async () => {
  const page = await office.signIn("tu");
  await page.goto(`${office.url}#/content/service/national`);
  await clickEndOf(page, "services");
  await page.keyboard.type(" # bỏ số");
  await page.getByText("1 lỗi").waitFor();
  expect(await page.locator(".cm-lint-marker-error").count()).toBe(0);
  await shoot(page, "content-problem-elsewhere");
  expect(await axeFaults(page)).toEqual([]);
  await page.keyboard.press("Control+s");
  await page.getByText("Bản nháp · 2").waitFor();
  await page.getByRole("link", { name: "flows/welcome.yaml:12" }).click();
  await page.locator(".cm-activeLine", { hasText: "Chào bạn" }).waitFor();
});

test("completion offers what the schema allows, and step names", async () => {
  const page = await openWelcome();
  await clickEndOf(page, "next: thanks");
  for (let i = 0; i < 6; i++) await page.keyboard.press("Backspace");
  await page.keyboard.type("sh");
  await page.locator(".cm-tooltip-autocomplete").getByText("short").waitFor();
  await shoot(page, "content-completion");
  await page.waitForTimeout(150);
  await page.keyboard.press("Enter");
  await page.locator(".cm-line", { hasText: "next: short" }).first().waitFor();
  await clickEndOf(page, "red: true");
  await page.keyboard.press("Enter");
  await page.keyboard.type("unc");
  await page.locator(".cm-tooltip-autocomplete").getByText("unclear").waitFor();
  expect(await axeFaults(page)).toEqual([]);
});

test("two editors: the second is told, nothing is overwritten, and she chooses", async () => {
  const first = await openWelcome("tu");
  const second = await openWelcome("quan");
  await clickEndOf(first, "en: First words");
  await first.keyboard.type(" one");
  await first.keyboard.press("Control+s");
  await first.getByText("Bản nháp · 3").waitFor();
  await clickEndOf(second, "en: First words");
  await second.keyboard.type(" two");
  await second.keyboard.press("Control+s");
  await second.getByText("Người khác vừa lưu một bản mới hơn").waitFor();
  await second.getByRole("button", { name: "So với bản của họ" }).click();
  await second.locator(".conflict .removed").getByText("First words one").waitFor();
  await shoot(second, "content-conflict");
  expect(await axeFaults(second)).toEqual([]);
  expect(office.house.editorial.revisions.at(-1)?.source).toContain("First words one");
  await second.getByRole("button", { name: "Lưu bản của tôi lên trên" }).click();
  await second.getByText("Bản nháp · 4").waitFor();
  expect(office.house.editorial.revisions.at(-1)?.source).toContain("First words two");
  expect(office.house.editorial.revisions.at(-2)?.source).toContain("First words one");
});

test("a key that saves does what the button does: nothing while nothing was written, once while it is being saved", async () => {
  const page = await openWelcome();
  const numbers = () =>
    office.house.editorial.revisions.filter((r) => r.key === "welcome").map((r) => r.number);
  await clickEndOf(page, "en: First words");
  await page.keyboard.press("Control+s");
  await page.keyboard.type("!");
  await page.getByText("Chưa lưu").waitFor();
  let held = 0;
  await page.route("**/content/save", async (route) => {
    held += 1;
    await new Promise((go) => setTimeout(go, 400));
    await route.continue();
  });
  await page.keyboard.press("Control+s");
  await expect.poll(() => held).toBe(1);
  await page.keyboard.press("Control+s");
  await page.getByText("Bản nháp · 3").waitFor();
  await page.waitForTimeout(600);
  expect(await page.locator(".conflict").count()).toBe(0);
  expect(numbers()).toEqual([1, 2, 3]);
});

test("who reads a colleague's draft is told when there is a newer one, and sees it when she comes again", async () => {
  const mai = { id: "staff-9" as StaffId, login: "mai", alias: "Mai", roles: ["editor" as const] };
  const writes = (words: string, basedOn: number) =>
    office.house.services.editorial.save(mai, "flow", "welcome", `${WELCOME_FLOW}# ${words}\n`, basedOn);
  const text = (words: string) => page.locator(".cm-line", { hasText: `# ${words}` }).waitFor();
  const page = await openWelcome();
  await page.getByRole("link", { name: "Kịch bản" }).click();
  await page.locator(".items li").first().waitFor();
  await writes("lần đầu", 2);
  await page.getByRole("link", { name: /Lời đầu tiên/ }).click();
  await text("lần đầu");
  await page.getByText("Bản nháp · 3").waitFor();
  await writes("lần sau", 3);
  await page.getByRole("button", { name: "Xuất bản" }).click();
  await page.getByLabel("Bạn đã đổi gì?").fill("Đã đọc");
  await page.getByRole("dialog").getByRole("button", { name: "Xuất bản" }).click();
  await page.getByRole("dialog").getByText("Người khác vừa lưu bản mới hơn").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Thôi" }).click();
  await page.getByRole("button", { name: "Lấy bản của họ" }).click();
  await text("lần sau");
  await page.getByText("Bản nháp · 4").waitFor();
  expect(await page.locator(".conflict").count()).toBe(0);
});

test("a draft is compared with what is published now, also when a colleague published the one before it", async () => {
  const mai = { id: "staff-9" as StaffId, login: "mai", alias: "Mai", roles: ["editor" as const] };
  const page = await openWelcome();
  await clickEndOf(page, "en: First words");
  await page.keyboard.type(" one");
  await page.keyboard.press("Control+s");
  await page.getByText("Bản nháp · 3").waitFor();
  await office.house.services.editorial.publish(mai, "flow", "welcome", 3, "");
  await page.getByRole("button", { name: "So sánh" }).click();
  await clickEndOf(page, "en: First words one");
  await page.keyboard.type(" two");
  await page.keyboard.press("Control+s");
  await page.getByText("Bản nháp · 4").waitFor();
  await page.locator(".diff .removed").getByText("First words one").waitFor();
});

test("what is written while the text is fetched anew is not taken away", async () => {
  const page = await openWelcome();
  await clickEndOf(page, "en: First words");
  await page.keyboard.type("!");
  await page.keyboard.press("Control+s");
  await page.getByText("Bản nháp · 3").waitFor();
  let go = () => {};
  const held = new Promise<void>((resolve) => {
    go = resolve;
  });
  await page.route("**/content/item?**", async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole("button", { name: "Bỏ bản nháp" }).click();
  const asked = page.waitForRequest("**/content/item?**");
  await page.getByRole("dialog").getByRole("button", { name: "Bỏ bản nháp" }).click();
  await asked;
  // She does not wait for it.
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await clickEndOf(page, "en: First words");
  await page.keyboard.type(" half written");
  go();
  await page.waitForTimeout(800);
  expect(await page.locator(".cm-content").innerText()).toContain("First words! half written");
  await page.getByText("Chưa lưu").waitFor();
});

test("going back to an older revision leaves what is being written", async () => {
  const page = await openWelcome();
  await clickEndOf(page, "en: First words");
  await page.keyboard.type(" half written");
  await page.getByRole("button", { name: "Các bản trước" }).click();
  await page.getByRole("button", { name: "Dùng lại bản này: 1" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Dùng lại bản này" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.locator(".cm-line", { hasText: "half written" }).waitFor();
  await page.getByText("Chưa lưu").waitFor();
  await page.getByRole("button", { name: "Lưu nháp" }).click();
  await page.getByText("Bản nháp · 4").waitFor();
});

test("signs stand as they are typed: the font joins none of them", async () => {
  const page = await openWelcome();
  const joined = page
    .locator(".cm-line")
    .first()
    .evaluate((el) => getComputedStyle(el).fontVariantLigatures);
  expect(await joined).toBe("none");
});

test("what an older text would change is not shown beside the one that stands there now", async () => {
  const page = await openWelcome();
  await page.getByRole("button", { name: "Sẽ đổi gì" }).click();
  await page.getByText("Mục này không ảnh hưởng").waitFor();
  await clickEndOf(page, "en: First words");
  await page.keyboard.type("!");
  await page.getByText("Bài đã đổi từ lần xem trước").waitFor();
  expect(await page.getByText("Mục này không ảnh hưởng").count()).toBe(0);
  await shoot(page, "content-changes-old");
  expect(await axeFaults(page)).toEqual([]);
  await page.getByRole("button", { name: "Xem lại với bài hiện tại" }).click();
  await page.getByText("Mục này không ảnh hưởng").waitFor();
  expect(await page.getByText("Bài đã đổi từ lần xem trước").count()).toBe(0);
});

test("leaving with unsaved changes asks; an article is edited as Markdown; a phone can do it too", async () => {
  const page = await openWelcome();
  await clickEndOf(page, "en: First words");
  await page.keyboard.type("!");
  await page.getByText("Chưa lưu").waitFor();
  let asked = 0;
  page.on("dialog", (dialog) => {
    asked += 1;
    void (asked === 1 ? dialog.dismiss() : dialog.accept());
  });
  await page.getByRole("link", { name: "Hỏi thử" }).click();
  await expect.poll(() => asked).toBe(1);
  expect(await page.locator(".cm-content").innerText()).toContain("First words!");
  await page.getByRole("link", { name: "Hỏi thử" }).click();
  await page.getByRole("heading", { name: "Hỏi thử" }).waitFor();
  await page.setViewportSize(PHONE);
  await page.goto(`${office.url}#/content/article/contact-ban`);
  await page.locator(".tok-heading").first().waitFor();
  await shoot(page, "content-article-phone");
  expect(await axeFaults(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});

test("questions that ask the same stand together; one press begins an article of them, another lets them go", async () => {
  const page = await office.signIn("tu", "#/unanswered");
  await page.goto(`${office.url}#/unanswered`);
  await page.getByText("2 lần").waitFor();
  const shown = page.getByRole("link", { name: "Ai được xin lệnh" });
  expect(await shown.getAttribute("href")).toBe("#/content/article/contact-ban-commune");
  await page.getByText("Các cách hỏi").click();
  await shoot(page, "content-unanswered");
  expect(await axeFaults(page)).toEqual([]);
  await page.getByRole("button", { name: "Viết bài từ câu này" }).click();
  const dialog = page.getByRole("dialog");
  expect(await dialog.getByLabel("Tên mục").inputValue()).toBe("chong-giu-het-giay-to-thi-lam-lai-o-dau");
  expect(await dialog.locator(".asked li").count()).toBe(2);
  await shoot(page, "content-new");
  expect(await axeFaults(page)).toEqual([]);
  await dialog.getByLabel("Tên mục").fill("Làm lại giấy tờ");
  await dialog.getByRole("button", { name: "Bắt đầu viết" }).click();
  await page.getByRole("heading", { name: "lam-lai-giay-to" }).waitFor();
  await page.locator(".cm-content").getByText("chong giu het giay to").waitFor();
  const made = office.house.editorial.revisions.at(-1);
  expect([made?.kind, made?.key, made?.state]).toEqual(["article", "lam-lai-giay-to", "draft"]);
  await page.getByRole("button", { name: "Bỏ bản nháp" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Bỏ bản nháp" }).click();
  await page.getByRole("heading", { name: "Nội dung" }).waitFor();
  expect(office.house.editorial.revisions.at(-1)?.state).toBe("discarded");
  await page.getByRole("button", { name: "Bài mới" }).click();
  await page.getByRole("dialog").getByLabel("Tên mục").fill("contact-ban");
  await page.getByRole("dialog").getByRole("button", { name: "Bắt đầu viết" }).click();
  await page.getByText("Tên này đã có rồi").waitFor();
  await page.goto(`${office.url}#/unanswered`);
  await page.getByRole("button", { name: "Không cần trả lời" }).click();
  await page.getByText("Chưa có câu nào").waitFor();
});

test("an article begins also of what somebody told at length and got no answer to", async () => {
  const long = "chồng em giữ hết giấy tờ rồi em không biết làm sao ".repeat(20).trim();
  const { editorial } = office.house.services;
  const asked = await editorial.unanswered({} as never);
  if (!asked.ok) throw new Error(asked.code);
  editorial.unanswered = async () => ({
    ...asked,
    questions: [{ id: "q9", at: Date.now(), question: long, shown: null }],
    groups: [{ question: long, ids: ["q9"], at: Date.now() }],
  });
  const page = await office.signIn("tu");
  await page.goto(`${office.url}#/unanswered`);
  await page.getByRole("button", { name: "Viết bài từ câu này" }).click();
  expect(await page.getByLabel("Tên mục").inputValue()).toBe("chong-em-giu-het-giay-to-roi-em-khong");
  await shoot(page, "content-new-long");
  await page.getByRole("dialog").getByRole("button", { name: "Bắt đầu viết" }).click();
  await page.locator(".cm-content").getByText("chồng em giữ hết giấy tờ").waitFor();
});

test("a draft in which a sign of danger counts for less cannot be published, and says which", async () => {
  const page = await office.signIn("quan");
  await page.goto(`${office.url}#/content/rules/instruments%2Fda-5`);
  await page.locator(".cm-content").getByText("id: da-5").waitFor();
  await clickEndOf(page, "questions");
  await page.keyboard.type(" # khác");
  await page.getByRole("button", { name: "Xuất bản", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Chưa xuất bản được: những dấu hiệu nguy hiểm này").waitFor();
  await dialog.getByText("strangled: có, câu hỏi thêm cũng có").first().waitFor();
  await dialog.getByText("Sẽ xếp cao hơn · 1").waitFor();
  expect(await dialog.getByRole("button", { name: "Xuất bản" }).isDisabled()).toBe(true);
  await shoot(page, "content-instrument");
  expect(await axeFaults(page)).toEqual([]);
});

test("a question shows why each passage ranked", async () => {
  const page = await office.signIn("mai", "#/ask");
  await page.goto(`${office.url}#/ask`);
  await page.getByLabel("Câu hỏi").fill("cấm tiếp xúc là gì");
  await page.getByRole("button", { name: "Hỏi", exact: true }).click();
  await page.getByText("Vì sao").first().click();
  await page.getByText("cấm tiếp xúc là gì").last().waitFor();
  await page.getByText("80 % giống").waitFor();
  await page.getByText("Vì sao").nth(1).click();
  await page.getByText("Mục trong danh bạ: đường dây nóng · cả nước · dùng đến 2027-05-22").waitFor();
  await shoot(page, "content-why");
  expect(await axeFaults(page)).toEqual([]);
});

test("all texts come as one zip file and go in again; what is no zip is told", async () => {
  const page = await office.signIn("tu");
  await page.getByRole("button", { name: "Tệp" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Tải về tất cả" }).click(),
  ]);
  const bytes = readFileSync(await download.path());
  const files = unzipSync(bytes);
  expect(strFromU8(files["flows/welcome.yaml"] ?? new Uint8Array())).toBe(
    office.house.editorial.revisions.find((r) => r.key === "welcome" && r.state === "published")?.source,
  );
  await shoot(page, "content-files");
  expect(await axeFaults(page)).toEqual([]);
  const choose = (name: string, buffer: Buffer) =>
    page.getByLabel("Chọn tệp zip").setInputFiles({ name, mimeType: "application/zip", buffer });
  await choose("none.zip", Buffer.from("eggs and milk"));
  await page.getByText("không phải tệp zip đọc được").waitFor();
  // A bomb: a megabyte and a half of nothing in a few bytes.
  const bomb = zipSync({ "flows/a.yaml": new Uint8Array(1_500_000) });
  await choose("bomb.zip", Buffer.from(bomb));
  await page.getByText("mỗi tệp bên trong nhiều nhất 1 MB").waitFor();
  await choose("notes.zip", Buffer.from(zipSync({ "notes.txt": strToU8("x") })));
  await page.getByText("không có tệp nào của").waitFor();
  const wide = zipSync({ "flows/wide.yaml": new Uint8Array(Buffer.from("\uFEFFid: a\n", "utf16le")) });
  await choose("wide.zip", Buffer.from(wide));
  await page.getByRole("alert").getByText("flows/wide.yaml").waitFor();
  await page.getByText("lưu lại tệp ấy ở dạng UTF-8").waitFor();
  const nested = zipSync({
    "ben-an/flows/welcome.yaml": strToU8("id: welcome\n"),
    "ben-an/notes.txt": strToU8("x"),
  });
  await choose("good.zip", Buffer.from(nested));
  await page.getByText("1 mục thành bản nháp").waitFor();
  expect(await axeFaults(page)).toEqual([]);
  // Which one, and the way there.
  await page.getByRole("link", { name: "Kịch bản: welcome" }).click();
  await page.getByRole("heading", { name: "Lời đầu tiên welcome" }).waitFor();
});

test("a message is shown as on a phone; every Vietnamese letter of the editor is of one width", async () => {
  const page = await office.signIn("tu");
  await page.goto(`${office.url}#/content/article/contact-ban`);
  await page.locator(".phone .bubble").waitFor();
  await shoot(page, "content-preview");
  expect(await axeFaults(page)).toEqual([]);
  const widths = await page.evaluate(async (letters) => {
    await document.fonts.load('40px "JetBrains Mono"', letters);
    const pen = document.createElement("canvas").getContext("2d");
    if (!pen) return [];
    pen.font = '40px "JetBrains Mono", serif';
    return [...new Set([...`${letters}aW`].map((letter) => Math.round(pen.measureText(letter).width * 10)))];
  }, LETTERS);
  expect(widths).toHaveLength(1);
  await page.setViewportSize(PHONE);
  expect(await axeFaults(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});

test("on a phone the text scrolls in its own box, and one press leads to the preview", async () => {
  const page = await office.signIn("tu");
  await page.setViewportSize(PHONE);
  await page.goto(`${office.url}#/content/flow/welcome`);
  await page.locator(".cm-content").waitFor();
  const box = await page.locator(".editor-box").boundingBox();
  expect(box?.height).toBeLessThan(PHONE.height * 0.65);
  await page.getByRole("button", { name: "Xem trước, so sánh" }).click();
  await expect
    .poll(async () => (await page.locator(".side .tabs").boundingBox())?.y ?? PHONE.height)
    .toBeLessThan(PHONE.height * 0.9);
  await shoot(page, "content-phone-panel");
});

test("a link into a text opens it at that line", async () => {
  const page = await office.signIn("tu");
  await page.goto(`${office.url}#/content/flow/welcome/22`);
  await page.locator(".cm-activeLine", { hasText: "- id: not_now" }).waitFor();
});
