/** Delivering: one item of each conversation at a time, leased with a fence, settled once. */

import type { ConversationId } from "../../core/ids.ts";
import { CHANNEL_NAMES, type ChannelName } from "../../core/message.ts";
import type {
  DeliveryState,
  OutboxItem,
  OutboxStore,
  Sealed,
  Settlement,
  WipeRef,
} from "../../ports/store.ts";
import type { Dialect } from "./dialect.ts";
import type { Engine } from "./engine.ts";
import { forgetting, isEmptied, promotion } from "./forget.ts";
import { insist } from "./insist.ts";
import { askFor, atMost, one, put, rows, run, type Script, statement } from "./statement.ts";

type Ask = Parameters<OutboxStore["lease"]>[0];
type ItemKey = Parameters<OutboxStore["settle"]>[0];

export function outbox(engine: Engine): OutboxStore {
  const s = statements(engine.dialect);
  const forget = forgetting(engine.dialect);
  return {
    lease,
    renew: (item, until) =>
      engine.write(
        function* () {
          return (yield* run(s.renew, { id: item.id, item: item.ordinal, fence: item.fence, until })) > 0;
        },
        { row: item.id, line: item.id },
      ),
    async settle(item, how, now) {
      const key = { id: item.id, item: item.ordinal, fence: item.fence };
      const settled = await engine.write(() => settle(item, how, now), {
        row: item.id,
        line: item.id,
        ahead: { ask: askFor(s.mine, key), free: askFor(s.mineFree, key) },
      });
      if (!settled) return false;
      if (settled.erased) await engine.scrub();
      return { more: settled.more };
    },
    wipeRefs: (id, after) => engine.read(() => rows(s.wipeRefs, { id, after })) as Promise<WipeRef[]>,
    tally: (now) =>
      engine.read(function* () {
        return (yield* rows(s.tally, {})).map(({ channel, state, n, oldest }) => ({
          channel,
          state: state as DeliveryState,
          n,
          oldestMs: Math.max(0, now - oldest),
        }));
      }),
  };

  async function lease({ now, limit, forMs, channels }: Ask): Promise<readonly OutboxItem[]> {
    const ask = askFor(s.take, { now, limit, until: now + forMs, ...slotsOf(channels) });
    const taken = (await engine.change(ask)).rows as readonly { id: ConversationId; fence: number }[];
    if (taken.length === 0) return [];
    const fences = new Map(taken.map(({ id, fence }) => [id, fence]));
    const ids = JSON.stringify([...fences.keys()]);
    const held = await insist(() => engine.read(() => rows(s.holdings, { ids }), true), forMs / 2);
    return (
      held
        .toSorted((a, b) => a.queuedAt - b.queuedAt)
        // Only one item of each conversation is ever the head. Has it gone since (forgotten, say), its follower is not ours.
        .flatMap((item) => (item.fence === fences.get(item.id) ? [asItem(item)] : []))
    );
  }

  function* settle(
    item: ItemKey,
    how: Settlement,
    now: number,
  ): Script<false | { more: boolean; erased: boolean }> {
    const key = { id: item.id, item: item.ordinal };
    const home = yield* one(engine.dialect.homes.lock, { id: item.id });
    const row = yield* one(s.mine, { ...key, fence: item.fence });
    if (!row) return false;
    if (how.outcome === "retry") {
      // She has left since: it is not repeated (`lastTry`), and the wipe behind it must not wait until it would have been.
      const isOver = row.kind === "message" && row.unclear === 1 && row.safety === 0;
      yield* put(s.retry, { ...key, at: isOver ? now : how.at, unclear: how.unclear ? 1 : 0 });
      return { more: isOver, erased: false };
    }
    const more = row.next !== null;
    yield* put(s.remove, key);
    if (more) yield* put(s.promote, { id: item.id });
    yield* note(item.id, row, how);
    return { more, erased: home?.gone === 1 && (yield* forget.finishIfDelivered(item.id)) };
  }

  function* note(
    id: ConversationId,
    row: { kind: "message" | "wipe"; messageOrdinal: number | null; queuedAt: number },
    how: Exclude<Settlement, { outcome: "retry" }>,
  ): Script<void> {
    if (row.kind === "wipe") {
      if (how.outcome !== "sent") return;
      yield* put(s.dropEmptied, { id, upTo: row.queuedAt });
      yield* put(s.clearRefs, { id, upTo: row.queuedAt });
      return;
    }
    yield* put(s.outcome, {
      id,
      ordinal: row.messageOrdinal ?? 0,
      state: how.outcome,
      code: how.outcome === "sent" ? null : how.code,
      ref: how.outcome === "sent" ? (how.sealedPlatformRef ?? null) : null,
    });
  }
}

