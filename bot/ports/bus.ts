/** Wake-ups. Losing one costs time, never truth: whoever listens also looks at the store from time to time. */

export type Topic =
  | "inbox"
  | "outbox"
  | "cases"
  | "content"
  /** New lines in one conversation's transcript. */
  | `conversation:${string}`;

export interface Bus {
  publish(topic: Topic): void;
  /** Returns the function that stops listening. The listener must not throw. */
  subscribe(topic: Topic, listener: () => void): () => void;
  /** For health; absent where there is nothing that could be away. Never throws. */
  check?(): Promise<{ readonly ok: boolean; readonly detail: string; readonly ms: number }>;
  close(): Promise<void>;
}
