/** Taking in events, each once: of arrivals, and of whatever comes from inside. */

import { createHash } from "node:crypto";
import type { ConversationId, EventId } from "../../core/ids.ts";
import type { NewEvent, Sealed } from "../../ports/store.ts";
import type { Dialect, HomeRow } from "./dialect.ts";
import type { Home } from "./engine.ts";
import { askFor, one, put, type Script, statement } from "./statement.ts";

/** Who holds a conversation, and until when. */
interface Hold {
  readonly owner: string;
  readonly until: number;
}

export function inboxOf(dialect: Dialect) {
  const { db } = dialect;
  const seen = statement((p: { mark: Uint8Array }) =>
    db.selectFrom("seen").select("at").where("mark", "=", p.mark),
  );
  // When two processes begin with the same event at once, the second one's change fails here, is made again, and finds it.
  const markSeen = statement((p: { mark: Uint8Array; at: number }) =>
    db.insertInto("seen").values({ mark: p.mark, at: p.at }),
  );
  const addEvent = statement(
    (p: { id: ConversationId; seq: number; event: EventId; at: number; sealed: Sealed }) =>
      db.insertInto("events").values({
        conversation_id: p.id,
        seq: p.seq,
        id: p.event,
        at: p.at,
        sealed: p.sealed,
        failures: 0,
        handled_at: null,
      }),
  );
  const noteArrival = statement((p: { id: ConversationId; seq: number; at: number }) =>
    db
      .updateTable("conversations")
      .set((e) => ({ last_seq: p.seq, waiting_since: e.fn.coalesce("waiting_since", e.val(p.at)) }))
      .where("id", "=", p.id),
  );
  const holdArrival = statement(
    (p: { id: ConversationId; seq: number; at: number; until: number; owner: string }) =>
      db
        .updateTable("conversations")
        .set((e) => ({
          last_seq: p.seq,
          waiting_since: p.at,
          offer_at: p.until,
          leased_by: p.owner,
          fence: e("fence", "+", 1),
        }))
        .where("id", "=", p.id),
  );
  const inbox = { unseen, ahead, add, append };
  return inbox;

  /** false: an event with this key was taken before. `source`: a channel, or the conversation for events from inside. */
  function* unseen(source: string, event: NewEvent): Script<boolean> {
    const mark = markOf(source, event);
    if (yield* one(seen, { mark })) return false;
    yield* put(markSeen, { mark, at: event.at });
    return true;
  }

  function ahead(source: string, [first]: readonly NewEvent[]): Pick<Home, "ahead"> {
    return first ? { ahead: { ask: askFor(seen, { mark: markOf(source, first) }) } } : {};
  }

  /** Adds events to a conversation whose row is locked, and leases it for `hold`; false: it is forgotten. */
  function* add(
    id: ConversationId,
    row: Pick<HomeRow, "last_seq" | "gone">,
    events: readonly Omit<NewEvent, "dedupeKey">[],
    hold?: Hold,
  ): Script<boolean> {
    if (row.gone > 0) return false;
    let seq = row.last_seq;
    for (const event of events) {
      seq += 1;
      yield* put(addEvent, { id, seq, event: event.id, at: event.at, sealed: event.sealed });
    }
    const at = events[0]?.at;
    if (at === undefined) return true;
    if (hold) yield* put(holdArrival, { id, seq, at, until: hold.until, owner: hold.owner });
    else yield* put(noteArrival, { id, seq, at });
    return true;
  }

  function* append(id: ConversationId, events: readonly NewEvent[]): Script<boolean> {
    const row = yield* one(dialect.homes.lock, { id });
    if (!row || row.gone > 0) return false;
    const fresh: NewEvent[] = [];
    for (const event of events) if (yield* unseen(id, event)) fresh.push(event);
    return yield* add(id, row, fresh);
  }
}

function markOf(source: string, { dedupeKey }: NewEvent): Uint8Array {
  return createHash("sha256").update(`${source}\n${dedupeKey}`).digest().subarray(0, 16);
}
