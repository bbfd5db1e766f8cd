/** What staff see of cases: cards of the queue, the whole file, and its lines. */

import { may } from "../core/access.ts";
import { answerWithinMs } from "../core/desk-events.ts";
import type { Reason } from "../core/level.ts";
import type { State } from "../core/state.ts";
import type { CaseNote, CaseRow, ConversationHead, StaffRow, TranscriptLine } from "../ports/store.ts";
import { envelope, SPOILT } from "./contexts.ts";
import type { Parts } from "./parts.ts";
import { readerOf } from "./readable.ts";
import type { CaseCard, CaseFile, CaseLine, Staff } from "./services.ts";

const LINES_LIMIT = 500;
/** A reply that was sent just before the close is written down a moment after it. */
const LAST_REPLY_MS = 30_000;

export interface StaffAround {
  readonly byId: ReadonlyMap<string, StaffRow>;
  readonly onDuty: ReadonlySet<string>;
}

export interface CaseViews {
  staffAround(): Promise<StaffAround>;
  card(row: CaseRow, by: Staff, people: StaffAround): Promise<CaseCard>;
  cardWith(row: CaseRow, by: Staff, people: StaffAround, reasons: readonly Reason[]): CaseCard;
  /** Why it stands at its level; empty where that does not open. */
  reasonsIn(row: CaseRow, head: ConversationHead | null): readonly Reason[];
  caseFile(row: CaseRow, by: Staff): Promise<CaseFile>;
  /** Those after the line of that number. */
  caseLines(row: CaseRow, after: number): Promise<readonly CaseLine[]>;
  /** Does she wait too long for the answer of who has the case? */
  waitsTooLong(row: CaseRow): boolean;
}

