/** Turns a decision into the one plain value that the store commits: an exhaustive switch over effects. */

import type { Effect } from "../core/effects.ts";
import type { Lang, Outbound } from "../core/message.ts";
import type { State } from "../core/state.ts";
import type { Clock } from "../ports/clock.ts";
import type {
  AuditLine,
  CaseChange,
  CountLine,
  LeasedTurn,
  NewMessage,
  StoredEvent,
  TimerSet,
  TurnCommit,
} from "../ports/store.ts";
import type { Envelope, SealedLine } from "./contexts.ts";
import { sealQuestion } from "./questions.ts";
import { openedDetail, REQUESTS } from "./rights.ts";

interface Given {
  readonly box: Envelope;
  readonly clock: Clock;
  readonly turn: Pick<LeasedTurn, "id" | "channel" | "fence">;
  readonly version: number;
  readonly event: Pick<StoredEvent, "id" | "at">;
  readonly before: Pick<State, "lock">;
  readonly decided: { readonly state: State; readonly effects: readonly Effect[] };
  readonly at: number;
}

/** Letters that staff say aloud without mistaking one for another. */
const CODE_LETTERS = "ACDEFGHJKLMNPQRTUVWXY34679";

export function turnCommit(given: Given): TurnCommit {
  const { box, clock, turn, version, event, decided, at } = given;
  const messages: NewMessage[] = [];
  const cases: CaseChange[] = [];
  const setTimers: TimerSet[] = [];
  const cancelTimers: string[] = [];
  const counts: CountLine[] = [];
  const audit: AuditLine[] = [];
  const unanswered: string[] = [];
  let wipe = false;
  let isExit = isTaken(given);
  let endSession = false;
  let forget: { readonly receipt: string } | undefined;
  const subject = decided.state.case?.id ?? turn.id;
  for (const e of decided.effects) {
    switch (e.type) {
      case "keep_message":
        messages.push({
          id: e.id,
          author: e.by ?? "person",
          at: event.at,
          sealed: box.line.seal(e.id, { text: e.text, ...(e.media ? { media: e.media } : {}) }),
          ...(e.platformRef ? { sealedPlatformRef: box.ref.seal(turn.id, e.platformRef) } : {}),
        });
        break;
      case "send_message": {
        const { id, from, safety } = e.message;
        messages.push({
          id,
          author: from,
          at,
          sealed: box.line.seal(id, lineOf(e.message, decided.state.lang)),
          send: { safety },
        });
        break;
      }
      case "open_case":
        cases.push({
          op: "open",
          caseId: e.caseId,
          code: caseCode(clock),
          level: e.level,
          topic: e.topic,
          asked: e.asked,
          lang: decided.state.lang,
          channel: turn.channel,
          sealedReasons: box.reasons.seal(e.caseId, e.reasons),
        });
        audit.push({ at, actor: "bot", action: "case_opened", subject: e.caseId, detail: e.level });
        break;
      case "raise_case":
        cases.push({
          op: "raise",
          caseId: e.caseId,
          level: e.level,
          sealedReasons: box.reasons.seal(e.caseId, e.reasons),
          ...(e.asked === undefined ? {} : { asked: e.asked }),
        });
        audit.push({ at, actor: "bot", action: "case_raised", subject: e.caseId, detail: e.level });
        break;
      case "mark_case":
        cases.push({ op: "mark", caseId: e.caseId, mark: e.mark });
        audit.push({ at, actor: "bot", action: `person_${e.mark}`, subject: e.caseId, detail: "" });
        break;
      case "await_answer":
        cases.push({ op: "await", caseId: e.caseId, since: e.since });
        break;
      case "page":
        audit.push({ at, actor: "bot", action: "paged", subject: e.caseId, detail: e.level });
        counts.push({ name: "paged", labels: { level: e.level } });
        break;
      case "set_timer":
        setTimers.push({ timer: e.timer, dueAt: e.dueAt, token: e.token });
        break;
      case "cancel_timer":
        cancelTimers.push(e.timer);
        break;
      case "wipe_chat":
        wipe = true;
        isExit ||= e.isExit === true;
        break;
      case "end_session":
        endSession = true;
        break;
      case "forget":
        forget = { receipt: e.receipt };
        audit.push({ at, actor: "person", action: "forgotten", subject: e.receipt, detail: "" });
        break;
      case "request":
        // Under one subject, so that the list is one look-up; who asked is known to nobody but her.
        audit.push({
          at,
          actor: "person",
          action: "request_opened",
          subject: REQUESTS,
          detail: openedDetail(e, at),
        });
        break;
      case "count":
        counts.push({ name: e.name, labels: e.labels });
        break;
      case "note_unanswered":
        unanswered.push(sealQuestion(box, turn.id, e.question, e.shown));
        break;
      case "show_typing":
      case "ask_model":
        // After the commit, by handle.ts and model-asking.ts; what must not be lost is the timer beside the latter.
        break;
      case "audit":
        audit.push({ at, actor: "bot", action: e.action, subject, detail: e.detail });
        break;
    }
  }
  return {
    conversationId: turn.id,
    expectedVersion: version,
    fence: turn.fence,
    at,
    handled: [event.id],
    sealedState: box.state.seal(turn.id, decided.state),
    messages,
    cases,
    setTimers,
    cancelTimers,
    wipe,
    ...(isExit ? { isExit } : {}),
    counts,
    audit,
    unanswered,
    ...(forget ? { forget } : {}),
    endSession,
  };
}

/** Somebody else seems to have the phone from here on: what was said before, and waits, is not for those eyes either. */
function isTaken({ before, decided: { state } }: Given): boolean {
  return state.lock !== before.lock && (state.lock === "snoop" || state.lock === "duress");
}

/** A message of ours as it is sealed. */
export function lineOf({ id: _, ...message }: Outbound, lang: Lang): SealedLine {
  return { ...message, lang };
}

/** Four random letters and digits; a clash is harmless, the id is what counts. */
function caseCode(clock: Clock): string {
  const bytes = Buffer.from(clock.token(4), "base64url");
  return [...bytes].map((b) => CODE_LETTERS[b % CODE_LETTERS.length]).join("");
}
