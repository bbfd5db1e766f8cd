/** What editors and administrators do: draft, check, try out, publish, go back. */

import { z } from "zod";
import { may } from "../core/access.ts";
import { dayOf } from "../core/day.ts";
import { newArticle, newService } from "../core/knowledge/template.ts";
import type { Bilingual } from "../core/message.ts";
import { makeExplainer } from "../core/retrieval/explain.ts";
import { groupAlike } from "../core/retrieval/grouping.ts";
import { articleIn } from "../core/showable.ts";
import type { Source } from "../ports/sources.ts";
import type { Revision } from "../ports/store.ts";
import { filesOf, KEY, plainLines } from "./bundle.ts";
import { MAX_SOURCE } from "./documents.ts";
import { auditOf } from "./editorial/audit.ts";
import { makeDrafts, newest } from "./editorial/drafts.ts";
import { itemOf, titleOf } from "./editorial/item.ts";
import { makePublishing } from "./editorial/publishing.ts";
import { MAX_UNANSWERED } from "./editorial/settling.ts";
import { countAnswers } from "./editorial/usefulness.ts";
import { makeEvaluation } from "./evaluation.ts";
import { type Base, keyOf } from "./library.ts";
import { OVERTAKEN } from "./library-live.ts";
import type { Parts } from "./parts.ts";
import { openQuestions } from "./questions.ts";
import { readContent, schemaOf } from "./read-content.ts";
import { refuse } from "./refusals.ts";
import type { Editorial, HitWithWhy } from "./services.ts";
import { type CapsOf, previewOf, rehearse } from "./trying.ts";

const MAX_SAID = 200;
/** Of a question asked for trying; longer ones are cut. */
const MAX_ASKED = 1_000;
/** How long a new article may stand before somebody checks it again. */
const CHECK_AGAIN_MS = 182 * 86_400_000;

export function makeEditorial(parts: Parts, capsOf: CapsOf): Editorial {
  const { store, clock, library } = parts;
  const evaluate = makeEvaluation(parts);
  const drafting = makeDrafts(parts);
  const { sourceOf, fileOf, problemsOf, ownErrors } = drafting;
  const { publishNow, goBack, takeIn, needsSecondPerson } = makePublishing(parts, drafting, evaluate);
  const explainers = new WeakMap<Base["articles"], ReturnType<typeof makeExplainer>>();

  return {
    async list(by, kind) {
      if (!may(by.roles, "edit_content")) return refuse("forbidden");
      const [{ revisions }, drafts, counted] = await Promise.all([
        store.content.published(),
        store.content.drafts(),
        kind === "article" ? countAnswers(parts) : null,
      ]);
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
        itemOf(
          source,
          compiled,
          published.get(source.key),
          drafted.get(source.key),
          dayOf(clock.now()),
          counted?.of.get(source.key) ?? null,
        ),
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
        file: fileOf(kind, key),
        title: titleOf(
          { kind, key },
          readContent(sourceOf(kind, key, source)).value ??
            library.compiled().parsed.get(keyOf({ kind, key })),
        ),
        source,
        number: newest(history),
        state: draft ? "draft" : "published",
        isOvertaken: draft?.note === OVERTAKEN,
        draftBy: draft?.by ?? null,
        publishedNumber: history.find((r) => r.state === "published")?.number ?? null,
        publishedSource: published?.source ?? null,
        problems: problemsOf([sourceOf(kind, key, source)]),
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
      return { ok: true, problems: problemsOf([sourceOf(kind, key, source)]) };
    },
    async save(by, kind, key, source, basedOn) {
      if (!may(by.roles, "edit_content")) return refuse("forbidden");
      if (source.length > MAX_SOURCE)
        return refuse("bad_request", `the document has ${source.length} characters; at most ${MAX_SOURCE}`);
      if (!KEY.test(key)) return refuse("bad_request", "a name has lower-case letters, digits and hyphens");
      const saved = await store.content.saveDraft({
        kind,
        key,
        // A zero byte is nothing that anybody wrote, and PostgreSQL takes none.
        source: plainLines(source).replaceAll("\0", "").normalize("NFC"),
        by: by.login,
        at: clock.now(),
        basedOn,
      });
      if (!saved.ok)
        return refuse(
          "stale",
          `somebody else saved revision ${saved.newest} meanwhile; your text is still in your window`,
        );
      return { ok: true, number: saved.number, problems: problemsOf([sourceOf(kind, key, source)]) };
    },
    async discard(by, kind, key, number) {
      if (!may(by.roles, "edit_content")) return refuse("forbidden");
      const audit = auditOf(clock.now(), by, "discarded", keyOf({ kind, key }), String(number));
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
      return goBack(by, old, history.find((r) => r.state === "published")?.number ?? null);
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
    async ask(_by, question, lang, before = "") {
      await library.prepare();
      // Nobody's words: counsellors may see what people are told as well.
      const { search, articles } = library.base();
      const asked = question.slice(0, MAX_ASKED);
      const explain = explainers.get(articles) ?? makeExplainer(articles, library.compiled().asked);
      explainers.set(articles, explain);
      const { answered, hits } = search({
        text: asked,
        lang,
        limit: 10,
        today: dayOf(clock.now()),
        ...(before.trim() === "" ? {} : { before: [before.slice(0, MAX_ASKED)] }),
      });
      return {
        ok: true,
        answered,
        hits: hits.map((hit) => ({
          ...hit,
          why: explain(asked, hit.id.split("#")[0] ?? "", lang),
          entry: entryOf(hit.id, library.base()),
        })),
      };
    },
    async unanswered(by) {
      if (!may(by.roles, "edit_content")) return refuse("forbidden");
      const [opened, { all }] = await Promise.all([
        openQuestions(parts, MAX_UNANSWERED),
        countAnswers(parts),
      ]);
      const base = library.base();
      const questions = opened.map(({ shown, ...asked }) => ({
        ...asked,
        shown: shown === null ? null : { id: shown, title: nameOf(shown, base) },
      }));
      return { ok: true, questions, groups: groupAlike(questions), counts: all };
    },
    async settle(by, ids) {
      if (!may(by.roles, "edit_content")) return refuse("forbidden");
      await store.content.settle(
        ids,
        auditOf(clock.now(), by, "settled", "unanswered", `${ids.length} dismissed`),
      );
      return { ok: true };
    },
    async exportFiles(by) {
      if (!may(by.roles, "edit_content")) return refuse("forbidden");
      return { ok: true, files: filesOf(library.sources().values()) };
    },
    importFiles: takeIn,
  };
}

/** A passage's heading or a service's name, as they are now; null: it is gone. */
function nameOf(id: string, { articles, services }: Base): Bilingual | null {
  if (id.startsWith("service:")) return services.get(id.slice("service:".length))?.name ?? null;
  const article = articles.get(articleIn(id));
  if (!article || !id.includes("#")) return article?.title ?? null;
  return article.passages.find((p) => p.id === id)?.heading ?? null;
}

/** Of a service among the hits: for whom it is. */
function entryOf(id: string, { services, provinces }: Base): HitWithWhy["entry"] {
  const service = services.get(id.replace(/^service:/, ""));
  if (!service || !id.startsWith("service:")) return null;
  const { scope, provinces: ids } = service.area;
  const names = provinces.filter((p) => ids.includes(p.id)).map((p) => p.name);
  return {
    kind: service.kind,
    provinces: scope === "national" ? null : names,
    until: service.expires_on,
  };
}