/** A list of fixed length for a statement that is compiled once: the rest stays empty. */
function slotsOf(channels: readonly ChannelName[]): Record<string, string> {
  return Object.fromEntries(CHANNEL_NAMES.map((_, i) => [`channel${i}`, channels[i] ?? ""]));
}

interface Held {
  readonly id: ConversationId;
  readonly channel: ChannelName;
  readonly wrappedKey: Sealed;
  readonly sealedAddress: Sealed | null;
  readonly kind: "message" | "wipe";
  readonly item: number;
  readonly messageId: OutboxItem["messageId"] | null;
  readonly sealed: Sealed | null;
  readonly safety: number;
  readonly attempts: number;
  readonly fence: number;
  readonly unclear: number;
  readonly queuedAt: number;
}

function asItem(held: Held): OutboxItem {
  return {
    id: held.id,
    channel: held.channel,
    wrappedKey: held.wrappedKey,
    sealedAddress: held.sealedAddress ?? new Uint8Array(0),
    kind: held.kind,
    ...(held.messageId ? { messageId: held.messageId } : {}),
    ordinal: held.item,
    sealed: held.sealed ?? new Uint8Array(0),
    safety: held.safety === 1,
    // As it was before this lease.
    attempts: held.attempts - 1,
    unclear: held.unclear === 1,
    queuedAt: held.queuedAt,
    fence: held.fence,
  };
}

