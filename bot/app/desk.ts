/** What counsellors do: queue, claim, reply, note, level, give back, close. Every act is one change with its audit line. */

import { may, type StaffAct } from "../core/access.ts";
import type { EventBody } from "../core/events.ts";
import type { CaseId, EventId, StaffId } from "../core/ids.ts";
import type {
  AuditLine,
  CaseNote,
  CaseRow,
  CaseState,
  ConversationHead,
  StaffCaseAction,
} from "../ports/store.ts";
import { caseViews } from "./case-views.ts";
import { envelope } from "./contexts.ts";
import type { Parts } from "./parts.ts";
import { refuse } from "./refusals.ts";
import type { Answer, Desk, Staff } from "./services.ts";

/** As the list has them. */
const STATES: readonly CaseState[] = ["waiting", "claimed", "closed"];
const LIST_LIMIT = 200;
/** A counsellor is on duty this long after the last sign of her console. */
const DUTY_MS = 120_000;
/** Who takes a case or writes in one without an open console (the forum) is at work this long after it. */
const AT_WORK_MS = 15 * 60_000;
const MAX_REPLY = 4_000;
const MAX_NOTE = 8_000;
/** Looking at a case for so long is one reading in the audit. */
const READ_AGAIN_MS = 10 * 60_000;

