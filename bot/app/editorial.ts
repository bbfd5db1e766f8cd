/** What editors and administrators do: draft, check, try out, publish, go back. */

import { z } from "zod";
import { may } from "../core/access.ts";
import { dayOf } from "../core/day.ts";
import { checkKnowledge } from "../core/knowledge/check.ts";
import { newArticle, newService } from "../core/knowledge/template.ts";
import type { Bilingual } from "../core/message.ts";
import type { Problem } from "../core/problem.ts";
import { inBoth } from "../core/problem-words.ts";
import { makeExplainer } from "../core/retrieval/explain.ts";
import { groupAlike, likeness, MUCH_ALIKE } from "../core/retrieval/grouping.ts";
import { langOf } from "../core/retrieval/lang.ts";
import type { Source } from "../ports/sources.ts";
import type { ContentKind, Revision } from "../ports/store.ts";
import { filesOf, KEY, pathOfNew, sourcesIn } from "./bundle.ts";
import { MAX_SOURCE, openYaml } from "./documents.ts";
import { type Evaluation, makeEvaluation } from "./evaluation.ts";
import { type Base, type Compiled, keyOf } from "./library.ts";
import { OVERTAKEN } from "./library-live.ts";
import type { Parts } from "./parts.ts";
import { openQuestions } from "./questions.ts";
import { schemaOf } from "./read-content.ts";
import { refuse } from "./refusals.ts";
import type { Answer, ContentItem, Editorial, Refusal, Staff } from "./services.ts";
import { type CapsOf, previewOf, rehearse } from "./trying.ts";

const MAX_SAID = 200;
const MAX_UNANSWERED = 300;
/** Of a question asked for trying; longer ones are cut. */
const MAX_ASKED = 1_000;
/** How long a new article may stand before somebody checks it again. */
const CHECK_AGAIN_MS = 182 * 86_400_000;
/** A reason that says something. */
const MIN_REASON = 10;
const MAX_NOTE = 500;

type Draft = Pick<Revision, "kind" | "key" | "number" | "source">;

