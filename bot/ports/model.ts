/** A language model and embeddings. Both may always answer "unavailable": the service is whole without them. */

export type Unavailable = { readonly ok: false; readonly code: "not_configured" | "timeout" | "refused" | "broken" };

export interface Model {
  /** To be masked wherever they might appear. */
  readonly secrets: readonly string[];
  /** What is configured; the rest answers "not_configured". */
  readonly can: { readonly complete: boolean; readonly embed: boolean };
  complete(ask: { readonly system: string; readonly user: string; readonly timeoutMs: number }): Promise<
    { readonly ok: true; readonly text: string } | Unavailable
  >;
  embed(texts: readonly string[], timeoutMs: number): Promise<{ readonly ok: true; readonly vectors: readonly Float32Array[] } | Unavailable>;
}
