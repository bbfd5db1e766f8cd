/** The console as it is served: built once into a temporary folder, over fakes, in a real browser. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BrowserContext, Page } from "playwright-core";
import { build } from "vite";
import { serve } from "../../bot/web/server.ts";
import { TEST_PASSWORD } from "../web/fake-accounts.ts";
import { fakeHouse } from "../web/fake-services.ts";
import { DESKTOP, openBrowser, type TestBrowser } from "./chromium.ts";

export async function buildConsole() {
  const folder = mkdtempSync(join(tmpdir(), "ben-an-console-"));
  await build({
    configFile: fileURLToPath(new URL("../../bot/console/vite.config.ts", import.meta.url)),
    logLevel: "error",
    build: { outDir: folder },
  });
  const browser = await openBrowser();
  return {
    folder,
    browser,
    close: async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One server and one window; errors in the page fail the test. */
export async function openConsole(consoleDir: string, browser: TestBrowser) {
  const house = fakeHouse({ consoleDir });
  const serving = await serve(house.app, 0, "127.0.0.1");
  const url = `${serving.url}/console/`;
  const contexts: BrowserContext[] = [];
  const faults: string[] = [];
  const open = async (): Promise<Page> => {
    const context = await browser.context({
      viewport: DESKTOP,
      permissions: ["clipboard-read", "clipboard-write"],
    });
    contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(6_000);
    page.on("pageerror", (error) => faults.push(error.message));
    page.on(
      "console",
      (m) => /Content.Security.Policy|Refused to|unmount|Warning:/.test(m.text()) && faults.push(m.text()),
    );
    return page;
  };
  return {
    house,
    url,
    open,
    faults,
    signIn: async (login: string, path = ""): Promise<Page> => {
      const page = await open();
      await page.goto(`${url}${path}`);
      await page.getByLabel("Tên đăng nhập").fill(login);
      await page.getByLabel("Mật khẩu").fill(TEST_PASSWORD);
      await page.getByRole("button", { name: "Đăng nhập" }).click();
      await page.getByRole("navigation", { name: "Các phần" }).waitFor();
      return page;
    },
    close: async () => {
      for (const context of contexts) await context.close();
      await serving.close();
    },
  };
}