export function makeEditorial(parts: Parts, capsOf: CapsOf): Editorial {
  const { store, clock, library, bus } = parts;
  const evaluate = makeEvaluation(parts);
  const explainers = new WeakMap<Base["articles"], ReturnType<typeof makeExplainer>>();

  return {
    async list(by, kind) {
      if (!may(by.roles, "edit_content")) return refuse("forbidden");
      const [{ revisions }, drafts] = await Promise.all([store.content.published(), store.content.drafts()]);
      const of = (all: readonly Revision[]) =>
        new Map(all.filter((r) => r.kind === kind).map((r) => [r.key, r]));
      const published = of(revisions);
      const drafted = of(drafts);
      const sources = new Map<string, Source>();
      for (const { key, source } of drafted.values())
        sources.set(key, { kind, key, file: fileOf(kind, key), source });
      for (const source of library.sources().values())
        if (source.kind === kind) sources.set(source.key, source);
      const compiled = library.compiled();
      const items = [...sources.values()].map((source) =>
        itemOf(source, compiled, published.get(source.key), drafted.get(source.key)),
      );
      return {
        ok: true,
        items: items.toSorted((a, b) => a.key.localeCompare(b.key)),
        secondPerson: library.base().settings.review_by_second_person,
      };
    },
    async open(by, kind, key) {
      if (!may(by.roles, "edit_content")) return refuse("forbidden");
      const published = library.sources().get(keyOf({ kind, key }));
      const history = await store.content.history(kind, key);
      const draft = history.find((r) => r.state === "draft");
      const source = draft?.source ?? published?.source;
      if (source === undefined) return refuse("not_found");
      return {
        ok: true,
        source,
        number: newest(history),
        state: draft ? "draft" : "published",
        isOvertaken: draft?.note === OVERTAKEN,
        draftBy: draft?.by ?? null,
        publishedSource: published?.source ?? null,
        problems: problemsOf(sourceOf(kind, key, source)),
        secondPerson: needsSecondPerson(by, kind, key),
      };
    },
    async create(by, kind, key, questions) {
      if (!may(by.roles, "edit_content")) return refuse("forbidden");
      if (!/^[a-z][a-z0-9-]{0,59}$/.test(key))
        return refuse("bad_request", "a name has lower-case letters, digits and hyphens, at most 60");
      if (library.sources().has(keyOf({ kind, key }))) return refuse("name_taken");
      const at = clock.now();
      const template = kind === "article" ? newArticle : newService;
      const source = template({
        key,
        today: dayOf(at),
        until: dayOf(at + CHECK_AGAIN_MS),
        owner: by.alias,
        questions,
      }).normalize("NFC");
      const history = await store.content.history(kind, key);
      // One that was thrown away may be begun anew; one that is open is somebody's.
      if (history.some((r) => r.state === "draft")) return refuse("name_taken");
      const saved = await store.content.saveDraft({
        kind,
        key,
        source,
        by: by.login,
        at,
        basedOn: newest(history),
      });
      return saved.ok ? { ok: true, number: saved.number } : refuse("name_taken");
    },
    async check(by, kind, key, source) {
      if (!may(by.roles, "edit_content")) return refuse("forbidden");
      return { ok: true, problems: problemsOf(sourceOf(kind, key, source)) };
    },
    async save(by, kind, key, source, basedOn) {
      if (!may(by.roles, "edit_content")) return refuse("forbidden");
      if (source.length > MAX_SOURCE)
        return refuse("bad_request", `the document has ${source.length} characters; at most ${MAX_SOURCE}`);
      if (!KEY.test(key)) return refuse("bad_request", "a name has lower-case letters, digits and hyphens");
      const saved = await store.content.saveDraft({
        kind,
        key,
        source: source.normalize("NFC"),
        by: by.login,
        at: clock.now(),
        basedOn,
      });
      if (!saved.ok)
        return refuse(
          "stale",
          `somebody else saved revision ${saved.newest} meanwhile; your text is still in your window`,
        );
      return { ok: true, number: saved.number, problems: problemsOf(sourceOf(kind, key, source)) };
    },
    async discard(by, kind, key, number) {
      if (!may(by.roles, "edit_content")) return refuse("forbidden");
      const audit = auditOf(by, "discarded", keyOf({ kind, key }), String(number));
      return (await store.content.discard({ kind, key, number, audit })) ? { ok: true } : refuse("stale");
    },
    async evaluate(by, kind, key, source) {
      if (!may(by.roles, "edit_content")) return refuse("forbidden");
      const draft = sourceOf(kind, key, source);
      const compiled = library.tryOut([draft]);
      const errors = ownErrors(compiled, [draft]);
      if (!compiled.base || errors.length > 0) return refuse("invalid", undefined, errors);
      return { ok: true, ...(await evaluate([draft], compiled)) };
    },
    async publish(by, kind, key, number, note, accept) {
      if (!may(by.roles, "publish_content")) return refuse("forbidden");
      const draft = (await store.content.history(kind, key)).find((r) => r.number === number);
      if (!draft) return refuse("not_found");
      if (draft.by === by.login && needsSecondPerson(by, kind, key)) return refuse("second_person");
      return publishNow(by, draft, note, accept ?? "");
    },
    async history(by, kind, key) {
      if (!may(by.roles, "edit_content")) return refuse("forbidden");
      const revisions = await store.content.history(kind, key);
      return { ok: true, revisions: revisions.toSorted((a, b) => b.number - a.number) };
    },
    async revert(by, kind, key, number) {
      if (!may(by.roles, "publish_content")) return refuse("forbidden");
      const history = await store.content.history(kind, key);
      const old = history.find((r) => r.number === number);
      if (!old) return refuse("not_found");
      // What never was published has not been read by anybody: it goes the way of a draft.
      if (old.state !== "retired" && old.state !== "published") return refuse("bad_request");
      const refused = await gate(old, GOING_BACK);
      if (refused) return refused;
      const at = clock.now();
      const saved = await store.content.saveDraft({
        kind,
        key,
        source: old.source,
        by: by.login,
        at,
        basedOn: newest(history),
      });
      if (!saved.ok) return refuse("stale");
      return publishNow(by, { ...old, number: saved.number }, `← ${number}`, GOING_BACK);
    },
    async simulate(by, ask) {
      if (!may(by.roles, "edit_content")) return refuse("forbidden");
      if (ask.said.length > MAX_SAID) return refuse("bad_request", `at most ${MAX_SAID} messages`);
      const drafts = ask.drafts.map((d) => sourceOf(d.kind, d.key, d.source));
      const compiled = library.tryOut(drafts);
      const errors = ownErrors(compiled, drafts);
      if (!compiled.base || errors.length > 0) return refuse("invalid", undefined, errors);
      return rehearse(compiled.base, ask, capsOf);
    },
    async preview(by, kind, key, source, lang) {
      if (!may(by.roles, "edit_content")) return refuse("forbidden");
      const draft = sourceOf(kind, key, source);
      const compiled = library.tryOut([draft]);
      const errors = ownErrors(compiled, [draft]);
      const parsed = compiled.parsed.get(keyOf(draft));
      if (!compiled.base || !parsed || errors.length > 0) return refuse("invalid", undefined, errors);
      return { ok: true, messages: previewOf(parsed, compiled.base, lang, capsOf) };
    },
    schema: (kind) => z.toJSONSchema(schemaOf(kind, ""), { io: "input", unrepresentable: "any" }),
    async ask(_by, question, lang) {
      // Nobody's words: counsellors may see what people are told as well.
      const { search, articles } = library.base();
      const asked = question.slice(0, MAX_ASKED);
      const explain = explainers.get(articles) ?? makeExplainer(articles);
      explainers.set(articles, explain);
      const { answered, hits } = search({ text: asked, lang, limit: 10, today: dayOf(clock.now()) });
      return {
        ok: true,
        answered,
        hits: hits.map((hit) => ({ ...hit, why: explain(asked, hit.id.split("#")[0] ?? "", lang) })),
      };
    },
    async unanswered(by) {
      if (!may(by.roles, "edit_content")) return refuse("forbidden");
      const questions = await openQuestions(parts, MAX_UNANSWERED);
      return { ok: true, questions, groups: groupAlike(questions) };
    },
    async settle(by, ids) {
      if (!may(by.roles, "edit_content")) return refuse("forbidden");
      await store.content.settle(ids, auditOf(by, "settled", "unanswered", `${ids.length} dismissed`));
      return { ok: true };
    },
    async exportFiles(by) {
      if (!may(by.roles, "edit_content")) return refuse("forbidden");
      return { ok: true, files: filesOf(library.sources().values()) };
    },
    importFiles: (by, files, how) => takeIn(by, files, how),
  };

  // ── inside ──────────────────────────────────────────────────────────────────────────────────────────────

  async function publishNow(
    by: Staff,
    draft: Draft,
    note: string,
    accept: string,
  ): Promise<Answer<{ edition: number; settled: number }>> {
    const { kind, key, number } = draft;
    const refused = await gate(draft, accept);
    if (refused) return refused;
    const before = library.base();
    const reason = accept === GOING_BACK ? "" : accept.trim();
    const published = await store.content.publish({
      kind,
      key,
      number,
      by: by.login,
      at: clock.now(),
      note: [note, reason].filter(Boolean).join(" · ").slice(0, MAX_NOTE),
      audit: auditOf(by, "published", keyOf({ kind, key }), [number, reason].filter(Boolean).join(" ")),
    });
    if (!published) return refuse("stale");
    await library.refresh();
    bus.publish("content");
    const settled = kind === "article" ? await settleAnswered(by, key, before) : 0;
    return { ok: true, edition: library.base().edition, settled };
  }

  /** What stands against publishing this; null: nothing. */
  async function gate(draft: Draft, accept: string): Promise<Refusal | null> {
    const source = sourceOf(draft.kind, draft.key, draft.source);
    const problems = problemsOf(source);
    if (problems.some((p) => p.severity === "error")) return refuse("invalid", undefined, problems);
    return fallsOf(await evaluate([source], library.tryOut([source])), accept);
  }

  /** Questions that wait and that this article answers from now on. */
  async function settleAnswered(by: Staff, id: string, before: Base): Promise<number> {
    const after = library.base();
    const was = before.articles.get(id);
    const is = after.articles.get(id);
    if (!is) return 0;
    const known = new Set([...(was?.questions.vi ?? []), ...(was?.questions.en ?? [])]);
    const fresh = [...is.questions.vi, ...is.questions.en].filter((q) => !known.has(q));
    const today = dayOf(clock.now());
    const leads = (base: Base, question: string) => {
      const found = base.search({ text: question, lang: langOf(question), limit: 1, today });
      return found.answered && found.hits[0]?.id.split("#")[0] === id;
    };
    const open = await openQuestions(parts, MAX_UNANSWERED);
    const done = open.filter(
      ({ question }) =>
        fresh.some((q) => likeness(q, question) >= MUCH_ALIKE) ||
        (leads(after, question) && !leads(before, question)),
    );
    if (done.length === 0) return 0;
    const audit = auditOf(by, "settled", `article:${id}`, `${done.length} answered`);
    await store.content.settle(
      done.map((q) => q.id),
      audit,
    );
    return done.length;
  }

  async function takeIn(
    by: Staff,
    files: Parameters<Editorial["importFiles"]>[1],
    { publish, accept = "" }: Parameters<Editorial["importFiles"]>[2],
  ): ReturnType<Editorial["importFiles"]> {
    if (!may(by.roles, "edit_content")) return refuse("forbidden");
    const read = sourcesIn(files);
    if (read.problems.length > 0) return refuse("invalid", undefined, inBoth(read.problems));
    const now = library.sources();
    const wanted = read.sources.filter((s) => now.get(keyOf(s))?.source !== s.source);
    const problems = problemsOfAll(wanted);
    if (problems.some((p) => p.severity === "error")) return refuse("invalid", undefined, problems);
    const items = await Promise.all(
      wanted.map(async (source) => ({
        source,
        history: await store.content.history(source.kind, source.key),
      })),
    );
    const busy = items.filter(({ history }) => history.some((r) => r.state === "draft"));
    if (busy.length > 0) return refuse("stale", undefined, inBoth(busy.map(inTheWay)));
    if (publish) {
      const refused = fallsOf(await evaluate(wanted, library.tryOut(wanted)), accept);
      if (refused) return refused;
    }
    const at = clock.now();
    const taken = wanted.map(keyOf);
    if (wanted.length > 0) {
      const done = await store.content.takeIn({
        items: items.map(({ source: { kind, key, source }, history }) => ({
          kind,
          key,
          source,
          basedOn: newest(history),
        })),
        publish,
        by: by.login,
        at,
        note: accept.trim().slice(0, MAX_NOTE),
        audit: auditOf(
          by,
          publish ? "imported" : "imported_drafts",
          "content",
          taken.join(" ").slice(0, 2_000),
        ),
      });
      if (!done.ok) return refuse("stale");
      if (publish) {
        await library.refresh();
        bus.publish("content");
      }
    }
    return { ok: true, taken, same: read.sources.length - wanted.length, other: read.other };
  }

  /** An administrator may always change the settings: a rule that needs a second person must not lock out the only one. */
  function needsSecondPerson(by: Staff, kind: ContentKind, key: string): boolean {
    if (kind === "settings" && key === "settings" && by.roles.includes("administrator")) return false;
    return library.base().settings.review_by_second_person;
  }

  function problemsOf(source: Source): readonly Problem[] {
    return problemsOfAll([source]);
  }

  /** Problems of these documents among everything else that is published: what `knowledge check` and `flows check` say. */
  function problemsOfAll(drafts: readonly Source[]): readonly Problem[] {
    const before = new Set(library.compiled().problems.map(sameProblem));
    const compiled = library.tryOut(drafts);
    const files = new Map(drafts.map((d) => [d.file, d]));
    // Its own faults always, and those of others only if this change brings them about.
    const read = compiled.problems.filter((p) => files.has(p.file ?? "") || !before.has(sameProblem(p)));
    return inBoth([...read.map((p) => placed(p, files)), ...judged(compiled, drafts)]);
  }

  /** What the schema of one document cannot see: words, numbers, dates, neighbours. */
  function judged(compiled: Compiled, drafts: readonly Source[]): readonly Problem[] {
    const only = new Set(
      drafts.flatMap((draft) => {
        const parsed = compiled.parsed.get(keyOf(draft));
        return parsed && "lines" in parsed ? [...parsed.lines.keys()].filter((k) => !k.includes("#")) : [];
      }),
    );
    if (only.size === 0) return [];
    const { articles, services, provinces, places } = compiled.knowledge;
    return checkKnowledge({
      articles,
      services,
      provinces,
      banned: library.base().banned,
      today: dayOf(clock.now()),
      placeOf: (key, lang) =>
        places.get(lang === undefined ? key : `${key}/${lang}`) ?? places.get(key) ?? {},
      only,
    }).problems;
  }

  function ownErrors(compiled: Compiled, drafts: readonly Source[]): readonly Problem[] {
    const files = new Map(drafts.map((d) => [d.file, d]));
    return inBoth(
      compiled.problems
        .filter((p) => p.severity === "error" && p.file !== undefined && files.has(p.file))
        .map((p) => placed(p, files)),
    );
  }

  function sourceOf(kind: ContentKind, key: string, source: string): Source {
    return { kind, key, file: fileOf(kind, key), source };
  }

  function fileOf(kind: ContentKind, key: string): string {
    return library.sources().get(keyOf({ kind, key }))?.file ?? pathOfNew(kind, key);
  }

  function auditOf(by: Staff, action: string, subject: string, detail: string) {
    return { at: clock.now(), actor: by.login, action, subject, detail };
  }

  function itemOf(
    source: Source,
    { problems, parsed: all }: Compiled,
    published: Revision | undefined,
    draft: Revision | undefined,
  ): ContentItem {
    const today = dayOf(clock.now());
    const parsed = published ? all.get(keyOf(source)) : undefined;
    const head = parsed?.is === "article" ? parsed.article : parsed?.is === "flow" ? parsed.flow : null;
    const title: Bilingual = head?.title ?? { vi: source.key, en: source.key };
    const reviewBy = parsed?.is === "article" ? parsed.article.review_by : null;
    const lines = parsed?.is === "services" ? parsed.lines : new Map<string, number>();
    return {
      kind: source.kind,
      key: source.key,
      title,
      file: source.file,
      published: published?.number ?? null,
      draft: draft
        ? { number: draft.number, by: draft.by, at: draft.at, isOvertaken: draft.note === OVERTAKEN }
        : null,
      problems: problems.filter((p) => p.file === source.file && p.severity === "error").length,
      reviewState: head?.review.state ?? null,
      reviewBy,
      overdue: reviewBy !== null && reviewBy < today,
      entries: (parsed?.is === "services" ? parsed.services : []).map((s) => ({
        id: s.id,
        name: s.name,
        line: lines.get(`service:${s.id}`) ?? 1,
        status: s.status,
        reviewState: s.review.state,
        until: s.expires_on,
        overdue: s.expires_on < today,
      })),
    };
  }
}

