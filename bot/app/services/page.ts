/** The survivors' page. */

import type { Bilingual, Choice, Lang } from "../../core/message.ts";
import type { EffortSettings } from "../../core/settings.ts";
import type { Topic } from "../../ports/bus.ts";
import type { Answer } from "./answer.ts";

export interface PageLine {
  /** Resume after this number; without gaps. */
  readonly n: number;
  readonly from: "you" | "bot" | "counsellor";
  readonly at: number;
  readonly text: string;
  readonly choices: readonly Choice[];
  /** The talk's language when the machine wrote it; null for what people wrote. */
  readonly lang: Lang | null;
}

export interface PageService {
  /** A new anonymous session: its secret token (the cookie). Writes nothing until the first word. */
  open(): string;
  /** She opened the chat: first words come, or the gate's question after a gap. Idempotent. */
  arrive(token: string, lang: Lang): Promise<Answer<object>>;
  /**
   * `key`: made by the browser, so that a repeat after a lost answer is taken once. `choice`: a tapped choice's value.
   * `lang`: what the page stands in, for first words that show no language.
   */
  write(
    token: string,
    said: { key: string; text?: string; choice?: string; media?: string; lang?: Lang },
  ): Promise<Answer<object>>;
  /**
   * Lines after `after`, without those that somebody else must not read: after a gap, and while the gate is locked, the ones
   * before. `ended`: the session is over (exit, forgotten): empty the page and leave. `isLocked`: the gate is closed, so that
   * what a page shows already must go; null: nothing has come that could have closed or opened it.
   */
  read(
    token: string,
    after: number,
  ): Promise<
    Answer<{
      lines: readonly PageLine[];
      ended: boolean;
      topic: Topic | null;
      isLocked: boolean | null;
    }>
  >;
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
  /** After so long without a look nobody knows who looks. */
  readonly gapMs: number;
}
