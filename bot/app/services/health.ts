/** Alive, ready, and what the operator should know. */

export interface Health {
  /** Alive: the process answers. Ready: it may be given work. */
  report(): Promise<{
    readonly ok: boolean;
    readonly ready: boolean;
    readonly version: string;
    readonly parts: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
    readonly warnings: readonly string[];
  }>;
  /** Prometheus text. */
  metrics(): Promise<string>;
}
