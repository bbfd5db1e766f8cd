/** One item being edited: text and problems on the left; simulator, comparison and revisions on the right. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useMemo, useRef, useState } from "react";
import type { ContentKind, Problem } from "../web/api-types.ts";
import { call, Refused } from "./api.ts";
import { type Draft, useDraft } from "./content-draft.ts";
import { ContentHistory } from "./content-history.tsx";
import { DiffView } from "./diff-view.tsx";
import { Editor, type EditorHandle } from "./editor.tsx";
import { EvaluationView, useEvaluation, verdictOf } from "./evaluation.tsx";
import { useOneAtATime } from "./one-at-a-time.ts";
import { fetchItem } from "./opened.ts";
import { Dialog, Icon, Loading, Refusal } from "./parts.tsx";
import { PreviewPanel } from "./preview.tsx";
import { itemIn } from "./problem-file.ts";
import { goTo, linkTo } from "./route.ts";
import type { Schema } from "./schema-walk.ts";
import { Simulator, useRehearsal } from "./simulator.tsx";
import { useSpeech } from "./speech.tsx";
import type { WordKey } from "./words.ts";

type PanelName = "preview" | "simulator" | "changes" | "compare" | "history";
const PANELS: readonly [PanelName, WordKey][] = [
  ["preview", "preview"],
  ["simulator", "simulator"],
  ["changes", "changes"],
  ["compare", "compare"],
  ["history", "revisions"],
];
const NO_PROBLEMS: readonly Problem[] = [];

/** Stands it in this text? What is broken elsewhere has a line too, and would be marked at the wrong one. */
const isHere = (file: string | undefined) => (p: Problem) => p.file === undefined || p.file === file;

interface ContentEditorProps {
  readonly kind: ContentKind;
  readonly itemKey: string;
  /** Where to begin to read. */
  readonly startLine: number | undefined;
}

