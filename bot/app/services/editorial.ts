/** What editors and administrators do with content. */

import type { Service } from "../../core/knowledge/service.ts";
import type { Level } from "../../core/level.ts";
import type { Bilingual, ChannelName, Choice, Lang } from "../../core/message.ts";
import type { Problem } from "../../core/problem.ts";
import type { Why } from "../../core/retrieval/explain.ts";
import type { Group } from "../../core/retrieval/grouping.ts";
import type { Hit } from "../../core/retrieval/search.ts";
import type { ContentKind } from "../../ports/store.ts";
import type { BundleFile } from "../bundle.ts";
import type { Evaluation } from "../evaluation.ts";
import type { Staff } from "./accounts.ts";
import type { Answer } from "./answer.ts";

/** How often an article was sent, and what was tapped under it. */
export interface ArticleCounts {
  readonly answered: number;
  readonly helped: number;
  readonly unhelped: number;
}

/** Of one article also which of its passages, numbered from 1, did not help: the most frequent first. */
export interface ArticleUse extends ArticleCounts {
  readonly parts: readonly { readonly part: number; readonly unhelped: number }[];
}

/** A question on the editors' list. */
export interface AskedInVain {
  readonly id: string;
  /** Epoch ms. */
  readonly at: number;
  readonly question: string;
  /** What was shown for it and did not help: `ARTICLE#N` or `service:ID`, and what it is called now; null: nothing was. */
  readonly shown: { readonly id: string; readonly title: Bilingual | null } | null;
}

/** Of all questions: also how many found no answer, and how many were asked again in nearly the same words. */
export interface AnswerCounts extends ArticleCounts {
  readonly unanswered: number;
  readonly askedAgain: number;
}

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
  /** Of an article over the last 28 days; null: it was not sent, or it is no article. */
  readonly counts: ArticleUse | null;
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
  /** Of an article. */
  readonly why: Why | null;
  /** Of an entry of the directory: for whom it is. */
  readonly entry: {
    readonly kind: Service["kind"];
    /** Names of the provinces that it serves; null: the whole country. */
    readonly provinces: readonly string[] | null;
    /** The last day on which it is shown. */
    readonly until: string;
  } | null;
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
      title: Bilingual;
      /** As problems name it. */
      file: string;
      source: string;
      /** Of the newest revision: what a save is based on. */
      number: number;
      state: "draft" | "published";
      /** A build published another text since this draft was written. */
      isOvertaken: boolean;
      /** Who wrote the draft; null: there is none. */
      draftBy: string | null;
      publishedNumber: number | null;
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
        /** Who wrote a draft; of what is or was in force, who published it. */
        by: string;
        /** Empty: not known. */
        writtenBy: string;
        at: number;
        note: string;
        source: string;
      }[];
    }>
  >;
  /**
   * One press back: publishes a copy of an older published revision. The rules of the ear are held to the same bar as a
   * draft; a draft that lies there stays, marked to be compared.
   */
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
  /** Ask a question and see why each passage ranked; `before`: what was asked just before it, "" for nothing. */
  ask(
    by: Staff,
    question: string,
    lang: Lang,
    before?: string,
  ): Promise<Answer<{ answered: boolean; hits: readonly HitWithWhy[] }>>;
  /**
   * Not answered, not helped, or asked again; redacted. `groups`: the same questions by likeness, the largest first.
   * `counts`: over the last 28 days, also of what is settled.
   */
  unanswered(by: Staff): Promise<
    Answer<{
      questions: readonly AskedInVain[];
      groups: readonly Group[];
      counts: AnswerCounts;
    }>
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
