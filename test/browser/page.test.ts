/** The survivors' page in a real browser: talking, no script, broken lines, leaving, and axe on every screen. */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { connect, createServer as createTcp, type Socket, type Server as TcpServer } from "node:net";
import { gzipSync } from "node:zlib";
import type { BrowserContext, Page, Route } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Serving, serve } from "../../bot/web/server.ts";
import { fakeHouse } from "../web/fake-services.ts";
import { axeFaults, DESKTOP, openBrowser, PHONE, shoot, type TestBrowser } from "./chromium.ts";

let browser: TestBrowser;
let elsewhere: Server;
let exitUrl: string;
let house: ReturnType<typeof fakeHouse>;
let serving: Serving;
let line: Line;
let context: BrowserContext | undefined;

// A real browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

beforeAll(async () => {
  browser = await openBrowser();
  elsewhere = createServer((_, answer) =>
    answer.end("<!doctype html><meta charset=utf-8><title>Thời tiết</title><h1>Trời nắng nhẹ</h1>"),
  );
  await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
  exitUrl = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
}, 60_000);
afterAll(async () => {
  elsewhere?.closeAllConnections();
  elsewhere?.close();
  await browser?.close();
});
beforeEach(async () => {
  house = fakeHouse({ exitUrl });
  serving = await serve(house.app, 0, "127.0.0.1");
  line = await cuttableLine(serving.port);
});
afterEach(async () => {
  await context?.close();
  context = undefined;
  line.close();
  await serving.close();
});

