/** What the shell offers to the web wing and the command line: the only face of `app/` that they see. */

import type { CaseId, MessageId, StaffId } from "../core/ids.ts";
import type { Level, Reason } from "../core/level.ts";
import type { Bilingual, ChannelName, Choice, Lang } from "../core/message.ts";
import type { Problem } from "../core/problem.ts";
import type { Why } from "../core/retrieval/explain.ts";
import type { Group } from "../core/retrieval/grouping.ts";
import type { Hit } from "../core/retrieval/search.ts";
import type { EffortSettings } from "../core/settings.ts";
import type { Topic } from "../ports/bus.ts";
import type { WebhookRequest } from "../ports/channel.ts";
import type { Limits } from "../ports/limits.ts";
import type { AuditLine, CaseState, ContentKind, DeliveryState, Role } from "../ports/store.ts";
import type { Breach, BreachKind, BreachStep } from "./breaches.ts";
import type { BundleFile } from "./bundle.ts";
import type { Evaluation } from "./evaluation.ts";
import type { OpenRequest, RequestAct } from "./rights.ts";

export interface Services {
  readonly hooks: Hooks;
  readonly page: PageService;
  readonly accounts: Accounts;
  readonly desk: Desk;
  readonly editorial: Editorial;
  readonly privacy: Privacy;
  readonly health: Health;
  /** Against floods and guessing; one for all processes, as far as they share something. */
  readonly limits: Limits;
  /** Wake-ups for live views; losing one costs time only. */
  subscribe(topic: Topic, listener: () => void): () => void;
}

/** An answer that may be "no": `code` from one list, turned into a status and a sentence by the web wing. */
export type Refusal = {
  readonly ok: false;
  readonly code:
    | "not_found"
    | "forbidden"
    | "bad_request"
    | "already_claimed"
    | "not_yours"
    | "closed"
    | "stale"
    | "invalid"
    | "second_person"
    | "falls"
    | "name_taken"
    | "login_taken"
    | "wrong_login"
    | "unavailable"
    | "too_many";
  readonly message: string;
  readonly problems?: readonly Problem[];
};
export type Answer<T> = ({ readonly ok: true } & T) | Refusal;

// ── platforms ──────────────────────────────────────────────────────────────────────────────────────────────

export interface Hooks {
  /** Proves, persists, and only then says 200. 503: the store is away, let the platform send again. */
  take(channel: ChannelName, request: WebhookRequest): Promise<200 | 400 | 401 | 403 | 404 | 503>;
}

// ── survivors' page ────────────────────────────────────────────────────────────────────────────────────────

export interface PageLine {
  /** Resume after this number; without gaps. */
  readonly n: number;
  readonly from: "you" | "bot" | "counsellor";
  readonly at: number;
  readonly text: string;
  readonly choices: readonly Choice[];
}

export interface PageService {
  /** A new anonymous session: its secret token (the cookie). Writes nothing until the first word. */
  open(): string;
  /** She opened the chat: first words come. Idempotent. */
  arrive(token: string, lang: Lang): Promise<Answer<object>>;
  /** `key`: made by the browser, so that a repeat after a lost answer is taken once. `choice`: a tapped choice's value. */
  write(
    token: string,
    said: { key: string; text?: string; choice?: string; media?: string },
  ): Promise<Answer<object>>;
  /** Lines after `after`. `ended`: the session is over (exit, forgotten): empty the page and leave. */
  read(
    token: string,
    after: number,
  ): Promise<Answer<{ lines: readonly PageLine[]; ended: boolean; topic: Topic | null }>>;
  /** Quick exit: the same as the word "thoát"; after it the token opens nothing. */
  leave(token: string): Promise<void>;
  /** A keyed hash that all processes share, for proofs that a browser carries back. */
  sign(text: string): string;
  /** For the page without a conversation: numbers to call, texts, where quick exit leads. */
  front(): PageFront;
}

export interface PageFront {
  readonly texts: Readonly<Record<string, Bilingual>>;
  readonly numbers: readonly {
    readonly number: string;
    readonly name: Bilingual;
    readonly note: Bilingual;
  }[];
  readonly exitUrl: string;
  readonly effort: EffortSettings;
}

// ── staff ──────────────────────────────────────────────────────────────────────────────────────────────────

export interface Staff {
  readonly id: StaffId;
  readonly login: string;
  readonly alias: string;
  readonly roles: readonly Role[];
}

