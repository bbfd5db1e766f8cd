/** The way from a draft into force: what stands against it, one by one and many at once. */

import { may } from "../../core/access.ts";
import type { Problem } from "../../core/problem.ts";
import { inBoth } from "../../core/problem-words.ts";
import { describeFall } from "../../core/triage/evaluate.ts";
import { describeChange } from "../../core/triage/instrument-change.ts";
import type { Source } from "../../ports/sources.ts";
import type { ContentKind, Revision } from "../../ports/store.ts";
import { sourcesIn } from "../bundle.ts";
import type { Evaluation, makeEvaluation } from "../evaluation.ts";
import { keyOf } from "../library.ts";
import { OVERTAKEN } from "../library-live.ts";
import type { Parts } from "../parts.ts";
import { refuse } from "../refusals.ts";
import type { Answer, Editorial, Refusal, Staff } from "../services.ts";
import { auditOf } from "./audit.ts";
import { type Draft, type Drafts, newest } from "./drafts.ts";
import { settleAnswered } from "./settling.ts";

/** A reason that says something. */
const MIN_REASON = 10;
const MAX_NOTE = 500;

export interface Publishing {
  /** Publishes a draft and settles the questions that it answers. */
  publishNow(
    by: Staff,
    draft: Draft,
    note: string,
    accept: string,
  ): Promise<Answer<{ edition: number; settled: number }>>;
  /** Puts an older revision into force again, over the one published now (`over`); an open draft stays, marked. */
  goBack(by: Staff, old: Draft, over: number | null): Promise<Answer<{ edition: number; settled: number }>>;
  /** Takes files in, all or none. */
  readonly takeIn: Editorial["importFiles"];
  /** Must somebody else read this before it is published? */
  needsSecondPerson(by: Staff, kind: ContentKind, key: string): boolean;
}

export function makePublishing(
  parts: Parts,
  { sourceOf, problemsOf }: Drafts,
  evaluate: ReturnType<typeof makeEvaluation>,
): Publishing {
  const { store, clock, library, bus } = parts;
  return { publishNow, goBack, takeIn, needsSecondPerson };

  async function publishNow(
    by: Staff,
    draft: Draft,
    note: string,
    accept: string,
  ): Promise<Answer<{ edition: number; settled: number }>> {
    const { kind, key, number } = draft;
    const refused = await gate(draft, accept);
    if (refused) return refused;
    const reason = accept.trim();
    const published = await store.content.publish({
      kind,
      key,
      number,
      by: by.login,
      at: clock.now(),
      note: [note, reason].filter(Boolean).join(" · ").slice(0, MAX_NOTE),
      audit: auditOf(
        clock.now(),
        by,
        "published",
        keyOf({ kind, key }),
        [number, reason].filter(Boolean).join(" "),
      ),
    });
    return published ? inForce(by, draft) : refuse("stale");
  }

  async function goBack(by: Staff, old: Draft, over: number | null) {
    const refused = await gate(old, GOING_BACK);
    if (refused) return refused;
    const { kind, key, number, source } = old;
    const at = clock.now();
    const restored = await store.content.restore({
      ...{ kind, key, source, by: by.login, at, over },
      note: `← ${number}`,
      draftNote: OVERTAKEN,
      audit: auditOf(at, by, "published", keyOf({ kind, key }), `← ${number}`),
    });
    return restored ? inForce(by, old) : refuse("stale");
  }

  /** Takes what was just published into use here, and tells the others. */
  async function inForce(by: Staff, { kind, key }: Draft) {
    const before = library.base();
    await library.refresh();
    bus.publish("content");
    const settled = kind === "article" ? await settleAnswered(parts, by, key, before) : 0;
    return { ok: true, edition: library.base().edition, settled } as const;
  }

  /** What stands against publishing this; null: nothing. */
  async function gate(draft: Draft, accept: string): Promise<Refusal | null> {
    const source = sourceOf(draft.kind, draft.key, draft.source);
    const problems = problemsOf([source]);
    if (problems.some((p) => p.severity === "error")) return refuse("invalid", undefined, problems);
    return fallsOf(await evaluate([source], library.tryOut([source])), accept);
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
    const problems = problemsOf(wanted);
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
          at,
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
}

/** Stands for the reason of one who returns to what was published before. */
const GOING_BACK = "return to an earlier revision";

/**
 * The ear may never hear worse, nor a sign of danger count for less than in what came with the build. Golden questions
 * and other answers of instruments may fall, but not unseen: somebody says why.
 */
function fallsOf({ golden, rules, instruments }: Evaluation, accept: string): Refusal | null {
  if (rules && rules.falls.length > 0) return refuse("falls", rules.falls.map(describeFall).join("; "));
  const barred = instruments?.flatMap((i) => i.barred.map((c) => `${i.id}: ${describeChange(c)}`)) ?? [];
  if (barred.length > 0) return refuse("falls", barred.join("; "));
  const fallen = [
    ...(golden?.changes.filter((c) => c.kind === "fell").map((c) => `"${c.question}"`) ?? []),
    ...(instruments?.flatMap((i) => i.falls.map((c) => `${i.id}: ${describeChange(c)}`)) ?? []),
  ];
  if (fallen.length === 0 || accept.trim().length >= MIN_REASON) return null;
  const what = instruments ? "sets of answers" : "golden questions";
  return refuse("falls", `${fallen.length} ${what} fall: ${fallen.slice(0, 5).join(", ")}`);
}

function inTheWay({ source, history }: { source: Source; history: readonly Revision[] }): Problem {
  return {
    code: "bundle.draft",
    message: `${history.find((r) => r.state === "draft")?.by ?? "somebody"} has a draft of this open: publish or discard it first`,
    file: source.file,
    severity: "error",
  };
}