/** A TCP line to the server that can be cut and mended: what a bad network does to a stream. */
interface Line {
  readonly url: string;
  cut(): void;
  /** Nothing comes through any more on the connections that there are, and none of them ends. */
  hush(): void;
  /** Nor on new ones, until it is mended. */
  swallow(): void;
  mend(): void;
  close(): void;
}
async function cuttableLine(port: number): Promise<Line> {
  const sockets = new Set<Socket>();
  let isCut = false;
  let isSwallowing = false;
  let hushed = new Set<Socket>();
  const proxy: TcpServer = createTcp((from) => {
    if (isCut) return void from.destroy();
    const to = connect(port, "127.0.0.1");
    for (const [a, b] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(a);
      a.on("error", () => b.destroy());
      a.on("close", () => {
        sockets.delete(a);
        b.destroy();
      });
      a.on("data", (bytes) => isSwallowing || hushed.has(a) || b.write(bytes));
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/`,
    cut: () => {
      isCut = true;
      drop();
    },
    hush: () => {
      hushed = new Set(sockets);
    },
    swallow: () => {
      isSwallowing = true;
    },
    mend: () => {
      isCut = false;
      isSwallowing = false;
    },
    close: () => {
      drop();
      proxy.close();
    },
  };
}

async function open(options: Parameters<TestBrowser["context"]>[0] = {}): Promise<Page> {
  context = await browser.context(options);
  const page = await context.newPage();
  page.setDefaultTimeout(6_000);
  page.on("pageerror", (error) => {
    throw error;
  });
  await page.goto(line.url);
  return page;
}
const said = (page: Page) => page.locator("#lines .text").allInnerTexts();
const start = async (page: Page) => {
  await page.getByRole("button", { name: "Bắt đầu trò chuyện" }).click();
  await page.getByText("máy trả lời tự động").waitFor();
};
const write = async (page: Page, words: string) => {
  await page.locator("#text").fill(words);
  await page.getByRole("button", { name: "Gửi", exact: true }).click();
};

describe("a conversation", () => {
  test("begins, is answered, and every line stands once and in order", async () => {
    const page = await open();
    await shoot(page, "page-front-phone");
    expect(await axeFaults(page)).toEqual([]);
    await start(page);
    await shoot(page, "page-first-words-phone");
    await page.getByRole("button", { name: "Được, mình đang ở một mình" }).click();
    await page.getByText("Điều nào gần với bạn nhất").waitFor();
    await write(page, "no dang cam dao ngoai cua");
    await page.getByText("hãy đi ngay").waitFor();
    await expect.poll(() => page.locator(".pending").count()).toBe(0);
    expect((await said(page)).length).toBe(5);
    expect(await page.getByRole("link", { name: /113/ }).first().getAttribute("href")).toBe("tel:113");
    await shoot(page, "page-emergency-phone");
    expect(await axeFaults(page)).toEqual([]);
    house.page.bot("Chào bạn, mình là Mai, người tư vấn.", [], "counsellor");
    await page.getByText("mình là Mai").waitFor();
    await page.setViewportSize(DESKTOP);
    await shoot(page, "page-talk-desktop");
    expect(await axeFaults(page)).toEqual([]);
  });

  test.each([
    ["phone", { width: 390, height: 844 }],
    ["desktop", DESKTOP],
  ])(
    "of a long answer she sees the beginning, of a short one all that can be chosen: %s",
    async (_, viewport) => {
      const page = await open({ viewport, reducedMotion: "no-preference" });
      await start(page);
      const offered = ["Đi cùng con", "Nếu phải quay về", "Gọi người thật", "Mục chính"].map((label, i) => ({
        label,
        kind: "answer" as const,
        value: `a:leaving-plan#${i}.abc`,
      }));
      /** Where things stand once the smooth movement is over. */
      const settled = async () => {
        const y = () => page.evaluate(() => scrollY);
        let before = -1;
        for (let now = await y(); now !== before; now = await y()) {
          before = now;
          await page.waitForTimeout(400);
        }
        return page.evaluate(() => {
          const edge = (css: string, side: "top" | "bottom") =>
            [...document.querySelectorAll(css)].at(-1)?.getBoundingClientRect()[side] ?? Number.NaN;
          return {
            answer: edge("#lines .bot", "top"),
            lastChoice: edge("#choices button", "bottom"),
            header: edge("header", "bottom"),
            write: edge("#write", "top"),
          };
        });
      };
      const own = await page.locator("#lines .bot").count();

      house.page.bot("Lời ngắn.", offered);
      await expect.poll(() => page.locator("#lines .bot").count()).toBe(own + 1);
      const short = await settled();
      expect(short.lastChoice).toBeLessThanOrEqual(short.write);

      house.page.bot(`Lời đầu.\n${"Một dòng của câu trả lời dài.\n".repeat(40)}`, offered);
      await expect.poll(() => page.locator("#lines .bot").count()).toBe(own + 2);
      for (const again of [false, true]) {
        if (again) await page.reload();
        const long = await settled();
        expect(long.answer).toBeGreaterThanOrEqual(long.header);
        expect(long.answer).toBeLessThan(long.header + 60);
      }
    },
  );

  test("what answers her words comes into sight from its first line, though she stood at the beginning of a long text", async () => {
    const page = await open({ viewport: { width: 390, height: 844 }, reducedMotion: "no-preference" });
    await start(page);
    const offered = Array.from({ length: 7 }, (_, n) => ({
      label: `Lựa chọn ${n}`,
      kind: "answer" as const,
      value: `a:leaving-plan#${n}.abc`,
    }));
    house.page.bot(`Bài dài.\n${"Một dòng của bài dài.\n".repeat(30)}`, offered);
    await page.getByText("Bài dài.").waitFor();
    await page.waitForTimeout(1_200);
    await page.locator("#text").fill("giup em voi");
    await page.locator("#text").press("Enter");
    await page.locator("#lines .you:not(.pending)").waitFor();
    house.page.bot(`Gọi 113.\n${"Một việc để làm ngay.\n".repeat(14)}`, offered.slice(0, 3));
    await page.getByText("Gọi 113.").waitFor();
    await page.waitForTimeout(2_500);
    const place = await page.evaluate(() => {
      const answer = [...document.querySelectorAll("#lines .bot")].at(-2)?.getBoundingClientRect();
      return {
        top: answer?.top ?? Number.NaN,
        header: document.querySelector("header")?.getBoundingClientRect().bottom ?? Number.NaN,
        write: document.querySelector("#write")?.getBoundingClientRect().top ?? Number.NaN,
      };
    });
    expect(place.top).toBeGreaterThanOrEqual(place.header);
    expect(place.top).toBeLessThan((place.header + place.write) / 2);

    // She scrolls up to read again: then a new line does not take the page away from her.
    await page.mouse.move(200, 400);
    await page.mouse.wheel(0, -900);
    await page.waitForTimeout(600);
    const y = await page.evaluate(() => scrollY);
    house.page.bot("Một tin sau đó.", []);
    await page.getByRole("button", { name: "Tin mới ở dưới" }).waitFor();
    expect(await page.evaluate(() => scrollY)).toBe(y);
  });

  test("that cannot begin says so with numbers, is tried again by itself, and can be begun after a reload", async () => {
    const page = await open();
    let refused = 0;
    const refuse = (route: Route) => {
      refused += 1;
      return route.fulfill({ status: 503, body: "{}" });
    };
    await page.route("**/api/page/arrive", refuse);
    await page.getByRole("button", { name: "Bắt đầu trò chuyện" }).click();
    await page.locator("#notice").getByText("Trang đang gặp trục trặc").waitFor();
    // The stream stands by then, and must not take the notice away.
    await expect.poll(() => refused, { timeout: 15_000 }).toBeGreaterThan(2);
    expect(await page.locator("#notice a").first().getAttribute("href")).toBe("tel:113");
    await page.reload();
    await page.getByRole("button", { name: "Bắt đầu trò chuyện" }).click();
    await page.locator("#notice").getByText("Trang đang gặp trục trặc").waitFor();
    await page.unroute("**/api/page/arrive");
    await page.getByText("máy trả lời tự động").waitFor({ timeout: 15_000 });
    expect(await page.locator(".notice").count()).toBe(0);
    expect(house.page.opened).toHaveLength(1);
  });

  test("pressed without a network it begins with the network, and says nothing of a message that she did not write", async () => {
    const page = await open();
    await context?.setOffline(true);
    await page.getByRole("button", { name: "Bắt đầu trò chuyện" }).click();
    await page.getByText("trang tự nối lại").waitFor();
    await context?.setOffline(false);
    await page.getByText("máy trả lời tự động").waitFor({ timeout: 15_000 });
  });

  test("changing the language before it loses neither what stands in the box nor what is on its way", async () => {
    const page = await open();
    await context?.setOffline(true);
    await write(page, "em sợ lắm");
    await page.locator("#text").fill("chưa gửi");
    await page.getByText("English").click();
    await page.getByRole("heading", { name: "Whatever you say here is heard" }).waitFor();
    await page.getByRole("button", { name: "Start talking" }).waitFor();
    await page.locator("#notice").getByText("Your message has not gone").waitFor();
    expect(await page.locator("#text").inputValue()).toBe("chưa gửi");
    await page.getByRole("button", { name: "Tiếng Việt" }).click();
    await context?.setOffline(false);
    await page.getByText("Mình đã nghe").waitFor({ timeout: 15_000 });
    expect(await page.title()).toBe("Góc nhỏ");
  });

  test("the first words may be written at once, without opening anything", async () => {
    const page = await open();
    await write(page, "giup em voi");
    await page.getByText("Mình đã nghe").waitFor();
    expect(await said(page)).toEqual(["giup em voi", expect.stringContaining("Mình đã nghe")]);
  });

  test.each([
    ["at once", false],
    ["after a reload", true],
  ])("the language of a talk and of all round it changes together, %s", async (_, isReloaded) => {
    const page = await open();
    await start(page);
    if (isReloaded) await page.reload();
    expect(await said(page)).toHaveLength(1);
    await page.getByRole("textbox").fill("em chưa gửi");
    await page.locator("nav").getByText("English").click();
    await page.getByText("I will use English.").waitFor();
    await page.getByRole("button", { name: "Leave now" }).waitFor();
    await page.getByRole("button", { name: "Send" }).waitFor();
    await page.getByText("Police, in danger now").waitFor({ state: "attached" });
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
    expect(await page.getByRole("textbox").inputValue()).toBe("em chưa gửi");
    expect(await page.locator(".who").allInnerTexts()).not.toContain("Bạn");
    expect(await axeFaults(page)).toEqual([]);
    await page.reload();
    await page.getByRole("button", { name: "Leave now" }).waitFor();
    await page.getByRole("button", { name: "Tiếng Việt" }).click();
    await page.getByText("Mình nói tiếng Việt nhé.").waitFor();
    await page.getByRole("button", { name: "Thoát nhanh" }).waitFor();
  });

  test("without a script the language of the talk changes too", async () => {
    const page = await open({ javaScriptEnabled: false });
    await page.getByRole("button", { name: "Bắt đầu trò chuyện" }).click();
    await page.getByRole("button", { name: "English" }).click();
    await page.getByText("I will use English.").waitFor();
    await page.getByRole("button", { name: "Leave now" }).waitFor();
  });

  test.each([320, 360, 390])("everything at the top fits in one line, %i px", async (width) => {
    const page = await open({ viewport: { width, height: 700 } });
    for (const lang of ["vi", "en"]) {
      await page.goto(`${line.url}/?lang=${lang}`);
      for (const place of ["#exit", "nav a"]) {
        const box = await page.locator(place).boundingBox();
        expect(box && box.x + box.width).toBeLessThanOrEqual(width);
        expect(box?.height).toBeLessThan(60);
      }
      await shoot(page, `page-${width}-${lang}`);
    }
  });

  test.each([320, 360])("with letters twice as large the way out stays in reach, %i px", async (width) => {
    const page = await open({ viewport: { width, height: 640 } });
    await page.evaluate(() => document.documentElement.style.setProperty("font-size", "34px"));
    const inSight = async () => {
      const box = await page.locator("#exit").boundingBox();
      expect(box && box.x >= 0 && box.x + box.width <= width && box.y >= 0 && box.y < 150).toBe(true);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
    };
    await inSight();
    await start(page);
    await write(page, "no cam dao ngoai cua");
    await page.getByText("hãy đi ngay").waitFor();
    await page.waitForTimeout(1_000);
    await inSight();
    expect(await axeFaults(page)).toEqual([]);
  });

  test("with keys, who has chosen goes on at what can be chosen next", async () => {
    const page = await open({ viewport: DESKTOP });
    await start(page);
    await page.getByRole("button", { name: "Được, mình đang ở một mình" }).focus();
    await page.keyboard.press("Enter");
    const next = page.getByRole("button", { name: "Mình đang bị làm đau" });
    await next.waitFor();
    await expect.poll(() => page.locator(".pending").count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("đang ở một mình");
    await page.keyboard.press("Tab");
    expect(await next.evaluate((el) => el === document.activeElement)).toBe(true);
  });

  test("a line of hers is read out once: what was pending is it when it has come", async () => {
    const page = await open();
    await start(page);
    await page.evaluate(() => {
      const added: string[] = [];
      Object.assign(window, { added });
      new MutationObserver((all) => {
        for (const { addedNodes } of all) for (const node of addedNodes) added.push(node.textContent ?? "");
      }).observe(document.querySelector("#lines") as Node, { childList: true });
    });
    await write(page, "em sợ lắm");
    await page.getByText("Mình đã nghe").waitFor();
    const added = await page.evaluate(() => (window as unknown as { added: string[] }).added);
    expect(added.filter((words) => words.includes("em sợ lắm"))).toHaveLength(1);
    expect(await page.locator(".state").count()).toBe(0);
  });

  test.each(["as it comes", "after a reload"])(
    "a number that a counsellor writes can be tapped, %s",
    async (when) => {
      const page = await open();
      await start(page);
      house.page.bot(
        "Bạn gọi 1900 969 680, 0912.345.678 hoặc 113 nhé. Năm 2113, giá 1.113.000.",
        [],
        "counsellor",
      );
      await page.getByText("Bạn gọi").waitFor();
      if (when === "after a reload") await page.reload();
      const calls = page.locator(".line.counsellor .text a");
      expect(await calls.evaluateAll((all) => all.map((a) => a.getAttribute("href")))).toEqual([
        "tel:1900969680",
        "tel:0912345678",
        "tel:113",
      ]);
      expect(await page.locator(".line.counsellor .text").innerText()).toContain("hoặc 113 nhé. Năm 2113");
      expect(await axeFaults(page)).toEqual([]);
    },
  );

  test("more than can be taken at once stays in the box, whole, and she is told", async () => {
    const page = await open();
    await start(page);
    await page.locator("#text").focus();
    await page.evaluate(() => document.execCommand("insertText", false, "em bi danh ".repeat(2_000)));
    await page.getByRole("button", { name: "Gửi", exact: true }).click();
    await page.getByText("Tin này dài quá").waitFor();
    // Signs of life of the stream do not take it away.
    await page.waitForTimeout(6_000);
    await page.getByText("Tin này dài quá").waitFor();
    expect((await page.locator("#text").inputValue()).length).toBe(22_000);
  });

  test("markup in words stays words", async () => {
    const page = await open();
    await start(page);
    await write(page, "<img src=x onerror=alert(1)><b>đậm</b>");
    await page.getByText("Mình đã nghe").waitFor();
    await page.reload();
    expect(await page.locator("#lines img, #lines b").count()).toBe(0);
    expect(await said(page)).toContain("<img src=x onerror=alert(1)><b>đậm</b>");
  });
});