function statements(d: Dialect) {
  const { db } = d;
  type Mine = { id: ConversationId; item: number; fence: number };
  const mine = (p: Mine) =>
    db
      .selectFrom("outbox")
      .select((e) => [
        "kind",
        "message_ordinal as messageOrdinal",
        "queued_at as queuedAt",
        "unclear",
        "safety",
        e
          .selectFrom("outbox as o")
          .select("o.item")
          .where("o.conversation_id", "=", p.id)
          .where("o.item", ">", p.item)
          .limit(atMost(1))
          .as("next"),
      ])
      .where("conversation_id", "=", p.id)
      .where("item", "=", p.item)
      .where("fence", "=", p.fence)
      .where("state", "=", "sending");
  return {
    take: statement((p: { now: number; limit: number; until: number } & Record<string, string | number>) =>
      db
        .with("due", () =>
          d.lockFree(
            db
              .selectFrom("outbox")
              .select(["conversation_id as home", "item as place"])
              // A literal, so that the index of heads is seen to fit.
              .where((e) => e("head", "=", e.lit(1)))
              .where("due_at", "<=", p.now)
              .where(
                "channel",
                "in",
                CHANNEL_NAMES.map((_, i) => p[`channel${i}`] as ChannelName),
              )
              // After an outage hundreds may stand before them.
              .orderBy("safety", "desc")
              .orderBy("due_at")
              .limit(atMost(p.limit)),
          ),
        )
        .updateTable("outbox")
        .from("due")
        .set((e) => ({
          // Still "sending" with a lease that ran out: its sender died or slept in the middle.
          // Whose repeat lapsed too is not repeated any more, whatever it says.
          safety: e
            .case()
            .when(e.and([e("state", "=", "sending"), e("unclear", "=", 1), e("kind", "=", "message")]))
            .then(e.lit(0))
            .else(e.ref("safety"))
            .end(),
          unclear: e.case().when("state", "=", "sending").then(e.lit(1)).else(e.ref("unclear")).end(),
          state: "sending",
          due_at: p.until,
          attempts: e("attempts", "+", 1),
          fence: e("fence", "+", 1),
        }))
        .whereRef("conversation_id", "=", "due.home")
        .whereRef("item", "=", "due.place")
        .returning(["conversation_id as id", "fence"]),
    ),
    holdings: statement((p: { ids: string }) =>
      db
        .selectFrom("outbox as o")
        .innerJoin("conversations as c", "c.id", "o.conversation_id")
        .innerJoin("keys as k", "k.conversation_id", "o.conversation_id")
        .leftJoin("messages as m", (j) =>
          j.onRef("m.conversation_id", "=", "o.conversation_id").onRef("m.ordinal", "=", "o.message_ordinal"),
        )
        .select([
          "c.id",
          "c.channel",
          "k.wrapped_key as wrappedKey",
          "c.sealed_address as sealedAddress",
          "o.kind",
          "o.item",
          "m.id as messageId",
          "m.sealed",
          "o.safety",
          "o.attempts",
          "o.fence",
          "o.unclear",
          "o.queued_at as queuedAt",
        ])
        .where(d.among("o.conversation_id", p.ids))
        .where((e) => e("o.head", "=", e.lit(1))),
    ),
    mine: statement((p: Mine) => d.lock(mine(p))),
    mineFree: statement((p: Mine) => d.lockFree(mine(p))),
    renew: statement((p: { id: ConversationId; item: number; fence: number; until: number }) =>
      db
        .updateTable("outbox")
        .set({ due_at: p.until })
        .where("conversation_id", "=", p.id)
        .where("item", "=", p.item)
        .where("fence", "=", p.fence)
        .where("state", "=", "sending"),
    ),
    retry: statement((p: { id: ConversationId; item: number; at: number; unclear: number }) =>
      db
        .updateTable("outbox")
        .set((e) => ({
          state: "queued",
          due_at: p.at,
          unclear: e.case().when("unclear", "=", 1).then(e.lit(1)).else(e.val(p.unclear)).end(),
        }))
        .where("conversation_id", "=", p.id)
        .where("item", "=", p.item),
    ),
    remove: statement((p: { id: ConversationId; item: number }) =>
      db.deleteFrom("outbox").where("conversation_id", "=", p.id).where("item", "=", p.item),
    ),
    promote: promotion(d),
    outcome: statement(
      (p: {
        id: ConversationId;
        ordinal: number;
        state: "sent" | "failed" | "unclear";
        code: string | null;
        ref: Sealed | null;
      }) =>
        db
          .updateTable("messages")
          .set({ state: p.state, failure_code: p.code, sealed_ref: p.ref })
          .where("conversation_id", "=", p.id)
          .where("ordinal", "=", p.ordinal),
    ),
    dropEmptied: statement((p: { id: ConversationId; upTo: number }) =>
      db
        .deleteFrom("messages")
        .where("conversation_id", "=", p.id)
        .where(isEmptied("sealed"))
        .where("at", "<=", p.upTo),
    ),
    clearRefs: statement((p: { id: ConversationId; upTo: number }) =>
      db
        .updateTable("messages")
        .set({ sealed_ref: null })
        .where("conversation_id", "=", p.id)
        .where("sealed_ref", "is not", null)
        .where("at", "<=", p.upTo),
    ),
    wipeRefs: statement((p: { id: ConversationId; after: number }) =>
      db
        .selectFrom("messages")
        .select(["author", "at", "sealed_ref as sealedPlatformRef"])
        .where("conversation_id", "=", p.id)
        .where("sealed_ref", "is not", null)
        .where("at", ">", p.after)
        .orderBy("ordinal", "desc"),
    ),
    tally: statement(() =>
      db
        .selectFrom("outbox")
        .select((e) => [
          "channel",
          "state",
          e.fn.countAll<number>().as("n"),
          e.fn.min("queued_at").as("oldest"),
        ])
        .groupBy(["channel", "state"]),
    ),
  };
}
