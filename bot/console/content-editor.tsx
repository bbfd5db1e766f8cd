/** One item being edited: text and problems on the left; simulator, comparison and revisions on the right. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import type { ContentKind, Problem } from "../web/api-types.ts";
import { call, Refused } from "./api.ts";
import { type Draft, useDraft } from "./content-draft.ts";
import { ContentHistory } from "./content-history.tsx";
import { DiffView } from "./diff-view.tsx";
import { Editor, type EditorHandle } from "./editor.tsx";
import { Dialog, Icon, Loading, Refusal } from "./parts.tsx";
import { linkTo } from "./route.ts";
import type { Schema } from "./schema-walk.ts";
import { Simulator } from "./simulator.tsx";
import { useSpeech } from "./speech.tsx";
import type { WordKey } from "./words.ts";

type PanelName = "simulator" | "compare" | "history";
const PANELS: readonly [PanelName, WordKey][] = [
  ["simulator", "simulator"],
  ["compare", "compare"],
  ["history", "revisions"],
];
const NO_PROBLEMS: readonly Problem[] = [];

export function ContentEditor({ kind, itemKey }: { kind: ContentKind; itemKey: string }) {
  const { t } = useSpeech();
  const draft = useDraft(kind, itemKey, t("leave_unsaved"));
  const editor = useRef<EditorHandle>(null);
  const [panel, setPanel] = useState<PanelName>("simulator");
  const schema = useQuery({
    queryKey: ["schema", kind],
    queryFn: () => call<{ schema: Schema }>(`content/schema?kind=${kind}`).then((answer) => answer.schema),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { problems } = draft.check;
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
          schema={schema.data ?? null}
          onChange={draft.setText}
          onSave={() => void draft.save().catch(() => {})}
        />
        <Problems draft={draft} onGo={(p) => editor.current?.goToLine(p.line ?? 1, p.column)} />
      </section>
      <aside className="side" aria-label={t("panel")}>
        <div className="tabs">
          {PANELS.map(([name, word]) => (
            <button key={name} type="button" aria-pressed={panel === name} onClick={() => setPanel(name)}>
              {t(word)}
            </button>
          ))}
        </div>
        {panel === "simulator" && <Simulator kind={kind} itemKey={itemKey} source={draft.source} />}
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

function Head({ kind, itemKey, draft }: { kind: ContentKind; itemKey: string; draft: Draft }) {
  const { t, named } = useSpeech();
  const [isPublishing, setPublishing] = useState(false);
  const errors = draft.check.problems.filter((p) => p.severity === "error").length;
  const isLive = draft.base?.state === "published" && !draft.isDirty;
  const isStale = draft.saving.error instanceof Refused && draft.saving.error.code === "stale";
  return (
    <header className="work-head">
      <a href={linkTo("content", kind)}>
        <Icon name="back" /> {named("kind_", kind)}
      </a>
      <h1>{itemKey}</h1>
      <span className={`mark ${isLive ? "good" : ""}`} role="status">
        {draft.isDirty
          ? t("unsaved")
          : `${draft.base?.state === "draft" ? t("draft") : t("published")} · ${draft.base?.number}`}
      </span>
      <div className="buttons">
        <button
          type="button"
          disabled={!draft.isDirty || draft.saving.isPending}
          onClick={() => void draft.save().catch(() => {})}
        >
          {t("save_draft")}
        </button>
        <button
          type="button"
          className="main"
          disabled={isLive || errors > 0 || draft.saving.isPending}
          onClick={() => setPublishing(true)}
        >
          {t("publish")}
        </button>
      </div>
      {errors > 0 && <p className="hint full">{t("publish_blocked")}</p>}
      {!isStale && <Refusal error={draft.saving.error} />}
      {isPublishing && (
        <PublishDialog kind={kind} itemKey={itemKey} draft={draft} onClose={() => setPublishing(false)} />
      )}
    </header>
  );
}

function PublishDialog({
  kind,
  itemKey,
  draft,
  onClose,
}: {
  kind: ContentKind;
  itemKey: string;
  draft: Draft;
  onClose: () => void;
}) {
  const { t } = useSpeech();
  const queries = useQueryClient();
  const publish = useMutation({
    mutationFn: async (note: string) => {
      const number = draft.isDirty ? await draft.save() : (draft.base?.number ?? 0);
      await call("content/publish", { kind, key: itemKey, number, note });
      await draft.reload();
      void queries.invalidateQueries({ queryKey: ["items"] });
    },
    onSuccess: onClose,
  });
  const refused = publish.error instanceof Refused ? publish.error.problems : [];
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    publish.mutate(String(new FormData(event.currentTarget).get("note") ?? ""));
  };
  return (
    <Dialog title={t("publish")} onClose={onClose}>
      <form onSubmit={submit}>
        <p>{t("publish_explain")}</p>
        <label htmlFor="publish-note">{t("publish_note")}</label>
        <textarea id="publish-note" name="note" rows={2} maxLength={500} required />
        <Refusal error={publish.error} />
        <ul className="problem-list">
          {refused.map((p) => (
            <li key={`${p.code} ${p.line} ${p.field}`}>
              {t("line")} {p.line ?? "?"}: {p.message}
            </li>
          ))}
        </ul>
        <div className="buttons">
          <button type="button" onClick={onClose}>
            {t("cancel")}
          </button>
          <button type="submit" className="main" disabled={publish.isPending}>
            {t("publish")}
          </button>
        </div>
      </form>
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
  const errors = problems.filter((p) => p.severity === "error").length;
  const summary = [
    errors > 0 ? `${errors} ${t("errors_n")}` : "",
    problems.length > errors ? `${problems.length - errors} ${t("warnings_n")}` : "",
  ].filter(Boolean);
  return (
    <footer className="problems">
      <p role="status" className={errors > 0 ? "bad" : "good"}>
        <Icon name={errors > 0 ? "warn" : "check"} /> {summary.join(", ") || t("no_problems")}
        {isChecking && <span className="hint"> {t("checking")}</span>}
      </p>
      <Refusal error={error} />
      {problems.length > 0 && (
        <ul className="problem-list">
          {problems.map((p) => (
            <li key={`${p.code} ${p.line} ${p.column} ${p.field} ${p.message}`}>
              <button type="button" className="quiet" onClick={() => onGo(p)}>
                <b className={p.severity === "error" ? "bad" : ""}>
                  {t("line")} {p.line ?? 1}
                </b>{" "}
                {p.field ? `${p.field}: ` : ""}
                {p.message}
              </button>
            </li>
          ))}
        </ul>
      )}
    </footer>
  );
}