test("in a crowd the page works for a moment and then begins by itself; what was written is not lost", async () => {
  for (let i = 0; i < 30; i += 1) {
    await fetch(`${line.url}api/page/open`, {
      method: "POST",
      headers: { "sec-fetch-site": "same-origin", "x-asked-by": "page", "content-type": "application/json" },
      body: "{}",
    });
  }
  const page = await open();
  const asked: string[] = [];
  page.on("request", (r) => r.url().endsWith("/open") && asked.push(r.postData() ?? ""));
  await write(page, "chồng em cầm dao");
  await page.getByText("Nếu bạn ra được chỗ có người").waitFor();
  expect(asked).toHaveLength(2);
  expect(asked[1]).toContain('"number"');
  expect(await said(page)).toEqual([
    "chồng em cầm dao",
    "Nếu bạn ra được chỗ có người hoặc có khóa, hãy đi ngay. Gọi 113 nếu gọi được.",
  ]);
});

describe("a bad line", () => {
  test("a cut stream resumes without a gap and without a double", async () => {
    const page = await open();
    await start(page);
    line.cut();
    await page.getByText("Đang nối lại").waitFor();
    await shoot(page, "page-reconnecting-phone");
    for (const n of [1, 2, 3]) house.page.bot(`lúc mất mạng ${n}`);
    line.mend();
    await page.getByText("lúc mất mạng 3").waitFor();
    house.page.bot("sau khi nối lại");
    await page.getByText("sau khi nối lại").waitFor();
    const words = (await said(page)).slice(1);
    expect(words).toEqual(["lúc mất mạng 1", "lúc mất mạng 2", "lúc mất mạng 3", "sau khi nối lại"]);
    expect(await page.locator(".notice").count()).toBe(0);
  });

  test("a message whose answer was lost is sent again and taken once", async () => {
    const page = await open();
    await start(page);
    let lost = 0;
    await page.route("**/api/page/write", async (route) => {
      if (lost++ > 0) return route.continue();
      await route.fetch();
      await route.abort("connectionreset");
    });
    // Nothing else may tell the page that the line arrived.
    const deaf = async (route: Route) => (lost > 1 ? route.continue() : route.abort("connectionreset"));
    await page.route("**/api/page/stream*", deaf);
    await page.route("**/api/page/lines*", deaf);
    line.cut();
    line.mend();
    await page.getByText("Đang nối lại").waitFor();
    await write(page, "em sợ lắm");
    await page.getByText("Mình đã nghe").waitFor({ timeout: 15_000 });
    await expect.poll(() => lost, { timeout: 10_000 }).toBeGreaterThan(1);
    await expect.poll(() => page.locator(".pending").count()).toBe(0);
    expect((await said(page)).filter((w) => w === "em sợ lắm")).toHaveLength(1);
    expect(house.page.newest()?.lines.filter((l) => l.from === "you")).toHaveLength(1);
  });

  test("a stream that fell silent without an end keeps no answer to danger from her", async () => {
    const page = await open();
    await start(page);
    line.hush();
    await write(page, "no cam dao duoi em");
    await page.getByText("hãy đi ngay").waitFor({ timeout: 20_000 });
    await expect.poll(() => page.locator(".pending").count()).toBe(0);
    // Nothing of hers is on its way now: it is the signs of life that are missed.
    line.hush();
    house.page.bot("Mình là Mai.", [], "counsellor");
    await page.getByText("Mình là Mai.").waitFor({ timeout: 25_000 });
    expect(await page.locator(".notice").count()).toBe(0);
  });

  test("a line that swallows all is told of, with numbers, and what she wrote goes once it is mended", async () => {
    const page = await open();
    await start(page);
    line.swallow();
    await write(page, "em sợ lắm");
    await page.locator("#notice").getByText("Trang đang gặp trục trặc").waitFor({ timeout: 20_000 });
    expect(await page.locator("#notice a").first().getAttribute("href")).toBe("tel:113");
    line.mend();
    await page.getByText("Mình đã nghe").waitFor({ timeout: 60_000 });
    expect(house.page.newest()?.lines.filter((l) => l.from === "you")).toHaveLength(1);
  });

  test("cut off for long while she only waits: the numbers come, and go again with the line", async () => {
    const page = await open();
    await start(page);
    line.cut();
    await page.getByText("Đang nối lại").waitFor();
    await page.locator("#notice").getByText("Trang đang gặp trục trặc").waitFor({ timeout: 30_000 });
    line.mend();
    await expect.poll(() => page.locator(".notice").count(), { timeout: 15_000 }).toBe(0);
  });

  test("a browser that polls is told of our trouble too", async () => {
    const page = await open();
    await page.route("**/api/page/stream*", (route) => route.fulfill({ status: 503, body: "" }));
    await start(page);
    await page.route("**/api/page/lines*", (route) => route.fulfill({ status: 503, body: "{}" }));
    await page.locator("#notice").getByText("Trang đang gặp trục trặc").waitFor({ timeout: 40_000 });
  });

  test("written offline: told, kept in order, sent when the line is back", async () => {
    const page = await open();
    await start(page);
    await context?.setOffline(true);
    await write(page, "một");
    await write(page, "hai");
    await page.getByText("Đang mất mạng").waitFor();
    await shoot(page, "page-offline-phone");
    expect(await axeFaults(page)).toEqual([]);
    await context?.setOffline(false);
    await expect
      .poll(
        () =>
          house.page
            .newest()
            ?.lines.filter((l) => l.from === "you")
            .map((l) => l.text),
        { timeout: 15_000 },
      )
      .toEqual(["một", "hai"]);
  });

  test("trouble on our side says so and leaves the numbers on the page", async () => {
    const page = await open();
    await start(page);
    house.page.break(true);
    await write(page, "em ơi");
    await page.getByText("Trang đang gặp trục trặc").waitFor();
    await shoot(page, "page-trouble-phone");
    house.page.break(false);
    await page.getByRole("button", { name: "Gửi lại" }).click();
    await page.getByText("Mình đã nghe").waitFor();
    expect(JSON.stringify(house.logged)).not.toContain("planted");
  });

  test("trouble on our side is not played down when the stream ends too, and can be called about at once", async () => {
    const page = await open();
    await start(page);
    house.page.break(true);
    await page.route("**/api/page/stream*", (route) => route.fulfill({ status: 503, body: "" }));
    await write(page, "em ơi");
    const notice = page.locator("#notice");
    await notice.getByText("Trang đang gặp trục trặc").waitFor();
    line.cut();
    line.mend();
    // Long enough for the stream to be tried anew, and for its failure to be told.
    await page.waitForTimeout(4_000);
    expect(await notice.innerText()).toContain("Trang đang gặp trục trặc");
    const call = notice.getByRole("link").first();
    expect(await call.getAttribute("href")).toBe("tel:113");
    const seen = await call.boundingBox();
    expect(seen && seen.y > 0 && seen.y + seen.height < PHONE.height).toBe(true);
    expect(await axeFaults(page)).toEqual([]);
    await shoot(page, "page-trouble-numbers-phone");
  });

  test("a line of hers that comes in other words, and before the answer to its call, stands there once", async () => {
    const page = await open();
    await start(page);
    const take = house.page.service.write;
    house.page.service.write = (token, said) => take(token, { ...said, text: "[từ riêng]" });
    await page.route("**/api/page/write", async (route) => {
      const answer = await route.fetch();
      await page.getByText("[từ riêng]").waitFor();
      await route.fulfill({ response: answer });
    });
    await write(page, "hoa ban");
    await page.getByText("Mình đã nghe").waitFor();
    await expect.poll(async () => (await said(page)).slice(1, -1)).toEqual(["[từ riêng]"]);
  });

  test("a browser that polls goes on when an answer stops in its middle", async () => {
    const page = await open();
    await page.addInitScript(() => {
      Reflect.deleteProperty(globalThis, "EventSource");
      const real = fetch;
      let asked = 0;
      globalThis.fetch = async (what, how) => {
        if (!String(what).includes("lines?") || ++asked !== 2) return real(what, how);
        const start = (body: ReadableStreamDefaultController) =>
          how?.signal?.addEventListener("abort", () => body.error(new Error("given up")));
        return new Response(new ReadableStream({ start }));
      };
    });
    await page.reload();
    await start(page);
    await page.waitForTimeout(3_500);
    house.page.bot("Mình vẫn ở đây.");
    await page.getByText("Mình vẫn ở đây.").waitFor({ timeout: 30_000 });
  });

  test("a browser that polls asks at one pace, however often its network comes and goes", async () => {
    const page = await open();
    await page.addInitScript(() => Reflect.deleteProperty(globalThis, "EventSource"));
    let asked = 0;
    await page.route("**/api/page/lines*", async (route) => {
      asked += 1;
      await new Promise((go) => setTimeout(go, 700));
      await route.continue();
    });
    await page.reload();
    await start(page);
    for (let i = 0; i < 3; i += 1) {
      await page.waitForRequest("**/api/page/lines*");
      await page.evaluate(() => dispatchEvent(new Event("online")));
    }
    asked = 0;
    await page.waitForTimeout(7_000);
    expect(asked).toBeLessThan(3);
  });

  test("a browser whose stream is blocked polls instead", async () => {
    const page = await open();
    await page.route("**/api/page/stream*", (route) => route.fulfill({ status: 503, body: "" }));
    await start(page);
    await write(page, "alo");
    await page.getByText("Mình đã nghe").waitFor();
  });

  test("and takes the talk off the page all the same while the gate is closed", async () => {
    const page = await open();
    await page.route("**/api/page/stream*", (route) => route.fulfill({ status: 503, body: "" }));
    await start(page);
    await write(page, "lời riêng");
    await page.getByText("Mình đã nghe").waitFor();
    Object.assign(house.page.newest() ?? {}, { isLocked: true });
    house.page.bot("Chào bạn. Bạn muốn xem tiếp chứ?");
    await page.getByText("Bạn muốn xem tiếp chứ?").waitFor({ timeout: 20_000 });
    expect(await said(page)).toEqual(["Chào bạn. Bạn muốn xem tiếp chứ?"]);
    // Also on a page that was opened at the closed gate.
    await page.reload();
    expect(await said(page)).toHaveLength(1);
    Object.assign(house.page.newest() ?? {}, { isLocked: false });
    house.page.bot("Mình nói tiếp nhé.");
    await page.getByText("lời riêng").waitFor({ timeout: 20_000 });
  });
});

