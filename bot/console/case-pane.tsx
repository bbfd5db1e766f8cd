/** What is known about the case: reasons in words, answers, notes, how long we may still write, history. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { CaseFile } from "../web/api-types.ts";
import { call } from "./api.ts";
import { isLevel, type ReadableLine, readHistory, readReasons } from "./case-words.ts";
import { useCase } from "./conversation.tsx";
import { type DeskDialogName, useOutcomes } from "./desk-dialogs.tsx";
import { LevelBadge, Refusal, Written } from "./parts.tsx";
import { useNow } from "./queue.tsx";
import { useSpeech } from "./speech.tsx";
import { useDraft } from "./unsent.ts";
import { englishEvidence } from "./words-evidence.ts";

export function CasePane({ id, onDialog }: { id: string; onDialog: (name: DeskDialogName) => void }) {
  const { t } = useSpeech();
  const { data: file } = useCase(id);
  if (!file) return <aside className="pane" aria-label={t("case_pane")} />;
  const isMine = file.mine && file.state === "claimed";
  return (
    <aside className="pane" aria-label={t("case_pane")}>
      {isMine && (
        <div className="actions">
          <button type="button" onClick={() => onDialog("level")}>
            {t("change_level")} <kbd>l</kbd>
          </button>
          <button type="button" onClick={() => onDialog("release")}>
            {t("release")} <kbd>u</kbd>
          </button>
          <button type="button" className="main" onClick={() => onDialog("close")}>
            {t("close_case")} <kbd>e</kbd>
          </button>
        </div>
      )}
      <Facts file={file} />
      <Reasons file={file} />
      <Answers file={file} />
      <Notes file={file} canWrite={isMine} />
      <History file={file} />
    </aside>
  );
}

function Facts({ file }: { file: CaseFile }) {
  const { t, named, dayAndClock } = useSpeech();
  return (
    <dl className="facts-list">
      <dt>{t("channel")}</dt>
      <dd>
        {named("channel_", file.channel)}, {named("lang_", file.lang)}
      </dd>
      <dt>{t("opened_at")}</dt>
      <dd>{dayAndClock(file.openedAt)}</dd>
      <dt>{t("topic")}</dt>
      <dd>{named("topic_", file.topic)}</dd>
      <dt>{t("reply_window")}</dt>
      <dd>
        <Window file={file} />
      </dd>
      {file.held.length > 0 && (
        <>
          <dt>{t("held")}</dt>
          <dd>
            {file.held.map((h) => (
              <p key={h.at} className="held">
                “{h.text}”: {named("held_", h.why)}
                {h.until !== null && ` ${dayAndClock(h.until)}`}
              </p>
            ))}
          </dd>
        </>
      )}
    </dl>
  );
}

function Window({ file }: { file: CaseFile }) {
  const { t, dayAndClock, span } = useSpeech();
  const now = useNow();
  const { until, freeUntil, budget } = file.replyWindow;
  if (until === null && budget === null) return t("window_none");
  const isOver = (until !== null && until < now) || budget === 0;
  if (isOver) return <strong className="bad">{t("window_over")}</strong>;
  return (
    <>
      {budget !== null && (
        <>
          <b>{budget}</b> {t("window_budget")}
        </>
      )}
      {until !== null && (
        <>
          {budget !== null && ", "}
          {t("window_until")} {dayAndClock(until)} ({span(until - now)})
        </>
      )}
      {freeUntil !== null && (
        <p className="hint">
          {freeUntil > now ? `${t("window_free")} ${dayAndClock(freeUntil)}` : t("window_paid")}
        </p>
      )}
    </>
  );
}

function Reasons({ file }: { file: CaseFile }) {
  const { t, category } = useSpeech();
  const reasons = readReasons(file.reasons, category);
  return (
    <section>
      <h2>{t("reasons")}</h2>
      <LevelBadge level={file.level} />
      <ul className="reasons">
        {reasons.map((reason) => (
          <li key={reason.category}>
            <b>
              {category(reason.category)}
              {reason.isNow && <span className="mark bad">{category("violence_now")}</span>}
            </b>{" "}
            <Heard pieces={reason.heard} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The rules say it in Vietnamese. */
