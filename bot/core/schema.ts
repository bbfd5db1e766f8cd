/** Small zod pieces that every kind of content shares. */

import { z } from "zod";

export const idSchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,59}$/,
    "use lower-case letters, digits and hyphens, beginning with a letter, at most 60",
  );

/** Vietnamese and English; both must be there. */
export const bilingualSchema = z.strictObject({
  vi: z.string().trim().min(1, "the Vietnamese text is missing"),
  en: z.string().trim().min(1, "the English text is missing"),
});

export const daySchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "write a date as 2026-11-22");

/** Where a fact comes from. */
export const sourceSchema = z.strictObject({
  title: z.string().min(1),
  url: z.url({ protocol: /^https?$/ }).optional(),
  published: z.string().optional(),
  /** H: law text, official body or two agreeing sources; M: one decent secondary source; L: weak. */
  confidence: z.enum(["H", "M", "L"]),
});

/** pending until a professional has read it. */
export const reviewSchema = z.strictObject({
  state: z.enum(["pending", "approved"]),
  by: z.string().optional(),
  on: daySchema.optional(),
});

export const levelSchema = z.enum(["none", "low", "medium", "high", "emergency"]);
export const audienceSchema = z.enum(["survivor", "at_risk", "helper", "own_violence", "child", "staff"]);
export type Audience = z.infer<typeof audienceSchema>;
