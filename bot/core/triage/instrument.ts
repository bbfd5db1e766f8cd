/**
 * An instrument: a named set of weighted questions with its source, version and sign-off (domain.md B1).
 * Its score is an internal routing signal; no score and no "low risk" is ever shown to a person.
 */

import { z } from "zod";
import { atLeast, higher, type Level, oneUp, type Reason } from "../level.ts";
import { bilingualSchema, idSchema, levelSchema, reviewSchema, sourceSchema } from "../schema.ts";

export const instrumentSchema = z.strictObject({
  id: idSchema,
  title: bilingualSchema,
  version: z.string().min(1),
  sources: z.array(sourceSchema).min(1),
  /** What is known about its validity in Viet Nam, for staff. */
  validation: bilingualSchema,
  review: reviewSchema,
  questions: z
    .array(
      z.strictObject({
        id: idSchema,
        text: bilingualSchema,
        /** A counsellor's words for a yes ("đã từng bị bóp cổ"). */
        evidence: bilingualSchema,
        category: z.string().min(1),
        weight: z.number().int().min(0).default(1),
        /** A red question: a skip or an unclear answer counts as one level up. */
        red: z.boolean().default(false),
        /** A yes gives this level at once and stops the asking. */
        hard_stop: levelSchema.optional(),
        /** A yes here asks this follow-up: yes to it gives the level and stops. */
        follow_up: z
          .strictObject({ text: bilingualSchema, evidence: bilingualSchema, yes: levelSchema })
          .optional(),
      }),
    )
    .min(1),
  /** The first that fits, read from the top: a sum of weights among `of` (all questions if absent). */
  cut_offs: z.array(
    z.strictObject({ of: z.array(idSchema).optional(), sum: z.number().int().min(1), level: levelSchema }),
  ),
});
export type Instrument = z.infer<typeof instrumentSchema>;

/** What she said to one question. */
export type InstrumentAnswer = "yes" | "no" | "skipped" | "unclear";

export interface InstrumentResult {
  readonly level: Level;
  readonly reasons: readonly Reason[];
  /** Ask no more: a hard-stop answer came. */
  readonly stop: boolean;
}

/** Scores what was answered so far; combining with other levels (by maximum) is the caller's. */
export function scoreInstrument(
  instrument: Instrument,
  answers: Readonly<Record<string, InstrumentAnswer>>,
  followUps: Readonly<Record<string, InstrumentAnswer>> = {},
): InstrumentResult {
  const reasons: Reason[] = [];
  let level: Level = "none";
  let stop = false;
  for (const q of instrument.questions) {
    const answer = answers[q.id];
    if (answer === "yes") {
      reasons.push({ category: q.category, evidence: q.evidence.vi });
      if (q.hard_stop) {
        level = higher(level, q.hard_stop);
        stop = true;
      }
      if (q.follow_up && followUps[q.id] === "yes") {
        reasons.push({ category: q.category, evidence: q.follow_up.evidence.vi });
        level = higher(level, q.follow_up.yes);
        stop = true;
      }
    }
  }
  for (const cut of instrument.cut_offs) {
    const counted = instrument.questions.filter((q) => !cut.of || cut.of.includes(q.id));
    const sum = counted.reduce((n, q) => n + (answers[q.id] === "yes" ? q.weight : 0), 0);
    if (sum >= cut.sum) {
      level = higher(level, cut.level);
      break;
    }
  }
  const evaded = instrument.questions
    .filter((q) => q.red)
    .flatMap((q) => [
      ...(isEvaded(answers[q.id]) ? [q.evidence.vi] : []),
      ...(q.follow_up && isEvaded(followUps[q.id]) ? [q.follow_up.evidence.vi] : []),
    ]);
  if (evaded.length > 0 && !atLeast(level, "high")) level = oneUp(higher(level, "low"));
  reasons.push(...evaded.map(leftOpen));
  return { level, reasons, stop };
}

/** What a yes (`QUESTION.yes`, to its follow-up `QUESTION!yes`) says by itself; undefined: it only counts beside others. */
export function raisedByYes(
  instrument: Instrument | undefined,
  answer: string,
): { level: Level; category: string; evidence: Instrument["title"] } | undefined {
  const [, id, mark] = /^([a-z0-9-]+)([.!])yes$/.exec(answer) ?? [];
  const question = instrument?.questions.find((q) => q.id === id);
  if (!question) return undefined;
  const { category, evidence, hard_stop: level, follow_up: after } = question;
  if (mark === "!") return after && { level: after.yes, category, evidence: after.evidence };
  return level && { level, category, evidence };
}

/** A red question that she evaded: whoever takes the case must see it at every level, and ask it with care. */
export function leftOpen(question: string): Reason {
  return { category: "unanswered", evidence: `chưa trả lời: ${question}` };
}

function isEvaded(answer: InstrumentAnswer | undefined): boolean {
  return answer === "skipped" || answer === "unclear";
}
