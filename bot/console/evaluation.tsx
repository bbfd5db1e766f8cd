/** What publishing a draft would change: in the sample questions, or in what is heard. */

import { useQuery } from "@tanstack/react-query";
import type { ContentKind, Evaluation } from "../web/api-types.ts";
import { call } from "./api.ts";
import { LevelBadge, Refusal } from "./parts.tsx";
import { useSpeech } from "./speech.tsx";

type Golden = NonNullable<Evaluation["golden"]>;
type Rules = NonNullable<Evaluation["rules"]>;
type Change = Golden["changes"][number];
type InstrumentView = NonNullable<Evaluation["instruments"]>[number];

/** More lines than anybody reads; the counts say the rest. */
const MAX_SHOWN = 60;
const KINDS = ["fell", "rose", "other"] as const;

/** Asked once for a text; `isWanted`: only then. */
export function useEvaluation(kind: ContentKind, key: string, source: string, isWanted: boolean) {
  return useQuery({
    queryKey: ["evaluate", kind, key, source],
    queryFn: () => call<Evaluation>("content/evaluate", { kind, key, source }),
    enabled: isWanted,
    retry: false,
    staleTime: 60_000,
    gcTime: 60_000,
  });
}

/** Does this need a reason, or can it not be published at all? */
export function verdictOf(evaluation: Evaluation | undefined) {
  const instruments = evaluation?.instruments ?? [];
  return {
    fallen:
      (evaluation?.golden?.changes.filter((c) => c.kind === "fell").length ?? 0) +
      instruments.reduce((n, { falls }) => n + falls.length, 0),
    isBarred: (evaluation?.rules?.falls.length ?? 0) > 0 || instruments.some((i) => i.barred.length > 0),
  };
}

export function EvaluationView({ asked }: { asked: ReturnType<typeof useEvaluation> }) {
  const { t } = useSpeech();
  if (asked.isFetching) {
    return (
      <p role="status" className="hint">
        {t("changes_busy")}
      </p>
    );
  }
  const { data } = asked;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section className="evaluation" aria-label={t("changes")} tabIndex={0}>
      <Refusal error={asked.error} onRetry={() => void asked.refetch()} />
      {data && !data.golden && !data.rules && !data.instruments && (
        <p className="hint">{t("changes_not_here")}</p>
      )}
      {data?.golden && <GoldenView golden={data.golden} />}
      {data?.rules && <RulesView rules={data.rules} />}
      {data?.instruments?.map((one) => (
        <InstrumentChanges key={one.id} instrument={one} />
      ))}
    </section>
  );
}

function GoldenView({ golden }: { golden: Golden }) {
  const { t } = useSpeech();
  return (
    <>
      <p role="status">
        <b>
          {golden.rightBefore} → {golden.rightAfter}
        </b>{" "}
        / {golden.asked} {t("golden_right")}
      </p>
      {golden.changes.length === 0 && <p className="hint">{t("changes_none")}</p>}
      {KINDS.map((kind) => {
        const changes = golden.changes.filter((c) => c.kind === kind);
        if (changes.length === 0) return null;
        return (
          <section key={kind} className={`golden ${kind}`}>
            <h3>
              {t(`golden_${kind}`)} · {changes.length}
            </h3>
            <ul>
              {changes.slice(0, MAX_SHOWN).map((c) => (
                <ChangeItem key={c.question} change={c} />
              ))}
            </ul>
            <NotShown of={changes.length} />
          </section>
        );
      })}
    </>
  );
}

function ChangeItem({ change }: { change: Change }) {
  const { t } = useSpeech();
  const said = (v: Change["before"]) => (v.answered && v.first ? v.first : t("golden_silent"));
  return (
    <li>
      <span className="words">{change.question}</span>
      <br />
      <span className="hint">
        <code>{said(change.before)}</code> → <code>{said(change.after)}</code>
        {change.ids.length === 0 && ` (${t("golden_nothing")})`}
      </span>
    </li>
  );
}

function RulesView({ rules }: { rules: Rules }) {
  const { t } = useSpeech();
  return (
    <>
      <p className="hint">
        {rules.heard} {t("rules_heard")}
      </p>
      {rules.falls.length > 0 ? (
        <div className="refusal" role="alert">
          <div>
            {t("rules_falls")}
            <ul>
              {rules.falls.map(({ figure, before, after, of }) => (
                <li key={figure}>
                  {t(`fall_${figure}`)}: {before} → {after} / {of}
                </li>
              ))}
            </ul>
          </div>
        </div>
      ) : (
        <p role="status" className="good">
          {t("rules_fine")}
        </p>
      )}
      <h3>
        {t("rules_changed")} · {rules.changed.length}
      </h3>
      {rules.changed.length === 0 && <p className="hint">{t("changes_none")}</p>}
      <ul className="heard">
        {rules.changed.slice(0, MAX_SHOWN).map((c) => (
          <li key={c.text}>
            <span className="words">{c.text}</span>
            <br />
            <LevelBadge level={c.before} /> → <LevelBadge level={c.after} />{" "}
            <span className="hint">
              ({t("rules_label")} <LevelBadge level={c.label} />)
            </span>
          </li>
        ))}
      </ul>
      <NotShown of={rules.changed.length} />
    </>
  );
}

/** A list that is cut says so: who reads it to its end would think that she has seen all. */
function NotShown({ of }: { of: number }) {
  const { t } = useSpeech();
  return of > MAX_SHOWN ? (
    <p className="hint">
      + {of - MAX_SHOWN} {t("shown_first")}
    </p>
  ) : null;
}

function InstrumentChanges({ instrument: { barred, falls, rises } }: { instrument: InstrumentView }) {
  const { t } = useSpeech();
  return (
    <>
      {barred.length > 0 && (
        <div className="refusal" role="alert">
          <div>
            {t("instrument_barred")}
            <AnswerChanges changes={barred} />
          </div>
        </div>
      )}
      {barred.length === 0 && falls.length === 0 && (
        <p role="status" className="good">
          {t("instrument_fine")}
        </p>
      )}
      {(["falls", "rises"] as const).map((way) => {
        const changes = way === "falls" ? falls : rises;
        if (changes.length === 0) return null;
        return (
          <section key={way}>
            <h3>
              {t(`instrument_${way}`)} · {changes.length}
            </h3>
            <AnswerChanges changes={changes} />
          </section>
        );
      })}
    </>
  );
}

function AnswerChanges({ changes }: { changes: InstrumentView["falls"] }) {
  const { t } = useSpeech();
  return (
    <>
      <ul className="heard">
        {changes.slice(0, MAX_SHOWN).map(({ answers, before, after }) => {
          const said = answers.map(({ question, said }) => `${question}: ${t(`said_${said}`)}`).join(" + ");
          return (
            <li key={said}>
              <span className="words">{said}</span>
              <br />
              <LevelBadge level={before} /> → <LevelBadge level={after} />
            </li>
          );
        })}
      </ul>
      <NotShown of={changes.length} />
    </>
  );
}
