/** When a channel is called out, and when it must not be. */

import { describe, expect, it } from "vitest";
import {
  addTally,
  type ChannelDiary,
  judge,
  type Limits,
  newDiary,
  type Tally,
} from "../../bot/core/watch.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse("2026-11-01T00:00:00+07:00");
const LIMITS: Limits = {
  quiet_times: 8,
  quiet_at_least_minutes: 20,
  refused_share: 0.5,
  refused_at_least: 5,
  hidden_times: 2,
  hidden_at_least: 3,
};
const NOTHING: Tally = { came: 0, hidden: 0, sent: 0, refused: 0, lastCameAt: 0 };

/** Days in which 12 messages an hour come by day (7–23 h in Viet Nam) and one in every third hour of the night. */
function lived(days: number, hidden = 0): ChannelDiary {
  let diary = newDiary(START);
  for (let at = START; at < START + days * DAY; at += 5 * 60_000) {
    const hour = new Date(at + 7 * HOUR).getUTCHours();
    const isDay = hour >= 7 && hour < 23;
    const isNightly = at % (3 * HOUR) === 0;
    if (!isDay && !isNightly) continue;
    diary = addTally(diary, { ...NOTHING, came: 1, lastCameAt: at }, at);
    if (hour === 12 && at % HOUR === 0) diary = addTally(diary, { ...NOTHING, hidden }, at);
  }
  return diary;
}

describe("quiet", () => {
  const at = (clock: string) => Date.parse(`2026-11-06T${clock}:00+07:00`);
  /** Everything up to 06.11. 00:00 came; then nothing after `last`. */
  const since = (last: number) => {
    let diary = lived(5);
    diary = addTally(diary, { ...NOTHING, came: 1, lastCameAt: last }, last);
    return diary;
  };

  it("by day after some gaps, and by night not before morning", () => {
    const noon = since(at("12:00"));
    expect(judge(noon, LIMITS, at("12:25")).quiet).toBeNull();
    expect(judge(noon, LIMITS, at("12:45")).quiet).toMatchObject({ minutes: 45, expected: 8 });
    const night = since(at("00:30"));
    expect(judge(night, LIMITS, at("06:30")).quiet).toBeNull();
    expect(judge(night, LIMITS, at("08:00")).quiet).not.toBeNull();
  });

  it("is not said before three days tell what is usual, nor of a channel that nobody has used", () => {
    const young = lived(2);
    expect(judge(young, LIMITS, START + 2 * DAY + 12 * HOUR).quiet).toBeNull();
    const unused = addTally(newDiary(START), { ...NOTHING, sent: 1 }, START);
    expect(judge(unused, LIMITS, START + 20 * DAY).quiet).toBeNull();
  });

  it("goes on until something comes, however long it lasts", () => {
    const noon = since(at("12:00"));
    expect(judge(noon, LIMITS, at("12:00") + 5 * DAY).quiet).not.toBeNull();
    const again = at("12:00") + 5 * DAY;
    const back = addTally(noon, { ...NOTHING, came: 1, lastCameAt: again }, again);
    expect(judge(back, LIMITS, again + 10 * 60_000).quiet).toBeNull();
  });
});

describe("refuses", () => {
  const now = START + 10 * DAY;
  const delivered = (sent: number, refused: number) =>
    addTally(newDiary(START), { ...NOTHING, sent, refused }, now - 10 * 60_000);
  it.each([
    [100, 4, null],
    [4, 4, null],
    [5, 5, { refused: 5, of: 10 }],
    [0, 5, { refused: 5, of: 5 }],
    [100, 20, null],
  ])("%i sent, %i refused", (sent, refused, expected) => {
    expect(judge(delivered(sent, refused), LIMITS, now).refuses).toEqual(expected);
  });
  it("is over half an hour later", () => {
    expect(judge(delivered(0, 50), LIMITS, now + 30 * 60_000).refuses).toBeNull();
  });
});

describe("hidden senders", () => {
  it("are called out when they rise, not when they are as usual", () => {
    const usual = lived(6, 2);
    const now = START + 6 * DAY;
    expect(judge(usual, LIMITS, now).hidden).toBeNull();
    const more = addTally(usual, { ...NOTHING, hidden: 5 }, now);
    expect(judge(more, LIMITS, now + 1).hidden).toEqual({ today: 7, usual: 2 });
    expect(judge(more, LIMITS, now + 2 * DAY).hidden).toBeNull();
  });
  it("are called out on the first day too", () => {
    const diary = addTally(newDiary(START), { ...NOTHING, hidden: 3 }, START);
    expect(judge(diary, LIMITS, START + HOUR).hidden).toEqual({ today: 3, usual: 0 });
  });
});

it("keeps no more than it needs, however long it lives", () => {
  const old = lived(40);
  expect(old.hours.length).toBeLessThanOrEqual(14 * 24 + 1);
  expect(old.spells.length).toBeLessThanOrEqual(6);
  expect(JSON.stringify(old).length).toBeLessThan(40_000);
});