export function caseViews(parts: Parts): CaseViews {
  const { store, vault, clock, library } = parts;
  // Neither the queue nor the rest of a case is taken away by what does not open.
  const ifReadable = readerOf(parts.log, "case_unreadable");
  return { staffAround, card, cardWith, reasonsIn, caseFile, caseLines, waitsTooLong };

  async function staffAround(): Promise<StaffAround> {
    const [all, onDuty] = await Promise.all([store.staff.list(), store.staff.onDuty(clock.now())]);
    return { byId: new Map(all.map((s) => [s.id, s])), onDuty: new Set(onDuty) };
  }

  function waitsTooLong({ state, level, awaitedSince, personLeft }: CaseRow): boolean {
    if (state !== "claimed" || awaitedSince === null || personLeft) return false;
    return clock.now() - awaitedSince >= answerWithinMs(library.base().settings, level);
  }

  async function reasonsOf(
    row: CaseRow,
  ): Promise<{ reasons: readonly Reason[]; head: ConversationHead | null }> {
    const head = await store.conversations.head(row.conversationId);
    return { reasons: reasonsIn(row, head), head };
  }

  function reasonsIn(row: CaseRow, head: ConversationHead | null): readonly Reason[] {
    if (!head || !row.sealedReasons) return [];
    const { sealedReasons } = row;
    return ifReadable(head, () => envelope(vault, head.wrappedKey).reasons.open(row.id, sealedReasons)) ?? [];
  }

  async function card(row: CaseRow, by: Staff, people: StaffAround): Promise<CaseCard> {
    return cardWith(row, by, people, (await reasonsOf(row)).reasons);
  }

  function cardWith(row: CaseRow, by: Staff, people: StaffAround, reasons: readonly Reason[]): CaseCard {
    const holder = row.claimedBy ? people.byId.get(row.claimedBy) : undefined;
    const isOthers = row.state === "claimed" && row.claimedBy !== by.id;
    const isUnanswered = waitsTooLong(row);
    const isLeftAlone =
      row.state === "claimed" &&
      row.claimedBy !== null &&
      (isUnanswered || !people.onDuty.has(row.claimedBy));
    return {
      id: row.id,
      code: row.code,
      state: row.state,
      level: row.level,
      topic: row.topic,
      asked: row.asked,
      lang: row.lang,
      channel: row.channel,
      openedAt: row.openedAt,
      levelAt: row.levelAt,
      lastPersonAt: row.lastPersonAt,
      unread: row.unread,
      awaitedSince: row.awaitedSince,
      isUnanswered,
      personLeft: row.personLeft,
      claimedBy: row.claimedBy ? { id: row.claimedBy, alias: holder?.alias ?? "?" } : null,
      isLeftAlone,
      canTakeOver: isOthers && (isLeftAlone || may(by.roles, "see_all_cases")),
      mine: row.claimedBy === by.id,
      closedAt: row.closedAt,
      outcome: row.outcome,
      headline: [...new Set(reasons.map((r) => r.category))].slice(0, 4),
    };
  }

  async function caseFile(row: CaseRow, by: Staff): Promise<CaseFile> {
    const people = await staffAround();
    const { reasons, head } = await reasonsOf(row);
    const box = head ? envelope(vault, head.wrappedKey) : null;
    const notes = head ? await store.cases.notes(row.id) : [];
    const noteText = (n: CaseNote) => head && box && ifReadable(head, () => box.note.open(n.id, n.sealed));
    const state = head && (await stateOf(head));
    const caps = parts.channels.get(row.channel)?.caps;
    return {
      ...cardWith(row, by, people, reasons),
      reasons,
      answers: answersOf(state).filter((a) => row.closedAt === null || a.at <= row.closedAt),
      held: row.closedAt === null ? heldOf(state) : [],
      notes: notes.map((n) => ({
        id: n.id,
        at: n.at,
        alias: people.byId.get(n.by)?.alias ?? "?",
        text: noteText(n) ?? SPOILT.text,
      })),
      history: await store.upkeep.auditTrail(50, row.id),
      replyWindow: {
        until: caps?.replyWindowMs === undefined ? null : row.lastPersonAt + caps.replyWindowMs,
        freeUntil: caps?.freeReplyWindowMs === undefined ? null : row.lastPersonAt + caps.freeReplyWindowMs,
        budget: caps?.replyBudget ?? null,
      },
      topicName: `conversation:${row.conversationId}`,
    };
  }

  async function stateOf(head: ConversationHead): Promise<State | null> {
    const sealedState = await store.conversations.state(head.id);
    if (!sealedState) return null;
    return ifReadable(head, () => envelope(vault, head.wrappedKey).state.open(head.id, sealedState));
  }

  async function caseLines(row: CaseRow, after: number): Promise<readonly CaseLine[]> {
    const head = await store.conversations.head(row.conversationId);
    if (!head) return [];
    const box = envelope(vault, head.wrappedKey);
    // Of a closed case all that came before is read too: where it ends must not hang on what was asked for.
    const [from, limit] = row.closedAt === null ? [after, LINES_LIMIT] : [0, after + LINES_LIMIT];
    const lines = linesOfCase(row, await store.conversations.transcript(head.id, from, limit));
    return lines.flatMap((l) => {
      if (l.ordinal <= after) return [];
      const { text, choices = [], media } = ifReadable(head, () => box.line.open(l.id, l.sealed)) ?? SPOILT;
      if (text === "" && !media) return [];
      return {
        n: l.ordinal,
        id: l.id,
        from: l.author,
        at: l.at,
        text: media ? `[${media}] ${text}`.trim() : text,
        choices: choices.map((c) => c.label),
        state: l.state,
        ...(l.failureCode ? { failure: l.failureCode } : {}),
      };
    });
  }
}

/**
 * With the farewell she was told that a machine answers: what she writes after the close, and what she gets for it, is read
 * by nobody, until a case opens again. Whether the farewell reached her is.
 */
function linesOfCase({ closedAt }: CaseRow, lines: readonly TranscriptLine[]): readonly TranscriptLine[] {
  if (closedAt === null) return lines;
  const next = lines.findIndex((l) => l.author === "person" && l.at > closedAt);
  return lines.filter(
    (l, i) => next < 0 || i < next || (l.author === "counsellor" && l.at <= closedAt + LAST_REPLY_MS),
  );
}

function answersOf(state: State | null): CaseFile["answers"] {
  return Object.values(state?.answers ?? {})
    .toSorted((a, b) => a.at - b.at)
    .map(({ question, answer, at }) => ({ question, answer, at }));
}

function heldOf(state: State | null): CaseFile["held"] {
  return (state?.held ?? []).flatMap((h) =>
    h.kind === "reply" && h.why !== "first" ? [{ text: h.text, at: h.at, why: h.why, until: h.until }] : [],
  );
}
