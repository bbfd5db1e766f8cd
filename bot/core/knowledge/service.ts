/** An entry of the directory of services (`knowledge/directory/*.yaml`). */

import { z } from "zod";
import { bilingualSchema, daySchema, idSchema, reviewSchema, sourceSchema } from "../schema.ts";

export const serviceKindSchema = z.enum([
  "emergency",
  "hotline",
  "shelter",
  "one-stop",
  "hospital",
  "legal-aid",
  "counselling",
  "police",
  "commune",
  "other",
]);

export const serviceSchema = z.strictObject({
  id: idSchema,
  name: bilingualSchema,
  kind: serviceKindSchema,
  /** As dialled and as shown ("1900 969 680"). */
  phones: z.array(
    z.strictObject({ number: z.string().regex(/^[0-9][0-9 ]{2,15}$/), label: bilingualSchema.optional() }),
  ),
  area: z.strictObject({
    scope: z.enum(["national", "provinces"]),
    /** Ids of `knowledge/directory/provinces.yaml`. */
    provinces: z.array(idSchema).default([]),
  }),
  hours: bilingualSchema,
  cost: bilingualSchema,
  languages: z.array(z.string()).default(["vi"]),
  /** What happens when you call. */
  what_happens: bilingualSchema,
  /** Who is told when you call: must be said before the number (domain.md §0.10). */
  who_is_told: bilingualSchema,
  /** The call is itself a report to an authority. */
  is_report: z.boolean(),
  sources: z.array(sourceSchema).min(1),
  checked_on: daySchema,
  expires_on: daySchema,
  confidence: z.enum(["H", "M", "L"]),
  /** use: may be shown; verify: kept for staff, never shown to a person. */
  status: z.enum(["use", "verify"]),
  review: reviewSchema,
});
export type Service = z.infer<typeof serviceSchema>;

export const provinceSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(2),
  /** Old provinces that are part of it since 1 July 2025, usual spellings, short forms. */
  aliases: z.array(z.string().min(2)),
  /** Nearby provinces whose services may be offered when this one has none. */
  near: z.array(idSchema).default([]),
});
export type Province = z.infer<typeof provinceSchema>;

export const directoryFileSchema = z.strictObject({ services: z.array(serviceSchema) });
export const provincesFileSchema = z.strictObject({ provinces: z.array(provinceSchema) });
