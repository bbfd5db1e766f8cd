/** Contract: the inbox, leases and turns. */

import { describe, expect, it } from "vitest";
import type { ConversationId, EventId } from "../../bot/core/ids.ts";
import {
  arrival,
  arrive,
  bytes,
  commitOf,
  decide,
  deliver,
  event,
  fresh,
  hers,
  lease,
  line,
  type Opened,
  opening,
  ours,
  sure,
  T0,
  text,
} from "./store-scene.ts";

export function conversationContract(at: () => Opened): void {
  describe("receive", () => {
    it("keeps an arrival once, and knows a redelivery by its channel and key", async () => {
      const { store } = at();
      const came = await arrive(store);
      const again = await store.conversations.receive({
        ...came,
        events: [{ ...sure(came.events[0]), id: fresh("event") as EventId }],
      });
      expect(again).toEqual({ ok: true, fresh: [] });
      const elsewhere = arrival({ channel: "web", events: [event(T0, sure(came.events[0]).dedupeKey)] });
      expect(await store.conversations.receive(elsewhere)).toEqual({
        ok: true,
        fresh: [sure(elsewhere.events[0]).id],
      });
      expect((await lease(store, came.conversationId)).events).toHaveLength(1);
    });

    it("tells how many wait to be decided, and since when", async () => {
      const { store } = at();
      const { n } = await store.conversations.tally(T0);
      const { conversationId: id } = await arrive(store);
      const waiting = await store.conversations.tally(T0 + 90_000);
      expect(waiting.n).toBe(n + 1);
      expect(waiting.oldestMs).toBeGreaterThanOrEqual(90_000);
      await decide(store, id);
      expect((await store.conversations.tally(T0)).n).toBe(n);
    });

    it("takes the new ones of a batch and leaves out the known ones", async () => {
      const { store } = at();
      const came = await arrive(store);
      const [known, added] = [sure(came.events[0]), event()];
      expect(await store.conversations.receive({ ...came, events: [known, added] })).toEqual({
        ok: true,
        fresh: [added.id],
      });
      expect((await lease(store, came.conversationId)).events.map((e) => e.seq)).toEqual([1, 2]);
    });

    it("begins one conversation when two processes see the same person first", async () => {
      const second = await at().again();
      const pseudonym = fresh("person");
      const races = [1, 2, 3, 4, 5, 6].map((n) =>
        arrival({ pseudonym, conversationId: `race${n}-${pseudonym}` as ConversationId }),
      );
      const results = await Promise.all(
        races.map((race, i) => (i % 2 ? second : at().store).conversations.receive(race)),
      );
      expect(results.filter((r) => r.ok)).toHaveLength(1);
      expect(results.filter((r) => !r.ok && r.code === "other_conversation")).toHaveLength(5);
      const winner = sure(races[results.findIndex((r) => r.ok)]);
      expect((await at().store.conversations.find(pseudonym))?.id).toBe(winner.conversationId);
      await second.upkeep.close();
    });

    it("leaves nothing of a refused arrival, so that it can be sealed again and taken", async () => {
      const { store } = at();
      const came = await arrive(store);
      const stray = arrival({ pseudonym: came.pseudonym, conversationId: "another" as ConversationId });
      expect(await store.conversations.receive(stray)).toEqual({ ok: false, code: "other_conversation" });
      const sealedAgain = { ...stray, conversationId: came.conversationId };
      expect(await store.conversations.receive(sealedAgain)).toEqual({
        ok: true,
        fresh: [sure(stray.events[0]).id],
      });
    });

    it("begins another conversation in the place of one whose key does not open, once", async () => {
      const { store } = at();
      const { pseudonym, conversationId: broken } = await arrive(store);
      const anew = (n: number) => {
        const made = arrival({ pseudonym, conversationId: `anew${n}-${pseudonym}` as ConversationId });
        return { ...made, create: { ...sure(made.create), instead: broken } };
      };
      expect((await store.conversations.receive(anew(1))).ok).toBe(true);
      expect((await store.conversations.find(pseudonym))?.id).toBe(`anew1-${pseudonym}`);
      expect((await store.conversations.head(broken))?.id).toBe(broken);
      // Another process found the same, and came second.
      expect(await store.conversations.receive(anew(2))).toEqual({ ok: false, code: "other_conversation" });
      expect((await store.conversations.find(pseudonym))?.id).toBe(`anew1-${pseudonym}`);
    });

    it("refuses a conversation that nobody made", async () => {
      const { create: _, ...bare } = arrival();
      expect(await at().store.conversations.receive(bare)).toEqual({ ok: false, code: "other_conversation" });
    });

    it("gives the head back as it came", async () => {
      const { store } = at();
      const came = await arrive(store);
      const head = await store.conversations.head(came.conversationId);
      expect(text(sure(head).wrappedKey)).toBe(text(sure(came.create).wrappedKey));
      expect(text(sure(head).sealedAddress)).toBe(text(sure(came.create).sealedAddress));
      expect(await store.conversations.find("nobody")).toBeNull();
      expect(await store.conversations.head("nobody" as ConversationId)).toBeNull();
    });
  });

  describe("receive with a lease", () => {
    const LEASE = { owner: "door", now: T0 + 1, forMs: 1_000 };

    it("gives what a turn needs, to nobody else meanwhile, and takes the turn's commit", async () => {
      const { store } = at();
      const came = arrival({ events: [event(), event()], lease: LEASE });
      const { conversationId: id } = came;
      expect(await store.conversations.receive(came)).toEqual({
        ok: true,
        fresh: came.events.map((e) => e.id),
        lease: { version: 0, sealedState: null, fence: 1 },
      });
      await expect(lease(store, id, T0 + 1_000)).rejects.toThrow("nothing to lease");
      const turn = { ...sure(await store.conversations.head(id)), version: 0, sealedState: null, fence: 1 };
      const events = came.events.map((e, i) => ({ ...e, seq: i + 1, failures: 0 }));
      const commit = commitOf({ ...turn, events }, { sealedState: bytes("first") });
      expect(await store.conversations.commit(commit)).toEqual({ ok: true, version: 1 });
      const { create: _, ...again } = { ...came, events: [event()] };
      const known = await store.conversations.receive(again);
      expect(known).toMatchObject({ ok: true, lease: { version: 1, fence: 2 } });
      expect(text((known.ok && known.lease?.sealedState) || null)).toBe("first");
    });

    it("is not given while something waits or somebody is at it, nor for what came before", async () => {
      const { store } = at();
      const waiting = await arrive(store);
      const { create: _, ...more } = { ...waiting, events: [event()], lease: LEASE };
      expect(await store.conversations.receive(more)).toEqual({ ok: true, fresh: [sure(more.events[0]).id] });
      expect(await store.conversations.receive(more)).toEqual({ ok: true, fresh: [] });
      const turn = await lease(store, waiting.conversationId);
      const third = { ...more, events: [event()] };
      expect(await store.conversations.receive(third)).not.toHaveProperty("lease");
      // Meanwhile one more has come: said, and offered again at once.
      expect(await store.conversations.commit(commitOf(turn))).toEqual({ ok: true, version: 1, left: true });
      expect((await lease(store, waiting.conversationId)).events.map((e) => e.id)).toEqual([
        sure(third.events[0]).id,
      ]);
    });

    it("lapses like any other: the next one has all of it, and the old fence is refused", async () => {
      const { store } = at();
      const came = await arrive(store, { lease: LEASE });
      const taken = await lease(store, came.conversationId, T0 + 1_001);
      expect(taken.events.map((e) => e.id)).toEqual(came.events.map((e) => e.id));
      const slept = commitOf({ ...taken, fence: 1 });
      expect(await store.conversations.commit(slept)).toEqual({ ok: false, code: "lease_lost" });
      expect(await store.conversations.commit(commitOf(taken))).toEqual({ ok: true, version: 1 });
    });
  });

  describe("append", () => {
    it("adds an event from inside once", async () => {
      const { store } = at();
      const { conversationId } = await arrive(store);
      const inside = event();
      expect(await store.conversations.append(conversationId, [inside])).toBe(true);
      expect(
        await store.conversations.append(conversationId, [{ ...inside, id: fresh("event") as EventId }]),
      ).toBe(true);
      expect((await lease(store, conversationId)).events).toHaveLength(2);
    });

    it("says when the conversation is gone", async () => {
      expect(await at().store.conversations.append("nobody" as ConversationId, [event()])).toBe(false);
    });
  });

  describe("lease", () => {
    it("offers those that wait longest first, and one conversation to one worker", async () => {
      const { store } = at();
      const second = await at().again();
      const made = [];
      for (const wait of [5, 9, 7])
        made.push(await arrive(store, { events: [event(T0 - wait * 86_400_000)] }));
      const ask = { now: T0, forMs: 1_000, eventsEach: 5 };
      const first = await store.conversations.lease({ owner: "a", limit: 2, ...ask });
      expect(first.map((t) => t.id)).toEqual([sure(made[1]).conversationId, sure(made[2]).conversationId]);
      const rest = await second.conversations.lease({ owner: "b", limit: 50, ...ask });
      const ids = rest.map((t) => t.id);
      expect(ids).toContain(sure(made[0]).conversationId);
      expect(ids).not.toContain(sure(made[1]).conversationId);
      for (const turn of first) await store.conversations.release({ id: turn.id, fence: turn.fence });
      await second.upkeep.close();
    });

    it("is exclusive even when many ask at once", async () => {
      const { store } = at();
      const second = await at().again();
      const made = new Set<string>();
      for (let i = 0; i < 40; i++) made.add((await arrive(store)).conversationId);
      const ask = { now: T0 + 5, forMs: 60_000, limit: 7, eventsEach: 1 };
      const takes = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          (i % 2 ? second : store).conversations.lease({ owner: `w${i}`, ...ask }),
        ),
      );
      const mine = takes.flat().filter((turn) => made.has(turn.id));
      expect(new Set(mine.map((t) => t.id)).size).toBe(mine.length);
      await second.upkeep.close();
    });

    it("gives at most as many events as were asked for, oldest first", async () => {
      const { store } = at();
      const came = await arrive(store, { events: [event(), event(), event()] });
      const [turn] = (
        await store.conversations.lease({ owner: "a", now: T0 + 9, forMs: 10, limit: 999, eventsEach: 2 })
      ).filter((t) => t.id === came.conversationId);
      expect(sure(turn).events.map((e) => e.id)).toEqual(came.events.slice(0, 2).map((e) => e.id));
    });

    it("lets another take over when it runs out, and refuses the old fence", async () => {
      const { store } = at();
      const { conversationId } = await arrive(store);
      const slept = await lease(store, conversationId, T0 + 1, 1_000);
      const taken = await lease(store, conversationId, T0 + 1_001);
      expect(taken.fence).toBeGreaterThan(slept.fence);
      expect(await store.conversations.commit(commitOf(slept))).toEqual({ ok: false, code: "lease_lost" });
      expect(await store.conversations.commit(commitOf(taken))).toEqual({ ok: true, version: 1 });
    });

    it("is given back with a failure counted, and offered again when it is time", async () => {
      const { store } = at();
      const { conversationId } = await arrive(store);
      const turn = await lease(store, conversationId);
      await store.conversations.release({
        id: conversationId,
        fence: turn.fence,
        failed: sure(turn.events[0]).id,
        retryAt: T0 + 500,
      });
      await expect(lease(store, conversationId, T0 + 499)).rejects.toThrow("nothing to lease");
      const again = await lease(store, conversationId, T0 + 500);
      expect(sure(again.events[0]).failures).toBe(1);
      expect(await store.conversations.commit(commitOf(turn))).toEqual({ ok: false, code: "lease_lost" });
    });
  });

  describe("commit", () => {
    it("writes state, messages, timers, counts and audit together", async () => {
      const { store } = at();
      const { conversationId } = await arrive(store);
      const name = fresh("count");
      await decide(store, conversationId, {
        sealedState: bytes("after"),
        messages: [hers("hello"), ours("welcome")],
        counts: [
          { name, labels: { b: "2", a: "1" } },
          { name, labels: { a: "1", b: "2" } },
        ],
        audit: [line("said", conversationId)],
        unanswered: [`question ${name}`],
      });
      const lines = await store.conversations.transcript(conversationId, 0, 10);
      expect(lines.map((l) => [l.ordinal, l.author, text(l.sealed), l.state])).toEqual([
        [1, "person", "hello", "received"],
        [2, "bot", "welcome", "queued"],
      ]);
      const counted = (await store.upkeep.counts("2026-11-22", "2026-11-22")).filter((c) => c.name === name);
      expect(counted).toEqual([{ day: "2026-11-22", name, labels: { a: "1", b: "2" }, n: 2 }]);
      expect((await store.upkeep.auditTrail(5, conversationId)).map((a) => a.action)).toEqual(["said"]);
      const asked = (await store.content.unanswered(100)).filter((u) => u.question === `question ${name}`);
      expect(asked).toHaveLength(1);
      await store.content.settle([asked[0]?.id ?? "", "no number", "987654321"], line("settled"));
      expect((await store.content.unanswered(100)).filter((u) => u.id === asked[0]?.id)).toEqual([]);
      await store.conversations.append(conversationId, [event()]);
      expect(text((await lease(store, conversationId)).sealedState)).toBe("after");
    });

    it("handles an event once, and leaves nothing when it is refused", async () => {
      const { store } = at();
      const { conversationId } = await arrive(store);
      const turn = await decide(store, conversationId, { messages: [hers("once")] });
      await store.conversations.append(conversationId, [event()]);
      const next = await lease(store, conversationId);
      expect(
        await store.conversations.commit(commitOf(next, { expectedVersion: 0, messages: [ours("no")] })),
      ).toEqual({
        ok: false,
        code: "version_moved",
      });
      const twice = commitOf(next, { handled: turn.events.map((e) => e.id), messages: [ours("no")] });
      expect(await store.conversations.commit(twice)).toEqual({ ok: false, code: "version_moved" });
      expect(await store.conversations.transcript(conversationId, 0, 10)).toHaveLength(1);
      expect(await store.conversations.commit(commitOf(next))).toEqual({ ok: true, version: 2 });
    });

    it("numbers the transcript without gaps, also when two decide at once", async () => {
      const { store } = at();
      const second = await at().again();
      const { conversationId } = await arrive(store);
      for (let round = 0; round < 6; round++) {
        if (round > 0) await store.conversations.append(conversationId, [event()]);
        const turn = await lease(store, conversationId, T0 + round + 1);
        const both = await Promise.all([
          store.conversations.commit(commitOf(turn, { messages: [hers("a"), ours("b")] })),
          second.conversations.commit(commitOf(turn, { messages: [hers("c"), ours("d")] })),
        ]);
        expect(both.filter((r) => r.ok)).toHaveLength(1);
      }
      const ordinals = (await store.conversations.transcript(conversationId, 0, 100)).map((l) => l.ordinal);
      expect(ordinals).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
      const end = await store.conversations.transcriptEnd(conversationId, 0, 3);
      expect(end.map((l) => l.ordinal)).toEqual(ordinals.slice(-3));
      expect(await store.conversations.transcriptEnd(conversationId, ordinals.at(-2) ?? 0, 9)).toHaveLength(
        1,
      );
      const resumed = await store.conversations.transcript(conversationId, 10, 100);
      expect(resumed.map((l) => l.ordinal)).toEqual([11, 12]);
      await second.upkeep.close();
    });

    it("offers the conversation again at once when events are left", async () => {
      const { store } = at();
      const came = await arrive(store, { events: [event(), event()] });
      await decide(store, came.conversationId, { handled: [sure(came.events[0]).id] });
      const next = await lease(store, came.conversationId, T0 + 2);
      expect(next.events.map((e) => e.id)).toEqual([sure(came.events[1]).id]);
      expect(next.version).toBe(1);
    });

    it("ends a session: the next word begins a new conversation, the old one still delivers", async () => {
      const { store } = at();
      const came = await arrive(store);
      await decide(store, came.conversationId, { endSession: true, messages: [ours("goodbye")] });
      expect(await store.conversations.find(came.pseudonym)).toBeNull();
      const next = arrival({
        pseudonym: came.pseudonym,
        conversationId: fresh("conversation") as ConversationId,
      });
      expect(await store.conversations.receive(next)).toEqual({ ok: true, fresh: [sure(next.events[0]).id] });
      expect(await deliver(store, came.conversationId)).toEqual(["goodbye"]);
      const redelivered = { ...came, conversationId: fresh("conversation") as ConversationId };
      expect(await store.conversations.receive(redelivered)).toEqual({ ok: true, fresh: [] });
    });
  });

  describe("forget", () => {
    it("destroys everything but counts, audit and the shell of a case", async () => {
      const { store } = at();
      const came = await arrive(store);
      const id = came.conversationId;
      const open = opening("high");
      await decide(store, id, {
        messages: [hers("secret"), ours("answer")],
        cases: [open],
        setTimers: [{ timer: "idle", dueAt: T0 + 50, token: "t" }],
        audit: [line("opened", id)],
      });
      await store.cases.addNote({
        id: fresh("note"),
        caseId: open.caseId,
        by: "staff" as never,
        at: T0,
        sealed: bytes("note"),
      });
      await deliver(store, id);
      await store.conversations.append(id, [event()]);
      await decide(store, id, { forget: { receipt: "R-1" } });

      expect(await store.conversations.find(came.pseudonym)).toBeNull();
      expect(await store.conversations.head(id)).toBeNull();
      expect(await store.conversations.transcript(id, 0, 10)).toEqual([]);
      expect(await store.conversations.append(id, [event()])).toBe(false);
      expect((await store.upkeep.dueTimers(T0 + 100, 1_000)).filter((t) => t.id === id)).toEqual([]);
      expect(await store.cases.notes(open.caseId)).toEqual([]);
      const shell = await store.cases.get(open.caseId);
      expect(shell).toMatchObject({ personLeft: true, sealedReasons: null, state: "waiting", level: "high" });
      expect((await store.upkeep.auditTrail(5, id)).map((a) => a.action)).toEqual(["opened"]);
      const again = arrival({
        pseudonym: came.pseudonym,
        conversationId: fresh("conversation") as ConversationId,
      });
      expect((await store.conversations.receive(again)).ok).toBe(true);
    });

    it("still delivers the wipe and the receipt of that turn, then destroys the key", async () => {
      const { store } = at();
      const came = await arrive(store);
      const id = came.conversationId;
      await decide(store, id, {
        messages: [hers("secret", { sealedPlatformRef: bytes("her ref") }), ours("old, unsent")],
      });
      await store.conversations.append(id, [event()]);
      await decide(store, id, {
        wipe: true,
        messages: [hers("forget me"), ours("receipt")],
        forget: { receipt: "R-2" },
      });
      const wipe = await store.outbox.lease({
        owner: "o",
        now: T0 + 9,
        forMs: 1_000,
        limit: 999,
        channels: ["telegram"],
      });
      const item = sure(wipe.find((i) => i.id === id));
      expect(item.kind).toBe("wipe");
      expect(text(item.sealedAddress)).toBe(text(sure(came.create).sealedAddress));
      expect((await store.outbox.wipeRefs(id, 0)).map((r) => text(r.sealedPlatformRef))).toEqual(["her ref"]);
      await store.outbox.settle(item, { outcome: "sent" }, T0 + 10);
      expect(await deliver(store, id, T0 + 2_000)).toEqual(["receipt"]);
      expect(await store.outbox.wipeRefs(id, 0)).toEqual([]);
      expect(await store.conversations.commit(commitOf({ ...(await seen(store, id)) }))).toEqual({
        ok: false,
        code: "gone",
      });
    });

    it("deletes on her phone also what was on its way at that moment", async () => {
      const { store } = at();
      const { conversationId: id } = await arrive(store);
      await decide(store, id, { messages: [ours("on its way"), ours("unsent")] });
      const out = { owner: "o", forMs: 1_000, limit: 999, channels: ["telegram"] as const };
      const mine = async (now: number) =>
        (await store.outbox.lease({ ...out, now })).find((i) => i.id === id);
      const held = sure(await mine(T0 + 9));
      await store.conversations.append(id, [event()]);
      const forget = { wipe: true, messages: [ours("receipt")], forget: { receipt: "R-5" } };
      await decide(store, id, forget);
      expect(await mine(T0 + 10)).toBeUndefined();
      const arrived = { outcome: "sent", sealedPlatformRef: bytes("our ref") } as const;
      expect(await store.outbox.settle(held, arrived, T0 + 11)).toEqual({ more: true });
      expect(sure(await mine(T0 + 12)).kind).toBe("wipe");
      expect((await store.outbox.wipeRefs(id, 0)).map((r) => text(r.sealedPlatformRef))).toEqual(["our ref"]);
      expect(await deliver(store, id, T0 + 5_000)).toEqual(["(wipe)", "receipt"]);
      expect(await store.outbox.wipeRefs(id, 0)).toEqual([]);
      expect(await store.conversations.head(id)).toBeNull();
    });

    it("repeats nothing of what was on its way, should its sender have died", async () => {
      const { store } = at();
      const { conversationId: id } = await arrive(store);
      await decide(store, id, { messages: [ours("113", { send: { safety: true } })] });
      const out = { owner: "o", forMs: 1_000, limit: 999, channels: ["telegram"] as const };
      const mine = async (now: number) =>
        (await store.outbox.lease({ ...out, now })).find((i) => i.id === id);
      expect(await mine(T0 + 9)).toMatchObject({ safety: true });
      await store.conversations.append(id, [event()]);
      const forget = { wipe: true, messages: [ours("receipt")], forget: { receipt: "R-6" } };
      await decide(store, id, forget);
      const lapsed = sure(await mine(T0 + 2_000));
      expect(lapsed).toMatchObject({ kind: "message", unclear: true, safety: false });
      expect(lapsed.sealed).toHaveLength(0);
      await store.outbox.settle(lapsed, { outcome: "unclear", code: "unclear" }, T0 + 2_001);
      expect(await deliver(store, id, T0 + 5_000)).toEqual(["(wipe)", "receipt"]);
    });

    it("may repeat what this turn says itself, like any other", async () => {
      const { store } = at();
      const { conversationId: id } = await arrive(store);
      const messages = [ours("receipt", { send: { safety: true } })];
      await decide(store, id, { messages, sendUntil: T0 + 20, forget: { receipt: "R-7" } });
      const out = { owner: "o", forMs: 1_000, limit: 999, channels: ["telegram"] as const };
      const items = await store.outbox.lease({ ...out, now: T0 + 30 });
      expect(items.find((i) => i.id === id)).toMatchObject({ unclear: true, safety: true });
    });

    it("shows nothing of what waits for its wipe to who goes on talking, and keeps nothing of it after that", async () => {
      const { store } = at();
      const came = await arrive(store);
      const id = came.conversationId;
      await decide(store, id, {
        messages: [hers("secret", { sealedPlatformRef: bytes("her ref") }), ours("ours")],
      });
      await deliver(store, id);
      const [last, next] = [event(), event()];
      await store.conversations.append(id, [last, next]);
      const forget = { wipe: true, messages: [ours("receipt")], forget: { receipt: "R-4" } };
      await decide(store, id, { handled: [last.id], ...forget });
      const shown = async () =>
        (await store.conversations.transcript(id, 0, 10)).map((line) => text(line.sealed));
      expect(await shown()).toEqual(["receipt"]);
      expect(await store.outbox.wipeRefs(id, 0)).toHaveLength(2);
      expect(await deliver(store, id)).toEqual(["(wipe)", "receipt"]);
      expect(await shown()).toEqual(["receipt"]);
      expect((await store.conversations.transcriptEnd(id, 0, 10)).map((l) => text(l.sealed))).toEqual([
        "receipt",
      ]);
      expect((await store.outbox.wipeRefs(id, 0)).map((r) => r.author)).toEqual(["bot"]);
    });

    it("leaves no question for the editors behind that nobody can open any more", async () => {
      const { store } = at();
      const other = await arrive(store);
      await decide(store, other.conversationId, { unanswered: [`${other.conversationId} theirs`] });
      const came = await arrive(store, { events: [event(), event()] });
      const id = came.conversationId;
      await decide(store, id, { handled: [sure(came.events[0]).id], unanswered: [`${id} hers`] });
      await decide(store, id, { handled: [sure(came.events[1]).id], forget: { receipt: "R-4" } });
      const asked = (await store.content.unanswered(100)).map((u) => u.question);
      expect(asked.filter((q) => q.startsWith(id))).toEqual([]);
      expect(asked).toContain(`${other.conversationId} theirs`);
    });

    it("loses no word that came after: it is decided as the first of an empty conversation", async () => {
      const { store } = at();
      const other = await arrive(store);
      await decide(store, other.conversationId, { unanswered: [`${other.conversationId} theirs`] });
      const came = await arrive(store, { events: [event(), event(), event()] });
      const id = came.conversationId;
      const asked = async () =>
        (await store.content.unanswered(100))
          .map((u) => u.question)
          .filter((q) => q.startsWith(id) || q.startsWith(other.conversationId));
      await decide(store, id, { handled: [sure(came.events[2]).id], unanswered: [`${id} hers`] });
      expect(await asked()).toHaveLength(2);
      await decide(store, id, {
        handled: [sure(came.events[0]).id],
        messages: [hers("forget me")],
        forget: { receipt: "R-3" },
      });
      expect(await asked()).toEqual([`${other.conversationId} theirs`]);
      const turn = await lease(store, id, T0 + 2);
      expect(turn.events.map((e) => e.id)).toEqual([sure(came.events[1]).id]);
      expect(turn.sealedState).toBeNull();
      expect(await store.conversations.transcript(id, 0, 10)).toEqual([]);
      expect((await store.conversations.find(came.pseudonym))?.id).toBe(id);
    });
  });

  async function seen(_: unknown, id: ConversationId) {
    return { ...(await lease(at().store, (await arrive(at().store)).conversationId)), id, events: [] };
  }
}
