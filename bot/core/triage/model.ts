/** A small linear model beside the rules: hears turns of phrase that no rule names. It can only raise. */

import { z } from "zod";
import type { Level } from "../level.ts";
import type { Problem } from "../problem.ts";
import type { Compiled } from "./compile.ts";
import type { Scene } from "./match.ts";

/** The four questions it answers: at least low? medium? high? emergency? */
export const CUTS = ["low", "medium", "high", "emergency"] as const satisfies readonly Level[];

export const modelSchema = z.strictObject({
  version: z.string().min(1),
  /** How many weights one cut has; a power of two. */
  buckets: z.number().int().positive(),
  cuts: z
    .array(
      z.strictObject({
        level: z.enum(CUTS),
        bias: z.number(),
        /** One step of a stored weight. */
        scale: z.number().positive(),
        /** From this probability on it raises. */
        threshold: z.number().min(0.5).max(1),
        /** Int8, base64. */
        weights: z.string(),
      }),
    )
    .length(CUTS.length),
});
export type StoredModel = z.infer<typeof modelSchema>;

export interface Cut {
  readonly level: Level;
  readonly bias: number;
  readonly scale: number;
  readonly threshold: number;
  readonly weights: Int8Array;
}

export interface LinearModel {
  readonly version: string;
  readonly buckets: number;
  readonly cuts: readonly Cut[];
}

/** Reads a stored model; a broken one is a problem, and the ear then works without it. */
export function readModel(data: unknown, file: string): { model?: LinearModel; problems: Problem[] } {
  const read = modelSchema.safeParse(data);
  if (!read.success) {
    return { problems: read.error.issues.map((i) => ({ code: "risk.model", message: i.message, file, field: i.path.join("."), severity: "error" })) };
  }
  const { version, buckets } = read.data;
  const cuts = read.data.cuts.map((cut) => ({ ...cut, weights: Int8Array.from(atob(cut.weights), (c) => (c.charCodeAt(0) << 24) >> 24) }));
  const short = cuts.find((cut) => cut.weights.length !== buckets);
  if (short) return { problems: [{ code: "risk.model", message: `the weights for "${short.level}" are not ${buckets}`, file, severity: "error" }] };
  return { model: { version, buckets, cuts }, problems: [] };
}

/** Probability of one cut for the features of a message. */
export function probability(cut: Cut, features: readonly number[]): number {
  let sum = 0;
  for (const f of features) sum += cut.weights[f] ?? 0;
  return 1 / (1 + Math.exp(-(cut.bias + (sum * cut.scale) / norm(features.length))));
}

/** Long messages must not win by their length. */
export function norm(count: number): number {
  return Math.sqrt(Math.max(8, count) / 8);
}

/** People, by what they are to the writer, stand for themselves whatever they are called. */
const ROLES = ["childref", "helper", "ex", "family", "partner", "self", "outsider", "pronoun", "knife", "hit", "strangle", "neg", "habit", "past", "now"];
/** A very long message is judged by its first part here; the rules hear all of it. */
const MOST_SYMBOLS = 400;

/** Numbers of the features that a message has, without repeats, each below `buckets`. */
export function featuresOf(scene: Scene, compiled: Compiled, buckets: number): number[] {
  const symbols = symbolsOf(scene, compiled);
  const features = new Set<number>();
  const add = (h: number): void => void features.add(h & (buckets - 1));
  const hashes = symbols.map(hash);
  const START = 17;
  const END = 31;
  for (let i = 0; i < hashes.length; i++) {
    const a = hashes[i] ?? START;
    const b = hashes[i + 1] ?? END;
    const c = hashes[i + 2] ?? END;
    add(mix(a, 1));
    add(mix(mix(a, b), 2));
    add(mix(mix(mix(a, b), c), 3));
    add(mix(mix(a, c), 4));
    if (i === 0) add(mix(a, 5));
  }
  const kinds = kindsOf(scene, compiled).map(hash);
  for (let i = 0; i < kinds.length; i++) {
    const a = kinds[i] ?? 0;
    add(mix(a, 7));
    for (let j = i + 1; j < kinds.length; j++) add(mix(mix(a, kinds[j] ?? 0), 8));
  }
  return [...features];
}

/** Fields of meaning (`f_…`) are for the model alone; which of them and which people stand together says more than words. */
function kindsOf(scene: Scene, compiled: Compiled): string[] {
  const names: string[] = [];
  for (const concept of scene.spans.keys()) {
    const name = compiled.concepts[concept] ?? "";
    if (concept < compiled.firstLiteral && (name.startsWith("f_") || ROLES.includes(name))) names.push(name);
  }
  return names.sort();
}

function symbolsOf(scene: Scene, compiled: Compiled): string[] {
  const covered = new Map<number, { name: string; to: number }>();
  for (const name of ROLES) {
    const concept = compiled.byName.get(name);
    for (const span of (concept !== undefined && scene.spans.get(concept)) || []) {
      const seen = covered.get(span.from);
      if (!seen || span.to > seen.to) covered.set(span.from, { name, to: span.to });
    }
  }
  const symbols: string[] = [];
  for (let i = 0; i < scene.tokens.length && symbols.length < MOST_SYMBOLS; ) {
    const role = covered.get(i);
    symbols.push(role ? `<${role.name}>` : (scene.tokens[i]?.meanings[0]?.fold ?? ""));
    i = role ? Math.max(role.to, i + 1) : i + 1;
  }
  return symbols;
}

function hash(s: string): number {
  let h = 2166136261;
  for (let i = 0; i < s.length; i++) h = Math.imul(h ^ s.charCodeAt(i), 16777619);
  return h >>> 0;
}

function mix(h: number, n: number): number {
  let x = Math.imul(h ^ (n + 0x9e3779b9), 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
