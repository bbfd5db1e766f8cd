/**
 * The truth. Every change is one plain value that is committed all or nothing; no verb takes a callback.
 * Everything named `sealed…` is ciphertext made by the vault: the store never sees a person's words or address.
 * No verb may assume one process: leases carry fences, commits carry versions.
 */

import type { CaseTopic } from "../core/effects.ts";
import type { CaseId, ConversationId, EventId, MessageId, StaffId } from "../core/ids.ts";
import type { Level } from "../core/level.ts";
import type { ChannelName, Lang } from "../core/message.ts";

export type Sealed = Uint8Array;

export interface Store {
  readonly conversations: ConversationStore;
  readonly outbox: OutboxStore;
  readonly cases: CaseStore;
  readonly content: ContentStore;
  readonly staff: StaffStore;
  readonly upkeep: UpkeepStore;
}

// ── conversations: inbox, turns, transcript ────────────────────────────────────────────────────────────────

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
  readonly create?: { readonly wrappedKey: Sealed; readonly sealedAddress: Sealed };
}

export type ReceiveResult =
  /** On disk; `fresh` are the ids that were not there before. */
  | { readonly ok: true; readonly fresh: readonly EventId[] }
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
  | { readonly op: "mark"; readonly caseId: CaseId; readonly mark: "left" | "returned" | "taken_back" };

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
  | { readonly ok: true; readonly version: number }
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
}

// ── outbox ─────────────────────────────────────────────────────────────────────────────────────────────────

export interface OutboxItem extends ConversationHead {
  readonly kind: "message" | "wipe";
  /** message: the message to send. */
  readonly messageId?: MessageId;
  /** Number of this item in the conversation's outbox (not of the transcript); for `settle`. */
  readonly ordinal: number;
  readonly sealed: Sealed;
  readonly safety: boolean;
  readonly attempts: number;
  /** Was an earlier attempt unclear (timed out, died in the middle)? */
  readonly unclear: boolean;
  readonly queuedAt: number;
  readonly fence: number;
}

export type Settlement =
  | { readonly outcome: "sent"; readonly sealedPlatformRef?: Sealed }
  | { readonly outcome: "retry"; readonly at: number; readonly code: string; readonly unclear: boolean }
  | { readonly outcome: "failed"; readonly code: string }
  | { readonly outcome: "unclear"; readonly code: string };

export interface WipeRef {
  readonly author: "person" | "bot" | "counsellor";
  readonly at: number;
  readonly sealedPlatformRef: Sealed;
}

export interface OutboxStore {
  /** Leases due items: only the oldest undelivered one of each conversation, so that order within a chat holds. */
  lease(ask: {
    owner: string;
    now: number;
    forMs: number;
    limit: number;
    channels: readonly ChannelName[];
  }): Promise<readonly OutboxItem[]>;
  /** Holds a leased item until `until` (epoch ms). false: it was settled, or somebody else has it; nothing is changed. */
  renew(item: { id: ConversationId; ordinal: number; fence: number }, until: number): Promise<boolean>;
  /** false: it was settled before, or somebody else has it; nothing is changed. */
  settle(
    item: { id: ConversationId; ordinal: number; fence: number },
    how: Settlement,
    now: number,
  ): Promise<boolean>;
  /** Platform ids that a wipe has to delete, newest first; of messages later than `after` (epoch ms). */
  wipeRefs(id: ConversationId, after: number): Promise<readonly WipeRef[]>;
  /** How many are not delivered yet, by state and channel, and the age of the oldest one (ms). */
  tally(
    now: number,
  ): Promise<readonly { channel: ChannelName; state: DeliveryState; n: number; oldestMs: number }[]>;
}

// ── cases ──────────────────────────────────────────────────────────────────────────────────────────────────

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
  | { readonly op: "claim" }
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
  }): Promise<readonly CaseRow[]>;
  get(id: CaseId): Promise<CaseRow | null>;
  /**
   * One atomic change with its event for the conversation and its audit line; of two claims exactly one succeeds.
   * A claim of what one holds already is ok and changes nothing. Only who holds a case gives it back or closes it; a
   * level may be set by her, or by anybody while the case waits. `home`: its conversation, where it is known, so that
   * changes of many cases can share a flush to disk.
   */
  act(ask: {
    id: CaseId;
    home?: ConversationId;
    by: StaffId;
    at: number;
    action: StaffCaseAction;
    event: NewEvent | null;
    audit: AuditLine;
  }): Promise<CaseActionResult>;
  addNote(note: CaseNote): Promise<void>;
  notes(id: CaseId): Promise<readonly CaseNote[]>;
  markRead(id: CaseId, at: number): Promise<void>;
  /** Number of waiting cases that come before this one. */
  ahead(id: CaseId): Promise<number>;
  /** Of the cases that are not closed. */
  tally(now: number): Promise<readonly { state: CaseState; level: Level; n: number; oldestMs: number }[]>;
}

