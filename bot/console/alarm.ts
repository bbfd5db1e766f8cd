/** When the desk rings, and how: pure, so that a night can be played in a test. */

import type { CaseCard, Level } from "../web/api-types.ts";

/** message: words in her own case · case: somebody needs a counsellor · emergency: somebody's life may be in danger. */
export type Tone = "message" | "case" | "emergency";

const ORDER: readonly (Tone | null)[] = [null, "message", "case", "emergency"];
const LEVELS: readonly Level[] = ["none", "low", "medium", "high", "emergency"];
/** It rings again while nobody has come: as often as the people on duty are called again (flows/settings.yaml). */
const AGAIN_MS: Readonly<Record<Tone, number>> = {
  emergency: 2 * 60_000,
  case: 10 * 60_000,
  message: 2 * 60_000,
};

export interface Heard {
  /** The cases as they were when it was last looked; null: it was never looked. */
  readonly cases: ReadonlyMap<string, CaseCard> | null;
  readonly more: number;
  /** When it last rang so loudly, or more loudly: soft tones must not put off what calls for an emergency. */
  readonly rangAt: Readonly<Record<Tone, number>>;
  /** Since when words stand unread with a colleague: at medium and below that rings sooner than `isUnanswered`. */
  readonly unreadSince: ReadonlyMap<string, number>;
  /** The cases that needed somebody then. */
  readonly needy: ReadonlySet<string>;
}

export const NOTHING_HEARD: Heard = {
  cases: null,
  more: 0,
  rangAt: { message: 0, case: 0, emergency: 0 },
  unreadSince: new Map(),
  needy: new Set(),
};

export interface Look {
  readonly cases: readonly CaseCard[];
  /** How many wait besides those. */
  readonly more: number;
  /** The case whose lines she has before her eyes. */
  readonly seen: string | null;
  readonly now: number;
}

/** Does it need somebody: it waits, or its counsellor has gone or does not answer while she writes, or is in danger? */
export function needsSomebody(card: CaseCard): boolean {
  if (card.state === "waiting") return true;
  const isOpen = card.isUnanswered || card.unread > 0 || isGrave(card);
  return card.isLeftAlone && !card.mine && !card.personLeft && isOpen;
}

function isGrave({ level }: CaseCard): boolean {
  return level === "emergency" || level === "high";
}

/** Words in a case of hers that she has not before her eyes. */
export function unreadOfMine({ cases, seen }: Pick<Look, "cases" | "seen">): number {
  return cases.reduce((sum, card) => sum + (isUnreadMine(card, seen) ? card.unread : 0), 0);
}

/** Cases of hers, not before her eyes, in which all was read and she is waited for too long: read is not answered. */
export function unansweredOfMine({ cases, seen }: Pick<Look, "cases" | "seen">): number {
  return cases.filter((card) => isForgotten(card, seen) && card.unread === 0).length;
}

/** What rings now, and what to remember for the next look. */
export function listen(before: Heard, look: Look): { readonly heard: Heard; readonly tone: Tone | null } {
  const cases = new Map(look.cases.map((card) => [card.id, card]));
  const isFirst = before.cases === null;
  const unreadSince = new Map(
    look.cases.filter(isUnreadElsewhere).map(({ id }) => [id, before.unreadSince.get(id) ?? look.now]),
  );
  const isLeft = (card: CaseCard) =>
    look.now - (unreadSince.get(card.id) ?? look.now) >= AGAIN_MS[toneOf(card)];
  const needy = new Set(look.cases.filter((c) => needsSomebody(c) || isLeft(c)).map(({ id }) => id));
  const news = isFirst
    ? null
    : loudest([...look.cases.map((card) => newsOf(before, card, look.seen, needy)), moreNews(before, look)]);
  const tone = loudest([news, againOf(before, look, needy)]);
  const rings = (one: Tone) => isFirst || ORDER.indexOf(tone) >= ORDER.indexOf(one);
  const since = (one: Tone) => (rings(one) ? look.now : before.rangAt[one]);
  const rangAt = { message: since("message"), case: since("case"), emergency: since("emergency") };
  return { heard: { cases, more: look.more, rangAt, unreadSince, needy }, tone };
}

function newsOf(before: Heard, card: CaseCard, seen: string | null, needy: ReadonlySet<string>): Tone | null {
  const known = before.cases?.get(card.id);
  const hasRisen = known !== undefined && LEVELS.indexOf(card.level) > LEVELS.indexOf(known.level);
  const isNew = needy.has(card.id) && !before.needy.has(card.id);
  if (isForgotten(card, seen) && !known?.isUnanswered) return toneOf(card);
  if (isNew || (hasRisen && (needy.has(card.id) || (card.mine && card.state === "claimed"))))
    return toneOf(card);
  return isUnreadMine(card, seen) && card.unread > (known?.unread ?? 0) ? "message" : null;
}

/** There are more than the list can hold, and still they come. */
function moreNews(before: Heard, look: Look): Tone | null {
  return look.more > before.more ? "case" : null;
}

function againOf(
  { rangAt, cases }: Heard,
  { cases: now, seen, now: at }: Look,
  needy: ReadonlySet<string>,
): Tone | null {
  if (cases === null) return null;
  const waits = now.map((card) => {
    if (needy.has(card.id)) return isGrave(card) ? toneOf(card) : null;
    if (isForgotten(card, seen)) return toneOf(card);
    return isUnreadMine(card, seen) ? "message" : null;
  });
  return loudest(waits.map((tone) => (tone !== null && at - rangAt[tone] >= AGAIN_MS[tone] ? tone : null)));
}

function isUnreadMine(card: CaseCard, seen: string | null): boolean {
  return card.mine && card.state === "claimed" && card.unread > 0 && card.id !== seen;
}

/** She has waited too long for the answer of who sits here, or should: read is not answered. */
function isForgotten(card: CaseCard, seen: string | null): boolean {
  return card.mine && card.isUnanswered && card.id !== seen;
}

/** Who is on duty may have been called away from it. */
function isUnreadElsewhere(card: CaseCard): boolean {
  return card.state === "claimed" && !card.mine && !card.personLeft && card.unread > 0;
}

function toneOf(card: CaseCard): Tone {
  return card.level === "emergency" ? "emergency" : "case";
}

function loudest(tones: readonly (Tone | null)[]): Tone | null {
  return tones.reduce((a, b) => (ORDER.indexOf(b) > ORDER.indexOf(a) ? b : a), null);
}
