/** Which of what goes out in our name is our own, however long the talk. */

import { expect, it } from "vitest";
import { ZALO_OA_CAPS } from "../../bot/adapters/zalo-oa/render.ts";
import { withoutOwnEchoes } from "../../bot/app/echoes.ts";
import type { Inbound } from "../../bot/core/message.ts";

const NOW = Date.parse("2026-11-20T20:00:00+07:00");
const HOUR = 3_600_000;

/** A talk of so many lines, the newest last, one an hour before the next; `spoilt` cannot be opened. */
function talk(texts: readonly string[], spoilt = -1) {
  const all = texts.map((text, i) => ({
    id: `m${i}`,
    ordinal: i + 1,
    at: NOW - (texts.length - i) * HOUR,
    sealed: JSON.stringify({ text, from: "bot" }),
  }));
  return {
    store: {
      outbox: { wipeRefs: async () => [] },
      conversations: {
        transcript: async (_: string, after: number, limit: number) => all.slice(after, after + limit),
        transcriptEnd: async (_: string, after: number, limit: number) => all.slice(after).slice(-limit),
      },
    },
    vault: {
      open: (_: unknown, context: string, sealed: string) => {
        if (context === `message:m${spoilt}`) throw new Error("it does not open");
        return sealed;
      },
    },
    channels: new Map([["zalo-oa", { caps: ZALO_OA_CAPS }]]),
  } as unknown as Parameters<typeof withoutOwnEchoes>[0];
}

const head = { id: "c", wrappedKey: new Uint8Array() } as Parameters<typeof withoutOwnEchoes>[1];
const echo = (text: string): Inbound => ({
  channel: "zalo-oa",
  address: "42",
  key: "k",
  at: NOW,
  content: { kind: "other_voice", text },
});
const isOurs = async (needs: ReturnType<typeof talk>, text: string) =>
  (await withoutOwnEchoes(needs, head, [echo(text)])).length === 0;

it("knows the newest of a very long talk", async () => {
  const texts = Array.from({ length: 6_000 }, (_, n) => `dòng ${n}`);
  expect(await isOurs(talk(texts), "dòng 5999")).toBe(true);
});

it("knows it beside a line that does not open", async () => {
  expect(await isOurs(talk(["một", "hai", "ba"], 1), "ba")).toBe(true);
  expect(await isOurs(talk(["một", "hai", "ba"], 1), "bốn")).toBe(false);
});

it("knows it beside a platform id that does not open", async () => {
  const needs = talk(["một"]);
  Object.assign(needs.store.outbox, { wipeRefs: async () => [{ sealedPlatformRef: "spoilt" }] });
  Object.assign(needs.vault, {
    open: (_: unknown, context: string, sealed: string) => {
      if (context.startsWith("ref:")) throw new Error("it does not open");
      return sealed;
    },
  });
  const messages = [{ ...echo("một"), platformRef: "9" }];
  expect(await withoutOwnEchoes(needs, head, messages)).toEqual([]);
});

it("takes a human's word for a human's, though we said the same days ago", async () => {
  const texts = ["Bạn có đang an toàn không?", ...Array.from({ length: 40 }, (_, n) => `dòng ${n}`)];
  expect(await isOurs(talk(texts), "Bạn có đang an toàn không?")).toBe(false);
});
