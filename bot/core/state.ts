/** What a conversation remembers between two turns: plain JSON, sealed whole when it is stored. */

import type { CaseId } from "./ids.ts";
import type { Level, Reason } from "./level.ts";
import type { Choice, Lang, MediaKind } from "./message.ts";
import type { InstrumentAnswer } from "./triage/instrument.ts";

/** One stop that she answered, so that a slip can be taken back. */
export interface Stop {
  readonly flow: string;
  /** The step; for a question of an instrument `step/question`. */
  readonly step: string;
  readonly answer: string;
  readonly at: number;
}

export interface ScreenProgress {
  readonly instrument: string;
  /** The question that waits for an answer. */
  question: string;
  /** Its follow-up waits instead. */
  following: boolean;
}

/** Where she stands in one flow. */
export interface Frame {
  flow: string;
  step: string;
  /** interrupt: pushed over a waiting question, which is asked again afterwards; called: by a `run` step; main: neither. */
  readonly kind: "main" | "called" | "interrupt";
  history: Stop[];
  /** How often the waiting question was not understood. */
  unclear: number;
  screen?: ScreenProgress;
}

/** An answer that counsellors may see: the question as she read it. */
export interface KeptAnswer {
  readonly question: string;
  readonly answer: string;
  readonly value: string;
  readonly at: number;
}

export interface OpenCase {
  readonly id: CaseId;
  state: "waiting" | "claimed";
  /** Did she say yes to a human? */
  asked: boolean;
  alias?: string;
  /** Claimed, and what she wrote has no answer of a human yet. */
  awaitedSince?: number;
  /** Then also: when people on duty are called for it. */
  answerDueAt?: number;
  /** When she was last told that it has none. */
  silenceToldAt?: number;
}

/** A counsellor's words, or the news of one, that may not reach her yet. */
export interface Held {
  readonly kind: "joined" | "reply";
  readonly text: string;
  readonly alias: string;
  readonly at: number;
  /** locked: until it is known to be her; hours: her safe hours; window: the channel lets us write only after she did; first: goes with the next words. */
  readonly why: "locked" | "hours" | "window" | "first";
  readonly until: number | null;
}

/** What she agreed to by going on, without any identity: which text, for what, when. */
export interface Consent {
  readonly purpose: "chat" | "human";
  readonly version: string;
  readonly at: number;
}

export interface State {
  readonly v: 1;
  lang: Lang;
  /** What she has shown to speak, or has chosen; null: nothing yet, `lang` is a guess. */
  speaks: Lang | null;
  /** Has she been greeted? */
  greeted: boolean;
  /** Nothing sensitive before it is known to be her: after an exit, a gap, somebody else's question, or the duress word. */
  lock: "exit" | "gap" | "snoop" | "duress" | null;
  /** Since when; absent: it is open. What was said before must not be read again meanwhile. */
  lockedAt?: number;
  /** Her own words, folded. */
  own: { private: string | null; duress: string | null };
  /** At the locked gate: when was its question asked (0: not yet), and how many answers were wrong? */
  gate: { askedAt: number; wrong: number };
  /** Attempts of somebody else that she has not been told of yet. */
  attempts: number;
  duressAt: number;
  held: Held[];
  /** Her texts of one burst that wait to be answered with the last of them. */
  burst: string[];
  /** What came last that was not looked at, and when she was told so; absent: nothing did. */
  unread?: { readonly media: MediaKind | "unreadable"; readonly at: number };
  /** Her messages in the minute that began at `since`. */
  pace: { since: number; n: number; toldAt: number };
  /** Words of hers that were hours on their way and are not answered yet; were they of danger? */
  late: { danger: boolean } | null;
  /** The last message that looked old: when it came, and when it was written by the platform's clock. */
  looked: { cameAt: number; writtenAt: number } | null;
  /** A human of ours speaks with her past us; did she write since and get no answer yet? null: nobody does. */
  elsewhere: { unanswered: boolean } | null;
  /** When the oldest message that stands on her phone and can be deleted came; 0: none does. */
  wipeFrom: number;
  /** When she blocked or unfollowed us; 0: she did not. */
  leftAt: number;
  consents: Consent[];
  frames: Frame[];
  /** By answer name `flow.step`, and what `set` steps remember. */
  answers: Record<string, KeptAnswer>;
  remembered: Record<string, string>;
  /** Answers to instruments by question id: a question that two instruments share is asked once. */
  screened: Record<string, InstrumentAnswer>;
  /** Answers to their follow-ups, by question id. */
  followedUp: Record<string, InstrumentAnswer>;
  level: Level;
  reasons: Reason[];
  case: OpenCase | null;
  /** The choices of our last message, for "2" and for the labels typed by hand. */
  offered: Choice[];
  /** Her last texts, oldest first, as context for the ear. */
  recent: string[];
  /** Her last questions to the knowledge base, oldest first. */
  asked: string[];
  /** What was shown last of the library or the directory, by its hit's id; absent: nothing since she asked last. */
  shown?: string;
  shownAt?: number;
  /** Something she asked before she could be answered. */
  pending: string | null;
  /** A question that a language model is shortening passages for; absent: none. */
  asking?: { readonly requestId: string; readonly question: string; readonly passages: readonly string[] };
  lastPersonAt: number;
  emergencyAt: number;
  toldAt: number;
  /** When a human was last offered because of what she told. */
  offeredAt: number;
  /** How grave it was then. */
  offeredLevel?: Level;
  noticeAt: number;
  /** How often she was told that she still waits. */
  updates: number;
}

/** A conversation nobody has said a word in. */
export function newState(lang: Lang): State {
  return {
    v: 1,
    lang,
    speaks: null,
    greeted: false,
    lock: null,
    own: { private: null, duress: null },
    gate: { askedAt: 0, wrong: 0 },
    attempts: 0,
    duressAt: 0,
    held: [],
    burst: [],
    pace: { since: 0, n: 0, toldAt: 0 },
    late: null,
    looked: null,
    elsewhere: null,
    wipeFrom: 0,
    leftAt: 0,
    consents: [],
    frames: [],
    answers: {},
    remembered: {},
    screened: {},
    followedUp: {},
    level: "none",
    reasons: [],
    case: null,
    offered: [],
    recent: [],
    asked: [],
    pending: null,
    lastPersonAt: 0,
    emergencyAt: 0,
    toldAt: 0,
    offeredAt: 0,
    noticeAt: 0,
    updates: 0,
  };
}
