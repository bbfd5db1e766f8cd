/** Revisions of everything edited. One draft per key; publishing moves the edition. */

import { isOlder } from "../../core/version.ts";
import type { ContentKind, ContentStore, Revision } from "../../ports/store.ts";
import type { Dialect } from "./dialect.ts";
import type { Engine } from "./engine.ts";
import { ledger } from "./ledger.ts";
import { atMost, one, rows, run, type Script, statement, type Values } from "./statement.ts";

type Draft = Parameters<ContentStore["saveDraft"]>[0];
type Publish = Parameters<ContentStore["publish"]>[0];
type Brought = Parameters<ContentStore["bring"]>[0];
type Restored = Parameters<ContentStore["restore"]>[0];
type TakeIn = Parameters<ContentStore["takeIn"]>[0];
type Key = { kind: ContentKind; key: string };

export function content(engine: Engine): ContentStore {
  const s = statements(engine.dialect);
  const books = ledger(engine.dialect);
  return {
    published: () =>
      engine.read(function* () {
        // The edition first: a publish in between is then seen again, never missed.
        const edition = yield* editionNow();
        return { edition, revisions: (yield* rows(s.published, {})) as readonly Revision[] };
      }),
    edition: () => engine.read(editionNow),
    newestBuild: () => engine.read(buildNow),
    saveDraft: (draft) => engine.write(() => saveDraft(draft)),
    publish: (ask) => engine.write(() => publish(ask)),
    bring: (ask) => engine.write(() => bring(ask)),
    restore: (ask) => engine.write(() => restore(ask)),
    history: (kind, key) => engine.read(() => rows(s.history, { kind, key })) as Promise<readonly Revision[]>,
    drafts: () => engine.read(() => rows(s.drafts, {})) as Promise<readonly Revision[]>,
    discard: (ask) => engine.write(() => discard(ask)),
    takeIn: (ask) => engine.write(() => takeIn(ask)),
    settle: (ids, audit) => engine.write(() => settle(ids, audit)),
    unanswered: (limit) =>
      engine.read(function* () {
        return (yield* rows(s.unanswered, { limit })).map(({ n, at, question }) => ({
          id: String(n),
          at,
          question,
        }));
      }),
  };

  function* editionNow(): Script<number> {
    return Number((yield* one(s.edition, {}))?.value ?? 0);
  }

  function* buildNow(): Script<string | null> {
    return (yield* one(s.build, {}))?.value ?? null;
  }

  function* saveDraft(draft: Draft): Script<Awaited<ReturnType<ContentStore["saveDraft"]>>> {
    const { kind, key, source, by, at } = draft;
    yield* lockEdition();
    const newest = (yield* one(s.newest, { kind, key }))?.number ?? 0;
    if (newest !== draft.basedOn) return { ok: false, code: "stale", newest };
    yield* run(s.setAside, { kind, key, by });
    yield* run(s.dropDraft, { kind, key });
    yield* run(s.add, { kind, key, number: newest + 1, source, by, at });
    return { ok: true, number: newest + 1 };
  }

  /** Only the draft as it was read can be published: a newer save or publish has taken its place otherwise. */
  function* publish({ kind, key, number, by, at, note, audit }: Publish): Script<boolean> {
    yield* lockEdition();
    const draft = yield* one(s.draft, { kind, key, number });
    if (!draft) return false;
    yield* run(s.retire, { kind, key });
    yield* run(s.publish, { kind, key, number, by, at, note });
    yield* run(s.moveEdition, { value: String((yield* editionNow()) + 1) });
    yield* books.audit(audit);
    return true;
  }

  function* bring(brought: Brought): Script<boolean> {
    const { kind, key, over, build } = brought;
    yield* lockEdition();
    if (((yield* one(s.live, { kind, key }))?.number ?? null) !== over) return false;
    const newest = yield* buildNow();
    if (newest === null || isOlder(newest, build)) yield* run(s.moveBuild, { value: build });
    else if (over !== null && isOlder(build, newest)) return false;
    yield* putInForce({ ...brought, note: "" });
    return true;
  }

  function* restore(restored: Restored): Script<boolean> {
    const { kind, key, over } = restored;
    yield* lockEdition();
    if (((yield* one(s.live, { kind, key }))?.number ?? null) !== over) return false;
    yield* putInForce(restored);
    return true;
  }

  function* putInForce({ kind, key, source, by, at, note, draftNote, audit }: Restored): Script<void> {
    const number = ((yield* one(s.newest, { kind, key }))?.number ?? 0) + 1;
    // The draft goes on top, so that it is still what an editor opens, saves and publishes.
    yield* run(s.moveDraft, { kind, key, number: number + 1, note: draftNote });
    yield* run(s.retire, { kind, key });
    yield* run(s.add, { kind, key, number, source, by, at });
    yield* run(s.publish, { kind, key, number, by, at, note });
    yield* run(s.moveEdition, { value: String((yield* editionNow()) + 1) });
    yield* books.audit({ ...audit, detail: [number, audit.detail].filter(Boolean).join(" ") });
  }

  function* discard({ kind, key, number, audit }: Parameters<ContentStore["discard"]>[0]): Script<boolean> {
    yield* lockEdition();
    if (!(yield* one(s.draft, { kind, key, number }))) return false;
    yield* run(s.discard, { kind, key, number });
    yield* books.audit(audit);
    return true;
  }

  /** Looked at as a whole before anything is written: a refusal leaves all as it was. */
  function* takeIn(ask: TakeIn): Script<Awaited<ReturnType<ContentStore["takeIn"]>>> {
    const { by, at, note } = ask;
    yield* lockEdition();
    for (const { kind, key, basedOn } of ask.items) {
      const newest = (yield* one(s.newest, { kind, key }))?.number ?? 0;
      if (newest !== basedOn) return { ok: false, code: "stale", kind, key };
    }
    for (const { kind, key, source, basedOn } of ask.items) {
      const number = basedOn + 1;
      yield* run(s.setAside, { kind, key, by });
      yield* run(s.dropDraft, { kind, key });
      yield* run(s.add, { kind, key, number, source, by, at });
      if (!ask.publish) continue;
      yield* run(s.retire, { kind, key });
      yield* run(s.publish, { kind, key, number, by, at, note });
    }
    if (ask.publish && ask.items.length > 0)
      yield* run(s.moveEdition, { value: String((yield* editionNow()) + 1) });
    yield* books.audit(ask.audit);
    return { ok: true };
  }

  function* settle(ids: readonly string[], audit: Publish["audit"]): Script<void> {
    for (const n of ids.map(Number).filter(Number.isSafeInteger)) yield* run(s.dropQuestion, { n });
    yield* books.audit(audit);
  }

  function* lockEdition(): Script<void> {
    yield* run(s.makeEdition, {});
    yield* one(s.lockEdition, {});
  }
}

