/** What staff will read of a very long message. */

import { expect, test } from "vitest";
import { beginRehearsal, says } from "../../bot/core/rehearsal.ts";
import { repositoryWorld } from "../world.ts";

async function kept(words: string): Promise<string> {
  const r = beginRehearsal(await repositoryWorld("web"), Date.parse("2026-11-22T21:30+07:00"), "vi");
  const { effects } = says(r, { kind: "text", text: words });
  return effects.flatMap((e) => (e.type === "keep_message" ? [e.text] : []))[0] ?? "";
}

test("all that the page takes is kept", async () => {
  const words = `${"Chuyện của em dài lắm. ".repeat(800)}Giờ em ở ngoài đường.`;
  expect(words.length).toBeLessThan(20_000);
  expect(await kept(words)).toBe(words);
});

test("of what is longer the beginning and the end are kept, and that something was left out", async () => {
  const words = `Đầu tiên. ${"Chuyện của em dài lắm. ".repeat(1_200)}Giờ em ở ngoài đường.`;
  const read = await kept(words);
  expect(read.length).toBeLessThanOrEqual(20_000);
  expect(read.startsWith("Đầu tiên.")).toBe(true);
  expect(read).toContain("[…]");
  expect(read.endsWith("Giờ em ở ngoài đường.")).toBe(true);
});
