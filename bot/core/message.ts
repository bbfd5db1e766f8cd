/** What people write and what we say, as every channel sees it. */

import type { MessageId } from "./ids.ts";
import type { Rate } from "./rate.ts";

export const LANGS = ["vi", "en"] as const;
export type Lang = (typeof LANGS)[number];
/** A text that a person reads: always in every language of ours. */
export type Bilingual = Readonly<Record<Lang, string>>;

export const CHANNEL_NAMES = ["web", "telegram", "zalo-oa", "zalo-bot", "terminal"] as const;
export type ChannelName = (typeof CHANNEL_NAMES)[number];

export type MediaKind = "photo" | "voice" | "video" | "file" | "sticker" | "location" | "contact" | "other";

/** What a person did. Media are never downloaded: only that they came, and their caption. */
export type Content =
  | { readonly kind: "text"; readonly text: string }
  /** A button pressed; `value` is the choice's value as we gave it out. */
  | { readonly kind: "choice"; readonly value: string }
  | { readonly kind: "media"; readonly media: MediaKind; readonly caption?: string }
  /** An earlier message changed by its writer: assessed for risk, never taken as a new answer. */
  | { readonly kind: "edited"; readonly text: string }
  /** First contact without words: /start, follow, the page opened. `text` is what came with it, if anything. */
  | { readonly kind: "arrived"; readonly text?: string }
  /** The channel hides what this person wrote (Zalo protected senders). */
  | { readonly kind: "unreadable" }
  /** A group, or a bot: refused with one line. */
  | { readonly kind: "refused"; readonly why: "group" | "bot" }
  /** She blocked us, unfollowed, or closed the page for good. */
  | { readonly kind: "left" }
  /** The platform's request to erase all that we hold on this person. */
  | { readonly kind: "withdrawn" }
  /** Not hers: something went out in our name that we did not send (a human in the platform's own app for staff). */
  | { readonly kind: "other_voice"; readonly text?: string }
  /**
   * Not hers: a member of staff wrote in a topic of the counsellors' forum. Never reaches a conversation. `text` is null
   * where there is nothing that we send on: a picture, a voice, an earlier line changed.
   */
  | {
      readonly kind: "staff_post";
      readonly topic: number;
      readonly account: string;
      readonly text: string | null;
    };

/** One thing read from a platform, before anything is decided. */
export interface Inbound {
  readonly channel: ChannelName;
  /** Where replies go (chat id, user id, page session). Encrypted at rest, never logged. */
  readonly address: string;
  /** Unique per channel for one platform event; a second one with the same key is a redelivery and ignored. */
  readonly key: string;
  /** When the platform says it was written, epoch ms. */
  readonly at: number;
  readonly content: Content;
  /** The platform's id of her message, if it can be deleted later. */
  readonly platformRef?: string;
  /** The platform's language hint ("vi", "en-GB"), if any. */
  readonly langHint?: string;
}

/** Longest value of an answer's choice, ASCII characters: the least that a channel with buttons takes (channels.md §3.3). */
export const MAX_CHOICE_VALUE = 64;

export interface Choice {
  readonly label: string;
  /** answer: comes back as `Content.choice`; call: a phone number to tap or copy; link: an address to open. */
  readonly kind: "answer" | "call" | "link";
  /** The value that comes back (answer, ≤ `MAX_CHOICE_VALUE` ASCII characters), the phone number (call) or the address (link). */
  readonly value: string;
  readonly style?: "danger" | "quiet";
  /** Keeps its button where there are more choices than buttons. */
  readonly stays?: true;
}

/** One message of ours, not yet fitted to a channel. */
export interface Outbound {
  readonly id: MessageId;
  readonly from: "bot" | "counsellor";
  readonly text: string;
  readonly choices: readonly Choice[];
  /** A safety text (emergency card, hotlines, fallback): after an unclear time-out it may be sent a second time. */
  readonly safety: boolean;
  /** Not to be forwarded or saved where the channel can forbid it. */
  readonly sensitive: boolean;
}

/** What a channel can do: data, so that no `if (zalo)` stands in the core (design.md §1 rule 9, channels.md §5). */
export interface ChannelCaps {
  readonly name: ChannelName;
  /** Longest text of one message, UTF-16 units. */
  readonly maxText: number;
  /** Buttons in one message; 0: choices become numbered text. */
  readonly maxButtons: number;
  readonly maxButtonLabel: number;
  /** Longest value behind an answer's button, in bytes of UTF-8. */
  readonly maxButtonValue: number;
  /** Choices stand as numbered text too, for clients that show no buttons. */
  readonly numbersChoices: boolean;
  /** Can we delete our own and the person's messages, and how young must they be? */
  readonly canDelete: boolean;
  readonly deleteWindowMs?: number;
  readonly typing: boolean;
  /** How fast it takes messages; absent: as fast as we can. */
  readonly rates?: { readonly chat: Rate; readonly all: Rate };
  /** How long after the person's last message we may still write; absent: no limit. */
  readonly replyWindowMs?: number;
  /** How much of that window costs nothing; absent: all of it. Nothing is promised for later than this. */
  readonly freeReplyWindowMs?: number;
  /** How many messages we may send within that window; absent: no limit. */
  readonly replyBudget?: number;
  /** May phone numbers be buttons (tap to call or copy)? */
  readonly callButtons: boolean;
  /** The address lives only as long as a session: an exit ends it, and she comes back as somebody new. */
  readonly session: boolean;
}
