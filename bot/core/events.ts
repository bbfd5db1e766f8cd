/** Everything that can happen to a conversation. Past tense; each is stored before it is decided. */

import type { CaseId, EventId, MessageId } from "./ids.ts";
import type { Level } from "./level.ts";
import type { Content, Lang } from "./message.ts";

/** What the person's waiting room looked like when the event was decided; kept with the event so that replay is exact. */
export interface DeskView {
  /** Counsellors on duty now. */
  readonly onDuty: number;
  /** Waiting cases that come before hers; 0 if she has none waiting. */
  readonly ahead: number;
}

interface EventHead {
  readonly id: EventId;
  /** Epoch ms. */
  readonly at: number;
  readonly desk: DeskView;
}

export type EventBody =
  | {
      readonly type: "message_received";
      readonly content: Content;
      readonly platformRef?: string;
      readonly langHint?: Lang;
    }
  | { readonly type: "timer_due"; readonly timer: string; readonly token: string }
  | { readonly type: "case_claimed"; readonly caseId: CaseId; readonly alias: string }
  | {
      readonly type: "counsellor_wrote";
      readonly caseId: CaseId;
      readonly alias: string;
      readonly text: string;
    }
  /** The counsellor went (shift over, lease lapsed, handed on) and the case waits again. */
  | { readonly type: "case_released"; readonly caseId: CaseId }
  | { readonly type: "case_closed"; readonly caseId: CaseId; readonly outcome: string }
  /** A human set the level, with a reason that the case keeps; the only way down. */
  | { readonly type: "level_set"; readonly caseId: CaseId; readonly level: Level; readonly reason: string }
  | { readonly type: "delivery_failed"; readonly messageId: MessageId; readonly code: string }
  /** Deciding the event `failed` threw; the person still gets the fallback with numbers to call. */
  | { readonly type: "turn_failed"; readonly failed: EventId };

export type ConversationEvent = EventHead & EventBody;
