/** A reply is shown until the conversation has it: never lost, never twice. */

import { expect, it } from "vitest";
import { type Local, stillLocal } from "../../bot/console/outgoing.ts";

const local = (text: string, more: Partial<Local> = {}): Local => ({
  key: text,
  text,
  error: null,
  after: 4,
  ...more,
});
const line = (n: number, text: string, from: "counsellor" | "person" = "counsellor") => ({ n, text, from });

it("keeps the reply that failed when a later one arrives", () => {
  const failed = local("em an toàn chưa?", { error: new Error("network") });
  const second = local("em khóa cửa được không?");
  expect(stillLocal([failed, second], [line(5, "em khóa cửa được không?")], [])).toEqual([failed]);
});

it("lets one line stand for one reply, and an older line for none", () => {
  const twice = [local("dạ", { key: "1" }), local("dạ", { key: "2" })];
  expect(stillLocal(twice, [line(4, "dạ"), line(5, "dạ"), line(6, "dạ", "person")], [])).toEqual([twice[1]]);
});

it("knows a reply below the first line that comes after a pause, and one that is held for her", () => {
  expect(stillLocal([local("chị đây")], [line(5, "Có tin cho bạn.\n\nchị đây")], [])).toEqual([]);
  expect(stillLocal([local("chị đây")], [], ["chị đây"])).toEqual([]);
});
