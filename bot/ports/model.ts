/** A language model and embeddings. Both may always answer "unavailable": the service is whole without them. */

export type Unavailable = {
  readonly ok: false;
  readonly code: "not_configured" | "timeout" | "refused" | "broken";
};

export interface Model {
  /** To be masked wherever they might appear. */
  readonly secrets: readonly string[];
  /** Who is asked, for the operator ("127.0.0.1:8000"). */
  readonly host: string;
  /** What is configured; the rest answers "not_configured". */
  readonly can: { readonly complete: boolean; readonly embed: boolean };
  /** Loads what is slow to load, so that the first question does not wait for it. Never throws. */
  warm(): Promise<void>;
  complete(ask: {
    readonly system: string;
    readonly user: string;
    readonly timeoutMs: number;
  }): Promise<{ readonly ok: true; readonly text: string } | Unavailable>;
  embed(
    texts: readonly string[],
    timeoutMs: number,
  ): Promise<{ readonly ok: true; readonly vectors: readonly Float32Array[] } | Unavailable>;
}

/** Keeps embeddings of our own texts, so that none is asked for twice. Losing it costs time only. */
export interface VectorShelf {
  get(text: string): Promise<Float32Array | null>;
  put(entries: readonly { readonly text: string; readonly vector: Float32Array }[]): Promise<void>;
}
