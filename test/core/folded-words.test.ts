/** Without marks "ổn" is also "ơn", "có" also "cô", "khỏi" also "khói": thanks are no "safe", "cô ơi" no yes, smoke no "no". */

import { describe, expect, test } from "vitest";
import { beginRehearsal, passes, says } from "../../bot/core/rehearsal.ts";
import { repositoryWorld } from "../world.ts";

const world = await repositoryWorld("web");

function answerTo(step: string, ...words: string[]): string {
  const r = beginRehearsal(world, Date.parse("2026-11-22T21:30+07:00"), "vi");
  for (const text of words) says(r, { kind: "text", text });
  return r.state.answers[step]?.value ?? "asked again";
}

describe('at "is it safe for you to talk?"', () => {
  const answered = (words: string) => answerTo("first-words.safe", "alo", words);
  test.each([
    "ổn",
    "em vẫn ổn",
    "em ổn, cảm ơn chị",
    "không có ai",
    "không có ai đâu",
    "alone",
    "cô ơi, có",
    "dạ có cô",
    "dạ cô",
    "có ạ",
    "co a",
  ])('"%s" is safe', (words) => expect(answered(words)).toBe("yes"));
  test.each([
    "cảm ơn",
    "dạ em cảm ơn ạ",
    "cam on ban",
    "không có ai giúp em",
    "em ở một mình với nó",
    "alone with him",
    "cô ơi",
    "co oi",
    "thưa cô",
    "cô ạ",
    "đã",
  ])('"%s" is never taken for safe', (words) => expect(answered(words)).toBe("asked again"));
});

test('"cô ơi" and "nó" are no answers to "has he ever choked you?"', () => {
  for (const words of ["cô ơi", "nó"]) {
    const r = beginRehearsal(world, Date.parse("2026-11-22T21:30+07:00"), "vi");
    for (const text of ["alo", "có", "tôi đang bị tổn thương", "không phải lúc này", words])
      says(r, { kind: "text", text });
    expect(["yes", "no"]).not.toContain(r.state.screened.strangled);
  }
});

test('"cô ơi" opens no gate', () => {
  const r = beginRehearsal(world, Date.parse("2026-11-22T21:30+07:00"), "vi");
  for (const text of ["alo", "có", "chồng em đánh em"]) says(r, { kind: "text", text });
  passes(r, 5 * 3_600_000);
  for (const text of ["em đây", "cô ơi"]) says(r, { kind: "text", text });
  expect(r.state.lock).toBe("gap");
  says(r, { kind: "text", text: "dạ" });
  expect(r.state.lock).toBeNull();
});

describe("at the offer of a human in an emergency", () => {
  const answered = (words: string) => answerTo("emergency.offer", "nó đang cầm dao đuổi em", words);
  test.each(["thôi", "dạ thôi chị", "khỏi", "thôi em không cần"])('"%s" is a no', (words) =>
    expect(answered(words)).toBe("no"),
  );
  test.each(["chỉ có một mình em thôi", "nhà đang có khói", "trong thời gian chờ làm gì"])(
    '"%s" is none',
    (words) => expect(answered(words)).toBe("asked again"),
  );
});