export function makeDesk(parts: Parts): Desk {
  const { store, vault, clock, bus, library } = parts;
  const { staffAround, card, cardWith, reasonsIn, caseFile, caseLines, waitsTooLong } = caseViews(parts);

  return {
    async list(by, states) {
      if (!may(by.roles, "see_queue")) return refuse("forbidden");
      const mineOnly = states.includes("closed") && !may(by.roles, "see_all_cases");
      // Each state by itself: however many wait, a counsellor still sees the cases that she has.
      const lists = await Promise.all(
        STATES.filter((state) => states.includes(state)).map((state) =>
          store.cases.list({
            states: [state],
            limit: LIST_LIMIT,
            ...(mineOnly ? { claimedBy: by.id } : {}),
          }),
        ),
      );
      const rows = lists.flat();
      const people = await staffAround();
      const cases = await Promise.all(rows.map((row) => card(row, by, people)));
      const onDuty = [...people.onDuty].map((id) => people.byId.get(id)?.alias ?? "?");
      return { ok: true, cases, onDuty, more: await unlisted(rows, states) };
    },
    async newest(by) {
      if (!may(by.roles, "see_queue")) return refuse("forbidden");
      const rows = await store.cases.list({ states: ["waiting"], limit: LIST_LIMIT, newest: true });
      const people = await staffAround();
      return { ok: true, cases: await Promise.all(rows.map((row) => card(row, by, people))) };
    },
    async open(by, id) {
      const found = await reach(by, id, "read_case");
      if (!found.ok) return found;
      const file = await caseFile(found.row, by);
      // An open case is read again with every change of the queue: that is one reading, and must not push out what was done.
      const read = file.history.find((l) => l.actor === by.login && l.action === "case_read");
      if (!read || clock.now() - read.at >= READ_AGAIN_MS) await audit(by, "case_read", id, "");
      return { ok: true, file };
    },
    async lines(by, id, after) {
      const found = await reach(by, id, "read_case");
      if (!found.ok) return found;
      return { ok: true, lines: await caseLines(found.row, after) };
    },
    async claim(by, id, from) {
      if (!may(by.roles, "claim")) return refuse("forbidden");
      if (from !== undefined && !(await mayTakeOver(by, id, from))) return refuse("already_claimed");
      const holder = from === undefined ? null : await store.staff.byId(from);
      const [acted, people] = await Promise.all([
        act(
          by,
          id,
          { op: "claim", ...(from === undefined ? {} : { from }) },
          { type: "case_claimed", caseId: id, alias: by.alias },
          holder ? "case_taken_over" : "case_claimed",
          holder?.login ?? "",
        ),
        staffAround(),
      ]);
      if (!acted.ok) return acted;
      await isAtWork(by, people.onDuty);
      return { ok: true, card: cardWith(acted.row, by, people, reasonsIn(acted.row, acted.head)) };
    },
    async reply(by, id, text, key) {
      const words = text.normalize("NFC").trim();
      if (words === "") return refuse("bad_request", "the reply has no words");
      if (words.length > MAX_REPLY)
        return refuse("bad_request", `the reply has ${words.length} characters; at most ${MAX_REPLY}`);
      const found = await reach(by, id, "reply");
      if (!found.ok) return found;
      if (found.row.state === "closed") return refuse("closed");
      if (found.row.state !== "claimed" || found.row.claimedBy !== by.id) return refuse("not_yours");
      const head = await store.conversations.head(found.row.conversationId);
      if (!head || (found.row.personLeft && head.channel === "web"))
        return refuse("closed", "the person has left");
      const event = {
        ...sealed(head, { type: "counsellor_wrote", caseId: id, alias: by.alias, text: words }),
        dedupeKey: `reply:${by.id}:${key}`,
      };
      if (!(await store.conversations.append(head.id, [event])))
        return refuse("closed", "this person's data is erased");
      bus.call("inbox");
      await isAtWork(by, new Set(await store.staff.onDuty(clock.now())));
      return { ok: true };
    },
    async note(by, id, text) {
      const found = await reach(by, id, "note");
      if (!found.ok) return found;
      const noted = sealedNote(by, id, await store.conversations.head(found.row.conversationId), text);
      if (!noted.ok) return noted;
      await store.cases.addNote(noted.note);
      bus.publish("cases");
      return { ok: true };
    },
    async setLevel(by, id, level, reason) {
      if (reason.trim().length < 3) return refuse("bad_request", "say why the level is changed");
      const found = await reach(by, id, "set_level");
      if (!found.ok) return found;
      // The reason may quote her: it stays with the case as a note, sealed; the audit line says only what was done.
      const change = `${found.row.level} → ${level}`;
      return done(
        await act(
          by,
          id,
          { op: "set_level", level },
          { type: "level_set", caseId: id, level, reason },
          "level_set",
          change,
          `${change}: ${reason.trim()}`,
        ),
      );
    },
    async release(by, id) {
      return done(
        await act(by, id, { op: "release" }, { type: "case_released", caseId: id }, "case_released", ""),
      );
    },
    async close(by, id, outcome, note) {
      if (!library.base().settings.outcomes.some((o) => o.id === outcome))
        return refuse("bad_request", `there is no outcome "${outcome}"`);
      return done(
        await act(
          by,
          id,
          { op: "close", outcome },
          { type: "case_closed", caseId: id, outcome },
          "case_closed",
          outcome,
          note,
        ),
      );
    },
    async read(by, id) {
      const found = await reach(by, id, "read_case");
      if (found.ok && found.row.claimedBy === by.id && found.row.unread > 0) {
        await store.cases.markRead(id, clock.now());
        bus.publish("cases");
      }
    },
    async onDuty(by, on) {
      if (!may(by.roles, "claim")) return;
      await store.staff.beat(by.id, on ? clock.now() + DUTY_MS : 0);
      bus.publish("cases");
    },
    outcomes: () => library.base().settings.outcomes,
  };

  // ── inside ──────────────────────────────────────────────────────────────────────────────────────────────

  /** The case, if this member of staff may do that to it. */
  async function reach(by: Staff, id: CaseId, what: StaffAct): Promise<Answer<{ row: CaseRow }>> {
    if (!may(by.roles, what)) return refuse("forbidden");
    const row = await store.cases.get(id);
    if (!row) return refuse("not_found");
    const othersCase = row.claimedBy !== null && row.claimedBy !== by.id;
    if (othersCase && !may(by.roles, "see_all_cases")) return refuse("not_yours");
    return { ok: true, row };
  }

  async function act(
    by: Staff,
    id: CaseId,
    action: StaffCaseAction,
    body: EventBody,
    name: string,
    detail: string,
    note = "",
  ): Promise<Answer<{ row: CaseRow; head: ConversationHead | null }>> {
    const found = await reach(by, id, action.op === "claim" ? "claim" : "work_case");
    // Somebody else's case is refused by `act` below with who was first, which the counsellor needs to know.
    if (!found.ok && !(action.op === "claim" && found.code === "not_yours")) return found;
    const row = found.ok ? found.row : await store.cases.get(id);
    const head = row ? await store.conversations.head(row.conversationId) : null;
    const noted = note.trim() === "" ? null : sealedNote(by, id, head, note);
    if (noted && !noted.ok) return noted;
    const result = await store.cases.act({
      id,
      ...(row ? { home: row.conversationId } : {}),
      by: by.id,
      at: clock.now(),
      action,
      event: head ? sealed(head, body) : null,
      audit: line(by, name, id, detail),
      ...(noted ? { note: noted.note } : {}),
    });
    if (!result.ok) return refuse(result.code === "gone" ? "not_found" : result.code);
    bus.publish("cases");
    bus.call("inbox");
    return { ok: true, row: result.row, head };
  }

  function sealedNote(
    by: Staff,
    caseId: CaseId,
    head: ConversationHead | null,
    text: string,
  ): Answer<{ note: CaseNote }> {
    const words = text.normalize("NFC").trim();
    if (words === "" || words.length > MAX_NOTE)
      return refuse("bad_request", `write 1 to ${MAX_NOTE} characters`);
    if (!head) return refuse("closed", "this person's data is erased");
    const id = clock.newId();
    const sealed = envelope(vault, head.wrappedKey).note.seal(id, words);
    return { ok: true, note: { id, caseId, by: by.id, at: clock.now(), sealed } };
  }

  function sealed(head: ConversationHead, body: EventBody) {
    const id = clock.newId() as EventId;
    return { id, at: clock.now(), sealed: envelope(vault, head.wrappedKey).event.seal(id, body) };
  }

  function line(by: Staff, action: string, subject: string, detail: string): AuditLine {
    return { at: clock.now(), actor: by.login, action, subject, detail };
  }

  async function audit(by: Staff, action: string, subject: string, detail: string): Promise<void> {
    await store.upkeep.audit(line(by, action, subject, detail));
  }

  /** The console says by itself that she is there; what it says is not made longer, or a closed laptop would be at work. */
  async function isAtWork(by: Staff, onDuty: ReadonlySet<string>): Promise<void> {
    if (onDuty.has(by.id)) return;
    await store.staff.beat(by.id, clock.now() + AT_WORK_MS);
    bus.publish("cases");
  }

  /**
   * A colleague who is at work keeps her case; one who has gone, or has not answered for too long whatever her console
   * says, must not keep a person from everybody else.
   */
  async function mayTakeOver(by: Staff, id: CaseId, from: StaffId): Promise<boolean> {
    if (may(by.roles, "see_all_cases")) return true;
    const [row, onDuty] = await Promise.all([store.cases.get(id), store.staff.onDuty(clock.now())]);
    return !onDuty.includes(from) || (row !== null && waitsTooLong(row));
  }

  /** Cases of these states that did not fit into the list: nobody may wait unseen. */
  async function unlisted(rows: readonly CaseRow[], states: readonly CaseState[]): Promise<number> {
    if (rows.length < LIST_LIMIT || states.includes("closed")) return 0;
    const tally = await store.cases.tally(clock.now());
    const all = tally.filter((t) => states.includes(t.state)).reduce((sum, t) => sum + t.n, 0);
    return Math.max(0, all - rows.length);
  }
}

function done(answer: Answer<{ row: CaseRow }>): Answer<object> {
  return answer.ok ? { ok: true } : answer;
}
