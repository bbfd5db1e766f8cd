/** What editors and administrators do: draft, check, try out, publish, go back. */

import { z } from "zod";
import { may } from "../core/access.ts";
import type { Bilingual, ChannelCaps, ChannelName } from "../core/message.ts";
import type { Problem } from "../core/problem.ts";
import {
  beginRehearsal,
  describeEffect,
  describeMessage,
  type Moved,
  passes,
  says,
} from "../core/rehearsal.ts";
import { groupAlike } from "../core/retrieval/grouping.ts";
import type { Source } from "../ports/sources.ts";
import type { ContentKind, Revision } from "../ports/store.ts";
import { MAX_SOURCE } from "./documents.ts";
import { type Compiled, keyOf, worldFor } from "./library.ts";
import { OVERTAKEN } from "./library-live.ts";
import type { Parts } from "./parts.ts";
import { openQuestions } from "./questions.ts";
import { schemaOf } from "./read-content.ts";
import { refuse } from "./refusals.ts";
import type { Answer, ContentItem, Editorial, Staff, TalkLine } from "./services.ts";

const MAX_SAID = 200;
const MAX_UNANSWERED = 300;
const SIMULATOR_STARTS = Date.UTC(2026, 10, 22, 14, 30);

export function makeEditorial(parts: Parts, capsOf: (channel: ChannelName) => ChannelCaps): Editorial {
  const { store, clock, library, bus } = parts;

  return {
    async list(by, kind) {
      if (!may(by.roles, "edit_content")) return refuse("forbidden");
      const keys = new Map<string, Source>();
      for (const source of library.sources().values()) if (source.kind === kind) keys.set(source.key, source);
      const problems = library.compiled().problems;
      const items = await Promise.all([...keys.values()].map((source) => item(source, problems)));
      return { ok: true, items: items.toSorted((a, b) => a.key.localeCompare(b.key)) };
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
        publishedSource: published?.source ?? null,
        problems: problemsOf({ kind, key, file: fileOf(kind, key), source }),
      };
    },
    async check(by, kind, key, source) {
      if (!may(by.roles, "edit_content")) return refuse("forbidden");
      return { ok: true, problems: problemsOf({ kind, key, file: fileOf(kind, key), source }) };
    },
    async save(by, kind, key, source, basedOn) {
      if (!may(by.roles, "edit_content")) return refuse("forbidden");
      if (source.length > MAX_SOURCE)
        return refuse("bad_request", `the document has ${source.length} characters; at most ${MAX_SOURCE}`);
      if (!/^[a-z0-9][a-z0-9/_-]{0,99}$/.test(key))
        return refuse("bad_request", "a name has lower-case letters, digits and hyphens");
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
      return {
        ok: true,
        number: saved.number,
        problems: problemsOf({ kind, key, file: fileOf(kind, key), source }),
      };
    },
    async publish(by, kind, key, number, note) {
      if (!may(by.roles, "publish_content")) return refuse("forbidden");
      const revision = (await store.content.history(kind, key)).find((r) => r.number === number);
      if (!revision) return refuse("not_found");
      if (kind === "article" && revision.by === by.login && library.base().settings.review_by_second_person) {
        return refuse(
          "forbidden",
          "you wrote this draft: somebody else must read and publish it (settings.yaml, review_by_second_person)",
        );
      }
      return publishNow(by, revision, note);
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
      return publishNow(by, { ...old, number: saved.number }, `← ${number}`);
    },
    async simulate(by, ask) {
      if (!may(by.roles, "edit_content")) return refuse("forbidden");
      if (ask.said.length > MAX_SAID) return refuse("bad_request", `at most ${MAX_SAID} messages`);
      const drafts = ask.drafts.map((d) => ({ ...d, file: fileOf(d.kind, d.key) }));
      const compiled = library.tryOut(drafts);
      const errors = ownErrors(compiled, drafts);
      if (!compiled.base || errors.length > 0) return refuse("invalid", undefined, errors);
      return rehearse(compiled, ask);
    },
    schema: (kind) => z.toJSONSchema(schemaOf(kind, ""), { io: "input", unrepresentable: "any" }),
    async ask(by, question, lang) {
      if (!may(by.roles, "edit_content")) return refuse("forbidden");
      return { ok: true, ...library.base().search({ text: question.slice(0, 1_000), lang, limit: 10 }) };
    },
    async unanswered(by) {
      if (!may(by.roles, "edit_content")) return refuse("forbidden");
      const questions = await openQuestions(parts, MAX_UNANSWERED);
      return { ok: true, questions, groups: groupAlike(questions) };
    },
  };

  // ── inside ──────────────────────────────────────────────────────────────────────────────────────────────

  async function publishNow(
    by: Staff,
    revision: Pick<Revision, "kind" | "key" | "number" | "source">,
    note: string,
  ): Promise<Answer<{ edition: number }>> {
    const { kind, key, number, source } = revision;
    const problems = problemsOf({ kind, key, file: fileOf(kind, key), source });
    if (problems.some((p) => p.severity === "error")) return refuse("invalid", undefined, problems);
    const at = clock.now();
    const published = await store.content.publish({
      kind,
      key,
      number,
      by: by.login,
      at,
      note: note.slice(0, 500),
      audit: {
        at,
        actor: by.login,
        action: "published",
        subject: keyOf({ kind, key }),
        detail: String(number),
      },
    });
    if (!published) return refuse("stale");
    await library.refresh();
    bus.publish("content");
    return { ok: true, edition: library.base().edition };
  }

  /** Problems of one document among everything else that is published. */
  function problemsOf(source: Source): readonly Problem[] {
    const before = new Set(library.compiled().problems.map(sameProblem));
    const compiled = library.tryOut([source]);
    // Its own faults always, and those of others only if this change brings them about.
    return compiled.problems.filter((p) => p.file === source.file || !before.has(sameProblem(p)));
  }

  function ownErrors(compiled: Compiled, drafts: readonly Source[]): readonly Problem[] {
    const files = new Set(drafts.map((d) => d.file));
    return compiled.problems.filter(
      (p) => p.severity === "error" && p.file !== undefined && files.has(p.file),
    );
  }

  function fileOf(kind: ContentKind, key: string): string {
    return library.sources().get(keyOf({ kind, key }))?.file ?? `${kind}/${key}`;
  }

  async function item(source: Source, problems: readonly Problem[]): Promise<ContentItem> {
    const history = await store.content.history(source.kind, source.key);
    const draft = history.find((r) => r.state === "draft");
    const parsed = library.compiled().parsed.get(keyOf(source));
    const head = parsed?.is === "article" ? parsed.article : parsed?.is === "flow" ? parsed.flow : null;
    const title: Bilingual = head?.title ?? { vi: source.key, en: source.key };
    return {
      kind: source.kind,
      key: source.key,
      title,
      file: source.file,
      published: history.find((r) => r.state === "published")?.number ?? null,
      draft: draft
        ? { number: draft.number, by: draft.by, at: draft.at, isOvertaken: draft.note === OVERTAKEN }
        : null,
      problems: problems.filter((p) => p.file === source.file && p.severity === "error").length,
      reviewState: head?.review.state ?? null,
      reviewBy: parsed?.is === "article" ? parsed.article.review_by : null,
    };
  }

  function rehearse(compiled: Compiled, ask: Parameters<Editorial["simulate"]>[1]) {
    if (!compiled.base) return refuse("invalid");
    const base = ask.flow
      ? {
          ...compiled.base,
          settings: {
            ...compiled.base.settings,
            flows: { ...compiled.base.settings.flows, start: ask.flow },
          },
        }
      : compiled.base;
    const rehearsal = beginRehearsal(worldFor(base, capsOf(ask.channel)), SIMULATOR_STARTS, ask.lang);
    const lines: TalkLine[] = [];
    const talk = [
      `# ${ask.flow ?? "…"}`,
      `@ ${ask.channel} ${ask.lang} ${new Date(SIMULATOR_STARTS).toISOString()}`,
    ];
    for (const said of ask.said) {
      let moved: Moved;
      if (said.waitMs !== undefined) {
        talk.push(`~ ${Math.round(said.waitMs / 60_000)}m`);
        moved = passes(rehearsal, said.waitMs);
      } else if (said.choice !== undefined) {
        const label = rehearsal.state.offered.find((c) => c.value === said.choice)?.label ?? said.choice;
        lines.push({ who: "person", text: label, choices: [] });
        talk.push(`> [${label}]`);
        moved = says(rehearsal, { kind: "choice", value: said.choice });
      } else {
        lines.push({ who: "person", text: said.text ?? "", choices: [] });
        talk.push(`> ${said.text ?? ""}`);
        moved = says(rehearsal, { kind: "text", text: said.text ?? "" });
      }
      for (const m of moved.sent) {
        lines.push({ who: "bot", text: m.text, choices: m.choices });
        talk.push(describeMessage(m));
      }
      for (const words of moved.effects.map(describeEffect)) {
        if (words === null) continue;
        lines.push({ who: "effect", text: words, choices: [] });
        talk.push(`! ${words}`);
      }
    }
    return { ok: true as const, lines, level: rehearsal.state.level, talk: `${talk.join("\n")}\n` };
  }
}

function newest(history: readonly Revision[]): number {
  return history.reduce((n, r) => Math.max(n, r.number), 0);
}

function sameProblem(p: Problem): string {
  return [p.file, p.field, p.code, p.message].join("\n");
}
