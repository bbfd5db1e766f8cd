/** Timers, counts, the audit trail, secrets, expiry, health. */

import type { ConversationId } from "../../core/ids.ts";
import type { AuditLine, CountLine } from "./conversations.ts";
import type { Sealed } from "./sealed.ts";

export interface UpkeepStore {
  /**
   * Ends every lease: for a start at which no other process can be at work (embedded). What was being delivered when the
   * last one died comes back as unclear, at once instead of when its lease would have lapsed.
   */
  reclaim(): Promise<void>;
  /**
   * Timers that are due, to be appended as events (with `fired`, and a dedupe key made from timer and token). Each is
   * offered to one caller at a time, and again after a minute and then ever later until it was appended or cancelled.
   */
  dueTimers(
    now: number,
    limit: number,
  ): Promise<readonly { id: ConversationId; wrappedKey: Sealed; timer: string; token: string }[]>;
  /**
   * Small operator secrets and settings (tokens of a platform), already sealed. Compare-and-set: `expect` is the
   * version that was read, null when there was none; false when it is another one now. The first version is 1.
   */
  getSecret(name: string): Promise<{ sealed: Sealed; version: number } | null>;
  putSecret(name: string, sealed: Sealed, expect: number | null): Promise<boolean>;
  audit(line: AuditLine): Promise<void>;
  auditTrail(limit: number, subject?: string): Promise<readonly AuditLine[]>;
  counts(fromDay: string, toDay: string): Promise<readonly (CountLine & { day: string; n: number })[]>;
  /**
   * Forgets transcripts, handled events and platform ids that are past their clocks; returns how many rows went. A line
   * that goes leaves its platform's id until that is past its own clock: with it the line is deleted on her phone.
   */
  expire(clocks: {
    now: number;
    handledEventsMs: number;
    platformRefsMs: number;
    closedTranscriptMs: number;
    idleConversationMs: number;
  }): Promise<number>;
  /** A cheap read and, for `deep` or after a write was refused, a write and fsync. Throws nothing: says what is wrong. */
  check(deep: boolean): Promise<{ readonly ok: boolean; readonly detail: string; readonly ms: number }>;
  /** When the operator's `backup` last ended well, epoch ms; null: never. */
  lastBackup(): Promise<number | null>;
  /** Epoch ms by the clock that all processes of this store share; null: they share this machine's. */
  time(): Promise<number | null>;
  close(): Promise<void>;
}
