/** Personal data for the administrator: how long it is kept, requests by law, breaches with their clock. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { Breach, BreachKind, BreachStep, OpenRequest, RetentionClock } from "../web/api-types.ts";
import { call } from "./api.ts";
import { Dialog, Icon, Loading, Refusal } from "./parts.tsx";
import { useSpeech } from "./speech.tsx";

const KINDS: readonly BreachKind[] = ["intrusion", "loss", "disclosure", "key", "other"];
const STEPS: readonly BreachStep[] = ["contained", "authority_told", "people_told", "closed"];

interface Overview {
  readonly clocks: readonly RetentionClock[];
  readonly version: string;
  readonly requests: readonly OpenRequest[];
  readonly breaches: readonly Breach[];
}

export function PrivacyScreen() {
  const { t } = useSpeech();
  const overview = useQuery({
    queryKey: ["privacy"],
    queryFn: () => call<Overview>("privacy/overview"),
    refetchInterval: 60_000,
  });
  const data = overview.data;
  return (
    <div className="sheet">
      <header className="sheet-head">
        <div>
          <h1>{t("tab_privacy")}</h1>
          <p className="hint">{t("privacy_intro")}</p>
        </div>
      </header>
      <Refusal error={overview.error} onRetry={() => void overview.refetch()} />
      {overview.isPending && <Loading />}
      {data && (
        <>
          <Breaches rows={data.breaches} />
          <Requests rows={data.requests} />
          <Clocks rows={data.clocks} version={data.version} />
        </>
      )}
    </div>
  );
}

function Clocks({ rows, version }: { rows: readonly RetentionClock[]; version: string }) {
  const { t, named, kept } = useSpeech();
  return (
    <section className="system">
      <h2>{t("clocks")}</h2>
      <p className="hint">{t("clocks_hint")}</p>
      <dl className="clocks">
        {rows.map((row) => (
          <div key={row.kind}>
            <dt>{named("clock_", row.kind)}</dt>
            <dd>{kept(row.keptMs)}</dd>
          </div>
        ))}
        <div>
          <dt>{t("consent_version")}</dt>
          <dd>{version}</dd>
        </div>
      </dl>
    </section>
  );
}

/** One change of this screen: posts, then reads everything anew. */
function usePost(path: string, onDone?: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: object) => call(path, body),
    onSuccess: () => {
      onDone?.();
      void queries.invalidateQueries({ queryKey: ["privacy"] });
    },
  });
}