describe("a gate that closes or opens", () => {
  const gate = (isLocked: boolean, question: string) => {
    Object.assign(house.page.newest() ?? {}, { isLocked });
    house.page.bot(question);
  };
  const begin = async () => {
    const page = await open();
    await start(page);
    await write(page, "lời riêng");
    await page.getByText("Mình đã nghe").waitFor();
    return page;
  };

  test("while the line was away takes the talk off the page, and brings it back", async () => {
    const page = await begin();
    line.cut();
    gate(true, "Bạn muốn xem tiếp chứ?");
    line.mend();
    await page.getByText("Bạn muốn xem tiếp chứ?").waitFor({ timeout: 20_000 });
    expect(await said(page)).toEqual(["Bạn muốn xem tiếp chứ?"]);
    // A stream that only comes back takes nothing more away.
    line.cut();
    house.page.bot("Bạn cứ từ từ.");
    line.mend();
    await page.getByText("Bạn cứ từ từ.").waitFor({ timeout: 20_000 });
    expect(await said(page)).toEqual(["Bạn muốn xem tiếp chứ?", "Bạn cứ từ từ."]);
    line.cut();
    gate(false, "Mình nói tiếp nhé.");
    line.mend();
    await page.getByText("lời riêng").waitFor({ timeout: 20_000 });
  });

  test("takes nothing that she is writing, and the talk is back when it has gone", async () => {
    const page = await begin();
    gate(true, "Bạn muốn xem tiếp chứ?");
    await page.getByText("lời riêng").waitFor({ state: "detached" });
    await page.locator("#text").fill("nó vừa về, em phải");
    gate(false, "Mình nói tiếp nhé.");
    await page.getByText("Mình nói tiếp nhé.").waitFor();
    await page.waitForTimeout(500);
    expect(await page.locator("#text").inputValue()).toBe("nó vừa về, em phải");
    await page.getByRole("button", { name: "Gửi", exact: true }).click();
    await page.getByText("lời riêng").waitFor();
    await page.getByText("nó vừa về, em phải").waitFor();
  });
});

