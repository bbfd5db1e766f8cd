/** Revisions of everything that is edited. */

import type { AuditLine } from "./conversations.ts";

export type ContentKind = "flow" | "article" | "service" | "rules" | "settings";

export interface Revision {
  readonly kind: ContentKind;
  readonly key: string;
  /** Rises with every save of a key; a draft that is saved again gets a new one. */
  readonly number: number;
  readonly source: string;
  /** discarded: a draft that was thrown away, or that somebody else wrote over; its number is never given out again. */
  readonly state: "draft" | "published" | "retired" | "discarded";
  /** Who wrote a draft; of what is or was in force, who published it. */
  readonly by: string;
  /** Who wrote it; empty: a build before this was kept. */
  readonly writtenBy: string;
  readonly at: number;
  /** Of a published one: why. Of a draft: why it must be looked at again; empty: nothing. */
  readonly note: string;
}

/** A text that takes the place of what is in force, past the draft that may lie there. */
interface PutInForce {
  readonly kind: ContentKind;
  readonly key: string;
  readonly source: string;
  readonly by: string;
  readonly at: number;
  /** The revision that must still be published; null: none is. */
  readonly over: number | null;
  /** What stands on the draft from then on. */
  readonly draftNote: string;
  readonly audit: AuditLine;
}

export interface ContentStore {
  /** The published revision of every key, and a counter that moves with each publish. */
  published(): Promise<{ readonly edition: number; readonly revisions: readonly Revision[] }>;
  /** Version of the newest build that has brought texts; null: none has. */
  newestBuild(): Promise<string | null>;
  edition(): Promise<number>;
  /**
   * Saves the one draft of a key. Refused when `basedOn` is not the newest revision number (somebody else saved). It
   * takes the place of the writer's own draft before it; one of somebody else stays in the history, discarded.
   */
  saveDraft(draft: {
    kind: ContentKind;
    key: string;
    source: string;
    by: string;
    at: number;
    basedOn: number;
  }): Promise<
    | { readonly ok: true; readonly number: number }
    | { readonly ok: false; readonly code: "stale"; readonly newest: number }
  >;
  /**
   * Publishes a draft; what was published is retired. Refused (false) when this draft is no longer there: somebody
   * saved or published meanwhile.
   */
  publish(ask: {
    kind: ContentKind;
    key: string;
    number: number;
    by: string;
    at: number;
    note: string;
    audit: AuditLine;
  }): Promise<boolean>;
  /**
   * Publishes a text that comes with a build, in one step. A draft that lies there stays, as the newest revision and
   * with `draftNote`. Refused (false) when another revision than `over` is published by now (null: none), and when a
   * newer build than `build` (its version) has brought texts and this is not the first one of its key. The audit line
   * is completed with the number.
   */
  bring(ask: PutInForce & { build: string }): Promise<boolean>;
  /**
   * Puts a text that was in force before into force again, in one step. A draft that lies there stays, as the newest
   * revision and with `draftNote`. Refused (false) when another revision than `over` is published by now. The audit line
   * is completed with the number.
   */
  restore(ask: PutInForce & { note: string }): Promise<boolean>;
  history(kind: ContentKind, key: string): Promise<readonly Revision[]>;
  /** Every draft that is open, in order of kind and key. */
  drafts(): Promise<readonly Revision[]>;
  /** Throws a draft away; it stays in the history. Refused (false) when this draft is no longer there. */
  discard(ask: { kind: ContentKind; key: string; number: number; audit: AuditLine }): Promise<boolean>;
  /**
   * Takes several documents in, all or none, as drafts or published at once. Refused when one of them has a newer
   * revision than `basedOn`: nothing of anybody's is overwritten.
   */
  takeIn(ask: {
    items: readonly { kind: ContentKind; key: string; source: string; basedOn: number }[];
    publish: boolean;
    by: string;
    at: number;
    note: string;
    audit: AuditLine;
  }): Promise<
    | { readonly ok: true }
    | { readonly ok: false; readonly code: "stale"; readonly kind: ContentKind; readonly key: string }
  >;
  unanswered(limit: number): Promise<readonly { id: string; at: number; question: string }[]>;
  /** Forgets unanswered questions that have been seen to; those that are gone already do not matter. */
  settle(ids: readonly string[], audit: AuditLine): Promise<void>;
}
