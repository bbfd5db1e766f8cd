/** Alive, ready, and what the operator should know. */

import type { Bilingual } from "../../core/message.ts";

export interface Health {
  /** Alive: the process answers. Ready: it may be given work. `deep`: the store is asked for a write, too. */
  report(deep?: boolean): Promise<{
    readonly ok: boolean;
    readonly ready: boolean;
    readonly version: string;
    readonly parts: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
    /** In English: for the start, `doctor` and /healthz. */
    readonly warnings: readonly string[];
    /** The same in both languages: for the console. */
    readonly notices: readonly Bilingual[];
  }>;
  /** Prometheus text. */
  metrics(): Promise<string>;
}
