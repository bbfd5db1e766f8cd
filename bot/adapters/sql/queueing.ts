/** Putting items into the outbox, in the order in which a chat will see them. */

import type { ConversationId } from "../../core/ids.ts";
import type { ChannelName } from "../../core/message.ts";
import type { Dialect } from "./dialect.ts";
import { put, type Script, statement } from "./statement.ts";

export interface QueuedItem {
  readonly id: ConversationId;
  readonly item: number;
  readonly kind: "message" | "wipe";
  readonly messageOrdinal: number | null;
  readonly channel: ChannelName;
  readonly safety: number;
  readonly at: number;
  /** Does nothing of the conversation stand before it? The conversation's row is locked by whoever adds or removes. */
  readonly isHead: boolean;
  /** Leased until then by whoever adds it; null: it waits for whoever takes it. */
  readonly until: number | null;
}

/** The fence of an item that was leased as it was put there. */
export const FIRST_FENCE = 1;

export function queueing(d: Dialect) {
  const insert = statement(
    (p: {
      id: ConversationId;
      item: number;
      kind: QueuedItem["kind"];
      messageOrdinal: number | null;
      channel: ChannelName;
      safety: number;
      attempts: number;
      at: number;
      due: number;
      state: "queued" | "sending";
      fence: number;
      head: number;
    }) =>
      d.db.insertInto("outbox").values({
        conversation_id: p.id,
        item: p.item,
        kind: p.kind,
        message_ordinal: p.messageOrdinal,
        channel: p.channel,
        safety: p.safety,
        attempts: p.attempts,
        unclear: 0,
        queued_at: p.at,
        due_at: p.due,
        state: p.state,
        fence: p.fence,
        head: p.head,
      }),
  );
  return {
    *add({ isHead, until, ...item }: QueuedItem): Script<void> {
      const isLeased = isHead && until !== null;
      yield* put(insert, {
        ...item,
        head: isHead ? 1 : 0,
        due: isLeased ? until : item.at,
        state: isLeased ? "sending" : "queued",
        attempts: isLeased ? 1 : 0,
        fence: isLeased ? FIRST_FENCE : 0,
      });
    },
  };
}
