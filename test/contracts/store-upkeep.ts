/** Contract: content, staff, and what runs in the background. */

import { describe, expect, it } from "vitest";
import type { StaffId } from "../../bot/core/ids.ts";
import type { StaffRow, Store, TokenKind } from "../../bot/ports/store.ts";
import {
  arrive,
  bytes,
  decide,
  deliver,
  event,
  fresh,
  hers,
  LAN,
  line,
  type Opened,
  ours,
  sure,
  T0,
  text,
  waitingCase,
} from "./store-scene.ts";

const DAY_MS = 86_400_000;

export function upkeepContract(at: () => Opened): void {
  describe("content", () => {
    const draft = (key: string, source: string, basedOn: number) => ({
      kind: "flow" as const,
      key,
      source,
      by: "mai",
      at: T0,
      basedOn,
    });
    const publish = (store: Store, key: string, number: number) =>
      store.content.publish({
        kind: "flow",
        key,
        number,
        by: "mai",
        at: T0,
        note: "n",
        audit: line("published", key),
      });

    it("has one draft per key, and refuses a save on top of somebody else's", async () => {
      const { store } = at();
      const key = fresh("flow");
      expect(await store.content.saveDraft(draft(key, "a", 0))).toEqual({ ok: true, number: 1 });
      expect(await store.content.saveDraft(draft(key, "b", 0))).toEqual({
        ok: false,
        code: "stale",
        newest: 1,
      });
      expect(await store.content.saveDraft(draft(key, "b", 1))).toEqual({ ok: true, number: 2 });
      expect((await store.content.history("flow", key)).map((r) => [r.number, r.source, r.state])).toEqual([
        [2, "b", "draft"],
      ]);
      expect((await store.content.published()).revisions.filter((r) => r.key === key)).toEqual([]);
    });

    it("publishes a draft once, retires what was published, and moves the edition", async () => {
      const { store } = at();
      const second = await at().again();
      const key = fresh("flow");
      await store.content.saveDraft(draft(key, "a", 0));
      const before = await store.content.edition();
      const both = await Promise.all([publish(store, key, 1), publish(second, key, 1)]);
      expect(both.sort()).toEqual([false, true]);
      expect(await store.content.edition()).toBe(before + 1);
      await store.content.saveDraft(draft(key, "b", 1));
      expect(await publish(store, key, 2)).toBe(true);
      expect((await store.content.history("flow", key)).map((r) => [r.number, r.state])).toEqual([
        [2, "published"],
        [1, "retired"],
      ]);
      const published = await store.content.published();
      expect(published.edition).toBe(before + 2);
      expect(published.revisions.find((r) => r.key === key)).toMatchObject({
        source: "b",
        note: "n",
        by: "mai",
      });
      expect(await store.upkeep.auditTrail(9, key)).toHaveLength(2);
      await second.upkeep.close();
    });

    it("keeps who wrote beside who published, and what somebody else wrote over", async () => {
      const { store } = at();
      const key = fresh("flow");
      const by = (who: string, source: string, basedOn: number) =>
        store.content.saveDraft({ ...draft(key, source, basedOn), by: who });
      expect(await by("lan", "lan's", 0)).toEqual({ ok: true, number: 1 });
      expect(await by("mai", "mai's", 1)).toEqual({ ok: true, number: 2 });
      expect(await by("lan", "lan's again", 2)).toEqual({ ok: true, number: 3 });
      expect(await by("lan", "lan's last", 3)).toEqual({ ok: true, number: 4 });
      expect((await store.content.drafts()).filter((d) => d.key === key)).toMatchObject([{ number: 4 }]);
      expect(await publish(store, key, 4)).toBe(true);
      const history = await store.content.history("flow", key);
      expect(history.map((r) => [r.number, r.source, r.state, r.writtenBy, r.by])).toEqual([
        [4, "lan's last", "published", "lan", "mai"],
        [2, "mai's", "discarded", "mai", "mai"],
        [1, "lan's", "discarded", "lan", "lan"],
      ]);
    });

    it("puts an older text into force again in one step, once, and leaves a draft on top, marked", async () => {
      const { store } = at();
      const second = await at().again();
      const key = fresh("flow");
      for (const [n, source] of ["old", "new"].entries()) {
        await store.content.saveDraft(draft(key, source, n));
        await publish(store, key, n + 1);
      }
      await store.content.saveDraft({ ...draft(key, "open", 2), by: "lan" });
      const edition = await store.content.edition();
      const restore = (to: Store) =>
        to.content.restore({
          ...{ kind: "flow", key, source: "old", by: "mai", at: T0, over: 2, note: "← 1", draftNote: "look" },
          audit: { ...line("published", key), detail: "← 1" },
        });
      expect((await Promise.all([restore(store), restore(second)])).sort()).toEqual([false, true]);
      expect(await store.content.edition()).toBe(edition + 1);
      const history = await store.content.history("flow", key);
      expect(history.map((r) => [r.number, r.source, r.state, r.by, r.note])).toEqual([
        [5, "open", "draft", "lan", "look"],
        [4, "old", "published", "mai", "← 1"],
        [2, "new", "retired", "mai", "n"],
        [1, "old", "retired", "mai", "n"],
      ]);
      expect((await store.upkeep.auditTrail(9, key)).map((a) => a.detail)).toContain("4 ← 1");
      await second.upkeep.close();
    });

    it("takes what a build brings once, and leaves a draft on top, marked", async () => {
      const { store } = at();
      const second = await at().again();
      const key = fresh("flow");
      const bring = (to: Store, source: string, over: number | null) =>
        to.content.bring({
          kind: "flow",
          key,
          source,
          by: "build",
          at: T0,
          over,
          build: "0.1.0",
          draftNote: "look",
          audit: line("published", key),
        });
      const both = await Promise.all([bring(store, "a", null), bring(second, "a", null)]);
      expect(both.sort()).toEqual([false, true]);
      expect(await store.content.saveDraft(draft(key, "mine", 1))).toEqual({ ok: true, number: 2 });
      const edition = await store.content.edition();
      expect(await bring(store, "b", 2)).toBe(false);
      expect(await bring(store, "b", 1)).toBe(true);
      expect(await store.content.edition()).toBe(edition + 1);
      const history = await store.content.history("flow", key);
      expect(history.map((r) => [r.number, r.source, r.state, r.by, r.note])).toEqual([
        [4, "mine", "draft", "mai", "look"],
        [3, "b", "published", "build", ""],
        [1, "a", "retired", "build", ""],
      ]);
      expect((await store.content.drafts()).filter((d) => d.key === key)).toMatchObject([{ number: 4 }]);
      // Saved again it is a draft like any other; published it replaces what the build brought.
      expect(await store.content.saveDraft(draft(key, "mine, compared", 4))).toEqual({ ok: true, number: 5 });
      expect((await store.content.drafts()).find((d) => d.key === key)?.note).toBe("");
      expect(await publish(store, key, 5)).toBe(true);
      expect((await store.content.published()).revisions.find((r) => r.key === key)?.source).toBe(
        "mine, compared",
      );
      await second.upkeep.close();
    });
  });

  describe("content of two builds", () => {
    it("keeps what a newer build has brought, and takes what was not there at all", async () => {
      const { store } = at();
      const [key, other] = [fresh("flow"), fresh("flow")];
      const bring = (to: string, build: string, source: string, over: number | null) =>
        store.content.bring({
          ...{ kind: "flow", key: to, source, by: "build", at: T0, over, build, draftNote: "" },
          audit: line("published", to),
        });
      // Newer is not what comes later in a dictionary.
      expect(await bring(key, "7.9.0", "old", null)).toBe(true);
      expect(await bring(key, "7.10.0", "new", 1)).toBe(true);
      expect(await store.content.newestBuild()).toBe("7.10.0");
      expect(await bring(key, "7.9.0", "old again", 2)).toBe(false);
      expect(await bring(other, "7.9.0", "only here", null)).toBe(true);
      expect(await store.content.newestBuild()).toBe("7.10.0");
      expect(await bring(key, "7.10.0", "mended", 2)).toBe(true);
      expect((await store.content.history("flow", key)).map((r) => r.source)).toEqual([
        "mended",
        "new",
        "old",
      ]);
    });
  });

  describe("content, many at once", () => {
    const item = (key: string, basedOn: number, source = "new") => ({
      kind: "article" as const,
      key,
      source,
      basedOn,
    });
    const taking = (items: ReturnType<typeof item>[], publish: boolean) => ({
      items,
      publish,
      by: "tu",
      at: T0,
      note: "from files",
      audit: line("imported", "content"),
    });
    const states = async (store: Store, key: string) =>
      (await store.content.history("article", key)).map((r) => [r.number, r.source, r.state, r.by]);

    it("takes all in, or nothing when one of them was changed meanwhile", async () => {
      const { store } = at();
      const [a, b] = [fresh("article"), fresh("article")];
      expect(await store.content.takeIn(taking([item(a, 0), item(b, 1)], true))).toEqual({
        ok: false,
        code: "stale",
        kind: "article",
        key: b,
      });
      expect(await states(store, a)).toEqual([]);
      const before = await store.content.edition();
      expect(await store.content.takeIn(taking([item(a, 0), item(b, 0)], true))).toEqual({ ok: true });
      expect(await store.content.edition()).toBe(before + 1);
      expect(await store.content.takeIn(taking([item(a, 1, "newer")], false))).toEqual({ ok: true });
      expect(await states(store, a)).toEqual([
        [2, "newer", "draft", "tu"],
        [1, "new", "published", "tu"],
      ]);
      expect((await store.content.drafts()).filter((r) => r.key === a || r.key === b)).toMatchObject([
        { key: a, number: 2, source: "newer" },
      ]);
      expect(await store.content.edition()).toBe(before + 1);
    });

    it("throws a draft away once, keeps it in the history, and never gives its number out again", async () => {
      const { store } = at();
      const key = fresh("article");
      await store.content.takeIn(taking([item(key, 0)], false));
      const discard = (number: number) =>
        store.content.discard({ kind: "article", key, number, audit: line("discarded", key) });
      expect(await discard(2)).toBe(false);
      expect(await discard(1)).toBe(true);
      expect(await discard(1)).toBe(false);
      expect(await states(store, key)).toEqual([[1, "new", "discarded", "tu"]]);
      expect((await store.content.drafts()).filter((r) => r.key === key)).toEqual([]);
      // Who still had it open is told, although somebody has begun anew.
      expect(await store.content.takeIn(taking([item(key, 1, "anew")], false))).toEqual({ ok: true });
      expect(await store.content.takeIn(taking([item(key, 1, "late")], false))).toMatchObject({ ok: false });
    });
  });

  describe("staff", () => {
    const person = (login: string, over: Partial<StaffRow> = {}): StaffRow => ({
      id: fresh("staff") as StaffId,
      login,
      alias: "Sen",
      roles: ["counsellor"],
      passwordHash: "hash",
      disabled: false,
      ...over,
    });

    it("are found by login in any case, and a login is taken once", async () => {
      const { store } = at();
      const login = fresh("Lan");
      const row = person(login);
      expect(await store.staff.put(row, line("added"))).toEqual({ ok: true });
      expect(await store.staff.byLogin(login.toUpperCase())).toEqual(row);
      expect(await store.staff.put(person(login.toLowerCase()), line("added"))).toEqual({
        ok: false,
        code: "login_taken",
      });
      expect(await store.staff.put({ ...row, alias: "Mai" }, line("changed"))).toEqual({ ok: true });
      expect((await store.staff.byId(row.id))?.alias).toBe("Mai");
      expect(await store.staff.count()).toBe((await store.staff.list()).length);
    });

    it("race for a login: one gets it", async () => {
      const { store } = at();
      const second = await at().again();
      const login = fresh("race");
      const results = await Promise.all(
        [store, second, store].map((s) => s.staff.put(person(login), line("added"))),
      );
      expect(results.filter((r) => r.ok)).toHaveLength(1);
      await second.upkeep.close();
    });

    it("use an invitation once and a session until it ends", async () => {
      const { store } = at();
      const hash = fresh("hash");
      await store.staff.putToken({
        hash,
        kind: "invite",
        staffId: null,
        roles: ["editor"],
        expiresAt: T0 + 100,
      });
      expect(await store.staff.useToken(hash, "session", T0, false)).toBeNull();
      expect(await store.staff.useToken(hash, "invite", T0, false)).toEqual({
        staffId: null,
        roles: ["editor"],
      });
      const uses = await Promise.all([1, 2].map(() => store.staff.useToken(hash, "invite", T0, true)));
      expect(uses.filter((u) => u !== null)).toHaveLength(1);
      const session = fresh("hash");
      await store.staff.putToken({
        hash: session,
        kind: "session",
        staffId: LAN,
        roles: [],
        expiresAt: T0 + 100,
      });
      expect(await store.staff.useToken(session, "session", T0 + 99, false)).toMatchObject({ staffId: LAN });
      expect(await store.staff.useToken(session, "session", T0 + 100, false)).toBeNull();
      await store.staff.dropToken(session);
      expect(await store.staff.useToken(session, "session", T0, false)).toBeNull();
    });

    it("have links that are listed while they are good, and taken back once", async () => {
      const { store } = at();
      const [invite, reset, session, past] = [fresh("hash"), fresh("hash"), fresh("hash"), fresh("hash")];
      const put = (hash: string, kind: TokenKind, expiresAt: number) =>
        store.staff.putToken({ hash, kind, staffId: LAN, roles: ["editor"], expiresAt });
      await put(invite, "invite", T0 + 200);
      await put(reset, "reset", T0 + 100);
      await put(session, "session", T0 + 100);
      await put(past, "invite", T0);
      const ours = async () =>
        (await store.staff.links(T0)).filter(({ hash }) => [invite, reset, session, past].includes(hash));
      expect(await ours()).toEqual([
        { hash: reset, kind: "reset", staffId: LAN, roles: ["editor"], expiresAt: T0 + 100 },
        { hash: invite, kind: "invite", staffId: LAN, roles: ["editor"], expiresAt: T0 + 200 },
      ]);
      expect(await store.staff.dropLink(session, T0, line("not a link"))).toBe(false);
      expect(await store.staff.dropLink(past, T0, line("too late"))).toBe(false);
      expect(await store.staff.dropLink(invite, T0, line("taken back"))).toBe(true);
      expect(await store.staff.dropLink(invite, T0, line("taken back again"))).toBe(false);
      expect(await store.staff.useToken(invite, "invite", T0, true)).toBeNull();
      await store.staff.put(person(fresh("boss")), line("dismissed"), { endResets: true });
      expect(await ours()).toEqual([]);
      expect(await store.staff.useToken(session, "session", T0, false)).toMatchObject({ staffId: LAN });
    });

    it("lose their sessions and their duty when they are switched off", async () => {
      const { store } = at();
      const row = person(fresh("off"));
      await store.staff.put(row, line("added"));
      const hash = fresh("hash");
      await store.staff.putToken({ hash, kind: "session", staffId: row.id, roles: [], expiresAt: T0 + 100 });
      await store.staff.beat(row.id, T0 + 100);
      expect(await store.staff.onDuty(T0)).toContain(row.id);
      await store.staff.put({ ...row, disabled: true }, line("off"));
      expect(await store.staff.useToken(hash, "session", T0, false)).toBeNull();
      expect(await store.staff.onDuty(T0)).not.toContain(row.id);
    });

    it("are on duty until their last beat runs out", async () => {
      const { store } = at();
      const row = person(fresh("duty"));
      await store.staff.put(row, line("added"));
      await store.staff.beat(row.id, T0 + 100);
      await store.staff.beat(row.id, T0 + 200);
      expect(await store.staff.onDuty(T0 + 199)).toContain(row.id);
      expect(await store.staff.onDuty(T0 + 200)).not.toContain(row.id);
    });
  });

  describe("upkeep", () => {
    const expireOn = (store: Store, day: number) =>
      store.upkeep.expire({
        now: T0 + day * DAY_MS,
        handledEventsMs: DAY_MS,
        platformRefsMs: 2 * DAY_MS,
        closedTranscriptMs: DAY_MS,
        idleConversationMs: 90 * DAY_MS,
      });

    it("offers a due timer until it became an event, once to each", async () => {
      const { store } = at();
      const { conversationId: id } = await arrive(store);
      await decide(store, id, { setTimers: [{ timer: "idle", dueAt: T0 + 50, token: "t1" }] });
      const mine = async (now: number) => (await store.upkeep.dueTimers(now, 999)).filter((t) => t.id === id);
      expect(await mine(T0 + 49)).toEqual([]);
      const due = await Promise.all([mine(T0 + 50), mine(T0 + 50)]);
      expect(due.flat()).toMatchObject([{ timer: "idle", token: "t1" }]);
      expect(await mine(T0 + 50 + 60_000)).toHaveLength(1);
      expect(await store.conversations.append(id, [event()], { timer: "idle", token: "t1" })).toBe(true);
      expect(await mine(T0 + DAY_MS)).toEqual([]);
    });

    it("sets a timer anew, cancels it, and does not take a newer one away", async () => {
      const { store } = at();
      const { conversationId: id } = await arrive(store);
      await decide(store, id, { setTimers: [{ timer: "idle", dueAt: T0 + 5, token: "t1" }] });
      await store.conversations.append(id, [event()]);
      await decide(store, id, { setTimers: [{ timer: "idle", dueAt: T0 + 500, token: "t2" }] });
      await store.conversations.append(id, [event()], { timer: "idle", token: "t1" });
      const due = (await store.upkeep.dueTimers(T0 + 500, 999)).filter((t) => t.id === id);
      expect(due.map((t) => t.token)).toEqual(["t2"]);
      await decide(store, id, { cancelTimers: ["idle"] });
      expect((await store.upkeep.dueTimers(T0 + 9 * DAY_MS, 999)).filter((t) => t.id === id)).toEqual([]);
    });

    it("takes times that an operator's decimals make no whole numbers", async () => {
      const { store } = at();
      const { conversationId: id } = await arrive(store);
      await decide(store, id, { setTimers: [{ timer: "page", dueAt: T0 + 50.25, token: "t1" }] });
      const due = (now: number) => store.upkeep.dueTimers(now, 999);
      expect((await due(T0 + 49)).filter((t) => t.id === id)).toEqual([]);
      expect((await due(T0 + 50)).filter((t) => t.id === id)).toHaveLength(1);
      const ms = DAY_MS * 90 + 0.3;
      const clocks = {
        handledEventsMs: ms,
        platformRefsMs: ms,
        closedTranscriptMs: ms,
        idleConversationMs: ms,
      };
      await expect(store.upkeep.expire({ now: T0, ...clocks })).resolves.toBeTypeOf("number");
    });

    it("changes a secret only from the version that was read", async () => {
      const { store } = at();
      const name = fresh("secret");
      expect(await store.upkeep.getSecret(name)).toBeNull();
      const first = await Promise.all([1, 2].map((n) => store.upkeep.putSecret(name, bytes(`s${n}`), null)));
      expect(first.filter(Boolean)).toHaveLength(1);
      expect(await store.upkeep.putSecret(name, bytes("x"), 7)).toBe(false);
      expect(await store.upkeep.putSecret(name, bytes("new"), 1)).toBe(true);
      const read = await store.upkeep.getSecret(name);
      expect([text(sure(read).sealed), sure(read).version]).toEqual(["new", 2]);
    });

    it("counts by the day in Viet Nam", async () => {
      const { store } = at();
      const { conversationId: id } = await arrive(store);
      const name = fresh("count");
      await decide(store, id, { at: Date.UTC(2027, 0, 1, 16, 59), counts: [{ name, labels: {} }] });
      await store.conversations.append(id, [event()]);
      await decide(store, id, { at: Date.UTC(2027, 0, 1, 17, 0), counts: [{ name, labels: {} }] });
      const days = (await store.upkeep.counts("2027-01-01", "2027-01-02")).filter((c) => c.name === name);
      expect(days.map((c) => [c.day, c.n])).toEqual([
        ["2027-01-01", 1],
        ["2027-01-02", 1],
      ]);
    });

    it("forgets what is past its clock, and nothing else", async () => {
      const { store } = at();
      const { id: closed, conversation } = await waitingCase(store, "high");
      const act = (action: Parameters<Store["cases"]["act"]>[0]["action"]) =>
        store.cases.act({ id: closed, by: LAN, at: T0 + 5, action, event: null, audit: line(action.op) });
      await act({ op: "claim" });
      await act({ op: "close", outcome: "helped" });
      const note = (caseId: typeof closed) => ({
        id: fresh("note"),
        caseId,
        by: LAN,
        at: T0 + 6,
        sealed: bytes("n"),
      });
      await store.cases.addNote(note(closed));
      const { id: open, conversation: held } = await waitingCase(store, "high");
      await store.cases.addNote(note(open));
      const idle = await arrive(store);
      await decide(store, idle.conversationId, { messages: [hers("old"), ours("reply")] });
      const later = T0 + 40 * DAY_MS;
      const active = await arrive(store, { events: [event(later)] });
      await decide(store, active.conversationId, { at: later, messages: [hers("new", { at: later })] });

      const clocks = {
        now: later,
        handledEventsMs: DAY_MS,
        platformRefsMs: DAY_MS,
        closedTranscriptMs: DAY_MS,
        idleConversationMs: 100 * DAY_MS,
      };
      expect(await store.upkeep.expire(clocks)).toBeGreaterThan(0);
      expect(await store.conversations.transcript(conversation, 0, 9)).toEqual([]);
      expect((await store.cases.get(closed))?.sealedReasons).toBeNull();
      expect(await store.cases.notes(closed)).toEqual([]);
      expect(await store.cases.notes(open)).toHaveLength(1);
      expect(await store.conversations.transcript(held, 0, 9)).toHaveLength(1);
      expect(await store.conversations.transcript(idle.conversationId, 0, 9)).toHaveLength(2);

      await store.upkeep.expire({ ...clocks, idleConversationMs: 30 * DAY_MS });
      expect(await store.conversations.head(idle.conversationId)).toBeNull();
      expect(await store.conversations.find(idle.pseudonym)).toBeNull();
      expect(text(sure(await store.cases.get(open)).sealedReasons)).toBe("reasons");
      expect(await store.conversations.head(held)).not.toBeNull();
      expect(await store.conversations.transcript(active.conversationId, 0, 9)).toHaveLength(1);
      await deliver(store, held, later);
    });

    it("keeps of a line that goes the platform's id, for as long as it can be deleted there", async () => {
      const { store } = at();
      const { id, conversation } = await waitingCase(store, "high");
      await store.conversations.append(conversation, [event()]);
      const reply = hers("reply", { sealedPlatformRef: bytes("her ref") });
      await decide(store, conversation, { messages: [reply, ours("ours")] });
      await deliver(store, conversation);
      const act = (action: Parameters<Store["cases"]["act"]>[0]["action"]) =>
        store.cases.act({ id, by: LAN, at: T0 + 5, action, event: null, audit: line(action.op) });
      await act({ op: "claim" });
      await act({ op: "close", outcome: "helped" });
      const refs = () => store.outbox.wipeRefs(conversation, 0);
      await expireOn(store, 1.5);
      expect(await store.conversations.transcript(conversation, 0, 9)).toEqual([]);
      expect((await refs()).map((ref) => ref.author)).toEqual(["bot", "person"]);
      expect(await expireOn(store, 1.6)).toBe(0);
      await expireOn(store, 2.5);
      expect(await refs()).toEqual([]);
      expect(await expireOn(store, 2.6)).toBe(0);
    });

    it("forgets more than one portion of platform ids, lines without words with theirs", async () => {
      const { store } = at();
      const { id, conversation } = await waitingCase(store, "high");
      await store.conversations.append(conversation, [event()]);
      const withRef = (n: number) => hers("x", { sealedPlatformRef: bytes(`ref ${n}`) });
      await decide(store, conversation, { messages: Array.from({ length: 1_200 }, (_, n) => withRef(n)) });
      const act = (action: Parameters<Store["cases"]["act"]>[0]["action"]) =>
        store.cases.act({ id, by: LAN, at: T0 + 5, action, event: null, audit: line(action.op) });
      await act({ op: "claim" });
      await act({ op: "close", outcome: "helped" });
      await store.conversations.append(conversation, [event()]);
      const later = Array.from({ length: 1_200 }, (_, n) =>
        hers("y", { sealedPlatformRef: bytes(`r ${n}`), at: T0 + 6 }),
      );
      await decide(store, conversation, { messages: later });
      await expireOn(store, 1.5);
      expect(await store.outbox.wipeRefs(conversation, 0)).toHaveLength(2_400);
      await expireOn(store, 2.5);
      expect(await store.outbox.wipeRefs(conversation, 0)).toEqual([]);
      expect(await store.conversations.transcript(conversation, 0, 9_999)).toHaveLength(1_200);
      expect(await expireOn(store, 2.6)).toBe(0);
    });

    it("destroys a forgotten key at last, even if the receipt could not be delivered", async () => {
      const { store } = at();
      const { conversationId: id } = await arrive(store);
      await decide(store, id, { messages: [ours("receipt")], forget: { receipt: "R" } });
      await store.upkeep.expire({
        now: T0 + DAY_MS,
        handledEventsMs: DAY_MS * 90,
        platformRefsMs: DAY_MS * 90,
        closedTranscriptMs: DAY_MS * 90,
        idleConversationMs: DAY_MS * 90,
      });
      expect(await deliver(store, id, T0 + 2 * DAY_MS)).toEqual([]);
    });

    it("refuses after it was closed, with a code", async () => {
      const closed = await at().again();
      await closed.upkeep.close();
      await closed.upkeep.close();
      await expect(
        closed.staff.putToken({ hash: "h", kind: "invite", staffId: null, roles: [], expiresAt: 1 }),
      ).rejects.toMatchObject({
        code: "store_unavailable",
      });
      await expect(closed.staff.count()).rejects.toMatchObject({ code: "store_unavailable" });
      expect(await closed.upkeep.check(false)).toMatchObject({ ok: false });
    });

    it("says that it is well", async () => {
      expect(await at().store.upkeep.check(false)).toMatchObject({ ok: true });
      expect(await at().store.upkeep.check(true)).toMatchObject({ ok: true });
    });
  });
}
