/** A linear model beside the rules: from the wording, and from what the rules heard, how probable each level is. */

import { LEVELS, type Level } from "../level.ts";
import type { Problem } from "../problem.ts";
import { rowOf, unpackWeights, type Weights } from "../weights.ts";
import type { Features } from "./features.ts";

/** The four questions it answers: at least low? medium? high? emergency? */
export const CUTS = ["low", "medium", "high", "emergency"] as const satisfies readonly Level[];

const CLASSES = LEVELS.length;
/** Finding a bucket's row takes a bit and a half of memory for each bucket. */
const MOST_BUCKETS = 2 ** 26;

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
  const { version, buckets, bias, scale, weights } = (
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
  const unpacked = typeof weights === "string" ? unpackWeights(weights, buckets, CLASSES) : undefined;
  if (!unpacked)
    return wrong("weights", `must be packed rows of ${CLASSES} weights, each of a bucket below ${buckets}`);
  return { model: { version, buckets, bias, scale, weights: unpacked }, problems: [] };
}

function areNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.length === CLASSES && value.every((n) => Number.isFinite(n));
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