export interface Accounts {
  /** A one-time link for the first administrator while there is no staff; null afterwards. Printed at start. */
  firstLink(): Promise<string | null>;
  /** What an invitation token is for, if it is still good. */
  invitation(token: string): Promise<Answer<{ roles: readonly Role[] }>>;
  /** Uses the invitation: makes the account (password at least 12 characters) and signs in. */
  accept(
    token: string,
    who: { login: string; alias: string; password: string },
  ): Promise<Answer<{ session: string; staff: Staff }>>;
  signIn(login: string, password: string, from: string): Promise<Answer<{ session: string; staff: Staff }>>;
  signOut(session: string): Promise<void>;
  who(session: string): Promise<Staff | null>;
  invite(by: Staff, roles: readonly Role[]): Promise<Answer<{ token: string; expiresAt: number }>>;
  list(by: Staff): Promise<Answer<{ staff: readonly (Staff & { disabled: boolean; onDuty: boolean })[] }>>;
  change(
    by: Staff,
    id: StaffId,
    change: { alias?: string; roles?: readonly Role[]; disabled?: boolean },
  ): Promise<Answer<object>>;
  changePassword(by: Staff, old: string, fresh: string): Promise<Answer<object>>;
}

// ── desk ───────────────────────────────────────────────────────────────────────────────────────────────────

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
  readonly personLeft: boolean;
  readonly claimedBy: { readonly id: StaffId; readonly alias: string } | null;
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
  readonly replyWindow: { readonly until: number | null; readonly budget: number | null };
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
  list(
    by: Staff,
    states: readonly CaseState[],
  ): Promise<Answer<{ cases: readonly CaseCard[]; onDuty: readonly string[] }>>;
  open(by: Staff, id: CaseId): Promise<Answer<{ file: CaseFile }>>;
  lines(by: Staff, id: CaseId, after: number): Promise<Answer<{ lines: readonly CaseLine[] }>>;
  claim(by: Staff, id: CaseId): Promise<Answer<{ card: CaseCard }>>;
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

// ── editors ────────────────────────────────────────────────────────────────────────────────────────────────

export interface ContentItem {
  readonly kind: ContentKind;
  readonly key: string;
  readonly title: Bilingual;
  readonly file: string;
  readonly published: number | null;
  readonly draft: {
    readonly number: number;
    readonly by: string;
    readonly at: number;
    /** A build published another text since it was written: both have to be compared. */
    readonly isOvertaken: boolean;
  } | null;
  readonly problems: number;
  readonly reviewState: "pending" | "approved" | null;
  /** The last day on which it is shown ("2027-05-22"). */
  readonly reviewBy: string | null;
  /** Its day has passed: it is shown to nobody. */
  readonly overdue: boolean;
  /** Entries of a directory file. */
  readonly entries: readonly {
    readonly id: string;
    readonly name: Bilingual;
    readonly line: number;
    readonly status: "use" | "verify";
    readonly reviewState: "pending" | "approved";
    readonly until: string;
    readonly overdue: boolean;
  }[];
}

/** One message on a person's screen. */
export interface Bubble {
  readonly text: string;
  readonly buttons: readonly {
    readonly label: string;
    readonly kind: Choice["kind"];
    readonly style?: "danger" | "quiet";
  }[];
  /** Length and longest length, in UTF-16 units. */
  readonly units: number;
  readonly limit: number;
}

export interface TalkLine {
  readonly who: "person" | "bot" | "effect";
  readonly text: string;
  readonly choices: readonly Choice[];
  /** Of the machine's lines: as the channel shows it. */
  readonly shown: readonly Bubble[];
}

/** One message that a draft can make, on each channel. */
export interface Preview {
  /** The step, passage, service or text that it comes from. */
  readonly name: string;
  readonly shown: readonly { readonly channel: ChannelName; readonly bubbles: readonly Bubble[] }[];
}

export interface HitWithWhy extends Hit {
  readonly why: Why | null;
}

export interface Taken {
  /** What was taken in: `kind:key`. */
  readonly taken: readonly string[];
  /** The same as what is there already. */
  readonly same: number;
  /** Files that are not edited here, left alone. */
  readonly other: readonly string[];
}

