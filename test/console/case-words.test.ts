/** What a counsellor reads of a case: each thing once, and nothing that says nothing. */

import { describe, expect, it } from "vitest";
import { readEffect, readHistory, readReasons } from "../../bot/console/case-words.ts";
import { CATEGORIES, WORDS } from "../../bot/console/words.ts";
import { repositoryWorld } from "../world.ts";

const vi = (category: string) => CATEGORIES[category]?.[0] ?? category;

describe("reasons", () => {
  it("says what happens now once, and the weaker of two words not at all", () => {
    expect(
      readReasons(
        [
          { category: "weapon", evidence: "có vũ khí, đang xảy ra + đang cầm vũ khí ở gần, đang xảy ra" },
          { category: "strangulation", evidence: "bị bóp cổ hoặc làm ngạt + vừa bị bóp cổ hoặc làm ngạt" },
        ],
        vi,
      ),
    ).toEqual([
      { category: "weapon", heard: ["có vũ khí", "đang cầm vũ khí ở gần"], isNow: true },
      { category: "strangulation", heard: ["vừa bị bóp cổ hoặc làm ngạt"], isNow: false },
    ]);
  });

  it("shows a category once, and does not repeat its title", () => {
    expect(
      readReasons(
        [
          { category: "information", evidence: "hỏi thông tin" },
          { category: "information", evidence: "hỏi thông tin về bạo lực (hỏi thông tin)" },
          { category: "violence", evidence: "bị đánh" },
        ],
        vi,
      ),
    ).toEqual([
      { category: "information", heard: ["hỏi thông tin về bạo lực"], isNow: false },
      { category: "violence", heard: ["bị đánh"], isNow: false },
    ]);
  });

  it("knows the ear's own words for now", async () => {
    const { ear } = await repositoryWorld("web");
    expect(JSON.stringify(ear("nó đang cầm dao ngoài cửa", []).reasons)).toContain(", đang xảy ra");
  });
});

const line = (at: number, actor: string, action: string, detail = "") => ({
  at,
  actor,
  action,
  subject: "c1",
  detail,
});

describe("history", () => {
  it("folds readings, and leaves out echoes and raises that raised nothing", () => {
    const shown = readHistory(
      [
        line(1, "bot", "case_opened", "emergency"),
        line(2, "bot", "case_raised", "emergency"),
        line(3, "mai", "case_read"),
        line(4, "lan", "case_read"),
        line(5, "mai", "case_read"),
        line(6, "mai", "case_claimed"),
        line(7, "mai", "case_read"),
        line(8, "mai", "level_set", "emergency → medium"),
        line(9, "bot", "level_set", "medium"),
        line(10, "bot", "case_raised", "high"),
      ].toReversed(),
    );
    expect(shown.map(({ at, actor, action, times }) => `${at} ${actor} ${action} ${times}`)).toEqual([
      "10 bot case_raised 1",
      "8 mai level_set 1",
      "7 mai case_read 1",
      "6 mai case_claimed 1",
      "4 lan case_read 1",
      "5 mai case_read 2",
      "1 bot case_opened 1",
    ]);
  });
});

describe("effects of the simulator", () => {
  it("has words for each", () => {
    for (const text of [
      "case emergency",
      "raise high",
      "page emergency",
      "timer case_waits",
      "timer purge",
      "mark left",
      "wipe",
      "end",
      "forget",
      "unanswered",
      "ask_model",
      "typing",
      "audit retracted",
      "request delete",
      "masked",
    ]) {
      const { key, more } = readEffect(text);
      expect(key in WORDS, key).toBe(true);
      expect(more === "" || more in WORDS, more).toBe(true);
    }
    expect(readEffect("case emergency").level).toBe("emergency");
  });
});
