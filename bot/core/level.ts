/** The five levels of danger and the one rule about them: a machine only raises. */

export const LEVELS = ["none", "low", "medium", "high", "emergency"] as const;
export type Level = (typeof LEVELS)[number];

/** Why a level was given, in words that a counsellor understands. */
export interface Reason {
  /** One of the categories of `knowledge/risk/` ("weapon", "strangulation" …), or `unanswered`. */
  readonly category: string;
  /** What was heard or answered, short; it may quote the person, so it is a person's text. */
  readonly evidence: string;
}

/** The category of a reason that came from the wording alone: no rule heard what is dangerous in it. */
export const WORDING = "phrasing";

/** Did no rule hear anything: is all that was heard only how it sounds? */
export function isByWording(reasons: readonly Reason[]): boolean {
  return reasons.every(({ category }) => category === WORDING);
}

/** 0 (none) to 4 (emergency). */
export function rank(level: Level): number {
  return LEVELS.indexOf(level);
}

/** The more dangerous of two levels. */
export function higher(a: Level, b: Level): Level {
  return rank(a) >= rank(b) ? a : b;
}

export function atLeast(level: Level, floor: Level): boolean {
  return rank(level) >= rank(floor);
}

/** One level up; emergency stays emergency. For an unclear or skipped answer to a red question (domain.md B5). */
export function oneUp(level: Level): Level {
  return LEVELS[Math.min(rank(level) + 1, LEVELS.length - 1)] ?? "emergency";
}
