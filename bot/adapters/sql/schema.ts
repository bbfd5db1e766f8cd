/** The tables, as both databases hold them. Times are epoch ms, truths are 0 and 1, lists are JSON. */

import type { Generated } from "kysely";
import type { CaseTopic } from "../../core/effects.ts";
import type { CaseId, ConversationId, EventId, MessageId, StaffId } from "../../core/ids.ts";
import type { Level } from "../../core/level.ts";
import type { ChannelName, Lang } from "../../core/message.ts";
import type {
  CaseState,
  ContentKind,
  DeliveryState,
  Revision,
  Sealed,
  TokenKind,
} from "../../ports/store.ts";

export interface Tables {
  conversations: ConversationTable;
  keys: KeyTable;
  states: StateTable;
  seen: SeenTable;
  events: EventTable;
  messages: MessageTable;
  outbox: OutboxTable;
  timers: TimerTable;
  cases: CaseTable;
  case_notes: NoteTable;
  revisions: RevisionTable;
  unanswered: UnansweredTable;
  staff: StaffTable;
  tokens: TokenTable;
  duty: DutyTable;
  secrets: SecretTable;
  audit: AuditTable;
  counts: CountTable;
  meta: MetaTable;
  migrations: MigrationTable;
}

/** Small and of a steady size, because every turn writes it several times; the state stands apart. */
export interface ConversationTable {
  id: ConversationId;
  channel: ChannelName;
  /** null: freed (session over, or forgotten). */
  pseudonym: string | null;
  sealed_address: Sealed | null;
  version: number;
  last_seq: number;
  last_ordinal: number;
  /** Number of its newest outbox item. */
  last_item: number;
  /** When the oldest unhandled event came; null: nothing to decide. */
  waiting_since: number | null;
  /** Not to be leased before: a lease runs, or a retry waits. */
  offer_at: number;
  fence: number;
  leased_by: string | null;
  /** Day (UTC, counted from the epoch) of the last sign of life; moves once a day, so that its index does too. */
  active_day: number;
  /** 0 alive; 1 forgotten, its last words are on their way; 2 forgotten. */
  gone: number;
  gone_at: number | null;
}

/** Rows are only ever added at the end and overwritten in place: no page keeps an old copy of a key. */
export interface KeyTable {
  n: Generated<number>;
  conversation_id: ConversationId;
  wrapped_key: Sealed;
}

export interface StateTable {
  conversation_id: ConversationId;
  sealed: Sealed;
}

/** Marks of events that were taken, unlinked from any conversation, so that a redelivery is known even after forgetting. */
export interface SeenTable {
  mark: Uint8Array;
  at: number;
}

export interface EventTable {
  conversation_id: ConversationId;
  seq: number;
  id: EventId;
  at: number;
  sealed: Sealed;
  failures: number;
  handled_at: number | null;
}

export interface MessageTable {
  conversation_id: ConversationId;
  ordinal: number;
  id: MessageId;
  author: "person" | "bot" | "counsellor";
  at: number;
  sealed: Sealed;
  /** Final state; while an outbox item stands for the message, that item's state is the true one. */
  state: DeliveryState;
  failure_code: string | null;
  sealed_ref: Sealed | null;
}

/** Only what is not delivered yet. */
export interface OutboxTable {
  conversation_id: ConversationId;
  item: number;
  kind: "message" | "wipe";
  message_ordinal: number | null;
  channel: ChannelName;
  safety: number;
  attempts: number;
  unclear: number;
  queued_at: number;
  due_at: number;
  state: "queued" | "sending";
  fence: number;
  /** 1 for the oldest of its conversation, the only one that may be sent. */
  head: number;
}

export interface TimerTable {
  conversation_id: ConversationId;
  timer: string;
  due_at: number;
  token: string;
  offers: number;
}

export interface CaseTable {
  id: CaseId;
  code: string;
  conversation_id: ConversationId;
  state: CaseState;
  level: Level;
  level_rank: number;
  topic: CaseTopic;
  asked: number;
  lang: Lang;
  channel: ChannelName;
  opened_at: number;
  level_at: number;
  claimed_by: StaffId | null;
  claimed_at: number | null;
  last_person_at: number;
  unread: number;
  awaited_since: number | null;
  person_left: number;
  closed_at: number | null;
  outcome: string | null;
  sealed_reasons: Sealed | null;
  version: number;
  /** 1: closed long enough ago, its transcript is deleted. */
  transcript_gone: number;
}

export interface NoteTable {
  id: string;
  case_id: CaseId;
  by_staff: StaffId;
  at: number;
  sealed: Sealed;
}

export interface RevisionTable {
  kind: ContentKind;
  key: string;
  number: number;
  source: string;
  state: Revision["state"];
  by_whom: string;
  written_by: Generated<string>;
  at: number;
  note: string;
}

export interface UnansweredTable {
  n: Generated<number>;
  at: number;
  question: string;
}

export interface StaffTable {
  id: StaffId;
  login: string;
  /** Lower case, unique. */
  login_key: string;
  alias: string;
  roles: string;
  password_hash: string;
  disabled: number;
}

export interface TokenTable {
  hash: string;
  kind: TokenKind;
  staff_id: StaffId | null;
  roles: string;
  expires_at: number;
}

export interface DutyTable {
  staff_id: StaffId;
  until: number;
}

export interface SecretTable {
  name: string;
  sealed: Sealed;
  version: number;
}

export interface AuditTable {
  n: Generated<number>;
  at: number;
  actor: string;
  action: string;
  subject: string;
  detail: string;
}

export interface CountTable {
  day: string;
  name: string;
  labels: string;
  /** Several rows for one count, so that many workers do not queue for one row. */
  shard: number;
  n: number;
}

export interface MetaTable {
  name: string;
  value: string;
}

export interface MigrationTable {
  number: number;
  name: string;
  at: number;
}
