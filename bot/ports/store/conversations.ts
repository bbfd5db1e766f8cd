/** Conversations: the inbox, turns, and what one turn changes; the transcript. */

import type { CaseTopic } from "../../core/effects.ts";
import type { CaseId, ConversationId, EventId, MessageId } from "../../core/ids.ts";
import type { Level } from "../../core/level.ts";
import type { ChannelName, Lang } from "../../core/message.ts";
import type { Sealed } from "./sealed.ts";

export interface NewEvent {
  readonly id: EventId;
  /** Unique within its channel or source; a second one with the same key is ignored. */
  readonly dedupeKey: string;
  readonly at: number;
  readonly sealed: Sealed;
}

export interface Arrival {
  /** Keyed hash of channel and address. */
  readonly pseudonym: string;
  readonly channel: ChannelName;
  readonly events: readonly NewEvent[];
  /** The conversation that the events were sealed for; `create` if it is thought to be new. */
  readonly conversationId: ConversationId;
  readonly create?: {
    readonly wrappedKey: Sealed;
    readonly sealedAddress: Sealed;
    /** This one's key does not open: it gives up the pseudonym, if it still has it. */
    readonly instead?: ConversationId;
  };
  /** Whoever takes it in can decide it at once: lease the conversation in the same change, if nothing of it waits yet. */
  readonly lease?: { readonly owner: string; readonly now: number; readonly forMs: number };
}

/** What a lease is given that was taken together with an arrival. */
export interface ArrivalLease {
  readonly version: number;
  /** null before the first turn. */
  readonly sealedState: Sealed | null;
  readonly fence: number;
}

export type ReceiveResult =
  /**
   * On disk; `fresh` are the ids that were not there before. `lease`: as asked for; `fresh` is all that waits. Absent:
   * something waited before, or somebody is at it.
   */
  | { readonly ok: true; readonly fresh: readonly EventId[]; readonly lease?: ArrivalLease }
  /** The pseudonym now belongs to another conversation (raced, or forgotten): look it up and seal again. */
  | { readonly ok: false; readonly code: "other_conversation" };

export interface ConversationHead {
  readonly id: ConversationId;
  readonly channel: ChannelName;
  readonly wrappedKey: Sealed;
  readonly sealedAddress: Sealed;
}

export interface StoredEvent {
  readonly id: EventId;
  /** Order of arrival within the conversation. */
  readonly seq: number;
  readonly at: number;
  readonly sealed: Sealed;
  /** How often deciding it has failed. */
  readonly failures: number;
}

export interface LeasedTurn extends ConversationHead {
  readonly version: number;
  /** null before the first turn. */
  readonly sealedState: Sealed | null;
  /** Unhandled events, oldest first, at most as many as were asked for. */
  readonly events: readonly StoredEvent[];
  /** Must be given back at commit; an older one is refused. */
  readonly fence: number;
}

export interface NewMessage {
  readonly id: MessageId;
  readonly author: "person" | "bot" | "counsellor";
  readonly at: number;
  readonly sealed: Sealed;
  /** Outgoing only: deliver it. */
  readonly send?: { readonly safety: boolean };
  /** Incoming only: the platform's id, sealed, for later deletion. */
  readonly sealedPlatformRef?: Sealed;
}

export interface CaseOpening {
  readonly caseId: CaseId;
  /** Short random code that staff say aloud ("K7M2"); never derived from the person. */
  readonly code: string;
  readonly level: Level;
  readonly topic: CaseTopic;
  readonly asked: boolean;
  readonly lang: Lang;
  readonly channel: ChannelName;
  readonly sealedReasons: Sealed;
}

export type CaseChange =
  | ({ readonly op: "open" } & CaseOpening)
  /** The stored level only ever rises by this; the reasons are replaced. A case that was closed meanwhile waits again. */
  | {
      readonly op: "raise";
      readonly caseId: CaseId;
      readonly level: Level;
      readonly sealedReasons: Sealed;
      readonly asked?: boolean;
    }
  | { readonly op: "mark"; readonly caseId: CaseId; readonly mark: "left" | "returned" | "taken_back" }
  /** Her words wait for the answer of who has the case, since then; null: a human has answered. */
  | { readonly op: "await"; readonly caseId: CaseId; readonly since: number | null };

export interface TimerSet {
  readonly timer: string;
  readonly dueAt: number;
  readonly token: string;
}