describe("without script", () => {
  test("a session whose beginning failed can begin", async () => {
    const page = await open({ javaScriptEnabled: false });
    house.page.break(true);
    await page.getByRole("button", { name: "Bắt đầu trò chuyện" }).click();
    await page.getByText("Trang đang gặp trục trặc").waitFor();
    house.page.break(false);
    await page.goto(line.url);
    await page.getByRole("button", { name: "Bắt đầu trò chuyện" }).click();
    await page.getByText("máy trả lời tự động").waitFor();
    expect(house.page.opened).toHaveLength(1);
  });

  test("numbers are read, messages sent and answered, choices tapped, and the exit works", async () => {
    const page = await open({ javaScriptEnabled: false });
    expect(await page.getByRole("link", { name: /1900 969 680/ }).getAttribute("href")).toBe(
      "tel:1900969680",
    );
    await page.getByRole("button", { name: "Bắt đầu trò chuyện" }).click();
    await page.getByText("máy trả lời tự động").waitFor();
    await page.getByRole("button", { name: "Được, mình đang ở một mình" }).click();
    await page.getByText("Điều nào gần với bạn nhất").waitFor();
    await write(page, "chồng em giữ hết tiền");
    await page.getByText("Mình đã nghe").waitFor();
    await shoot(page, "page-no-script-phone");
    for (let i = 0; i < 30; i += 1) house.page.bot(`tin ${i}`, [], "counsellor");
    await page.locator("#text").fill("viết dở");
    await page.getByRole("button", { name: "Xem tin mới" }).click();
    await page.getByText("tin 29").waitFor();
    expect(await page.locator("#text").inputValue()).toBe("viết dở");
    await expect
      .poll(async () => (await page.locator("#newest").boundingBox())?.y)
      .toBeLessThan(PHONE.height);
    await page.getByRole("button", { name: "Thoát nhanh" }).click();
    await page.getByText("Trời nắng nhẹ").waitFor();
    expect(house.page.newest()?.ended).toBe(true);
    expect(await context?.cookies()).toEqual([]);
  });
});

