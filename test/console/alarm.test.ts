/** A night at the desk: what rings, and what does not. */

import { expect, it } from "vitest";
import { type Heard, type Look, listen, NOTHING_HEARD, unreadOfMine } from "../../bot/console/alarm.ts";
import type { CaseCard } from "../../bot/web/api-types.ts";

const MINUTE = 60_000;
const T0 = Date.parse("2026-11-24T02:00:00+07:00");

const card = (id: string, more: Partial<CaseCard> = {}): CaseCard =>
  ({
    id,
    state: "waiting",
    level: "medium",
    unread: 1,
    personLeft: false,
    mine: false,
    isLeftAlone: false,
    isUnanswered: false,
    canTakeOver: false,
    ...more,
  }) as CaseCard;
const mine = (id: string, more: Partial<CaseCard> = {}) =>
  card(id, { state: "claimed", mine: true, unread: 0, ...more });

/** Looks one after another; the tones in their order. */
function night(...looks: (Partial<Look> & Pick<Look, "cases">)[]) {
  let heard: Heard = NOTHING_HEARD;
  return looks.map((look, i) => {
    const next = listen(heard, { more: 0, seen: null, now: T0 + i * 1_000, ...look });
    heard = next.heard;
    return next.tone;
  });
}

it("is silent at the first look, and rings for who comes later", () => {
  expect(night({ cases: [card("a")] }, { cases: [card("a"), card("b")] })).toEqual([null, "case"]);
  expect(night({ cases: [] }, { cases: [card("a", { level: "emergency" })] })).toEqual([null, "emergency"]);
});

it("rings when danger rises in her own case, whatever she looks at, and not when it is lowered", () => {
  const rise = (seen: string | null) =>
    night({ cases: [mine("a")] }, { cases: [mine("a", { level: "emergency" })], seen })[1];
  expect(rise(null)).toBe("emergency");
  expect(rise("a")).toBe("emergency");
  expect(night({ cases: [mine("a", { level: "high" })] }, { cases: [mine("a", { level: "low" })] })[1]).toBe(
    null,
  );
});

it("rings for words in her own case unless they are before her eyes", () => {
  const words = [{ cases: [mine("a")] }, { cases: [mine("a", { unread: 1 })] }] as const;
  expect(night(...words)).toEqual([null, "message"]);
  expect(night(words[0], { ...words[1], seen: "a" })).toEqual([null, null]);
  expect(unreadOfMine({ cases: [mine("a", { unread: 2 })], seen: "b" })).toBe(2);
});

it("rings again while an emergency waits: who fetched a coffee must hear of it", () => {
  const cases = [card("a", { level: "emergency" })];
  const at = (minutes: number) => ({ cases, now: T0 + minutes * MINUTE });
  expect(night(at(0), at(1), at(2), at(3), at(4))).toEqual([null, null, "emergency", null, "emergency"]);
  const calm = [card("a")];
  expect(night({ cases: calm }, { cases: calm, now: T0 + 60 * MINUTE })).toEqual([null, null]);
});

it("rings again for an emergency though a softer tone came meanwhile", () => {
  const looks = [0, 1, 2, 3].map((unread) => ({
    cases: [card("a", { level: "emergency" }), mine("b", { unread })],
    now: T0 + unread * MINUTE,
  }));
  expect(night(...looks)).toEqual([null, "message", "emergency", "message"]);
});

it("rings for a colleague's case when the colleague has gone and she writes, or is in danger", () => {
  const held = card("a", { state: "claimed", unread: 0 });
  const gone = { ...held, isLeftAlone: true };
  expect(night({ cases: [held] }, { cases: [gone] }, { cases: [{ ...gone, unread: 1 }] })).toEqual([
    null,
    null,
    "case",
  ]);
  const grave = card("b", { state: "claimed", unread: 0, level: "emergency" });
  expect(night({ cases: [grave] }, { cases: [{ ...grave, isLeftAlone: true }] })).toEqual([
    null,
    "emergency",
  ]);
  expect(night({ cases: [held] }, { cases: [{ ...held, unread: 1 }] })).toEqual([null, null]);
});

it("rings when a colleague who is on duty leaves words unread for long, and again while somebody is in danger", () => {
  const held = (level: CaseCard["level"], unread: number) =>
    card("a", { state: "claimed", claimedBy: { id: "lan", alias: "Lan" } as never, level, unread });
  const at = (minutes: number, one: CaseCard) => ({ cases: [one], now: T0 + minutes * MINUTE });
  const grave = (minutes: number, unread: number) => at(minutes, held("emergency", unread));
  expect(night(grave(0, 0), grave(1, 1), grave(2, 2), grave(3, 3), grave(4, 3), grave(5, 3))).toEqual([
    null,
    null,
    null,
    "emergency",
    null,
    "emergency",
  ]);
  // She was read meanwhile: the time begins anew.
  expect(night(grave(0, 1), grave(1, 0), grave(2, 1), grave(3, 1))).toEqual([null, null, null, null]);
  const calm = (minutes: number) => at(minutes, held("medium", 1));
  expect(night(calm(0), calm(9), calm(10), calm(30))).toEqual([null, null, "case", null]);
});

it("rings for words that were read and not answered: hers, unless she sits before them, and a colleague's", () => {
  const read = mine("a", { level: "high" });
  const late = { ...read, isUnanswered: true, isLeftAlone: true };
  const at = (minutes: number, one: CaseCard, seen: string | null = null) => ({
    cases: [one],
    seen,
    now: T0 + minutes * MINUTE,
  });
  expect(night(at(0, read), at(2, late), at(3, late), at(12, late))).toEqual([null, "case", null, "case"]);
  expect(night(at(0, read, "a"), at(2, late, "a"), at(13, late, "a"), at(14, late))).toEqual([
    null,
    null,
    null,
    "case",
  ]);
  const theirs = { ...late, mine: false };
  expect(night(at(0, { ...theirs, isUnanswered: false, isLeftAlone: false }), at(2, theirs))).toEqual([
    null,
    "case",
  ]);
});

it("rings for those that the list has no room for", () => {
  expect(night({ cases: [card("a")], more: 3 }, { cases: [card("a")], more: 4 })).toEqual([null, "case"]);
});