export function ContentEditor({ kind, itemKey, startLine }: ContentEditorProps) {
  const { t, problem } = useSpeech();
  const draft = useDraft(kind, itemKey, t("leave_unsaved"));
  const editor = useRef<EditorHandle>(null);
  const rehearsal = useRehearsal();
  const [panel, setPanel] = useState<PanelName>(kind === "flow" ? "simulator" : "preview");
  const schema = useQuery({
    queryKey: ["schema", kind],
    queryFn: () => call<{ schema: Schema }>(`content/schema?kind=${kind}`).then((answer) => answer.schema),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const file = draft.base?.file;
  const problems = useMemo(() => draft.check.problems.filter(isHere(file)), [draft.check.problems, file]);
  if (draft.opened.isPending) return <Loading />;
  if (!draft.base) return <Refusal error={draft.opened.error} onRetry={() => void draft.opened.refetch()} />;
  return (
    <div className="workbench">
      <section className="writing" aria-label={t("editor")}>
        <Head kind={kind} itemKey={itemKey} draft={draft} />
        <Conflict draft={draft} />
        {draft.base.isOvertaken && (
          <p className="conflict" role="status">
            <Icon name="warn" /> {t("overtaken")}
          </p>
        )}
        <Editor
          ref={editor}
          kind={kind}
          label={`${t("editor")}: ${itemKey}`}
          source={draft.source}
          problems={problems.length > 0 ? problems : NO_PROBLEMS}
          say={problem}
          startLine={startLine}
          schema={schema.data ?? null}
          onChange={draft.setText}
          onSave={() => void draft.save().catch(() => {})}
        />
        <Problems draft={draft} onGo={(p) => editor.current?.goToLine(p.line ?? 1, p.column)} />
      </section>
      <aside className="side" id="panel" aria-label={t("panel")}>
        <div className="tabs">
          {PANELS.map(([name, word]) => (
            <button key={name} type="button" aria-pressed={panel === name} onClick={() => setPanel(name)}>
              {t(word)}
            </button>
          ))}
        </div>
        {draft.isTooLong && (panel === "preview" || panel === "simulator") && (
          <p className="banner" role="status">
            {t("preview_broken")}
          </p>
        )}
        {panel === "preview" && !draft.isTooLong && (
          <PreviewPanel
            kind={kind}
            itemKey={itemKey}
            source={draft.source}
            isWithdrawn={isWithdrawn(kind, draft)}
          />
        )}
        {panel === "changes" && <ChangesPanel kind={kind} itemKey={itemKey} draft={draft} />}
        {panel === "simulator" && !draft.isTooLong && (
          <Simulator kind={kind} itemKey={itemKey} source={draft.source} rehearsal={rehearsal} />
        )}
        {panel === "compare" && <h2>{t("compare_published")}</h2>}
        {panel === "compare" && (
          <DiffView
            before={draft.base.publishedSource ?? ""}
            after={draft.source}
            label={t("compare_published")}
          />
        )}
        {panel === "history" && <ContentHistory kind={kind} itemKey={itemKey} draft={draft} />}
      </aside>
    </div>
  );
}

function ChangesPanel({ kind, itemKey, draft }: { kind: ContentKind; itemKey: string; draft: Draft }) {
  const { t } = useSpeech();
  const [source, setSource] = useState(draft.source);
  const isSound = draft.check.problems.every((p) => p.severity !== "error");
  // What was found of an older text says nothing of this one: it is not shown beside it.
  const isOfThisText = source === draft.source;
  const asked = useEvaluation(kind, itemKey, source, isSound && isOfThisText);
  return (
    <>
      <p className="hint">{t("changes_intro")}</p>
      {!isSound && <p className="banner">{t("publish_blocked")}</p>}
      {isSound && !isOfThisText && (
        <div className="banner" role="status">
          <p>{t("changes_old")}</p>
          <button type="button" onClick={() => setSource(draft.source)}>
            {t("changes_again")}
          </button>
        </div>
      )}
      {isSound && isOfThisText && <EvaluationView asked={asked} />}
    </>
  );
}

function Head({ kind, itemKey, draft }: { kind: ContentKind; itemKey: string; draft: Draft }) {
  const { t, named, both } = useSpeech();
  const title = draft.base ? both(draft.base.title) : itemKey;
  const [dialog, setDialog] = useState<"publish" | "discard" | null>(null);
  const [said, say] = useState(NOTHING_SAID);
  const needsOther = draft.isMine && (draft.base?.secondPerson ?? false);
  const errors = draft.check.problems.filter((p) => p.severity === "error").length;
  const isLive = draft.base?.state === "published" && !draft.isDirty;
  const isStale = draft.theirs !== null && isOvertakenBy(draft.saving.error);
  return (
    <header className="work-head">
      <a href={linkTo("content", kind)}>
        <Icon name="back" /> {named("kind_", kind)}
      </a>
      <h1>
        {title} {title !== itemKey && <code>{itemKey}</code>}
      </h1>
      <span className={`mark ${isLive ? "good" : ""}`} role="status">
        {draft.isDirty
          ? t(draft.saving.isPending ? "saving" : "unsaved")
          : draft.base?.state === "draft"
            ? `${t("draft")} · ${draft.base.number}`
            : `${t("published")} · ${draft.base?.publishedNumber ?? draft.base?.number}`}
      </span>
      {isLive && isWithdrawn(kind, draft) && <span className="mark bad">{t("show_overdue")}</span>}
      <div className="buttons">
        <button
          type="button"
          disabled={!draft.isDirty || draft.isTooLong || draft.saving.isPending}
          onClick={() => void draft.save().catch(() => {})}
        >
          {t("save_draft")}
        </button>
        {draft.base?.state === "draft" && (
          <button type="button" disabled={draft.saving.isPending} onClick={() => setDialog("discard")}>
            {t("discard")}
          </button>
        )}
        <button
          type="button"
          className="to-panel"
          onClick={() => document.getElementById("panel")?.scrollIntoView({ block: "start" })}
        >
          {t("to_panel")}
        </button>
        <button
          type="button"
          className="main"
          disabled={isLive || errors > 0 || needsOther || draft.saving.isPending}
          onClick={() => setDialog("publish")}
        >
          {t("publish")}
        </button>
      </div>
      {needsOther && !isLive && <p className="hint full">{t("second_person_hint")}</p>}
      {errors > 0 && <p className="hint full">{t("publish_blocked")}</p>}
      {!isStale && <Refusal error={draft.saving.error} />}
      {dialog === "publish" && (
        <PublishDialog
          kind={kind}
          itemKey={itemKey}
          draft={draft}
          said={said}
          onSaid={say}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === "discard" && (
        <DiscardDialog kind={kind} itemKey={itemKey} draft={draft} onClose={() => setDialog(null)} />
      )}
    </header>
  );
}

/** Was it refused because somebody else was there first? An older draft of the same hand is not kept. */
function isOvertakenBy(error: unknown): boolean {
  return error instanceof Refused && (error.code === "stale" || error.code === "not_found");
}

/** Then the line above says that it is asked again. */
function isLineDead(error: unknown): boolean {
  return error instanceof Refused && error.code === "network";
}

interface DialogProps {
  readonly kind: ContentKind;
  readonly itemKey: string;
  readonly draft: Draft;
  readonly onClose: () => void;
}

/** An article past its day reaches nobody, whatever was published; of a directory file only the entry does not. */
function isWithdrawn(kind: ContentKind, { check }: Draft): boolean {
  return kind === "article" && check.problems.some((p) => p.code === "knowledge.overdue");
}

/** The shortest reason that is taken, as the server counts it. */
const MIN_REASON = 10;

const NOTHING_SAID = { note: "", accept: "" };

interface PublishDialogProps extends DialogProps {
  /** What she says of her change: it outlives a dialog that is closed for a last look. */
  readonly said: typeof NOTHING_SAID;
  readonly onSaid: (said: typeof NOTHING_SAID) => void;
}

function PublishDialog({ kind, itemKey, draft, said, onSaid, onClose }: PublishDialogProps) {
  const { t, problem } = useSpeech();
  const queries = useQueryClient();
  const asked = useEvaluation(kind, itemKey, draft.source, true);
  const { fallen, isBarred } = verdictOf(asked.data);
  const send = async (what: { number: number; note: string; accept: string }) => {
    try {
      return (await call<{ settled: number }>("content/publish", { kind, key: itemKey, ...what })).settled;
    } catch (error) {
      // In force already, and only the answer was lost on its way.
      if (!isOvertakenBy(error) || (await fetchItem(kind, itemKey)).publishedNumber !== what.number)
        throw error;
      return 0;
    }
  };
  const publish = useMutation({
    mutationFn: async ({ note, accept }: { note: string; accept: string }) => {
      const number = await draft.save();
      const settled = await send({ number, note, accept });
      await draft.reload();
      void queries.invalidateQueries({ queryKey: ["items"] });
      void queries.invalidateQueries({ queryKey: ["unanswered"] });
      queries.removeQueries({ queryKey: ["evaluate"] });
      return settled;
    },
    onSuccess: (settled) => {
      onSaid(NOTHING_SAID);
      if (settled === 0) onClose();
    },
    onError: (error) => isOvertakenBy(error) && draft.seeTheirs(),
  });
  const press = useOneAtATime(publish.mutateAsync);
  const refused = publish.error instanceof Refused ? publish.error.problems : [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    press({ ...said, accept: fallen > 0 ? said.accept : "" });
  };
  if (publish.data) {
    return (
      <Dialog title={t("publish")} onClose={onClose}>
        <p role="status">
          {t("published_ok")} {publish.data} {t("settled_n")}.
        </p>
      </Dialog>
    );
  }
  return (
    <Dialog title={t("publish")} onClose={onClose}>
      <form onSubmit={submit}>
        <p>{t(isWithdrawn(kind, draft) ? "publish_withdrawn" : "publish_explain")}</p>
        <EvaluationView asked={asked} />
        <label htmlFor="publish-note">{t("publish_note")}</label>
        <textarea
          id="publish-note"
          rows={2}
          maxLength={500}
          required
          value={said.note}
          onChange={(e) => onSaid({ ...said, note: e.target.value })}
        />
        {fallen > 0 && !isBarred && (
          <>
            <label htmlFor="publish-accept">{t("accept_falls")}</label>
            <textarea
              id="publish-accept"
              value={said.accept}
              onChange={(e) => onSaid({ ...said, accept: e.target.value })}
              rows={2}
              minLength={MIN_REASON}
              maxLength={300}
              required
            />
          </>
        )}
        {publish.isPending && (
          <p role="status" className="hint">
            {t("publishing")}
          </p>
        )}
        <Refusal error={publish.error} />
        <ul className="problem-list">
          {refused.map((p) => (
            <li key={keyOf(p)}>
              {isHere(draft.base?.file)(p) ? `${t("line")} ${p.line ?? "?"}:` : <ProblemPlace problem={p} />}{" "}
              {problem(p)}
            </li>
          ))}
        </ul>
        <div className="buttons">
          <button type="button" onClick={onClose}>
            {t("cancel")}
          </button>
          <button type="submit" className="main" disabled={publish.isPending || asked.isFetching || isBarred}>
            {t("publish")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function DiscardDialog({ kind, itemKey, draft, onClose }: DialogProps) {
  const { t } = useSpeech();
  const queries = useQueryClient();
  const discard = useMutation({
    mutationFn: () => call("content/discard", { kind, key: itemKey, number: draft.base?.number ?? 0 }),
    onSuccess: async () => {
      void queries.invalidateQueries({ queryKey: ["items", kind] });
      if (draft.base?.publishedSource !== null) {
        await draft.reload();
        return onClose();
      }
      onClose();
      // It was never published: nothing is left to edit.
      draft.setText(null);
      queries.removeQueries({ queryKey: ["item", kind, itemKey] });
      goTo("content", kind);
    },
    onError: (error) => isOvertakenBy(error) && draft.seeTheirs(),
  });
  const press = useOneAtATime(discard.mutateAsync);
  return (
    <Dialog title={t("discard")} onClose={onClose}>
      <p>{t("discard_explain")}</p>
      <Refusal error={discard.error} />
      <div className="buttons">
        <button type="button" onClick={onClose}>
          {t("cancel")}
        </button>
        <button type="button" className="main" disabled={discard.isPending} onClick={() => press()}>
          {t("discard")}
        </button>
      </div>
    </Dialog>
  );
}

/** Somebody else saved meanwhile: both texts are here, and she chooses. */
function Conflict({ draft }: { draft: Draft }) {
  const { t } = useSpeech();
  const [isShown, show] = useState(false);
  if (!draft.theirs) return null;
  return (
    <div className="conflict" role="alert">
      <p>
        <Icon name="warn" /> {t("stale")}
      </p>
      <div className="buttons">
        <button type="button" aria-expanded={isShown} onClick={() => show(!isShown)}>
          {t("stale_compare")}
        </button>
        <button type="button" onClick={draft.takeTheirs}>
          {t("stale_take_theirs")}
        </button>
        <button type="button" onClick={draft.keepMine}>
          {t("stale_keep_mine")}
        </button>
      </div>
      {isShown && <DiffView before={draft.theirs.source} after={draft.source} label={t("stale_compare")} />}
    </div>
  );
}

function Problems({ draft, onGo }: { draft: Draft; onGo: (problem: Problem) => void }) {
  const { t } = useSpeech();
  const { problems, isChecking, error } = draft.check;
  const own = problems.filter(isHere(draft.base?.file));
  const elsewhere = problems.filter((p) => !own.includes(p));
  const errors = problems.filter((p) => p.severity === "error").length;
  const warnings = problems.length - errors;
  const summary = [
    errors > 0 ? `${errors} ${t(errors === 1 ? "errors_1" : "errors_n")}` : "",
    warnings > 0 ? `${warnings} ${t(warnings === 1 ? "warnings_1" : "warnings_n")}` : "",
  ].filter(Boolean);
  return (
    <footer className="problems">
      <p role="status" className={errors > 0 || error ? "bad" : "good"}>
        <Icon name={errors > 0 || error ? "warn" : "check"} />{" "}
        {error ? t("unchecked") : summary.join(", ") || t("no_problems")}
        {isChecking && <span className="hint"> {t("checking")}</span>}
      </p>
      {!isLineDead(error) && <Refusal error={error} />}
      {problems.length > 0 && (
        <ul className="problem-list">
          {own.map((p) => (
            <li key={keyOf(p)}>
              <button type="button" className="quiet" onClick={() => onGo(p)}>
                <b className={p.severity === "error" ? "bad" : ""}>
                  {t("line")} {p.line ?? 1}
                </b>{" "}
                <ProblemWords problem={p} />
              </button>
            </li>
          ))}
          {elsewhere.map((p) => (
            <li key={keyOf(p)}>
              <ProblemPlace problem={p} /> <ProblemWords problem={p} />
            </li>
          ))}
        </ul>
      )}
    </footer>
  );
}

const keyOf = (p: Problem) => `${p.code} ${p.file} ${p.line} ${p.column} ${p.field} ${p.message}`;

function ProblemWords({ problem: p }: { problem: Problem }) {
  const { problem } = useSpeech();
  return `${p.field ? `${p.field}: ` : ""}${problem(p)}`;
}

/** The other text that this one breaks, and the way there. */
function ProblemPlace({ problem: { file = "", line } }: { problem: Problem }) {
  const item = itemIn(file);
  const place = line === undefined ? file : `${file}:${line}`;
  if (!item) return <b className="bad">{place}</b>;
  const parts = ["content", item.kind, item.key, ...(line === undefined ? [] : [String(line)])];
  return <a href={linkTo(...parts)}>{place}</a>;
}
