/** What counsellors see and do. */

import type { CaseId, MessageId, StaffId } from "../../core/ids.ts";
import type { Level, Reason } from "../../core/level.ts";
import type { Bilingual, ChannelName, Lang } from "../../core/message.ts";
import type { Topic } from "../../ports/bus.ts";
import type { AuditLine, CaseState, DeliveryState } from "../../ports/store.ts";
import type { Staff } from "./accounts.ts";
import type { Answer } from "./answer.ts";

export interface CaseCard {
  readonly id: CaseId;
  readonly code: string;
  readonly state: CaseState;
  readonly level: Level;
  readonly topic: string;
  /** Did she say yes to a human? */
  readonly asked: boolean;
  readonly lang: Lang;
  readonly channel: ChannelName;
  readonly openedAt: number;
  readonly levelAt: number;
  readonly lastPersonAt: number;
  readonly unread: number;
  /** Since when she waits for the answer of who has the case, and whether that is too long; null: she does not. */
  readonly awaitedSince: number | null;
  readonly isUnanswered: boolean;
  readonly personLeft: boolean;
  readonly claimedBy: { readonly id: StaffId; readonly alias: string } | null;
  /** Who holds it is not on duty, or has not answered for too long: her words may reach nobody. */
  readonly isLeftAlone: boolean;
  /** May who asks take it over from who holds it? */
  readonly canTakeOver: boolean;
  readonly mine: boolean;
  readonly closedAt: number | null;
  readonly outcome: string | null;
  /** Shown in the queue: short reasons, only categories' names (no quotes). */
  readonly headline: readonly string[];
}

export interface CaseLine {
  readonly n: number;
  readonly id: MessageId;
  readonly from: "person" | "bot" | "counsellor";
  readonly at: number;
  readonly text: string;
  readonly choices: readonly string[];
  readonly state: DeliveryState;
  readonly failure?: string;
}

export interface CaseFile extends CaseCard {
  readonly reasons: readonly Reason[];
  /** What she answered in flows: question and answer, in order. */
  readonly answers: readonly { readonly question: string; readonly answer: string; readonly at: number }[];
  readonly notes: readonly {
    readonly id: string;
    readonly at: number;
    readonly alias: string;
    readonly text: string;
  }[];
  readonly history: readonly AuditLine[];
  /** Until when, and how many messages, the channel still lets us write; null: no limit. */
  readonly replyWindow: {
    readonly until: number | null;
    /** Until when a message costs nothing; nothing is promised her for later than this. null: no such limit. */
    readonly freeUntil: number | null;
    readonly budget: number | null;
  };
  /** Replies of ours that wait, why (her safe hours, not known to be her, the channel's window), and until when (null: until she writes). */
  readonly held: readonly {
    readonly text: string;
    readonly at: number;
    readonly why: "locked" | "hours" | "window";
    readonly until: number | null;
  }[];
  readonly topicName: Topic;
}

export interface Desk {
  /** `more`: how many wait besides the cases in the list. */
  list(
    by: Staff,
    states: readonly CaseState[],
  ): Promise<Answer<{ cases: readonly CaseCard[]; onDuty: readonly string[]; more: number }>>;
  /** Those who came last among who waits: where more wait than the list holds, nobody is out of sight. */
  newest(by: Staff): Promise<Answer<{ cases: readonly CaseCard[] }>>;
  open(by: Staff, id: CaseId): Promise<Answer<{ file: CaseFile }>>;
  lines(by: Staff, id: CaseId, after: number): Promise<Answer<{ lines: readonly CaseLine[] }>>;
  /**
   * Takes a waiting case; with `from`, one that this colleague holds and is not on duty for, or has left unanswered for too
   * long. A supervisor may take it over at any time.
   */
  claim(by: Staff, id: CaseId, from?: StaffId): Promise<Answer<{ card: CaseCard }>>;
  reply(by: Staff, id: CaseId, text: string, key: string): Promise<Answer<object>>;
  note(by: Staff, id: CaseId, text: string): Promise<Answer<object>>;
  setLevel(by: Staff, id: CaseId, level: Level, reason: string): Promise<Answer<object>>;
  release(by: Staff, id: CaseId): Promise<Answer<object>>;
  close(by: Staff, id: CaseId, outcome: string, note: string): Promise<Answer<object>>;
  read(by: Staff, id: CaseId): Promise<void>;
  /** "I am on duty": kept for two minutes, renewed by the open console. */
  onDuty(by: Staff, on: boolean): Promise<void>;
  outcomes(): readonly { readonly id: string; readonly label: Bilingual }[];
}
