/** Everything `step` may ask of the shell. Imperative; all of one turn are committed together or not at all. */

import type { CaseId, MessageId } from "./ids.ts";
import type { Level, Reason } from "./level.ts";
import type { Lang, Outbound } from "./message.ts";

export type CaseTopic = "hurt" | "at_risk" | "helper" | "own_violence" | "unknown";

export type RequestKind = "access" | "correct" | "delete" | "restrict";

export type Effect =
  /** Keeps her words (or `by` a human of ours who wrote past us) in the transcript that a counsellor will read. */
  | {
      readonly type: "keep_message";
      readonly id: MessageId;
      readonly text: string;
      readonly media?: string;
      readonly by?: "counsellor";
      readonly platformRef?: string;
    }
  | { readonly type: "send_message"; readonly message: Outbound }
  | {
      readonly type: "open_case";
      readonly caseId: CaseId;
      readonly level: Level;
      readonly reasons: readonly Reason[];
      readonly topic: CaseTopic;
      /** false: opened for the counsellors' eyes although she has not (yet) said yes to a human. */
      readonly asked: boolean;
    }
  | {
      readonly type: "raise_case";
      readonly caseId: CaseId;
      readonly level: Level;
      readonly reasons: readonly Reason[];
      readonly asked?: boolean;
    }
  | { readonly type: "mark_case"; readonly caseId: CaseId; readonly mark: "left" | "returned" | "taken_back" }
  /** Her words wait for the answer of who has the case, since then; null: a human has answered. The desk shows it. */
  | { readonly type: "await_answer"; readonly caseId: CaseId; readonly since: number | null }
  /** Wake the people on duty: a high or emergency case is new or has risen. */
  | { readonly type: "page"; readonly caseId: CaseId; readonly level: Level }
  | { readonly type: "set_timer"; readonly timer: string; readonly dueAt: number; readonly token: string }
  | { readonly type: "cancel_timer"; readonly timer: string }
  /** Show her that an answer is being made: once, while she looks. Losing it costs nothing. */
  | { readonly type: "show_typing" }
  /** Delete everything deletable on her phone. `isExit`: she has left, and gets nothing of what was said before. */
  | { readonly type: "wipe_chat"; readonly isExit?: true }
  /** End the channel's session (the page's cookie). */
  | { readonly type: "end_session" }
  /** Destroy the conversation's key and everything under it; `receipt` is what she was told. */
  | { readonly type: "forget"; readonly receipt: string }
  /** A request by law to the operator, without identity: its code, and its days by kind (settings, `rights`). */
  | {
      readonly type: "request";
      readonly kind: RequestKind;
      readonly code: string;
      readonly answerDays: number;
      readonly dueDays: number;
    }
  /** One count without identity, kept for ever: name and small labels from a fixed list. */
  | { readonly type: "count"; readonly name: string; readonly labels: Readonly<Record<string, string>> }
  /** A question that found no answer, already redacted, for the editors; `shown`: what was shown and was none, by its hit's id. */
  | { readonly type: "note_unanswered"; readonly question: string; readonly shown?: string }
  /** Have these approved passages shortened; a timer is set beside it, so that she is answered whatever comes of it. */
  | {
      readonly type: "ask_model";
      readonly requestId: string;
      readonly lang: Lang;
      /** Redacted: nothing else of hers leaves. */
      readonly question: string;
      /** Best first. */
      readonly passages: readonly {
        readonly id: string;
        readonly heading: string;
        readonly text: string;
        readonly score: number;
      }[];
      readonly timeoutMs: number;
    }
  /** What a counsellor must be able to read later: who or what did which thing and why; no person's words. */
  | { readonly type: "audit"; readonly action: string; readonly detail: string };
