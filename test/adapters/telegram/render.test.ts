/** Outgoing messages on Telegram, as data. */

import { describe, expect, it } from "vitest";
import { renderMessage, renderWithoutButtons } from "../../../bot/adapters/telegram/render.ts";
import type { Choice } from "../../../bot/core/message.ts";
import { outbound } from "../../contracts/channel.ts";
import { checkLimits } from "../../peers/bot-api/limits.ts";
import { methodSchemas } from "../../peers/bot-api/schema.ts";
import type { Json } from "../../peers/bot-api/world.ts";

const render = (choices: readonly Choice[], text = "Chọn nhé") =>
  renderMessage("5100000001", outbound(text, { choices, sensitive: true }));
const answer = (label: string, value = "v"): Choice => ({ label, kind: "answer", value });

describe("renderMessage", () => {
  it("is a plain text to a numeric chat, protected when sensitive, without a preview", () => {
    expect(renderMessage("-5", outbound("Chào"))).toEqual([
      { chat_id: -5, text: "Chào", link_preview_options: { is_disabled: true } },
    ]);
    expect(render([])[0]).toMatchObject({ protect_content: true });
  });

  it("makes one row per choice: answers press, numbers copy, links open, exit is red", () => {
    const [body] = render([
      answer("Có", "safe:yes"),
      { label: "Công an", kind: "call", value: "113" },
      { label: "Gọi 111", kind: "call", value: "111" },
      { label: "Đọc thêm", kind: "link", value: "https://example.org/a" },
      { label: "Thoát nhanh", kind: "answer", value: "exit", style: "danger" },
    ]);
    expect(body?.reply_markup?.inline_keyboard).toEqual([
      [{ text: "Có", callback_data: "safe:yes" }],
      [{ text: "Công an: 113", copy_text: { text: "113" } }],
      [{ text: "Gọi 111", copy_text: { text: "111" } }],
      [{ text: "Đọc thêm", url: "https://example.org/a" }],
      [{ text: "Thoát nhanh", callback_data: "exit", style: "danger" }],
    ]);
  });

  it("shows what cannot be a button as a line, so that nothing is missing", () => {
    const [body] = render([
      answer("Dài quá", "x".repeat(65)),
      answer("Trống", ""),
      { label: "Trang", kind: "link", value: "javascript:alert(1)" },
      answer("Được", "x".repeat(64)),
    ]);
    expect(body?.text).toBe("Chọn nhé\n\nDài quá\nTrống\nTrang: javascript:alert(1)");
    expect(body?.reply_markup?.inline_keyboard).toHaveLength(1);
  });

  it("cuts a long label at a letter", () => {
    const text = render([answer("ế".repeat(70))])[0]?.reply_markup?.inline_keyboard[0]?.[0]?.text;
    expect(text).toBe(`${"ế".repeat(63)}…`);
  });

  it("puts the buttons under the last piece of a long text", () => {
    const bodies = render([answer("Có")], "chữ ".repeat(2100));
    expect(bodies.map((b) => b.reply_markup !== undefined)).toEqual([false, false, true]);
    expect(bodies.every((b) => b.text.length <= 4096 && b.protect_content)).toBe(true);
  });

  it("has something to hang buttons on when there is no text", () => {
    expect(render([answer("Có")], "  ")[0]?.text).toBe("…");
  });

  it("without buttons says every choice", () => {
    const choices: Choice[] = [answer("Có"), { label: "Công an", kind: "call", value: "113" }];
    expect(renderWithoutButtons("5", outbound("Chọn", { choices }))).toEqual([
      { chat_id: 5, text: "Chọn\n\n1. Có\nCông an: 113", link_preview_options: { is_disabled: true } },
    ]);
  });

  it("stays within the method's schema and limits, whatever it is given", () => {
    const many = Array.from({ length: 130 }, (_, n) => answer(`Câu ${n}`, `v${n}`));
    for (const choices of [many, [answer("", "v")], [answer("👩‍👩‍👧‍👦".repeat(30))]]) {
      for (const body of render(choices, "x".repeat(9000))) {
        expect(methodSchemas().check("sendMessage", body)).toEqual([]);
        expect(() => checkLimits("sendMessage", body as unknown as Json)).not.toThrow();
      }
    }
  });
});