// ── content: revisions of everything edited ────────────────────────────────────────────────────────────────

export type ContentKind = "flow" | "article" | "service" | "rules" | "settings";

export interface Revision {
  readonly kind: ContentKind;
  readonly key: string;
  /** Rises with every save of a key; a draft that is saved again gets a new one. */
  readonly number: number;
  readonly source: string;
  /** discarded: a draft that was thrown away; its number is never given out again. */
  readonly state: "draft" | "published" | "retired" | "discarded";
  readonly by: string;
  readonly at: number;
  /** Of a published one: why. Of a draft: why it must be looked at again; empty: nothing. */
  readonly note: string;
}

export interface ContentStore {
  /** The published revision of every key, and a counter that moves with each publish. */
  published(): Promise<{ readonly edition: number; readonly revisions: readonly Revision[] }>;
  edition(): Promise<number>;
  /** Saves the one draft of a key. Refused when `basedOn` is not the newest revision number (somebody else saved). */
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
   * saved or published meanwhile. To go back, save a copy of the older revision as a draft.
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
   * with `draftNote`. Refused (false) when another revision than `over` is published by now (null: none). The audit
   * line is completed with the number.
   */
  bring(ask: {
    kind: ContentKind;
    key: string;
    source: string;
    by: string;
    at: number;
    over: number | null;
    draftNote: string;
    audit: AuditLine;
  }): Promise<boolean>;
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

// ── staff ──────────────────────────────────────────────────────────────────────────────────────────────────

export type Role = "counsellor" | "supervisor" | "editor" | "administrator";

export interface StaffRow {
  readonly id: StaffId;
  /** What staff sign in with. */
  readonly login: string;
  /** What persons see when this counsellor joins; never a real full name. */
  readonly alias: string;
  readonly roles: readonly Role[];
  readonly passwordHash: string;
  readonly disabled: boolean;
}

export interface StaffStore {
  count(): Promise<number>;
  byLogin(login: string): Promise<StaffRow | null>;
  byId(id: StaffId): Promise<StaffRow | null>;
  list(): Promise<readonly StaffRow[]>;
  put(
    row: StaffRow,
    audit: AuditLine,
  ): Promise<{ readonly ok: true } | { readonly ok: false; readonly code: "login_taken" }>;
  /** One-time links and sessions: kept only as hashes. `kind` "invite" may be used once. */
  putToken(token: {
    hash: string;
    kind: "invite" | "session";
    staffId: StaffId | null;
    roles: readonly Role[];
    expiresAt: number;
  }): Promise<void>;
  /** Reads a live token; `consume` makes a second use impossible. */
  useToken(
    hash: string,
    kind: "invite" | "session",
    now: number,
    consume: boolean,
  ): Promise<{ staffId: StaffId | null; roles: readonly Role[] } | null>;
  dropToken(hash: string): Promise<void>;
  /** "I am on duty until": renewed while a counsellor's console is open and she has switched herself on. */
  beat(id: StaffId, until: number): Promise<void>;
  onDuty(now: number): Promise<readonly StaffId[]>;
}

// ── upkeep ─────────────────────────────────────────────────────────────────────────────────────────────────

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
  /** Forgets transcripts, handled events and platform ids that are past their clocks; returns how many rows went. */
  expire(clocks: {
    now: number;
    handledEventsMs: number;
    closedTranscriptMs: number;
    idleConversationMs: number;
  }): Promise<number>;
  /** A cheap read and, for `deep`, a write and fsync. Throws nothing: says what is wrong. */
  check(deep: boolean): Promise<{ readonly ok: boolean; readonly detail: string; readonly ms: number }>;
  /** Epoch ms by the clock that all processes of this store share; null: they share this machine's. */
  time(): Promise<number | null>;
  close(): Promise<void>;
}