function Heard({ pieces }: { pieces: readonly string[] }) {
  const { lang } = useSpeech();
  return pieces.map((piece, i) => {
    const english = lang === "en" ? englishEvidence(piece) : null;
    return (
      <span key={piece} lang={english === null ? "vi" : "en"}>
        {i > 0 && "; "}
        {english ?? piece}
      </span>
    );
  });
}

function Answers({ file }: { file: CaseFile }) {
  const { t } = useSpeech();
  return (
    <section>
      <h2>{t("answers")}</h2>
      {file.answers.length === 0 && <p className="hint">{t("no_answers")}</p>}
      <dl className="answers">
        {file.answers.map((one) => (
          <div key={`${one.at} ${one.question}`}>
            <dt>{one.question}</dt>
            <dd>{one.answer}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Notes({ file, canWrite }: { file: CaseFile; canWrite: boolean }) {
  const { t, dayAndClock } = useSpeech();
  const queries = useQueryClient();
  const [text, setText] = useDraft("note", file.id);
  const add = useMutation({
    mutationFn: (words: string) => call(`desk/cases/${encodeURIComponent(file.id)}/note`, { text: words }),
    onSuccess: () => {
      setText("");
      void queries.invalidateQueries({ queryKey: ["case", file.id] });
    },
  });
  return (
    <section>
      <h2>{t("notes")}</h2>
      {file.notes.length === 0 && <p className="hint">{t("no_notes")}</p>}
      <ul className="notes">
        {file.notes.map((note) => (
          <li key={note.id}>
            <p className="who">
              {note.alias} · {dayAndClock(note.at)}
            </p>
            <p className="words">
              <Written text={note.text} />
            </p>
          </li>
        ))}
      </ul>
      {canWrite && (
        <form
          onSubmit={(e) => {
            e.preventDefault();
            if (text.trim()) add.mutate(text.trim());
          }}
        >
          <label htmlFor="note">{t("note_label")}</label>
          <textarea
            id="note"
            rows={2}
            value={text}
            maxLength={8000}
            onChange={(e) => setText(e.target.value)}
          />
          <Refusal error={add.error} />
          <button type="submit" disabled={add.isPending}>
            {t("add_note")}
          </button>
        </form>
      )}
    </section>
  );
}

function History({ file }: { file: CaseFile }) {
  const { t } = useSpeech();
  const lines = readHistory(file.history);
  return (
    <details>
      <summary>
        {t("history")} ({lines.length})
      </summary>
      <ol className="history">
        {lines.map((line) => (
          <HistoryLine key={`${line.at} ${line.actor} ${line.action} ${line.detail}`} line={line} />
        ))}
      </ol>
    </details>
  );
}

function HistoryLine({ line: { at, actor: who, action, detail, times } }: { line: ReadableLine }) {
  const { t, named, actor, dayAndClock } = useSpeech();
  return (
    <li>
      <time>{dayAndClock(at)}</time> <b>{actor(who)}</b> {named("act_", action)}
      {times > 1 && ` (${times} ${t("times")})`}
      {detail && (
        <span className="hint">
          {" "}
          <Detail action={action} detail={detail} />
        </span>
      )}
    </li>
  );
}

/** What stands beside an act: a level, an outcome, why a delivery failed, or what was written down. */
function Detail({ action, detail }: { action: string; detail: string }) {
  const { both, named, t } = useSpeech();
  const outcomes = useOutcomes(action === "case_closed");
  if (isLevel(detail)) return <LevelBadge level={detail} />;
  if (action === "delivery_failed") return named("fail_", detail, t("fail_other"));
  const outcome = outcomes.data?.outcomes.find((one) => one.id === detail);
  return outcome ? both(outcome.label) : <Written text={detail} />;
}