export interface Editorial {
  /** Everything of a kind, also what has only a draft. */
  list(
    by: Staff,
    kind: ContentKind,
  ): Promise<
    Answer<{
      items: readonly ContentItem[];
      /** Must somebody else than the writer publish? */
      secondPerson: boolean;
    }>
  >;
  /** The newest draft, else what is published. */
  open(
    by: Staff,
    kind: ContentKind,
    key: string,
  ): Promise<
    Answer<{
      source: string;
      number: number;
      state: "draft" | "published";
      /** A build published another text since this draft was written. */
      isOvertaken: boolean;
      /** Who wrote the draft; null: there is none. */
      draftBy: string | null;
      publishedSource: string | null;
      problems: readonly Problem[];
      /** Must somebody else than the writer publish this? */
      secondPerson: boolean;
    }>
  >;
  /** A new article or directory file, saved as a first draft from a template. `questions` become what it answers. */
  create(
    by: Staff,
    kind: "article" | "service",
    key: string,
    questions: readonly string[],
  ): Promise<Answer<{ number: number }>>;
  /** Checks as she types; also against everything else that is published. */
  check(
    by: Staff,
    kind: ContentKind,
    key: string,
    source: string,
  ): Promise<Answer<{ problems: readonly Problem[] }>>;
  /** `basedOn`: the revision number she opened; refused as `stale` when somebody else saved meanwhile. */
  save(
    by: Staff,
    kind: ContentKind,
    key: string,
    source: string,
    basedOn: number,
  ): Promise<Answer<{ number: number; problems: readonly Problem[] }>>;
  /** Throws a draft away; it stays in the history. */
  discard(by: Staff, kind: ContentKind, key: string, number: number): Promise<Answer<object>>;
  /** What publishing this would change in the golden questions or in what is heard. */
  evaluate(by: Staff, kind: ContentKind, key: string, source: string): Promise<Answer<Evaluation>>;
  /**
   * Refused as `invalid` with problems when any is an error; as `second_person` to the one who wrote it; as `falls` when
   * the ear would hear worse, or when golden questions fall and `accept` gives no reason for it.
   */
  publish(
    by: Staff,
    kind: ContentKind,
    key: string,
    number: number,
    note: string,
    accept?: string,
  ): Promise<Answer<{ edition: number; settled: number }>>;
  history(
    by: Staff,
    kind: ContentKind,
    key: string,
  ): Promise<
    Answer<{
      revisions: readonly {
        number: number;
        state: string;
        by: string;
        at: number;
        note: string;
        source: string;
      }[];
    }>
  >;
  /** One press back: publishes a copy of an older published revision. The rules of the ear are held to the same bar as a draft. */
  revert(by: Staff, kind: ContentKind, key: string, number: number): Promise<Answer<{ edition: number }>>;
  /** The simulator: plays `said` from the beginning with the drafts given instead of what is published. Nothing is stored. */
  simulate(
    by: Staff,
    ask: {
      readonly drafts: readonly { kind: ContentKind; key: string; source: string }[];
      readonly said: readonly { text?: string; choice?: string; waitMs?: number }[];
      readonly channel: ChannelName;
      readonly lang: Lang;
      readonly flow?: string;
    },
  ): Promise<Answer<{ lines: readonly TalkLine[]; level: Level; talk: string }>>;
  /** Every message that this text can make, as each channel shows it. */
  preview(
    by: Staff,
    kind: ContentKind,
    key: string,
    source: string,
    lang: Lang,
  ): Promise<Answer<{ messages: readonly Preview[] }>>;
  /** JSON Schema of a kind, made from zod, for completion in editors. */
  schema(kind: ContentKind): unknown;
  /** Ask a question and see why each passage ranked. */
  ask(
    by: Staff,
    question: string,
    lang: Lang,
  ): Promise<Answer<{ answered: boolean; hits: readonly HitWithWhy[] }>>;
  /** Not answered, not helped, or asked again; redacted. `groups`: the same questions by likeness, the largest first. */
  unanswered(
    by: Staff,
  ): Promise<
    Answer<{ questions: readonly { id: string; at: number; question: string }[]; groups: readonly Group[] }>
  >;
  /** These need no article (an insult, a slip): they leave the list. */
  settle(by: Staff, ids: readonly string[]): Promise<Answer<object>>;
  /** Everything edited as files with the names and bytes of `flows/` and `knowledge/`. */
  exportFiles(by: Staff): Promise<Answer<{ files: readonly BundleFile[] }>>;
  /**
   * Takes files in, all or none: as drafts, or (with `publish`, for the operator at the machine) published at once.
   * Refused as `invalid` with every problem, and as `stale` where somebody has a draft open.
   */
  importFiles(
    by: Staff,
    files: readonly BundleFile[],
    how: { readonly publish: boolean; readonly accept?: string },
  ): Promise<Answer<Taken>>;
}

// ── personal data ──────────────────────────────────────────────────────────────────────────────────────────

/** A kind of data and how long it is kept (`flows/settings.yaml`, retention). */
export interface RetentionClock {
  /** transcript: words after a case is closed; idle: everything without a word; left: after a block; handled: raw events. */
  readonly kind: "transcript" | "idle" | "left" | "handled";
  readonly keptMs: number;
}

export interface Privacy {
  overview(by: Staff): Promise<
    Answer<{
      clocks: readonly RetentionClock[];
      /** Of the text that tells what happens with her words. */
      version: string;
      requests: readonly OpenRequest[];
      breaches: readonly Breach[];
    }>
  >;
  markRequest(by: Staff, code: string, act: RequestAct): Promise<Answer<object>>;
  /** Refused when the time of discovery lies in the future. */
  recordBreach(
    by: Staff,
    told: { readonly kind: BreachKind; readonly discoveredAt: number; readonly note: string },
  ): Promise<Answer<{ code: string }>>;
  markBreach(by: Staff, code: string, step: BreachStep): Promise<Answer<object>>;
}

// ── health ─────────────────────────────────────────────────────────────────────────────────────────────────

export interface Health {
  /** Alive: the process answers. Ready: it may be given work. */
  report(): Promise<{
    readonly ok: boolean;
    readonly ready: boolean;
    readonly version: string;
    readonly parts: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
    readonly warnings: readonly string[];
  }>;
  /** Prometheus text. */
  metrics(): Promise<string>;
}
