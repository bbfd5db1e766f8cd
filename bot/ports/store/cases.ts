/** Cases: their order, who has them, notes. */

import type { CaseTopic } from "../../core/effects.ts";
import type { CaseId, ConversationId, StaffId } from "../../core/ids.ts";
import type { Level } from "../../core/level.ts";
import type { ChannelName, Lang } from "../../core/message.ts";
import type { AuditLine, NewEvent } from "./conversations.ts";
import type { Sealed } from "./sealed.ts";

export type CaseState = "waiting" | "claimed" | "closed";

export interface CaseRow {
  readonly id: CaseId;
  readonly code: string;
  readonly conversationId: ConversationId;
  readonly state: CaseState;
  readonly level: Level;
  readonly topic: CaseTopic;
  readonly asked: boolean;
  readonly lang: Lang;
  readonly channel: ChannelName;
  readonly openedAt: number;
  readonly levelAt: number;
  readonly claimedBy: StaffId | null;
  readonly claimedAt: number | null;
  /** Last word of the person, and how many of hers came since staff last read. */
  readonly lastPersonAt: number;
  readonly unread: number;
  /** Since when she waits for the answer of who has the case; null: answered, or nobody has it. */
  readonly awaitedSince: number | null;
  readonly personLeft: boolean;
  readonly closedAt: number | null;
  readonly outcome: string | null;
  /** null after forgetting. */
  readonly sealedReasons: Sealed | null;
  readonly version: number;
}

export interface CaseNote {
  readonly id: string;
  readonly caseId: CaseId;
  readonly by: StaffId;
  readonly at: number;
  readonly sealed: Sealed;
}

export type StaffCaseAction =
  /** `from`: taken over from this colleague, if it is still hers. */
  | { readonly op: "claim"; readonly from?: StaffId }
  | { readonly op: "release" }
  | { readonly op: "close"; readonly outcome: string }
  | { readonly op: "set_level"; readonly level: Level };

export type CaseActionResult =
  | { readonly ok: true; readonly row: CaseRow }
  | { readonly ok: false; readonly code: "gone" | "not_yours" | "already_claimed" | "closed" };

export interface CaseStore {
  /** Waiting cases by level then waiting time, then the claimed ones; closed ones only when asked. */
  list(ask: {
    states: readonly CaseState[];
    limit: number;
    claimedBy?: StaffId;
    /** Instead of that order: of those who wait, who came last. */
    newest?: boolean;
  }): Promise<readonly CaseRow[]>;
  get(id: CaseId): Promise<CaseRow | null>;
  /**
   * One atomic change with its event for the conversation, its audit line and what is noted with it; of two claims
   * exactly one succeeds, and what is refused notes nothing.
   * A claim of what one holds already is ok and changes nothing, and one that takes over from a colleague finds only her
   * there: of two that do so the second is refused. Only who holds a case gives it back or closes it; a
   * level may be set by her, or by anybody while the case waits. `home`: its conversation, where it is known, so that
   * changes of many cases can share a flush to disk.
   */
  act(ask: {
    id: CaseId;
    home?: ConversationId;
    by: StaffId;
    at: number;
    action: StaffCaseAction;
    event: Omit<NewEvent, "dedupeKey"> | null;
    audit: AuditLine;
    note?: CaseNote;
  }): Promise<CaseActionResult>;
  addNote(note: CaseNote): Promise<void>;
  notes(id: CaseId): Promise<readonly CaseNote[]>;
  markRead(id: CaseId, at: number): Promise<void>;
  /** Number of waiting cases that come before this one. */
  ahead(id: CaseId): Promise<number>;
  /** Of the cases that are not closed. */
  tally(now: number): Promise<readonly { state: CaseState; level: Level; n: number; oldestMs: number }[]>;
}
