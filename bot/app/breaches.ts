/**
 * Breaches of personal data: what the operator must do, in order, and the law's clock. Kept as audit lines, without
 * any person's words. The authority is told within 72 hours of discovery (Law 91/2025, as domain.md D6 has it;
 * confidence M: the text of the law is to be read by the operator's lawyer).
 */

import type { AuditLine } from "../ports/store.ts";
import type { Parts } from "./parts.ts";
import { wholeTrail } from "./trail.ts";

/** All breaches stand in the audit trail under this subject. */
export const BREACHES = "breaches";
const HOUR_MS = 3_600_000;

export const BREACH_KINDS = ["intrusion", "loss", "disclosure", "key", "other"] as const;
export type BreachKind = (typeof BREACH_KINDS)[number];

/** In the order in which they are done. */
export const BREACH_STEPS = ["contained", "authority_told", "people_told", "closed"] as const;
export type BreachStep = (typeof BREACH_STEPS)[number];

export interface Breach {
  readonly code: string;
  readonly kind: BreachKind;
  readonly discoveredAt: number;
  readonly recordedAt: number;
  readonly by: string;
  /** What happened, in the operator's words. */
  readonly note: string;
  /** Until when the authority must know. */
  readonly tellBy: number;
  /** When each step was marked, and by whom. */
  readonly steps: Readonly<Partial<Record<BreachStep, { readonly at: number; readonly by: string }>>>;
}

/** Pure: from audit lines, newest first as the store gives them; the newest breach first. */
export function breachesOf(trail: readonly AuditLine[], tellWithinHours: number): readonly Breach[] {
  const steps = new Map<string, Partial<Record<BreachStep, { at: number; by: string }>>>();
  for (const { action, detail, at, actor } of trail.toReversed()) {
    const step = BREACH_STEPS.find((s) => action === `breach_${s}`);
    if (!step) continue;
    const of = steps.get(detail) ?? {};
    of[step] ??= { at, by: actor };
    steps.set(detail, of);
  }
  return trail
    .filter((line) => line.action === "breach_recorded")
    .flatMap((line) => {
      const [code = "", kind = "", discovered = "", ...note] = line.detail.split(" ");
      const known = BREACH_KINDS.find((k) => k === kind);
      if (!known) return [];
      const discoveredAt = Number(discovered);
      return [
        {
          code,
          kind: known,
          discoveredAt,
          recordedAt: line.at,
          by: line.actor,
          note: note.join(" "),
          tellBy: discoveredAt + tellWithinHours * HOUR_MS,
          steps: steps.get(code) ?? {},
        },
      ];
    });
}

/** Those of which the authority has not been told. */
export function untold(breaches: readonly Breach[]): readonly Breach[] {
  return breaches.filter((b) => !b.steps.authority_told && !b.steps.closed);
}

type Need = Pick<Parts, "store" | "clock" | "library">;

export async function readBreaches({ store, library }: Need): Promise<readonly Breach[]> {
  const { breach_hours } = library.base().settings.rights;
  return breachesOf(await wholeTrail(store, BREACHES), breach_hours);
}

/** Records a breach; its code. */
export async function recordBreach(
  { store, clock }: Need,
  by: string,
  told: { kind: BreachKind; discoveredAt: number; note: string },
): Promise<string> {
  const at = clock.now();
  const code = clock.newId().slice(-6).toUpperCase();
  // One line: what stands behind the third blank is the note.
  const note = told.note.replace(/\s+/g, " ").trim();
  await store.upkeep.audit({
    at,
    actor: by,
    action: "breach_recorded",
    subject: BREACHES,
    detail: `${code} ${told.kind} ${told.discoveredAt} ${note}`,
  });
  return code;
}

/** Marks a step of a breach; false: there is none with this code, or the step was marked before. */
export async function markBreach(parts: Need, by: string, code: string, step: BreachStep): Promise<boolean> {
  const found = (await readBreaches(parts)).find((b) => b.code === code);
  if (!found || found.steps[step]) return false;
  await parts.store.upkeep.audit({
    at: parts.clock.now(),
    actor: by,
    action: `breach_${step}`,
    subject: BREACHES,
    detail: code,
  });
  return true;
}
