/** Wake-ups. Losing one costs time, never truth: whoever listens also looks at the store from time to time. */

/** News, for all who listen. */
export type Topic =
  | "cases"
  | "content"
  /** New lines in one conversation's transcript. */
  | `conversation:${string}`;

/** What waits in the store to be done once, by whoever is free. */
export const WORKS = ["inbox", "outbox"] as const;
export type Work = (typeof WORKS)[number];

export interface Bus {
  publish(topic: Topic): void;
  /** Returns the function that stops listening. The listener must not throw. */
  subscribe(topic: Topic, listener: () => void): () => void;
  /**
   * Something waits: one of those who serve this work is called, in whatever process, as soon as one is free. Calls that
   * come while all are busy are one. In rare cases more than one is called.
   */
  call(work: Work): void;
  /**
   * `take` is called when something may wait, and not again before what it returned has ended: as long it is busy. It
   * must not reject. Returns the function that stops.
   */
  serve(work: Work, take: () => Promise<void>): () => void;
  /** For health; absent where there is nothing that could be away. Never throws. */
  check?(): Promise<{ readonly ok: boolean; readonly detail: string; readonly ms: number }>;
  close(): Promise<void>;
}
