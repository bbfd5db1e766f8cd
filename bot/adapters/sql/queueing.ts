/** Putting items into the outbox, in the order in which a chat will see them. */

import type { ConversationId } from "../../core/ids.ts";
import type { Dialect } from "./dialect.ts";
import { put, type Script, statement } from "./statement.ts";

export interface QueuedItem {
  readonly id: ConversationId;
  readonly item: number;
  readonly kind: "message" | "wipe";
  readonly messageOrdinal: number | null;
  readonly safety: number;
  readonly at: number;
}

export function queueing(d: Dialect) {
  const { db } = d;
  // The conversation's row is locked by whoever adds or removes, so `head` is right even with many workers.
  const insert = statement(
    (p: {
      id: ConversationId;
      item: number;
      kind: QueuedItem["kind"];
      messageOrdinal: number | null;
      safety: number;
      at: number;
    }) =>
      db
        .insertInto("outbox")
        .columns([
          "conversation_id",
          "item",
          "kind",
          "message_ordinal",
          "channel",
          "safety",
          "attempts",
          "unclear",
          "queued_at",
          "due_at",
          "state",
          "fence",
          "head",
        ])
        .expression((e) =>
          e
            .selectFrom("conversations as c")
            .select((x) => [
              "c.id",
              x.cast<number>(x.val(p.item), d.int).as("item"),
              x.cast<"message">(x.val(p.kind), "text").as("kind"),
              x.cast<number | null>(x.val(p.messageOrdinal), d.int).as("message_ordinal"),
              "c.channel",
              x.cast<number>(x.val(p.safety), d.int).as("safety"),
              x.lit(0).as("attempts"),
              x.lit(0).as("unclear"),
              x.cast<number>(x.val(p.at), d.int).as("queued_at"),
              x.cast<number>(x.val(p.at), d.int).as("due_at"),
              x.cast<"queued">(x.val("queued"), "text").as("state"),
              x.lit(0).as("fence"),
              x
                .case()
                .when(
                  x.exists(
                    x.selectFrom("outbox as o").select("o.item").whereRef("o.conversation_id", "=", "c.id"),
                  ),
                )
                .then(x.lit(0))
                .else(x.lit(1))
                .end()
                .as("head"),
            ])
            .where("c.id", "=", p.id),
        ),
  );
  return {
    *add(item: QueuedItem): Script<void> {
      yield* put(insert, { ...item });
    },
  };
}
