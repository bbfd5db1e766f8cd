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

/** busy: too many are being asked; resting: it failed again and again, and is left alone for a while. */
export type ModelAnswer =
  | { readonly ok: true; readonly text: string }
  | {
      readonly ok: false;
      readonly code: "not_configured" | "timeout" | "refused" | "broken" | "busy" | "resting";
    };

interface EventHead {
  readonly id: EventId;
  /** Epoch ms. */
  readonly at: number;
  readonly desk: DeskView;
  /** A later text of hers was already waiting when this one was decided: part of a burst, answered with its last. */
  readonly more?: boolean;
}

export type EventBody =
  | {
      readonly type: "message_received";
      readonly content: Content;
      readonly platformRef?: string;
      readonly langHint?: Lang;
      /** When the platform says that she wrote it, epoch ms: tells a burst from messages that an outage held up. */
      readonly writtenAt?: number;
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
  /**
   * What came of `ask_model`. `passages`: the ids that the model was given, in the order of their numbers; also when it
   * gave no text, since embeddings may have put another one first.
   */
  | {
      readonly type: "model_answered";
      readonly requestId: string;
      readonly passages: readonly string[];
      readonly answer: ModelAnswer;
    }
  /**
   * Deciding the event `failed` threw; the person still gets the fallback with numbers to call. `hers`: what she did, to be
   * kept and heard all the same.
   */
  | {
      readonly type: "turn_failed";
      readonly failed: EventId;
      /** It was not a message of hers: she waits for nothing. */
      readonly inside?: boolean;
      readonly hers?: { readonly content: Content; readonly platformRef?: string };
    };

export type ConversationEvent = EventHead & EventBody;