function statements(d: Dialect) {
  const { db } = d;
  const some = () =>
    db
      .selectFrom("revisions")
      .select([
        "kind",
        "key",
        "number",
        "source",
        "state",
        "by_whom as by",
        "written_by as writtenBy",
        "at",
        "note",
      ]);
  const edition = () => db.selectFrom("meta").select("value").where("name", "=", "edition");
  return {
    edition: statement<Values, { value: string }>(edition),
    lockEdition: statement<Values, { value: string }>(() => d.lock(edition())),
    makeEdition: statement(() =>
      db
        .insertInto("meta")
        .values({ name: "edition", value: "0" })
        .onConflict((c) => c.column("name").doNothing()),
    ),
    moveEdition: statement((p: { value: string }) =>
      db.updateTable("meta").set({ value: p.value }).where("name", "=", "edition"),
    ),
    build: statement<Values, { value: string }>(() =>
      db.selectFrom("meta").select("value").where("name", "=", "build"),
    ),
    moveBuild: statement((p: { value: string }) =>
      db
        .insertInto("meta")
        .values({ name: "build", value: p.value })
        .onConflict((c) => c.column("name").doUpdateSet((e) => ({ value: e.ref("excluded.value") }))),
    ),
    published: statement(() => some().where("state", "=", "published").orderBy("kind").orderBy("key")),
    newest: statement((p: Key) =>
      db
        .selectFrom("revisions")
        .select("number")
        .where("kind", "=", p.kind)
        .where("key", "=", p.key)
        .orderBy("number", "desc")
        .limit(atMost(1)),
    ),
    draft: statement((p: Key & { number: number }) =>
      db
        .selectFrom("revisions")
        .select("number")
        .where("kind", "=", p.kind)
        .where("key", "=", p.key)
        .where("number", "=", p.number)
        .where("state", "=", "draft"),
    ),
    live: statement((p: Key) =>
      db
        .selectFrom("revisions")
        .select("number")
        .where("kind", "=", p.kind)
        .where("key", "=", p.key)
        .where("state", "=", "published"),
    ),
    moveDraft: statement((p: Key & { number: number; note: string }) =>
      db
        .updateTable("revisions")
        .set({ number: p.number, note: p.note })
        .where("kind", "=", p.kind)
        .where("key", "=", p.key)
        .where("state", "=", "draft"),
    ),
    setAside: statement((p: Key & { by: string }) =>
      db
        .updateTable("revisions")
        .set({ state: "discarded" })
        .where("kind", "=", p.kind)
        .where("key", "=", p.key)
        .where("state", "=", "draft")
        .where("by_whom", "!=", p.by),
    ),
    dropDraft: statement((p: Key) =>
      db
        .deleteFrom("revisions")
        .where("kind", "=", p.kind)
        .where("key", "=", p.key)
        .where("state", "=", "draft"),
    ),
    discard: statement((p: Key & { number: number }) =>
      db
        .updateTable("revisions")
        .set({ state: "discarded" })
        .where("kind", "=", p.kind)
        .where("key", "=", p.key)
        .where("number", "=", p.number),
    ),
    add: statement((p: Key & { number: number; source: string; by: string; at: number }) =>
      db.insertInto("revisions").values({
        kind: p.kind,
        key: p.key,
        number: p.number,
        source: p.source,
        state: "draft",
        by_whom: p.by,
        written_by: p.by,
        at: p.at,
        note: "",
      }),
    ),
    retire: statement((p: Key) =>
      db
        .updateTable("revisions")
        .set({ state: "retired" })
        .where("kind", "=", p.kind)
        .where("key", "=", p.key)
        .where("state", "=", "published"),
    ),
    publish: statement((p: Key & { number: number; by: string; at: number; note: string }) =>
      db
        .updateTable("revisions")
        .set({ state: "published", by_whom: p.by, at: p.at, note: p.note })
        .where("kind", "=", p.kind)
        .where("key", "=", p.key)
        .where("number", "=", p.number),
    ),
    history: statement((p: Key) =>
      some().where("kind", "=", p.kind).where("key", "=", p.key).orderBy("number", "desc"),
    ),
    drafts: statement(() => some().where("state", "=", "draft").orderBy("kind").orderBy("key")),
    dropQuestion: statement((p: { n: number }) => db.deleteFrom("unanswered").where("n", "=", p.n)),
    unanswered: statement((p: { limit: number }) =>
      db.selectFrom("unanswered").select(["n", "at", "question"]).orderBy("n", "desc").limit(atMost(p.limit)),
    ),
  };
}
