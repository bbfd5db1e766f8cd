/** What a line in the forum means, and what a topic says of a case. */

import { describe, expect, it } from "vitest";
import { changes, openingText, readPost, type TopicCase, topicName } from "../../bot/core/forum.ts";

const CASE: TopicCase = {
  code: "K7M2",
  state: "waiting",
  level: "high",
  asked: true,
  channel: "zalo-oa",
  lang: "vi",
  holder: null,
  personLeft: false,
  held: null,
};

describe("readPost", () => {
  it.each([
    ["/nhan", { verb: "claim" }],
    ["/take@goc_bep_bot", { verb: "claim" }],
    ["/tra", { verb: "release" }],
    ["/ghi chị hẹn gọi lại", { verb: "note", text: "chị hẹn gọi lại" }],
    ["/dong supported đã gặp", { verb: "close", outcome: "supported", note: "đã gặp" }],
    ["/close", { verb: "close", outcome: "", note: "" }],
    ["Chào bạn /nhan", { verb: "say", text: "Chào bạn /nhan" }],
  ])("%s", (text, expected) => expect(readPost(text)).toEqual(expected));

  it("sends nothing to her that was meant as a command", () => {
    for (const text of ["/nhann", "/", "/ ghi", "/ghi", "/đóng supported", "  /xyz abc"])
      expect(readPost(text)).toEqual({ verb: "help" });
  });
});

describe("new danger", () => {
  it("is told where the level cannot rise any more, and never what it is", () => {
    const before: TopicCase = { ...CASE, level: "emergency", signs: 2 };
    expect(changes(before, { ...before, signs: 3 }, "vi").join()).toContain("nguy hiểm mới");
    expect(changes(before, before, "vi")).toEqual([]);
    // Of a topic that an older build began nothing is known to compare with.
    expect(changes({ ...CASE, level: "emergency" }, { ...before, signs: 3 }, "vi")).toEqual([]);
  });
});

describe("a topic", () => {
  it("is named by what is said aloud, and never longer than Telegram takes", () => {
    expect(topicName(CASE, "vi")).toBe("K7M2 · cao");
    expect(topicName({ ...CASE, holder: "M".repeat(200) }, "en")).toHaveLength(128);
  });

  it("says plainly who can read what, in both languages", () => {
    const facts = { outcomes: ["supported", "left"], showsWords: false };
    expect(openingText(CASE, { ...facts, lang: "vi" })).toContain("Lời của người viết không hiện ở đây");
    const shown = openingText(CASE, { ...facts, showsWords: true, lang: "en" });
    expect(shown).toContain("Telegram and every member of the group can read them");
    expect(shown).toContain("supported, left");
  });

  it("tells each change once, and why a reply waits", () => {
    const now: TopicCase = {
      ...CASE,
      level: "emergency",
      holder: "Mai",
      personLeft: true,
      held: { why: "hours", until: Date.parse("2026-11-23T08:00:00+07:00") },
    };
    expect(changes(CASE, now, "vi")).toEqual([
      "Mức: KHẨN CẤP",
      "Người nhận ca: Mai",
      "Người viết đã rời đi.",
      "Lời vừa viết đang chờ: ngoài giờ nhắn được của người ấy. Sẽ tới lúc 08:00.",
    ]);
    expect(changes(now, now, "vi")).toEqual([]);
  });
});
