/** Personal data: retention, requests by law, breaches. */

import type { Breach, BreachKind, BreachStep } from "../breaches.ts";
import type { OpenRequest, RequestAct } from "../rights.ts";
import type { Staff } from "./accounts.ts";
import type { Answer } from "./answer.ts";

/** A kind of data and how long it is kept (`flows/settings.yaml`, retention). */
export interface RetentionClock {
  /** transcript: words after a case is closed; idle: everything without a word; left: after a block; handled: raw events. */
  readonly kind: "transcript" | "idle" | "left" | "handled";
  readonly keptMs: number;
}

export interface Privacy {
  overview(by: Staff): Promise<
    Answer<{
      clocks: readonly RetentionClock[];
      /** Of the text that tells what happens with her words. */
      version: string;
      requests: readonly OpenRequest[];
      breaches: readonly Breach[];
    }>
  >;
  markRequest(by: Staff, code: string, act: RequestAct): Promise<Answer<object>>;
  /** Refused when the time of discovery lies in the future. */
  recordBreach(
    by: Staff,
    told: { readonly kind: BreachKind; readonly discoveredAt: number; readonly note: string },
  ): Promise<Answer<{ code: string }>>;
  markBreach(by: Staff, code: string, step: BreachStep): Promise<Answer<object>>;
}
