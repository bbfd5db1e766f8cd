/** What is known of a case, put so that it can be read at a glance: pure, without React. */

import type { AuditLine, Level, Reason } from "../web/api-types.ts";

/** How the ear says that something happens now (core/triage): said once for all, in the reader's language. */
const NOW = ", đang xảy ra";
const ASKED = " (hỏi thông tin)";
const JOINED = " + ";

export interface ReadableReason {
  readonly category: string;
  /** What was heard, each thing once. */
  readonly heard: readonly string[];
  readonly isNow: boolean;
}

/** One line for each category, in their order; `title`: what stands before it, and need not be said again. */
export function readReasons(
  reasons: readonly Reason[],
  title: (category: string) => string,
): readonly ReadableReason[] {
  const byCategory = new Map<string, string[]>();
  for (const { category, evidence } of reasons) {
    const pieces = evidence.split(JOINED).map((piece) => piece.trim());
    byCategory.set(category, [...(byCategory.get(category) ?? []), ...pieces]);
  }
  return [...byCategory].map(([category, pieces]) => {
    const bare = pieces.map((piece) => piece.replace(NOW, "").replace(ASKED, ""));
    const said = title(category).toLowerCase();
    // "Bị bóp cổ" says nothing beside "vừa bị bóp cổ".
    const heard = [...new Set(bare)].filter(
      (piece, _, all) =>
        piece.toLowerCase() !== said && !all.some((other) => other !== piece && other.includes(piece)),
    );
    return { category, heard, isNow: pieces.some((piece) => piece.includes(NOW)) };
  });
}

export interface ReadableLine {
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly detail: string;
  /** How often: more than once only for readings. */
  readonly times: number;
}

/**
 * The history without what says nothing: a person's readings with nothing done between are one line, the machine's echo of
 * a counsellor's change of level goes, and so does a raise to the level that the case already had.
 */
export function readHistory(newestFirst: readonly AuditLine[]): readonly ReadableLine[] {
  const lines: ReadableLine[] = [];
  let level: string | null = null;
  let readings = new Map<string, number>();
  for (const { at, actor, action, detail } of newestFirst.toReversed()) {
    const after = levelAfter(action, detail);
    const isEcho = action === "level_set" && actor === "bot";
    const isRaisedToSame = action === "case_raised" && after === level;
    level = after ?? level;
    if (isEcho || isRaisedToSame) continue;
    const place = action === "case_read" ? readings.get(actor) : undefined;
    const before = place === undefined ? undefined : lines[place];
    if (place !== undefined && before) {
      lines[place] = { ...before, at, times: before.times + 1 };
      continue;
    }
    if (action === "case_read") readings.set(actor, lines.length);
    else readings = new Map();
    lines.push({ at, actor, action, detail, times: 1 });
  }
  return lines.toReversed();
}

/** The level of the case once this was done; null: it says nothing of it. */
function levelAfter(action: string, detail: string): string | null {
  if (action === "case_opened" || action === "case_raised") return detail;
  return action === "level_set" ? (detail.split(" → ").at(-1) ?? null) : null;
}

const LEVELS: ReadonlySet<string> = new Set<Level>(["none", "low", "medium", "high", "emergency"]);

export function isLevel(text: string): text is Level {
  return LEVELS.has(text);
}

export interface EffectWords {
  /** The key of the words for what happens. */
  readonly key: string;
  readonly level: Level | null;
  /** The key of more, or nothing. */
  readonly more: string;
}

/** An effect of the simulator in the words of a talk ("case emergency", "timer case_waits"), taken apart to be said. */
export function readEffect(text: string): EffectWords {
  const [verb = "", what = "", ...rest] = text.split(" ");
  if (verb === "audit")
    return { key: `act_${what}`, level: isLevel(rest[0] ?? "") ? (rest[0] as Level) : null, more: "" };
  if (isLevel(what)) return { key: `effect_${verb}`, level: what, more: "" };
  return { key: `effect_${verb}`, level: null, more: what === "" ? "" : `${verb}_${what}` };
}