export interface CountLine {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface AuditLine {
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: string;
}

/** One decided turn. */
export interface TurnCommit {
  readonly conversationId: ConversationId;
  readonly expectedVersion: number;
  readonly fence: number;
  readonly at: number;
  readonly handled: readonly EventId[];
  readonly sealedState: Sealed;
  readonly messages: readonly NewMessage[];
  readonly cases: readonly CaseChange[];
  readonly setTimers: readonly TimerSet[];
  readonly cancelTimers: readonly string[];
  /**
   * Delete every deletable message of this conversation on the platform. Goes before the messages of this turn, so
   * that a harmless goodbye or a receipt stays.
   */
  readonly wipe: boolean;
  /**
   * She has left, or somebody else has the phone: what waits from before this turn is not sent any more (failed, `left`), and what is on its way is not
   * repeated, whatever comes of it.
   */
  readonly isExit?: boolean;
  /**
   * Whoever decided it delivers it at once: lease the first message in the same change until then (epoch ms), if nothing
   * stands before it.
   */
  readonly sendUntil?: number;
  readonly counts: readonly CountLine[];
  readonly audit: readonly AuditLine[];
  readonly unanswered: readonly string[];
  /**
   * Destroy the key, texts, address, timers and index of this conversation; a case stays as a shell without words.
   * What this turn sends (a wipe, the receipt) is still delivered, and key and address go with the last of it, at the
   * latest an hour later (`expire`). Events that are not in `handled` are not lost: they stay, as the first of an
   * empty conversation.
   */
  readonly forget?: { readonly receipt: string };
  /** Also free the pseudonym: the next message of this address begins a new conversation. */
  readonly endSession: boolean;
}

export type CommitResult =
  /**
   * `sending`: the first message of the turn is leased for whoever asked. `left`: more events wait to be decided.
   */
  | {
      readonly ok: true;
      readonly version: number;
      readonly sending?: { readonly ordinal: number; readonly fence: number };
      readonly left?: true;
    }
  | { readonly ok: false; readonly code: "version_moved" | "lease_lost" | "gone" };

export interface TranscriptLine {
  readonly id: MessageId;
  /** 1, 2, 3 … without gaps within a conversation: a view resumes after the last one it has. */
  readonly ordinal: number;
  readonly author: "person" | "bot" | "counsellor";
  readonly at: number;
  readonly sealed: Sealed;
  /** For outgoing: queued, sending, sent, unclear (time-out; may have arrived), failed, withheld; for incoming: received. */
  readonly state: DeliveryState;
  readonly failureCode?: string;
}

export type DeliveryState = "received" | "queued" | "sending" | "sent" | "unclear" | "failed" | "withheld";

export interface ConversationStore {
  find(pseudonym: string): Promise<ConversationHead | null>;
  head(id: ConversationId): Promise<ConversationHead | null>;
  /** Conversations in which something waits to be decided, and for how long the oldest of it. */
  tally(now: number): Promise<{ readonly n: number; readonly oldestMs: number }>;
  receive(arrival: Arrival): Promise<ReceiveResult>;
  /**
   * Adds events from inside (staff, timers, delivery failures). false: the conversation is gone. Their dedupe keys
   * are unique within the conversation. `fired`: the timer that became these events, taken away in the same change.
   */
  append(
    id: ConversationId,
    events: readonly NewEvent[],
    fired?: { timer: string; token: string },
  ): Promise<boolean>;
  /** Takes up to `limit` conversations that have unhandled events and no live lease, those waiting longest first. */
  lease(ask: {
    owner: string;
    now: number;
    forMs: number;
    limit: number;
    eventsEach: number;
  }): Promise<readonly LeasedTurn[]>;
  /** Ends the lease. With events left, the conversation is offered again at once. */
  commit(turn: TurnCommit): Promise<CommitResult>;
  /** Gives a lease back without a turn; counts a failure on `failed`, after which it is offered again at `retryAt`. */
  release(give: { id: ConversationId; fence: number; failed?: EventId; retryAt?: number }): Promise<void>;
  /** The sealed state, for the desk to show what she answered; null before the first turn or after forgetting. */
  state(id: ConversationId): Promise<Sealed | null>;
  transcript(id: ConversationId, afterOrdinal: number, limit: number): Promise<readonly TranscriptLine[]>;
  /** The last `limit` of them, in the same order. */
  transcriptEnd(id: ConversationId, afterOrdinal: number, limit: number): Promise<readonly TranscriptLine[]>;
}
