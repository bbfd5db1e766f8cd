/** A real Chromium for tests: fresh profile each time, no traffic but ours, axe and screenshots at hand. */

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const ARGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1280, height: 800 };

export async function openBrowser() {
  const profile = mkdtempSync(join(tmpdir(), "ben-an-browser-"));
  const first = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ARGS,
    headless: true,
  });
  const browser = first.browser();
  if (!browser) throw new Error("Chromium did not start");
  return {
    /** A window that shares nothing with the others. */
    context: (options: BrowserContextOptions = {}): Promise<BrowserContext> =>
      browser.newContext({ viewport: PHONE, locale: "vi-VN", ...options }),
    close: async () => {
      await first.close();
      await browser.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
export type TestBrowser = Awaited<ReturnType<typeof openBrowser>>;

/** Names of the rules that axe finds broken, with the first place; in light and in dark. */
export async function axeFaults(page: Page): Promise<string[]> {
  const faults: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.waitForTimeout(50);
    const result = await new AxeBuilder({ page })
      .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
      .analyze();
    for (const v of result.violations) {
      faults.push(
        `${colorScheme} ${v.id}: ${v.nodes[0]?.html.slice(0, 160)} ${v.nodes[0]?.failureSummary?.slice(0, 200)}`,
      );
    }
  }
  return faults;
}

/** Keeps pictures of a screen (light and dark) when SHOTS names a folder below the system's temporary one. */
export async function shoot(page: Page, name: string): Promise<void> {
  if (!process.env.SHOTS) return;
  const folder = join(tmpdir(), process.env.SHOTS);
  mkdirSync(folder, { recursive: true });
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.waitForTimeout(80);
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
  }
}
