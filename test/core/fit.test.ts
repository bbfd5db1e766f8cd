/** Whatever a channel cannot show as a button is still on her screen. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { capsOf } from "../../bot/channel-caps.ts";
import { fitTo } from "../../bot/core/fit.ts";
import { CHANNEL_NAMES, type Choice } from "../../bot/core/message.ts";

const answer = (label: string, value = label): Choice => ({ label, kind: "answer", value });
const call: Choice = { label: "Công an", kind: "call", value: "113" };
const exit: Choice = { label: "Thoát", kind: "answer", value: "exit", style: "danger" };

describe("fitTo", () => {
  it("of more choices than buttons keeps numbers to call and the way out, in their places", () => {
    const choices = [..."abcdef"].map((label) => answer(label));
    const [oa] = fitTo({ text: "Chọn", choices: [...choices, call, exit] }, capsOf("zalo-oa"));
    expect(oa?.buttons.map((b) => b.label)).toEqual(["a", "b", "c", "Công an: 113", "Thoát"]);
    expect(oa?.text).toBe("Chọn\n\n1. a\n2. b\n3. c\n4. d\n5. e\n6. f\nCông an: 113\n7. Thoát");
  });

  it("numbers everything where there are no buttons, and adds nothing where all are buttons", () => {
    const message = { text: "Chọn", choices: [answer("Có"), call] };
    expect(fitTo(message, capsOf("zalo-bot"))).toEqual([
      { text: "Chọn\n\n1. Có\nCông an: 113", buttons: [] },
    ]);
    expect(fitTo(message, capsOf("telegram"))).toMatchObject([
      { text: "Chọn", buttons: [{ label: "Có" }, { label: "Công an: 113" }] },
    ]);
  });

  it("never leaves a yes without its no beside numbers to call", () => {
    const calls: Choice[] = ["113", "115", "111", "1900 969 680"].map((value) => ({
      label: value,
      kind: "call",
      value,
    }));
    const skip: Choice = { label: "Bỏ qua", kind: "answer", value: "skip", style: "quiet" };
    const [oa] = fitTo(
      { text: "?", choices: [answer("Có"), answer("Không"), skip, ...calls] },
      capsOf("zalo-oa"),
    );
    expect(oa?.buttons.map((b) => b.label)).toEqual(["Có", "Không", "113", "115", "111"]);
  });

  it("keeps the human beside what was found and its numbers", () => {
    const human: Choice = { label: "Gọi người thật", kind: "answer", value: "go:human", stays: true };
    const choices = [
      answer("a"),
      answer("b"),
      answer("c"),
      human,
      call,
      { ...call, label: "Cấp cứu", value: "115" },
    ];
    const [oa] = fitTo({ text: "?", choices }, capsOf("zalo-oa"));
    expect(oa?.buttons.map((b) => b.label)).toEqual([
      "a",
      "b",
      "Gọi người thật",
      "Công an: 113",
      "Cấp cứu: 115",
    ]);
  });

  it("leaves only one numbered list where a number is an answer", () => {
    const text = "Ba việc:\n1. Khóa cửa.\n2) Gọi 113.\n 10. Mở máy.\nNăm 2013. Luật 1.2";
    const choices = [answer("Có"), answer("Không")];
    expect(fitTo({ text, choices }, capsOf("zalo-oa"))[0]?.text).toBe(
      "Ba việc:\n- Khóa cửa.\n- Gọi 113.\n - Mở máy.\nNăm 2013. Luật 1.2\n\n1. Có\n2. Không",
    );
    expect(fitTo({ text, choices }, capsOf("telegram"))[0]?.text).toBe(text);
    expect(fitTo({ text, choices: [call] }, capsOf("zalo-oa"))[0]?.text).toContain("1. Khóa cửa.");
  });

  it("leaves no choice out and exceeds no limit, on any channel", () => {
    const choice = fc.record({
      label: fc.string({ minLength: 1, maxLength: 130, unit: "grapheme" }).filter((s) => s.trim() !== ""),
      kind: fc.constantFrom("answer", "call", "link"),
      value: fc.oneof(fc.string({ maxLength: 90 }), fc.constantFrom("113", "https://example.org/a")),
    }) as fc.Arbitrary<Choice>;
    fc.assert(
      fc.property(
        fc.constantFrom(...CHANNEL_NAMES),
        fc.string({ maxLength: 5_000 }),
        fc.array(choice, { maxLength: 14 }),
        (name, text, choices) => {
          const caps = capsOf(name);
          const fitted = fitTo({ text, choices }, caps);
          expect(fitted.length).toBeGreaterThan(0);
          for (const { text: piece, buttons } of fitted) {
            expect(piece.length).toBeGreaterThan(0);
            expect(piece.length).toBeLessThanOrEqual(caps.maxText);
            expect(buttons.length).toBeLessThanOrEqual(caps.maxButtons);
            for (const { label } of buttons) expect(label.length).toBeLessThanOrEqual(caps.maxButtonLabel);
          }
          const squeeze = (s: string) => s.normalize("NFC").replace(/\s+/g, "");
          const words = squeeze(fitted.map((f) => f.text).join(""));
          const pressed = new Set(fitted.flatMap((f) => f.buttons.map((b) => b.choice)));
          for (const one of choices) {
            if (!pressed.has(one)) expect(words).toContain(squeeze(one.label));
          }
        },
      ),
    );
  });
});
