/** Contract: delivering in order, once, and telling the truth about it. */

import { describe, expect, it } from "vitest";
import type { ConversationId } from "../../bot/core/ids.ts";
import type { OutboxItem, Store } from "../../bot/ports/store.ts";
import {
  arrive,
  bytes,
  commitOf,
  decide,
  deliver,
  event,
  hers,
  lease,
  type Opened,
  ours,
  sure,
  T0,
  text,
} from "./store-scene.ts";

const ASK = { owner: "o", forMs: 1_000, limit: 999, channels: ["telegram"] as const };

export function outboxContract(at: () => Opened): void {
  async function queued(
    store: Store,
    words: readonly string[],
    over: { wipe?: boolean } = {},
  ): Promise<ConversationId> {
    const { conversationId } = await arrive(store);
    await decide(store, conversationId, { messages: words.map((w) => ours(w)), ...over });
    return conversationId;
  }

  async function take(store: Store, id: ConversationId, now = T0 + 10): Promise<OutboxItem | undefined> {
    const items = await store.outbox.lease({ ...ASK, now });
    for (const item of items) if (item.id !== id) await store.outbox.settle(item, { outcome: "sent" }, now);
    return items.find((item) => item.id === id);
  }

  async function states(store: Store, id: ConversationId) {
    return (await store.conversations.transcript(id, 0, 99)).map((l) => l.state);
  }

  describe("outbox", () => {
    it("gives back at a lone start what a killed process held, as unclear, and refuses that process", async () => {
      const { store } = at();
      const id = await queued(store, ["one"]);
      const held = await take(store, id);
      await store.upkeep.reclaim();
      const again = await take(store, id);
      expect(again).toMatchObject({ unclear: true, attempts: 1 });
      expect(await store.outbox.settle(sure(held), { outcome: "sent" }, T0 + 12)).toBe(false);
    });

    it("takes from a safety text whose repeat lapsed too the right to be repeated", async () => {
      const { store } = at();
      const { conversationId: id } = await arrive(store);
      await decide(store, id, { messages: [ours("113", { send: { safety: true } })] });
      const lapsed = (again: number) => take(store, id, T0 + 10 + again * (ASK.forMs + 1));
      expect(await lapsed(0)).toMatchObject({ unclear: false, safety: true });
      expect(await lapsed(1)).toMatchObject({ unclear: true, safety: true });
      expect(await lapsed(2)).toMatchObject({ unclear: true, safety: false });
    });

    it("leaves a wipe in the front however often its sender died", async () => {
      const { store } = at();
      const { conversationId: id } = await arrive(store);
      await decide(store, id, { wipe: true });
      for (const n of [0, 1, 2])
        expect(await take(store, id, T0 + 10 + n * (ASK.forMs + 1))).toMatchObject({
          kind: "wipe",
          safety: true,
        });
    });

    it("leases only the oldest of a conversation, and the next when it is settled", async () => {
      const { store } = at();
      const id = await queued(store, ["one", "two"]);
      const one = await take(store, id);
      expect(text(sure(one).sealed)).toBe("one");
      expect(one).toMatchObject({
        kind: "message",
        attempts: 0,
        unclear: false,
        safety: false,
        queuedAt: T0 + 1,
      });
      expect(await take(store, id)).toBeUndefined();
      expect(await states(store, id)).toEqual(["sending", "queued"]);
      expect(
        await store.outbox.settle(sure(one), { outcome: "sent", sealedPlatformRef: bytes("r") }, T0 + 11),
      ).toEqual({ more: true });
      expect(text(sure(await take(store, id)).sealed)).toBe("two");
      expect(await states(store, id)).toEqual(["sent", "sending"]);
    });

    it("leases the first message as it is committed for whoever sends it at once, in its order", async () => {
      const { store } = at();
      const { conversationId: id } = await arrive(store);
      const turn = await lease(store, id);
      const until = T0 + 10 + ASK.forMs;
      const said = { messages: [hers("hers"), ours("one"), ours("two")], sendUntil: until };
      const first = await store.conversations.commit(commitOf(turn, said));
      const sending = sure(first.ok ? first.sending : undefined);
      expect(await states(store, id)).toEqual(["received", "sending", "queued"]);
      expect(await take(store, id, until - 1)).toBeUndefined();
      // What comes behind what is being sent waits, whoever asks.
      await store.conversations.append(id, [event()]);
      const next = await lease(store, id);
      const more = commitOf(next, { messages: [ours("three")], sendUntil: until });
      expect(await store.conversations.commit(more)).toEqual({ ok: true, version: 2 });
      expect(await store.outbox.settle({ id, ...sending }, { outcome: "sent" }, T0 + 20)).toEqual({
        more: true,
      });
      expect(await store.outbox.settle({ id, ...sending }, { outcome: "sent" }, T0 + 20)).toBe(false);
      expect(await deliver(store, id)).toEqual(["two", "three"]);
    });

    it("gives an item that was leased as it was committed to another when that lapses, as unclear", async () => {
      const { store } = at();
      const { conversationId: id } = await arrive(store);
      const turn = await lease(store, id);
      const said = { messages: [ours("one")], sendUntil: T0 + 50 };
      const done = await store.conversations.commit(commitOf(turn, said));
      const sending = sure(done.ok ? done.sending : undefined);
      const taken = await take(store, id, T0 + 50);
      expect(taken).toMatchObject({ unclear: true, attempts: 1, ordinal: sending.ordinal });
      expect(await store.outbox.settle({ id, ...sending }, { outcome: "sent" }, T0 + 51)).toBe(false);
      expect(await store.outbox.settle(sure(taken), { outcome: "sent" }, T0 + 51)).toEqual({ more: false });
    });

    it("leases nothing at a commit that wipes, or says nothing", async () => {
      const { store } = at();
      const { conversationId: id } = await arrive(store, { events: [event(), event()] });
      const turn = await lease(store, id);
      const [one, two] = turn.events.map((e) => [e.id]);
      const quiet = commitOf(turn, { handled: sure(one), sendUntil: T0 + 50 });
      expect(await store.conversations.commit(quiet)).toEqual({ ok: true, version: 1, left: true });
      const wipes = { wipe: true, messages: [ours("goodbye")], sendUntil: T0 + 50 };
      const wiping = commitOf(turn, { handled: sure(two), expectedVersion: 1, ...wipes });
      expect(await store.conversations.commit(wiping)).toEqual({ ok: true, version: 2 });
      expect(sure(await take(store, id)).kind).toBe("wipe");
    });

    it("keeps the order when more is queued while one is on its way", async () => {
      const { store } = at();
      const id = await queued(store, ["one"]);
      const one = await take(store, id);
      await store.conversations.append(id, [event()]);
      await decide(store, id, { messages: [ours("two"), ours("three")] });
      expect(await take(store, id)).toBeUndefined();
      await store.outbox.settle(sure(one), { outcome: "sent" }, T0 + 11);
      expect(await deliver(store, id)).toEqual(["two", "three"]);
    });

    it("retries when it is time, counts attempts and remembers an unclear one", async () => {
      const { store } = at();
      const id = await queued(store, ["one", "two"]);
      const first = await take(store, id);
      await store.outbox.settle(
        sure(first),
        { outcome: "retry", at: T0 + 900, code: "429", unclear: true },
        T0 + 11,
      );
      expect(await states(store, id)).toEqual(["queued", "queued"]);
      expect(await take(store, id, T0 + 899)).toBeUndefined();
      const second = await take(store, id, T0 + 900);
      expect(second).toMatchObject({ attempts: 1, unclear: true });
      expect(text(sure(second).sealed)).toBe("one");
      await store.outbox.settle(
        sure(second),
        { outcome: "retry", at: T0 + 901, code: "500", unclear: false },
        T0 + 901,
      );
      expect(sure(await take(store, id, T0 + 901)).unclear).toBe(true);
    });

    it("gives an item whose lease ran out to another as unclear, and refuses the old fence", async () => {
      const { store } = at();
      const id = await queued(store, ["one"]);
      const slept = await take(store, id);
      const taken = await take(store, id, T0 + 10 + ASK.forMs);
      expect(taken).toMatchObject({ unclear: true, attempts: 1 });
      expect(await store.outbox.settle(sure(slept), { outcome: "sent" }, T0 + 2_000)).toBe(false);
      expect(
        await store.outbox.settle(sure(taken), { outcome: "unclear", code: "timeout" }, T0 + 2_000),
      ).toEqual({ more: false });
      expect(await states(store, id)).toEqual(["unclear"]);
      expect(await store.outbox.settle(sure(taken), { outcome: "sent" }, T0 + 2_001)).toBe(false);
    });

    it("holds what a long send renews, and renews nothing that was taken over or settled", async () => {
      const { store } = at();
      const id = await queued(store, ["one"]);
      const held = sure(await take(store, id));
      expect(await store.outbox.renew(held, T0 + 10 + 2 * ASK.forMs)).toBe(true);
      expect(await take(store, id, T0 + 10 + ASK.forMs)).toBeUndefined();
      const taken = sure(await take(store, id, T0 + 10 + 2 * ASK.forMs));
      expect(await store.outbox.renew(held, T0 + 99_000)).toBe(false);
      expect(await store.outbox.settle(taken, { outcome: "sent" }, T0 + 99)).toEqual({ more: false });
      expect(await store.outbox.renew(taken, T0 + 99_000)).toBe(false);
      expect(await states(store, id)).toEqual(["sent"]);
    });

    it("does not let a failed one block the next, and shows why it failed", async () => {
      const { store } = at();
      const id = await queued(store, ["one", "two"]);
      await store.outbox.settle(sure(await take(store, id)), { outcome: "failed", code: "blocked" }, T0 + 11);
      expect(await deliver(store, id)).toEqual(["two"]);
      const lines = await store.conversations.transcript(id, 0, 9);
      expect(lines.map((l) => [l.state, l.failureCode])).toEqual([
        ["failed", "blocked"],
        ["sent", undefined],
      ]);
    });

    it("carries a wipe as an item of its own, before what the same turn says", async () => {
      const { store } = at();
      const { conversationId: id } = await arrive(store);
      await decide(store, id, {
        messages: [hers("hers", { sealedPlatformRef: bytes("ref hers"), at: T0 - 5 }), ours("ours")],
      });
      await deliver(store, id);
      await store.conversations.append(id, [event()]);
      await decide(store, id, { wipe: true, messages: [ours("goodbye")] });
      const wipe = await take(store, id);
      expect(sure(wipe).kind).toBe("wipe");
      const refs = await store.outbox.wipeRefs(id, 0);
      expect(refs.map((r) => r.author)).toEqual(["bot", "person"]);
      expect(text(sure(refs[1]).sealedPlatformRef)).toBe("ref hers");
      expect(await store.outbox.wipeRefs(id, T0 - 1)).toHaveLength(1);
      await store.outbox.settle(sure(wipe), { outcome: "sent" }, T0 + 12);
      expect(await store.outbox.wipeRefs(id, 0)).toEqual([]);
      expect(await deliver(store, id)).toEqual(["goodbye"]);
      expect((await store.conversations.transcript(id, 0, 9)).map((l) => l.ordinal)).toEqual([1, 2, 3]);
    });

    it("sends nothing more from before to who has left, and repeats nothing that is on its way", async () => {
      const { store } = at();
      const { conversationId: id } = await arrive(store);
      const safe = { send: { safety: true } };
      await decide(store, id, { messages: [ours("card", safe), ours("question"), ours("more")] });
      const held = sure(await take(store, id));
      await store.conversations.append(id, [event()]);
      await decide(store, id, { wipe: true, isExit: true, messages: [hers("thoát"), ours("goodbye")] });
      expect(await states(store, id)).toEqual(["sending", "failed", "failed", "received", "queued"]);
      await store.outbox.settle(held, { outcome: "retry", at: T0 + 20, code: "x", unclear: true }, T0 + 11);
      expect(await take(store, id, T0 + 20)).toMatchObject({ unclear: true, safety: false });
      const lines = await store.conversations.transcript(id, 0, 9);
      expect(lines.map((l) => l.failureCode)).toEqual([undefined, "left", "left", undefined, undefined]);
      const [again] = await store.outbox.lease({ ...ASK, now: T0 + 2_000 });
      await store.outbox.settle(sure(again), { outcome: "unclear", code: "unclear" }, T0 + 2_001);
      expect(await deliver(store, id, T0 + 2_002)).toEqual(["(wipe)", "goodbye"]);
    });

    it("lets no wipe wait for the next try of what is not tried again", async () => {
      const { store } = at();
      const id = await queued(store, ["question"]);
      const held = sure(await take(store, id));
      await store.conversations.append(id, [event()]);
      await decide(store, id, { wipe: true, isExit: true, messages: [ours("goodbye")] });
      const away = { outcome: "retry", at: T0 + 300_000, code: "x", unclear: false } as const;
      expect(await store.outbox.settle(held, away, T0 + 20)).toEqual({ more: true });
      const over = sure(await take(store, id, T0 + 20));
      expect(over).toMatchObject({ unclear: true, safety: false });
      await store.outbox.settle(over, { outcome: "unclear", code: "unclear" }, T0 + 21);
      // The wipe itself is tried again when it is time, although she leaves once more meanwhile.
      const wipe = sure(await take(store, id, T0 + 22));
      await store.conversations.append(id, [event()]);
      await decide(store, id, { isExit: true, messages: [ours("dull words")] });
      expect(await store.outbox.settle(wipe, away, T0 + 23)).toEqual({ more: false });
      expect(await take(store, id, T0 + 299_000)).toBeUndefined();
      const again = sure(await take(store, id, T0 + 300_000));
      // Still in the front: somebody may be taking the phone from her hand.
      expect(again).toMatchObject({ kind: "wipe", safety: true });
      await store.outbox.settle(again, { outcome: "sent" }, T0 + 300_001);
      expect(await deliver(store, id, T0 + 300_001)).toEqual(["dull words"]);
    });

    it("sends the goodbye at once where nothing is on its way", async () => {
      const { store } = at();
      const id = await queued(store, ["question", "more"]);
      const item = sure(await take(store, id));
      await store.outbox.settle(item, { outcome: "retry", at: T0 + 9_000, code: "x", unclear: false }, T0);
      await store.conversations.append(id, [event()]);
      await decide(store, id, { wipe: true, isExit: true, messages: [ours("goodbye")] });
      expect(await deliver(store, id, T0 + 20)).toEqual(["(wipe)", "goodbye"]);
      expect(await deliver(store, id, T0 + 10_000)).toEqual([]);
    });

    it("goes on with a wipe that waits when somebody else takes the phone: only what was said is not sent", async () => {
      const { store } = at();
      const id = await queued(store, ["question"]);
      const away = { outcome: "retry", code: "x", unclear: false } as const;
      await store.outbox.settle(sure(await take(store, id)), { ...away, at: T0 + 30 }, T0);
      await store.conversations.append(id, [event()]);
      await decide(store, id, { wipe: true, messages: [ours("card")] });
      await store.conversations.append(id, [event()]);
      await decide(store, id, { isExit: true, messages: [ours("dull words")] });
      expect(await deliver(store, id, T0 + 40)).toEqual(["(wipe)", "dull words"]);
      // Also where the platform was away for it.
      await store.conversations.append(id, [event()]);
      await decide(store, id, { at: T0 + 50, wipe: true, messages: [ours("goodbye")] });
      await store.outbox.settle(sure(await take(store, id, T0 + 50)), { ...away, at: T0 + 60 }, T0 + 50);
      await store.conversations.append(id, [event(T0 + 55)]);
      await decide(store, id, { at: T0 + 55, isExit: true, messages: [ours("dull again")] });
      expect(await deliver(store, id, T0 + 60)).toEqual(["(wipe)", "dull again"]);
    });

    it("leases safety texts and wipes first, whatever else has waited for longer", async () => {
      const { store } = at();
      const said = async (words: string, safety: boolean, due: number) => {
        const { conversationId: id } = await arrive(store);
        await decide(store, id, { at: due, messages: [ours(words, { send: { safety } })] });
        return id;
      };
      await take(store, "" as ConversationId, T0 + 50);
      const [old, older] = [await said("b", false, T0 + 3), await said("a", false, T0 + 2)];
      const [card, late] = [await said("113", true, T0 + 5), await said("c", false, T0 + 6)];
      const { conversationId: leaving } = await arrive(store);
      await decide(store, leaving, { at: T0 + 7, wipe: true });
      const order: string[] = [];
      for (let n = 0; n < 5; n += 1) {
        const [item] = await store.outbox.lease({ ...ASK, limit: 1, now: T0 + 60 });
        order.push(sure(item).id);
        await store.outbox.settle(sure(item), { outcome: "sent" }, T0 + 60);
      }
      expect(order).toEqual([card, leaving, older, old, late]);
    });

    it("leases for the channels asked for only, and never one item twice", async () => {
      const { store } = at();
      const second = await at().again();
      const ids = new Set<string>();
      for (let i = 0; i < 12; i++) ids.add(await queued(store, ["x"]));
      expect(await store.outbox.lease({ ...ASK, channels: ["zalo-oa"], now: T0 + 10 })).toEqual([]);
      const takes = await Promise.all(
        Array.from({ length: 8 }, (_, i) =>
          (i % 2 ? second : store).outbox.lease({ ...ASK, limit: 5, now: T0 + 10 }),
        ),
      );
      const mine = takes.flat().filter((item) => ids.has(item.id));
      expect(new Set(mine.map((item) => item.id)).size).toBe(mine.length);
      await second.upkeep.close();
    });

    it("tells how many wait and for how long", async () => {
      const { store } = at();
      await deliver(store, "nobody" as ConversationId, T0 + 100_000);
      expect(await store.outbox.tally(T0 + 100_000)).toEqual([]);
      await queued(store, ["one", "two"]);
      expect(await store.outbox.tally(T0 + 501)).toEqual([
        { channel: "telegram", state: "queued", n: 2, oldestMs: 500 },
      ]);
    });
  });
}
