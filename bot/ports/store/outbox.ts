/** The outbox: what is still to be sent, leased with fences, settled once. */

import type { ConversationId, MessageId } from "../../core/ids.ts";
import type { ChannelName } from "../../core/message.ts";
import type { ConversationHead, DeliveryState } from "./conversations.ts";
import type { Sealed } from "./sealed.ts";

export interface OutboxItem extends ConversationHead {
  readonly kind: "message" | "wipe";
  /** message: the message to send. */
  readonly messageId?: MessageId;
  /** Number of this item in the conversation's outbox (not of the transcript); for `settle`. */
  readonly ordinal: number;
  readonly sealed: Sealed;
  /** May it be sent once more while it is unclear whether it came? Only safety texts may, and only until that repeat lapsed too. */
  readonly safety: boolean;
  /** How often it was tried before this lease. */
  readonly attempts: number;
  /** Was an earlier attempt unclear (timed out, died in the middle)? */
  readonly unclear: boolean;
  readonly queuedAt: number;
  readonly fence: number;
}

export type Settlement =
  | { readonly outcome: "sent"; readonly sealedPlatformRef?: Sealed }
  | { readonly outcome: "retry"; readonly at: number; readonly code: string; readonly unclear: boolean }
  | { readonly outcome: "failed"; readonly code: string }
  | { readonly outcome: "unclear"; readonly code: string };

export interface WipeRef {
  readonly author: "person" | "bot" | "counsellor";
  readonly at: number;
  readonly sealedPlatformRef: Sealed;
}

export interface OutboxStore {
  /**
   * Leases due items, safety texts and wipes first: only the oldest undelivered one of each conversation, so that order within a
   * chat holds.
   */
  lease(ask: {
    owner: string;
    now: number;
    forMs: number;
    limit: number;
    channels: readonly ChannelName[];
  }): Promise<readonly OutboxItem[]>;
  /** Holds a leased item until `until` (epoch ms). false: it was settled, or somebody else has it; nothing is changed. */
  renew(item: { id: ConversationId; ordinal: number; fence: number }, until: number): Promise<boolean>;
  /** false: it was settled before, or somebody else has it; nothing is changed. `more`: another item of the chat is due now. */
  settle(
    item: { id: ConversationId; ordinal: number; fence: number },
    how: Settlement,
    now: number,
  ): Promise<false | { readonly more: boolean }>;
  /** Platform ids that a wipe has to delete, newest first; of messages later than `after` (epoch ms). */
  wipeRefs(id: ConversationId, after: number): Promise<readonly WipeRef[]>;
  /** How many are not delivered yet, by state and channel, and the age of the oldest one (ms). */
  tally(
    now: number,
  ): Promise<readonly { channel: ChannelName; state: DeliveryState; n: number; oldestMs: number }[]>;
}
