/** A flow: a script that administrators own (`flows/*.yaml`). */

import { z } from "zod";
import { bilingualSchema, idSchema, levelSchema, reviewSchema, sourceSchema } from "../schema.ts";

/** Where to go: a step of this flow, `end` (back to whoever ran it), or `flow:ID`. */
const targetSchema = z
  .string()
  .regex(/^(end|flow:[a-z][a-z0-9-]*|[a-z][a-z0-9_]*)$/, "name a step of this flow, `end`, or `flow:ID`");

const stepIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, "use lower-case letters, digits and _, beginning with a letter");

/** Conditions are data, so that they can be completed, checked and explored (roadmap 1). */
export type Condition =
  | { readonly answer: string; readonly is: string | readonly string[] }
  | { readonly level: "none" | "low" | "medium" | "high" | "emergency" }
  | { readonly case: "none" | "waiting" | "claimed" | "open" }
  | { readonly on_duty: boolean }
  | { readonly channel: string | readonly string[] }
  | { readonly can_delete: boolean }
  | { readonly heard: string | readonly string[] }
  | { readonly has_word: "private_word" | "duress_word" }
  | { readonly session: boolean }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition };

const ownWordSchema = z.enum(["private_word", "duress_word"]);

const oneOrMore = z.union([z.string(), z.array(z.string()).min(1)]);
export const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z
      .strictObject({ answer: z.string(), is: oneOrMore })
      .describe("what was answered at `flow.step`, or remembered by a `set` step"),
    z.strictObject({ level: levelSchema }).describe("her level is at least this"),
    z.strictObject({ case: z.enum(["none", "waiting", "claimed", "open"]) }),
    z.strictObject({ on_duty: z.boolean() }).describe("is a counsellor on duty now?"),
    z.strictObject({ channel: oneOrMore }),
    z.strictObject({ can_delete: z.boolean() }).describe("can the channel delete messages on her phone?"),
    z.strictObject({ heard: oneOrMore }).describe("one of these risk categories stands among the reasons"),
    z.strictObject({ has_word: ownWordSchema }).describe("has she set this word of her own?"),
    z
      .strictObject({ session: z.boolean() })
      .describe("does the channel forget her when she leaves (the web page)?"),
    z.strictObject({ all: z.array(conditionSchema).min(1) }),
    z.strictObject({ any: z.array(conditionSchema).min(1) }),
    z.strictObject({ not: conditionSchema }),
  ]),
);

const choiceSchema = z.strictObject({
  id: stepIdSchema.describe("the answer that is kept"),
  label: bilingualSchema,
  /** Other ways of saying it, without marks if you like. */
  words: z.array(z.string().min(1)).default([]),
  raise: z.strictObject({ level: levelSchema, category: z.string(), evidence: bilingualSchema }).optional(),
  next: targetSchema,
});

/** Says one text (or several, shown as one message) and goes on. `phones`: ids of services whose numbers become call buttons. */
const sayStep = z.strictObject({
  say: bilingualSchema,
  phones: z.array(idSchema).default([]),
  safety: z.boolean().default(false).describe("a safety text: may be sent twice rather than not at all"),
  next: targetSchema,
});

/** Asks and waits. */
const askStep = z.strictObject({
  ask: bilingualSchema,
  phones: z.array(idSchema).default([]),
  choices: z.array(choiceSchema).min(1).max(9),
  red: z.boolean().default(false).describe("a skip or an unclear answer counts as one level up"),
  skip: targetSchema
    .optional()
    .describe("where a skip goes; without it the question can be skipped to the last choice's target"),
  text: z
    .strictObject({ into: z.literal("safe_hours"), next: targetSchema })
    .optional()
    .describe("words that are no choice may be hours instead"),
  unclear: bilingualSchema
    .optional()
    .describe("said when the answer is not understood; the choices are shown again"),
});

/** Asks freely and keeps the words as an answer (sealed like everything she writes). */
const askTextStep = z.strictObject({
  ask_text: bilingualSchema,
  into: z
    .enum(["private_word", "duress_word", "safe_hours"])
    .optional()
    .describe("what the words become instead of an answer; her own words are never shown to staff"),
  next: targetSchema,
  skip: targetSchema.optional(),
});

/** Runs an instrument's questions in order, stops at a hard stop, and goes on by level. */
const screenStep = z.strictObject({
  screen: idSchema.describe("id of an instrument in knowledge/risk/instruments"),
  intro: bilingualSchema.optional(),
  next: targetSchema,
  on_emergency: targetSchema.optional(),
  on_high: targetSchema.optional(),
});

/** Goes on by the first condition that holds. */
const branchStep = z.strictObject({
  branch: z.array(z.strictObject({ if: conditionSchema, next: targetSchema })).min(1),
  else: targetSchema,
});

/** Opens a case for a human; `asked: false` when she has not said yes. */
const caseStep = z.strictObject({
  open_case: z.strictObject({ asked: z.boolean() }),
  next: targetSchema,
});

/** Runs another flow and comes back. */
const runStep = z.strictObject({ run: idSchema, next: targetSchema });

/** Remembers something about this conversation that other steps ask for (the door). */
const setStep = z.strictObject({ set: z.record(z.string(), z.string()), next: targetSchema });

/** Drops a word of her own; the private word takes the duress word with it. */
const clearStep = z.strictObject({ clear: ownWordSchema, next: targetSchema });

/** Records a request of hers to the operator, with the law's clocks (settings, `rights`). */
const requestStep = z.strictObject({
  request: z.enum(["access", "correct", "delete", "restrict"]),
  next: targetSchema,
});

/**
 * Makes the code of an erasure before it is asked about, as {receipt}: on the page nothing is left afterwards that
 * could show it.
 */
const receiptStep = z.strictObject({ receipt: z.literal(true), next: targetSchema });

/** Destroys this conversation's key and all under it. Only after she was asked. */
const eraseStep = z.strictObject({ erase: z.literal(true), next: targetSchema });

export const stepSchema = z.union([
  sayStep,
  askStep,
  askTextStep,
  screenStep,
  branchStep,
  caseStep,
  runStep,
  setStep,
  receiptStep,
  eraseStep,
  clearStep,
  requestStep,
]);

export const flowSchema = z.strictObject({
  id: idSchema,
  title: bilingualSchema,
  /** Why this flow is as it is, for its editors. */
  about: z.string().optional(),
  sources: z.array(sourceSchema).default([]),
  review: reviewSchema,
  start: stepIdSchema,
  steps: z.record(stepIdSchema, stepSchema),
});

export type Flow = z.infer<typeof flowSchema>;
export type Step = z.infer<typeof stepSchema>;
export type FlowChoice = z.infer<typeof choiceSchema>;