function Requests({ rows }: { rows: readonly OpenRequest[] }) {
  const { t, named } = useSpeech();
  const mark = usePost("privacy/request");
  return (
    <section className="system">
      <h2>{t("requests")}</h2>
      <p className="hint">{t("requests_hint")}</p>
      <Refusal error={mark.error} />
      {rows.length === 0 && <p>{t("requests_none")}</p>}
      <ul className="people">
        {rows.map((row) => (
          <li key={row.code}>
            <div>
              <b>{row.code}</b> {named("request_", row.kind)}{" "}
              {row.overdue && <span className="mark bad">{t("overdue")}</span>}
              <p className="hint">
                {row.answered ? t("answered") : `${t("answer_by")} ${row.answerBy}`} · {t("done_by")}{" "}
                {row.doneBy}
              </p>
            </div>
            <div className="buttons">
              {!row.answered && (
                <button
                  type="button"
                  aria-label={`${t("mark_answered")}: ${row.code}`}
                  onClick={() => mark.mutate({ code: row.code, act: "answered" })}
                >
                  {t("mark_answered")}
                </button>
              )}
              <button
                type="button"
                aria-label={`${t("mark_done")}: ${row.code}`}
                onClick={() => mark.mutate({ code: row.code, act: "done" })}
              >
                {t("mark_done")}
              </button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Breaches({ rows }: { rows: readonly Breach[] }) {
  const { t } = useSpeech();
  const [isRecording, setRecording] = useState(false);
  return (
    <section className="system">
      <h2>{t("breaches")}</h2>
      <p className="hint">{t("breaches_hint")}</p>
      {rows.length === 0 && <p>{t("breaches_none")}</p>}
      {rows.map((row) => (
        <BreachCard key={row.code} breach={row} />
      ))}
      <p>
        <button type="button" onClick={() => setRecording(true)}>
          {t("breach_record")}
        </button>
      </p>
      {isRecording && <BreachDialog onClose={() => setRecording(false)} />}
    </section>
  );
}

function BreachCard({ breach }: { breach: Breach }) {
  const { t, named, dayAndClock } = useSpeech();
  const mark = usePost("privacy/breach-step");
  const isDone = breach.steps.closed !== undefined;
  return (
    <article className="breach" aria-label={`${t("breaches")} ${breach.code}`}>
      <p>
        <b>{breach.code}</b> {named("breach_", breach.kind)} · {dayAndClock(breach.discoveredAt)} ·{" "}
        {breach.by}
      </p>
      <p className="note">{breach.note}</p>
      {!breach.steps.authority_told && !isDone && <TimeLeft tellBy={breach.tellBy} />}
      <Refusal error={mark.error} />
      <ol>
        {STEPS.map((step) => {
          const done = breach.steps[step];
          return (
            <li key={step}>
              <div>
                <b>{named("breach_", step)}</b>
                <p className="hint">{named("breach_", `${step}_how`)}</p>
              </div>
              {done ? (
                <span className="mark good">
                  {dayAndClock(done.at)} · {done.by}
                </span>
              ) : (
                <button
                  type="button"
                  disabled={isDone || mark.isPending}
                  aria-label={`${t("breach_mark")}: ${named("breach_", step)}`}
                  onClick={() => mark.mutate({ code: breach.code, step })}
                >
                  {t("breach_mark")}
                </button>
              )}
            </li>
          );
        })}
      </ol>
    </article>
  );
}

function TimeLeft({ tellBy }: { tellBy: number }) {
  const { t, span, dayAndClock } = useSpeech();
  const left = tellBy - Date.now();
  return (
    <p className="refusal">
      <Icon name="clock" /> {t("breach_tell_by")} {dayAndClock(tellBy)} (
      {left >= 0 ? `${t("breach_left")} ${span(left)}` : `${t("breach_late")} ${span(-left)}`})
    </p>
  );
}

function BreachDialog({ onClose }: { onClose: () => void }) {
  const { t, named } = useSpeech();
  const [kind, setKind] = useState<BreachKind>("intrusion");
  const [when, setWhen] = useState(() => localMinute(new Date()));
  const [note, setNote] = useState("");
  const record = usePost("privacy/breach", onClose);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    record.mutate({ kind, discoveredAt: new Date(when).getTime(), note });
  };
  return (
    <Dialog title={t("breach_record")} onClose={onClose}>
      <form onSubmit={submit}>
        <div className="field">
          <label htmlFor="breach-kind">{t("breach_kind")}</label>
          <select id="breach-kind" value={kind} onChange={(e) => setKind(e.target.value as BreachKind)}>
            {KINDS.map((k) => (
              <option key={k} value={k}>
                {named("breach_", k)}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor="breach-when">{t("breach_when")}</label>
          <input
            id="breach-when"
            type="datetime-local"
            required
            value={when}
            max={localMinute(new Date())}
            onChange={(e) => setWhen(e.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor="breach-note">{t("breach_note")}</label>
          <textarea
            id="breach-note"
            required
            rows={4}
            maxLength={1000}
            value={note}
            onChange={(e) => setNote(e.target.value)}
          />
          <p className="hint">{t("breach_note_hint")}</p>
        </div>
        <Refusal error={record.error} />
        <button type="submit" className="main wide" disabled={record.isPending || note.trim() === ""}>
          {t("breach_save")}
        </button>
      </form>
    </Dialog>
  );
}

/** As an input of type datetime-local takes it: this computer's own time, to the minute. */
function localMinute(date: Date): string {
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
