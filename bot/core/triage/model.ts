/** A linear model beside the rules: from the wording, and from what the rules heard, how probable each level is. */

import { LEVELS, type Level } from "../level.ts";
import type { Problem } from "../problem.ts";
import type { Features } from "./features.ts";
import { rowOf, unpackWeights, type Weights } from "./weights.ts";

/** The four questions it answers: at least low? medium? high? emergency? */
export const CUTS = ["low", "medium", "high", "emergency"] as const satisfies readonly Level[];
type Cut = (typeof CUTS)[number];

const CLASSES = LEVELS.length;
/** Finding a bucket's row takes a bit and a half of memory for each bucket. */
const MOST_BUCKETS = 2 ** 26;

export interface Threshold {
  /** From this probability on the model says so where no rule heard anything. */
  readonly alone: number;
  /** The same where a rule heard something less grave. */
  readonly beside: number;
  /** From this probability on a rule that says so is believed. */
  readonly heard: number;
}

interface Numbers {
  readonly version: string;
  /**
   * How many numbers features have; a power of two, so large that hardly two share one. The upper half is for people
   * and kinds, which weigh less.
   */
  readonly buckets: number;
  /** One for each level. */
  readonly bias: readonly number[];
  /** One step of a stored weight, for each level. */
  readonly scale: readonly number[];
  readonly thresholds: Readonly<Record<Cut, Threshold>>;
}

/** As it lies in `knowledge/risk/model.json`. */
export interface StoredModel extends Numbers {
  /** Of each bucket that has any, one weight for every level: packed (weights.ts). */
  readonly weights: string;
}

export interface LinearModel extends Numbers {
  readonly weights: Weights;
}

/**
 * Reads a stored model; a broken one is a problem, and the ear then works without it. Checked by hand: the schema
 * library would cost a start more than everything else here.
 */
export function readModel(data: unknown, file: string): { model?: LinearModel; problems: Problem[] } {
  const { version, buckets, bias, scale, thresholds, weights } = (
    typeof data === "object" && data !== null ? data : {}
  ) as Partial<Record<keyof StoredModel, unknown>>;
  const wrong = (field: string, message: string) => ({
    problems: [{ code: "risk.model", message, file, field, severity: "error" as const }],
  });
  if (typeof version !== "string") return wrong("version", "is missing");
  if (
    typeof buckets !== "number" ||
    !(buckets > 1) ||
    buckets > MOST_BUCKETS ||
    !Number.isInteger(Math.log2(buckets))
  )
    return wrong("buckets", "must be a power of two up to 2^26");
  if (!areNumbers(bias)) return wrong("bias", `must be ${CLASSES} numbers`);
  if (!areNumbers(scale)) return wrong("scale", `must be ${CLASSES} numbers`);
  if (!areThresholds(thresholds))
    return wrong(
      "thresholds",
      "each of low, medium, high, emergency needs alone, beside and heard from 0 to 1",
    );
  const unpacked = typeof weights === "string" ? unpackWeights(weights, buckets, CLASSES) : undefined;
  if (!unpacked)
    return wrong("weights", `must be packed rows of ${CLASSES} weights, each of a bucket below ${buckets}`);
  return { model: { version, buckets, bias, scale, thresholds, weights: unpacked }, problems: [] };
}

function areNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.length === CLASSES && value.every((n) => Number.isFinite(n));
}

function areThresholds(value: unknown): value is Record<Cut, Threshold> {
  if (typeof value !== "object" || value === null) return false;
  const given = value as Partial<Record<string, Partial<Threshold>>>;
  const isShare = (n: unknown): boolean => typeof n === "number" && n >= 0 && n <= 1;
  return CUTS.every((cut) => [given[cut]?.alone, given[cut]?.beside, given[cut]?.heard].every(isShare));
}

/** How probable it is that the message is at least low, medium, high, and an emergency: each from 0 to 1, falling. */
export function probabilities(model: LinearModel, { list, count, worth }: Features): number[] {
  const { weights, scale, bias } = model;
  const { rows } = weights;
  let none = 0;
  let low = 0;
  let medium = 0;
  let high = 0;
  let emergency = 0;
  for (let i = 0; i < count; i++) {
    const row = rowOf(weights, list[i] ?? 0);
    // Never learnt: it says nothing.
    if (row < 0) continue;
    const at = row * CLASSES;
    none += rows[at] ?? 0;
    low += rows[at + 1] ?? 0;
    medium += rows[at + 2] ?? 0;
    high += rows[at + 3] ?? 0;
    emergency += rows[at + 4] ?? 0;
  }
  const sums = [none, low, medium, high, emergency];
  return atLeastEach(sums.map((sum, c) => (bias[c] ?? 0) + sum * (scale[c] ?? 0) * worth));
}

/** Scores of the five levels → the probabilities of the four cuts. */
export function atLeastEach(scores: readonly number[]): number[] {
  const most = Math.max(...scores);
  const each = scores.map((s) => Math.exp(s - most));
  const all = each.reduce((sum, e) => sum + e, 0);
  const cuts: number[] = [];
  let above = 0;
  for (let c = CLASSES - 1; c > 0; c--) {
    above += (each[c] ?? 0) / all;
    cuts.unshift(above);
  }
  return cuts;
}
