/** Without marks "ổn" is also "ơn", "thôi" also "thời", "khỏi" also "khói": thanks are no "safe", smoke is no "no". */

import { describe, expect, test } from "vitest";
import { beginRehearsal, says } from "../../bot/core/rehearsal.ts";
import { repositoryWorld } from "../world.ts";

const world = await repositoryWorld("web");

function answerTo(step: string, ...words: string[]): string {
  const r = beginRehearsal(world, Date.parse("2026-11-22T21:30+07:00"), "vi");
  for (const text of words) says(r, { kind: "text", text });
  return r.state.answers[step]?.value ?? "asked again";
}

describe('at "is it safe for you to talk?"', () => {
  const answered = (words: string) => answerTo("first-words.safe", "alo", words);
  test.each(["ổn", "em vẫn ổn", "em ổn, cảm ơn chị", "không có ai", "không có ai đâu", "alone"])(
    '"%s" is safe',
    (words) => expect(answered(words)).toBe("yes"),
  );
  test.each([
    "cảm ơn",
    "dạ em cảm ơn ạ",
    "cam on ban",
    "không có ai giúp em",
    "em ở một mình với nó",
    "alone with him",
  ])('"%s" is never taken for safe', (words) => expect(answered(words)).toBe("asked again"));
});

describe("at the offer of a human in an emergency", () => {
  const answered = (words: string) => answerTo("emergency.offer", "nó đang cầm dao đuổi em", words);
  test.each(["thôi", "dạ thôi chị", "khỏi", "khỏi cần", "thôi em không cần"])('"%s" is a no', (words) =>
    expect(answered(words)).toBe("no"),
  );
  test.each(["chỉ có một mình em thôi", "nhà đang có khói", "trong thời gian chờ làm gì"])(
    '"%s" is none',
    (words) => expect(answered(words)).toBe("asked again"),
  );
});