describe("quick exit", () => {
  const gone = async (page: Page) => {
    await page.getByText("Trời nắng nhẹ").waitFor();
    await expect.poll(() => house.page.newest()?.ended).toBe(true);
    await expect.poll(async () => (await context?.cookies())?.length).toBe(0);
    expect(await page.evaluate(() => history.length)).toBeLessThanOrEqual(2);
  };

  test("the button ends the session, and going back shows nothing", async () => {
    const page = await open();
    await start(page);
    await write(page, "lời riêng");
    await page.getByText("Mình đã nghe").waitFor();
    await page.getByRole("button", { name: "Thoát nhanh" }).click();
    await gone(page);
    await page.goBack();
    expect(page.url()).toBe("about:blank");
    await page.goto(line.url);
    expect(await page.content()).not.toContain("lời riêng");
  });

  test("Esc three times, from the text box", async () => {
    const page = await open();
    await start(page);
    await page.locator("#text").focus();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    expect(await page.locator("#lines li").count()).toBe(1);
    await page.keyboard.press("Escape");
    await gone(page);
  });

  test("works at once even when our server cannot be reached", async () => {
    const page = await open();
    await start(page);
    line.cut();
    await page.getByRole("button", { name: "Thoát nhanh" }).click();
    await page.getByText("Trời nắng nhẹ").waitFor();
    await page.goBack();
    expect(page.url()).toBe("about:blank");
  });

  test("is for good, in all tabs, though our server heard nothing of it", async () => {
    const page = await open();
    await start(page);
    await write(page, "lời riêng");
    await page.getByText("Mình đã nghe").waitFor();
    const second = await (context as BrowserContext).newPage();
    await second.goto(line.url);
    line.cut();
    await page.getByRole("button", { name: "Thoát nhanh" }).click();
    for (const tab of [page, second]) await tab.getByText("Trời nắng nhẹ").waitFor();
    line.mend();
    await page.goto(line.url);
    await page.getByRole("button", { name: "Bắt đầu trò chuyện" }).waitFor();
    expect(await page.content()).not.toContain("lời riêng");
    expect(house.page.newest()?.ended).toBe(true);
    expect(await context?.cookies(line.url)).toEqual([]);
  });

  test("empties a tab that can only ask and hears nothing from the others", async () => {
    const page = await open();
    await start(page);
    await write(page, "lời riêng");
    await page.getByText("Mình đã nghe").waitFor();
    const second = await (context as BrowserContext).newPage();
    await second.addInitScript(() => {
      for (const name of ["EventSource", "BroadcastChannel"]) Reflect.deleteProperty(globalThis, name);
    });
    await second.goto(line.url);
    await second.getByText("lời riêng").waitFor();
    await page.getByRole("button", { name: "Thoát nhanh" }).click();
    await second.getByText("Trời nắng nhẹ").waitFor({ timeout: 10_000 });
  });

  test("leaves the next talk alone when a tab that slept hears of it late", async () => {
    const page = await open();
    await start(page);
    const second = await (context as BrowserContext).newPage();
    // As a telephone does it with a tab that is not looked at: what comes waits until it is.
    await second.addInitScript(() => {
      const listen = BroadcastChannel.prototype.addEventListener;
      BroadcastChannel.prototype.addEventListener = function (type: string, heard: unknown) {
        const later = (e: Event) => addEventListener("thaw", () => (heard as (e: Event) => void)(e));
        listen.call(this, type, later);
      };
      Reflect.deleteProperty(globalThis, "EventSource");
    });
    await second.route("**/api/page/lines*", (route) => route.abort());
    await second.goto(line.url);
    await second.getByText("máy trả lời tự động").waitFor();
    await page.getByRole("button", { name: "Thoát nhanh" }).click();
    await page.getByText("Trời nắng nhẹ").waitFor();
    await page.goto(line.url);
    await start(page);
    await second.evaluate(() => dispatchEvent(new Event("thaw")));
    await second.getByText("Trời nắng nhẹ").waitFor();
    await write(page, "em quay lại rồi");
    await page.getByText("Mình đã nghe").waitFor();
    expect(house.page.newest()?.ended).toBe(false);
  });

  test("a tab that is looked at again after the gap asks the server what may still be read", async () => {
    const page = await open();
    await start(page);
    // Set in the page only: another document has none.
    const mark = () => page.evaluate(() => "old" in globalThis);
    const looksAgainAfter = (minutes: number) =>
      page.evaluate((ms) => {
        const now = Date.now();
        Date.now = () => now + ms;
        Object.assign(globalThis, { old: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, minutes * 60_000);
    await looksAgainAfter(29);
    expect(await mark()).toBe(true);
    const again = page.waitForEvent("load");
    await looksAgainAfter(31);
    await again;
    expect(await mark()).toBe(false);
  });

  test("the word ends it too: the page empties and leaves", async () => {
    const page = await open();
    await start(page);
    await write(page, "thoát");
    await page.getByText("Trời nắng nhẹ").waitFor();
    await expect.poll(async () => (await context?.cookies())?.length).toBe(0);
  });

  test("leaves nothing in the browser's storage, and other tabs leave with it", async () => {
    const page = await open();
    await start(page);
    const second = await (context as BrowserContext).newPage();
    await second.goto(line.url);
    await page.getByRole("button", { name: "Thoát nhanh" }).click();
    await second.getByText("Trời nắng nhẹ").waitFor();
    await page.goto(line.url);
    expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([
      0,
      0,
      "",
    ]);
  });
});

test("the page is one request of less than 25 kB, and its title says nothing", async () => {
  const page = await open();
  const asked: string[] = [];
  page.on("request", (r) => asked.push(new URL(r.url()).pathname));
  const answer = await page.reload();
  const size = gzipSync((await answer?.body()) ?? "").byteLength;
  console.log(`page: ${size} bytes gzip`);
  expect(size).toBeLessThan(25_000);
  expect(asked.filter((path) => path !== "/icon.svg")).toEqual(["/"]);
  expect(await page.title()).toBe("Góc nhỏ");
  await page.setViewportSize(DESKTOP);
  await shoot(page, "page-front-desktop");
  expect(await axeFaults(page)).toEqual([]);
  await page.setViewportSize(PHONE);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
});
