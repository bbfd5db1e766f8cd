/** How well an ear hears labelled lines: the figures, and the gate that a draft of the rules must pass. Pure. */

import { type Level, rank } from "../level.ts";
import { makeEar } from "./assess.ts";
import type { Ear } from "./ear.ts";
import type { LinearModel } from "./model.ts";
import type { RiskRules } from "./rules.ts";

export interface LabelledLine {
  readonly text: string;
  readonly level: Level;
  readonly category: string;
  /** Written form ("marked", "unmarked", "teencode" …). */
  readonly form: string;
}

export interface Verdict extends LabelledLine {
  readonly heard: Level;
}

/** So many of so many. */
export interface Share {
  readonly hits: number;
  readonly of: number;
}

export interface Figures {
  readonly agreement: Share;
  /** Emergency and high heard as high or emergency. */
  readonly serious: Share;
  readonly emergency: Share;
  /** Level none raised to high or emergency. */
  readonly harmlessRaised: Share;
  readonly twoTooLow: Share;
}

/** Hears every line. */
export function judge(ear: Ear, lines: readonly LabelledLine[]): Verdict[] {
  return lines.map((line) => ({ ...line, heard: ear(line.text).level }));
}

export function figuresOf(verdicts: readonly Verdict[]): Figures {
  const share = (pool: readonly Verdict[], hit: (v: Verdict) => boolean): Share => ({
    hits: pool.filter(hit).length,
    of: pool.length,
  });
  const isSerious = (level: Level): boolean => rank(level) >= rank("high");
  return {
    agreement: share(verdicts, (v) => v.heard === v.level),
    serious: share(
      verdicts.filter((v) => isSerious(v.level)),
      (v) => isSerious(v.heard),
    ),
    emergency: share(
      verdicts.filter((v) => v.level === "emergency"),
      (v) => v.heard === "emergency",
    ),
    harmlessRaised: share(
      verdicts.filter((v) => v.level === "none"),
      (v) => isSerious(v.heard),
    ),
    twoTooLow: share(verdicts, (v) => rank(v.level) - rank(v.heard) >= 2),
  };
}

/** Groups verdicts by one of their fields, in order of name. */
export function groupBy(verdicts: readonly Verdict[], field: "form" | "category"): Map<string, Verdict[]> {
  const groups = new Map<string, Verdict[]>();
  for (const v of verdicts) groups.set(v[field], [...(groups.get(v[field]) ?? []), v]);
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Wilson's interval at 95 %, as shares of one; [0, 1] for an empty pool. */
export function wilson({ hits, of }: Share): readonly [number, number] {
  if (of === 0) return [0, 1];
  const z = 1.959964;
  const p = hits / of;
  const middle = (p + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z / (1 + (z * z) / of)) * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

export interface Evaluation {
  readonly figures: Figures;
  readonly verdicts: readonly Verdict[];
}

/** Runs a whole draft: the console calls this before it lets rules be published. */
export function evaluateRules(
  rules: RiskRules,
  lines: readonly LabelledLine[],
  model?: LinearModel,
): Evaluation {
  const verdicts = judge(makeEar(rules, model), lines);
  return { figures: figuresOf(verdicts), verdicts };
}

export interface Comparison {
  /** Lines whose level changed, the worst first. */
  readonly changed: readonly {
    readonly text: string;
    readonly label: Level;
    readonly before: Level;
    readonly after: Level;
  }[];
  /** Why the draft may not be published; empty: it may. */
  readonly falls: readonly Fall[];
}

/** A figure of the regression set that would be worse: how many lines before and after, of how many. */
export interface Fall {
  readonly figure: (typeof MORE_IS_BETTER)[number] | (typeof FEWER_IS_BETTER)[number];
  readonly before: number;
  readonly after: number;
  readonly of: number;
}

const MORE_IS_BETTER = ["agreement", "serious", "emergency"] as const;
const FEWER_IS_BETTER = ["harmlessRaised", "twoTooLow"] as const;

/** For the terminal and for whoever calls the API; the console has words of its own. */
export function describeFall({ figure, before, after, of }: Fall): string {
  return `${figure} ${after < before ? "falls" : "rises"} from ${before} to ${after} of ${of}`;
}

/** Line by line, what a draft hears otherwise than what is published; both must have judged the same lines. */
export function compare(before: readonly Verdict[], after: readonly Verdict[]): Comparison {
  const earlier = new Map(before.map((v) => [v.text, v.heard]));
  const changed = after
    .map((v) => ({ text: v.text, label: v.level, before: earlier.get(v.text) ?? v.heard, after: v.heard }))
    .filter((c) => c.before !== c.after)
    .sort((a, b) => distance(b.label, b.after) - distance(a.label, a.after));
  return { changed, falls: fallsOf(figuresOf(before), figuresOf(after)) };
}

function distance(label: Level, heard: Level): number {
  return Math.abs(rank(label) - rank(heard));
}

function fallsOf(before: Figures, after: Figures): Fall[] {
  const rate = ({ hits, of }: Share): number => (of === 0 ? 0 : hits / of);
  return [
    ...MORE_IS_BETTER.filter((name) => rate(after[name]) < rate(before[name])),
    ...FEWER_IS_BETTER.filter((name) => rate(after[name]) > rate(before[name])),
  ].map((figure) => ({
    figure,
    before: before[figure].hits,
    after: after[figure].hits,
    of: after[figure].of,
  }));
}