/** Stands for the reason of one who returns to what was published before. */
const GOING_BACK = "return to an earlier revision";

/** The ear may never hear worse. Golden questions may fall, but not unseen: somebody says why. */
function fallsOf({ golden, rules }: Evaluation, accept: string): Refusal | null {
  if (rules && rules.falls.length > 0) return refuse("falls", rules.falls.join("; "));
  const fallen = golden?.changes.filter((c) => c.kind === "fell") ?? [];
  if (fallen.length === 0 || accept.trim().length >= MIN_REASON) return null;
  return refuse(
    "falls",
    `${fallen.length} golden questions fall: ${fallen
      .slice(0, 5)
      .map((c) => `"${c.question}"`)
      .join(", ")}`,
  );
}

function inTheWay({ source, history }: { source: Source; history: readonly Revision[] }): Problem {
  return {
    code: "bundle.draft",
    message: `${history.find((r) => r.state === "draft")?.by ?? "somebody"} has a draft of this open`,
    file: source.file,
    severity: "error",
  };
}

/** A problem that knows only its field gets the line where that stands. */
function placed(p: Problem, files: ReadonlyMap<string, Source>): Problem {
  const source = files.get(p.file ?? "");
  if (p.line !== undefined || p.field === undefined || !source || source.kind === "article") return p;
  const path = p.field.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  return { ...p, ...openYaml(source.source, source.file).value?.placeOf(path) };
}

function newest(history: readonly Revision[]): number {
  return history.reduce((n, r) => Math.max(n, r.number), 0);
}

function sameProblem(p: Problem): string {
  return [p.file, p.field, p.code, p.message].join("\n");
}
