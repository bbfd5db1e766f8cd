/** In danger: where to go, that nobody is told, that he is back, and a wound that is only named. */

import { describe, expect, test } from "vitest";
import { beginRehearsal, deskDoes, says } from "../../bot/core/rehearsal.ts";
import { repositoryWorld } from "../world.ts";

const world = await repositoryWorld("web");

function answerTo(...lines: string[]) {
  const r = beginRehearsal(world, Date.parse("2026-11-24T10:00:00+07:00"), "vi");
  deskDoes(r, "duty", "1");
  for (const text of ["chào", "có", "bố lấy dây thừng trói mình vào giường", ...lines.slice(0, -1)])
    says(r, { kind: "text", text });
  const { sent } = says(r, { kind: "text", text: lines.at(-1) ?? "" });
  return sent.map((m) => m.text).join("\n");
}

describe("after something grave", () => {
  test.each(["mình nên đi đâu", "giờ em trốn đâu", "tối nay ngủ ở đâu", "where should i go"])(
    '"%s" is told of places with people',
    (words) => expect(answerTo(words)).toMatch(/1900 969 680/),
  );
  test.each(["đừng báo công an", "đừng nói với ai nha", "em không muốn bạn báo cho ai"])(
    '"%s": nobody outside is told',
    (words) => expect(answerTo(words)).toContain("không báo cho ai bên ngoài"),
  );
  test('"nó dọa đừng báo công an" is his', () =>
    expect(answerTo("nó dọa đừng báo công an")).not.toContain("không báo cho ai bên ngoài"));
  test.each(["bố về rồi", "ông ấy vô nhà rồi", "chị ơi ba về tới rồi"])('"%s": he is back', (words) =>
    expect(answerTo("gọi người thật", words)).toMatch(/tới chỗ có người/),
  );
  test.each(["bỏng tay", "em thấy ra chút máu", "em gãy tay rồi"])('"%s" needs a hospital', (words) =>
    expect(answerTo(words)).toContain("bệnh viện"),
  );
  test('"không ra máu" does not', () => expect(answerTo("không ra máu")).not.toContain("bệnh viện ngay"));
});

test.each(["don't call the police please", "đừng gọi công an"])('"%s" is no call for help', (words) => {
  const r = beginRehearsal(world, Date.parse("2026-11-24T10:00:00+07:00"), "vi");
  for (const text of ["chào", "có", "chồng em đánh em", words]) says(r, { kind: "text", text });
  expect(r.state.case).toBe(null);
});

test("what happens now is not looked up, asked or not", () =>
  expect(answerTo("nó đang phá cửa phòng em giờ em làm sao đây")).toMatch(/113/));

test("his question is told, not asked", () => {
  const told = answerTo("hôm qua nó để súng lên bàn rồi hỏi tôi có muốn nói lại không");
  expect(told).not.toContain("chưa có câu trả lời");
});

test("going to work is no farewell, whatever was told", () => {
  const r = beginRehearsal(world, Date.parse("2026-11-24T10:00:00+07:00"), "vi");
  const lines = ["chào", "có", "chồng em đánh em", "em chỉ muốn biết vậy có phải bạo lực không", "à vậy hả"];
  for (const text of [...lines, "em chưa muốn làm gì", "cảm ơn chị nhiều", "em đi làm đây"])
    says(r, { kind: "text", text });
  expect(r.state.reasons.map((reason) => reason.category)).not.toContain("suicide");
});

test("a child whose father is home has told nothing grave", () => {
  const r = beginRehearsal(world, Date.parse("2026-11-24T10:00:00+07:00"), "vi");
  for (const text of ["chào", "có", "5", "bố về rồi"]) says(r, { kind: "text", text });
  expect(r.state.case).toBe(null);
});

test("who took her wish back may call again", () => {
  const r = beginRehearsal(world, Date.parse("2026-11-24T10:00:00+07:00"), "vi");
  for (const text of ["gặp người", "có", "thôi khỏi"]) says(r, { kind: "text", text });
  expect(r.state.case?.asked).toBe(false);
  says(r, { kind: "text", text: "à gọi đi" });
  expect(r.state.case?.asked).toBe(true);
});
