/** One platform: reading what it sends, sending what we say. Parsing and rendering are pure files of each adapter. */

import type { Bilingual, ChannelCaps, ChannelName, Inbound, Lang, Outbound } from "../core/message.ts";

/** A webhook as it came; the size cap was applied before. */
export interface WebhookRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

export type ReadResult =
  /** Genuine; persist these, then answer 200. Empty: nothing to do (probe, event that we ignore). */
  | { readonly ok: true; readonly inbound: readonly Inbound[] }
  /** Not from the platform (401), or not what it sends (400). */
  | { readonly ok: false; readonly status: 400 | 401 | 403; readonly code: string };

export type SendResult =
  | { readonly ok: true; readonly platformRef?: string }
  /**
   * retry: try again not before `afterMs` (absent: by our own ladder). unclear: it may have arrived.
   * gone: this person cannot be reached any more. closed: not before she writes again. bug: our own mistake, needs a programmer.
   */
  | {
      readonly ok: false;
      readonly code: string;
      readonly kind: "retry" | "unclear" | "gone" | "closed" | "quota" | "bug";
      readonly afterMs?: number;
      /** It is so for every chat of this channel: none is tried before `afterMs`. */
      readonly whole?: boolean;
    };

/** What another person who holds her phone sees of us on the platform: neutral in every word. */
export interface Profile {
  /** ≤ 64 signs. */
  readonly name: Bilingual;
  /** Shown in the empty chat; ≤ 512 signs. */
  readonly description: Bilingual;
  /** Shown on the profile and with shared links; ≤ 120 signs. */
  readonly about: Bilingual;
  readonly commands: readonly { readonly command: string; readonly description: Bilingual }[];
}

/** One thing on the platform's side, as it was and as it is now; the same twice: nothing had to be done. */
export interface Applied {
  readonly what: string;
  readonly before: string;
  readonly after: string;
  /** Why it could not be set. */
  readonly failed?: string;
}

export interface Channel {
  readonly caps: ChannelCaps;
  readonly name: ChannelName;
  /** Proves that a webhook is genuine and reads it. Does no I/O. */
  read(request: WebhookRequest): ReadResult;
  /**
   * `isOurs`: asked right before each call to the platform. Once it says no (whoever sends has slept too long, and
   * another process has the message by now) nothing more goes out, and the result is a `retry`. Absent: always ours.
   */
  send(address: string, message: Outbound, lang: Lang, isOurs?: () => boolean): Promise<SendResult>;
  /** Shows her for a few seconds that an answer is being made; it ends by itself. Never throws. */
  showTyping?(address: string): Promise<void>;
  /**
   * Deletes messages on the platform, as far as it can; returns those it could not. null: the platform takes nothing at
   * all now, so that it is worth trying again.
   */
  wipe(address: string, refs: readonly string[]): Promise<readonly string[] | null>;
  /** Begins to receive (polling, or registering the webhook). `take` resolves when what it was given is on disk. */
  start(take: (inbound: readonly Inbound[]) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
  /** Reachable and rightly configured? For doctor and health; never throws. */
  check(): Promise<{ readonly ok: boolean; readonly detail: string }>;
  /** How many wrote since the start whom the platform hides so that nobody can answer; absent: it hides nobody. */
  readonly hiddenSenders?: number;
  /** Makes the platform's side as it should be: what it shows of us, where it sends. Never throws. */
  apply?(profile: Profile): Promise<readonly Applied[]>;
  /** What an operator has to set by hand because the platform lets no program do it. */
  readonly byHand?: readonly string[];
  /** Secrets that must never appear in a log line. */
  readonly secrets: readonly string[];
}
