/** Outgoing messages on Zalo OA, as data. */

import { describe, expect, it } from "vitest";
import { renderMessage } from "../../../bot/adapters/zalo-oa/render.ts";
import type { Choice } from "../../../bot/core/message.ts";
import { outbound } from "../../contracts/channel.ts";

const answer = (label: string, value = label): Choice => ({ label, kind: "answer", value });
const render = (choices: readonly Choice[], text = "Chọn nhé", address = "246") =>
  renderMessage(address, outbound(text, { choices })) ?? [];
const titles = (choices: readonly Choice[]) =>
  render(choices)
    .at(-1)
    ?.body.message.attachment?.payload.buttons.map((b) => b.title);

describe("renderMessage", () => {
  it("says every choice with its number and hides what is pressed", () => {
    expect(
      render([
        answer("Có", "yes"),
        { label: "Công an", kind: "call", value: "113" },
        { label: "Đọc", kind: "link", value: "https://example.org/a" },
        { label: "Thoát", kind: "answer", value: "exit", style: "danger" },
      ]),
    ).toEqual([
      {
        path: "/v3.0/oa/message/cs",
        body: {
          recipient: { user_id: "246" },
          message: {
            text: "Chọn nhé\n\n1. Có\nCông an: 113\nĐọc: https://example.org/a\n2. Thoát",
            attachment: {
              type: "template",
              payload: {
                buttons: [
                  { title: "Có", type: "oa.query.hide", payload: "#~yes" },
                  { title: "Công an: 113", type: "oa.open.phone", payload: { phone_code: "113" } },
                  { title: "Đọc", type: "oa.open.url", payload: { url: "https://example.org/a" } },
                  { title: "Thoát", type: "oa.query.hide", payload: "#~exit" },
                ],
              },
            },
          },
        },
      },
    ]);
  });

  it("of more than five keeps the numbers to call and the way out, in their places", () => {
    const choices: Choice[] = [
      ...["a", "b", "c", "d", "e"].map((label) => answer(label)),
      { label: "111", kind: "call", value: "111" },
      { label: "Thoát", kind: "answer", value: "exit", style: "danger" },
    ];
    expect(titles(choices)).toEqual(["a", "b", "c", "111", "Thoát"]);
    expect(render(choices)[0]?.body.message.text).toContain("5. e\n111\n6. Thoát");
  });

  it("dials digits only, and makes no button of what is no number or address", () => {
    const [request] = render([
      { label: "Đường dây", kind: "call", value: "1900 969 680" },
      { label: "Không số", kind: "call", value: "hỏi" },
      { label: "Trang", kind: "link", value: "javascript:alert(1)" },
    ]);
    expect(request?.body.message.attachment?.payload.buttons).toEqual([
      {
        title: "Đường dây: 1900 969 680",
        type: "oa.open.phone",
        payload: { phone_code: "1900969680" },
      },
    ]);
    expect(request?.body.message.text).toContain("Không số: hỏi");
  });

  it("answers a visitor through v2, without buttons", () => {
    expect(render([answer("Có")], "Chào", "anon:77:88")).toEqual([
      {
        path: "/v2.0/oa/message",
        body: {
          recipient: { anonymous_id: "77", conversation_id: "88" },
          message: { text: "Chào\n\n1. Có" },
        },
      },
    ]);
  });

  it("counts in NFC, cuts long texts, and hangs the buttons on the last piece", () => {
    const requests = render([answer("Có")], "chữ ".repeat(900).normalize("NFD"));
    expect(requests.map((r) => r.body.message.attachment !== undefined)).toEqual([false, true]);
    expect(requests.every((r) => r.body.message.text.length <= 2000)).toBe(true);
    expect(requests[0]?.body.message.text).toContain("chữ".normalize("NFC"));
  });

  it("knows none but its own addresses", () => {
    for (const address of ["", "a b", "anon:1", "anon:1:2:3", "../x"]) {
      expect(renderMessage(address, outbound("a"))).toBeUndefined();
    }
  });
});
