/** Contract: cases, their order, and what staff and machine may do to them. */

import { describe, expect, it } from "vitest";
import type { CaseId } from "../../bot/core/ids.ts";
import type { CaseNote, CaseState, StaffCaseAction, Store } from "../../bot/ports/store.ts";
import {
  bytes,
  decide,
  event,
  fresh,
  hers,
  LAN,
  lease,
  line,
  MAI,
  type Opened,
  sure,
  T0,
  text,
  waitingCase,
} from "./store-scene.ts";

export function caseContract(at: () => Opened): void {
  function act(store: Store, id: CaseId, action: StaffCaseAction, by = LAN, note?: CaseNote) {
    const audit = line(action.op, id);
    return store.cases.act({ id, by, at: T0 + 5, action, event: event(), audit, ...(note ? { note } : {}) });
  }

  async function order(
    store: Store,
    ids: readonly CaseId[],
    states: readonly CaseState[] = ["waiting", "claimed"],
  ) {
    const listed = (await store.cases.list({ states, limit: 999 })).map((row) => row.id);
    return listed.filter((id) => ids.includes(id)).map((id) => ids.indexOf(id));
  }

  describe("cases", () => {
    it("come by level, then by who waits longer, and the claimed ones after them", async () => {
      const { store } = at();
      const made = [];
      for (const [level, wait] of [
        ["medium", 1],
        ["emergency", 2],
        ["high", 4],
        ["high", 3],
        ["emergency", 9],
      ] as const) {
        made.push((await waitingCase(store, level, T0 + wait)).id);
      }
      await act(store, sure(made[4]), { op: "claim" });
      expect(await order(store, made)).toEqual([1, 3, 2, 0, 4]);
      const before = await store.cases.ahead(sure(made[3]));
      expect(await store.cases.ahead(sure(made[2]))).toBeGreaterThan(before);
      expect(await store.cases.ahead(sure(made[4]))).toBe(0);
    });

    it("give exactly one of two claims", async () => {
      const { store } = at();
      const second = await at().again();
      for (let round = 0; round < 5; round++) {
        const { id } = await waitingCase(store, "high");
        const both = await Promise.all([
          act(store, id, { op: "claim" }, LAN),
          act(second, id, { op: "claim" }, MAI),
        ]);
        expect(both.filter((r) => r.ok)).toHaveLength(1);
        expect(both.filter((r) => !r.ok && r.code === "already_claimed")).toHaveLength(1);
      }
      await second.upkeep.close();
    });

    it("write the event for the conversation and the audit line with the change, and only with it", async () => {
      const { store } = at();
      const { id, conversation } = await waitingCase(store, "high");
      const claimed = await act(store, id, { op: "claim" });
      expect(claimed).toMatchObject({
        ok: true,
        row: { state: "claimed", claimedBy: LAN, claimedAt: T0 + 5 },
      });
      expect(await act(store, id, { op: "claim" }, MAI)).toEqual({ ok: false, code: "already_claimed" });
      expect((await lease(store, conversation)).events).toHaveLength(1);
      expect(await store.upkeep.auditTrail(9, id)).toHaveLength(1);
    });

    it("note the reason with the change, and nothing where the change is refused", async () => {
      const { store } = at();
      const { id, conversation } = await waitingCase(store, "high");
      const reason = (words: string) => ({
        id: fresh("note"),
        caseId: id,
        by: LAN,
        at: T0 + 5,
        sealed: bytes(words),
      });
      await act(store, id, { op: "claim" }, MAI);
      const refused = await act(store, id, { op: "set_level", level: "low" }, LAN, reason("refused"));
      expect(refused).toEqual({ ok: false, code: "not_yours" });
      expect(await store.cases.notes(id)).toEqual([]);
      await act(store, id, { op: "set_level", level: "low" }, MAI, reason("lowered"));
      expect((await store.cases.notes(id)).map((n) => text(n.sealed))).toEqual(["lowered"]);
      await store.conversations.append(conversation, [event()]);
      await decide(store, conversation, { forget: { receipt: "R" } });
      expect((await act(store, id, { op: "close", outcome: "left" }, MAI, reason("late"))).ok).toBe(true);
      expect(await store.cases.notes(id)).toEqual([]);
    });

    it("take a double click as one claim", async () => {
      const { store } = at();
      const { id, conversation } = await waitingCase(store, "high");
      await act(store, id, { op: "claim" });
      expect((await act(store, id, { op: "claim" })).ok).toBe(true);
      expect((await lease(store, conversation)).events).toHaveLength(1);
    });

    it("are taken over from the colleague who is named, once, and from nobody else", async () => {
      const { store } = at();
      const { id } = await waitingCase(store, "high");
      await act(store, id, { op: "claim" }, LAN);
      expect(await act(store, id, { op: "claim", from: MAI }, MAI)).toEqual({
        ok: false,
        code: "already_claimed",
      });
      expect(await act(store, id, { op: "claim", from: LAN }, MAI)).toMatchObject({
        ok: true,
        row: { state: "claimed", claimedBy: MAI },
      });
      const third = "staff-third" as typeof MAI;
      expect(await act(store, id, { op: "claim", from: LAN }, third)).toEqual({
        ok: false,
        code: "already_claimed",
      });
      expect(await act(store, id, { op: "release" }, LAN)).toEqual({ ok: false, code: "not_yours" });
    });

    it("are given back and closed only by who holds them", async () => {
      const { store } = at();
      const { id } = await waitingCase(store, "high");
      expect(await act(store, id, { op: "close", outcome: "helped" })).toEqual({
        ok: false,
        code: "not_yours",
      });
      await act(store, id, { op: "claim" });
      expect(await act(store, id, { op: "release" }, MAI)).toEqual({ ok: false, code: "not_yours" });
      expect(await act(store, id, { op: "release" })).toMatchObject({
        ok: true,
        row: { state: "waiting", claimedBy: null },
      });
      await act(store, id, { op: "claim" }, MAI);
      const closed = await act(store, id, { op: "close", outcome: "helped" }, MAI);
      expect(closed).toMatchObject({
        ok: true,
        row: { state: "closed", outcome: "helped", closedAt: T0 + 5 },
      });
      expect(await act(store, id, { op: "claim" })).toEqual({ ok: false, code: "closed" });
      expect(await act(store, "none" as CaseId, { op: "claim" })).toEqual({ ok: false, code: "gone" });
      expect(await order(store, [id])).toEqual([]);
      expect(await order(store, [id], ["closed"])).toEqual([0]);
    });

    it("are raised by the machine and never lowered; staff may lower", async () => {
      const { store } = at();
      const { id, conversation } = await waitingCase(store, "medium");
      const raise = async (level: "low" | "emergency", asked?: boolean) => {
        await store.conversations.append(conversation, [event()]);
        await decide(store, conversation, {
          at: T0 + 77,
          cases: [
            {
              op: "raise",
              caseId: id,
              level,
              sealedReasons: bytes(level),
              ...(asked === undefined ? {} : { asked }),
            },
          ],
        });
        return store.cases.get(id);
      };
      expect(await raise("low")).toMatchObject({ level: "medium", levelAt: T0 });
      const risen = await raise("emergency", false);
      expect(risen).toMatchObject({ level: "emergency", levelAt: T0 + 77, asked: false });
      expect(text(sure(risen).sealedReasons)).toBe("emergency");
      expect(await act(store, id, { op: "set_level", level: "low" })).toMatchObject({
        ok: true,
        row: { level: "low" },
      });
    });

    it("come back to the queue when danger rises in a case that was just closed", async () => {
      const { store } = at();
      const { id, conversation } = await waitingCase(store, "medium");
      await act(store, id, { op: "claim" });
      await act(store, id, { op: "close", outcome: "helped" });
      await decide(store, conversation, {
        cases: [{ op: "raise", caseId: id, level: "high", sealedReasons: bytes("r") }],
      });
      expect(await store.cases.get(id)).toMatchObject({ state: "waiting", claimedBy: null, level: "high" });
    });

    it("remember that she left, came back, or took her wish back", async () => {
      const { store } = at();
      const { id, conversation } = await waitingCase(store, "medium");
      for (const [mark, seen] of [
        ["left", { personLeft: true, asked: true }],
        ["returned", { personLeft: false, asked: true }],
        ["taken_back", { personLeft: false, asked: false, state: "waiting" }],
      ] as const) {
        await store.conversations.append(conversation, [event()]);
        await decide(store, conversation, { cases: [{ op: "mark", caseId: id, mark }] });
        expect(await store.cases.get(id)).toMatchObject(seen);
      }
    });

    it("remember since when she waits for an answer, while somebody has the case", async () => {
      const { store } = at();
      const { id, conversation } = await waitingCase(store, "high");
      const wait = async (since: number | null) => {
        await store.conversations.append(conversation, [event()]);
        await decide(store, conversation, { cases: [{ op: "await", caseId: id, since }] });
        return (await store.cases.get(id))?.awaitedSince;
      };
      expect(await wait(T0 + 9)).toBe(null);
      await act(store, id, { op: "claim" });
      expect((await store.cases.get(id))?.awaitedSince).toBe(T0 + 5);
      expect(await wait(null)).toBe(null);
      expect(await wait(T0 + 20)).toBe(T0 + 20);
      await act(store, id, { op: "set_level", level: "low" });
      expect(
        (await store.cases.list({ states: ["claimed"], limit: 999 })).find((c) => c.id === id),
      ).toMatchObject({
        awaitedSince: T0 + 20,
      });
      await act(store, id, { op: "release" });
      expect((await store.cases.get(id))?.awaitedSince).toBe(null);
    });

    it("count her words since staff last read", async () => {
      const { store } = at();
      const { id, conversation } = await waitingCase(store, "high");
      await store.conversations.append(conversation, [event()]);
      await decide(store, conversation, {
        messages: [hers("two", { at: T0 + 20 }), hers("three", { at: T0 + 30 })],
      });
      expect(await store.cases.get(id)).toMatchObject({ unread: 3, lastPersonAt: T0 + 30 });
      await store.cases.markRead(id, T0 + 25);
      expect(await store.cases.get(id)).toMatchObject({ unread: 1 });
    });

    it("keep notes in order, and none after forgetting", async () => {
      const { store } = at();
      const { id, conversation } = await waitingCase(store, "high");
      const note = (n: number) => ({
        id: fresh("note"),
        caseId: id,
        by: LAN,
        at: T0 + n,
        sealed: bytes(`note ${n}`),
      });
      await store.cases.addNote(note(2));
      await store.cases.addNote(note(1));
      expect((await store.cases.notes(id)).map((n) => text(n.sealed))).toEqual(["note 1", "note 2"]);
      await store.conversations.append(conversation, [event()]);
      await decide(store, conversation, { forget: { receipt: "R" } });
      await store.cases.addNote(note(3));
      expect(await store.cases.notes(id)).toEqual([]);
      expect((await act(store, id, { op: "claim" })).ok).toBe(true);
      expect((await act(store, id, { op: "close", outcome: "left" })).ok).toBe(true);
    });

    it("list one counsellor's own, and tell how many wait", async () => {
      const { store } = at();
      const { id } = await waitingCase(store, "low");
      const by = fresh("staff") as typeof LAN;
      await act(store, id, { op: "claim" }, by);
      expect(
        (await store.cases.list({ states: ["claimed"], limit: 9, claimedBy: by })).map((r) => r.id),
      ).toEqual([id]);
      const tally = await store.cases.tally(T0 + 1_000);
      expect(sure(tally.find((t) => t.state === "claimed" && t.level === "low")).n).toBeGreaterThan(0);
      expect(tally.every((t) => t.oldestMs >= 0 && Number.isInteger(t.n))).toBe(true);
    });
  });
}
