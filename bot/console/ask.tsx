/** Ask a question and see why each passage ranked; and the questions that found no answer. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { AnswerCounts, AskedInVain, Group, HitWithWhy, Lang } from "../web/api-types.ts";
import { call } from "./api.ts";
import { NewItemDialog } from "./new-item.tsx";
import { Empty, Loading, Refusal } from "./parts.tsx";
import { linkTo } from "./route.ts";
import { useSpeech } from "./speech.tsx";

interface AskAnswer {
  readonly answered: boolean;
  readonly hits: readonly HitWithWhy[];
}

export function AskScreen() {
  const { t, named } = useSpeech();
  const [question, setQuestion] = useState("");
  const [before, setBefore] = useState("");
  const [lang, setLang] = useState<Lang>("vi");
  const ask = useMutation({
    mutationFn: (body: { question: string; lang: Lang; before: string }) =>
      call<AskAnswer>("content/ask", body),
  });
  return (
    <div className="sheet">
      <h1>{t("tab_ask")}</h1>
      <p className="hint">{t("ask_intro")}</p>
      <form
        className="ask-form"
        onSubmit={(e) => {
          e.preventDefault();
          if (question.trim()) ask.mutate({ question: question.trim(), lang, before: before.trim() });
        }}
      >
        <div className="field">
          <label htmlFor="question">{t("ask_question")}</label>
          <input
            id="question"
            value={question}
            maxLength={2000}
            onChange={(e) => setQuestion(e.target.value)}
            autoComplete="off"
          />
        </div>
        <div className="field">
          <label htmlFor="ask-before">{t("ask_before")}</label>
          <input
            id="ask-before"
            value={before}
            maxLength={2000}
            onChange={(e) => setBefore(e.target.value)}
            autoComplete="off"
          />
        </div>
        <div className="field">
          <label htmlFor="ask-lang">{t("sim_lang")}</label>
          <select id="ask-lang" value={lang} onChange={(e) => setLang(e.target.value === "en" ? "en" : "vi")}>
            <option value="vi">{named("lang_", "vi")}</option>
            <option value="en">{named("lang_", "en")}</option>
          </select>
        </div>
        <button type="submit" className="main" disabled={ask.isPending}>
          {t("ask")}
        </button>
      </form>
      <Refusal error={ask.error} />
      {ask.data && <Answer answer={ask.data} />}
    </div>
  );
}

function Answer({ answer }: { answer: AskAnswer }) {
  const { t, lang } = useSpeech();
  const number = new Intl.NumberFormat(lang === "vi" ? "vi-VN" : "en-GB", { maximumFractionDigits: 2 });
  const best = Math.max(...answer.hits.map((h) => h.score), 0.001);
  return (
    <>
      <p className={answer.answered ? "verdict good" : "verdict"} role="status">
        {answer.answered ? t("ask_answered") : t("ask_silent")}
      </p>
      {answer.hits.length === 0 && <p>{t("no_hits")}</p>}
      <ol className="hits">
        {answer.hits.map((hit) => (
          <li key={hit.id}>
            <p className="hit-head">
              <b>{hit.title}</b> <code>{hit.id}</code>
            </p>
            <p className="hit-score">
              <meter min={0} max={best} value={hit.score} aria-label={t("score")} /> {t("score")}{" "}
              {number.format(hit.score)}
            </p>
            <p className="words">{hit.text}</p>
            {hit.why && <WhyView why={hit.why} />}
            {hit.entry && <EntryView entry={hit.entry} />}
          </li>
        ))}
      </ol>
    </>
  );
}

/** Which of the article's words and questions brought it here. */
function WhyView({ why }: { why: NonNullable<HitWithWhy["why"]> }) {
  const { t, named } = useSpeech();
  return (
    <details className="why">
      <summary>{t("why")}</summary>
      {why.nearest ? (
        <p>
          {t("why_nearest")} <q className="words">{why.nearest.question}</q> (
          {Math.round(why.nearest.likeness * 100)} % {t("why_alike")})
        </p>
      ) : (
        <p>{t("why_no_question")}</p>
      )}
      {why.unaided && (
        <p>
          {t("why_unaided")} <q className="words">{why.unaided.question}</q> (
          {Math.round(why.unaided.likeness * 100)} % {t("why_alike")})
        </p>
      )}
      <p className="hint">{t("why_words")}</p>
      <ul className="why-words">
        {why.words.map((w) => (
          <li key={w.word} className={w.in.length === 0 ? "nowhere" : ""}>
            <b>{w.word}</b>{" "}
            {w.in.length === 0 ? t("why_nowhere") : w.in.map((where) => named("why_", where)).join(", ")} ·{" "}
            {w.articles} {t("why_articles")}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** What puts an entry of the directory here is not its words, but for whom and where it is. */
function EntryView({ entry }: { entry: NonNullable<HitWithWhy["entry"]> }) {
  const { t, named } = useSpeech();
  return (
    <details className="why">
      <summary>{t("why")}</summary>
      <p>
        {t("why_entry")} <b>{named("service_", entry.kind)}</b> ·{" "}
        {entry.provinces ? entry.provinces.join(", ") : t("why_national")} · {t("until")} {entry.until}
      </p>
      <p className="hint">{t("why_entry_order")}</p>
    </details>
  );
}

interface Unanswered {
  readonly questions: readonly AskedInVain[];
  readonly groups: readonly Group[];
  readonly counts: AnswerCounts;
}

const COUNTED = ["answered", "helped", "unhelped", "unanswered", "askedAgain"] as const;

/** More questions than an article needs to be found by. */
const MAX_QUESTIONS = 12;
/** As long as the server takes one; who told at length asked in the first words, or never. */
const MAX_QUESTION = 500;

export function UnansweredScreen() {
  const { t } = useSpeech();
  const queries = useQueryClient();
  const [making, setMaking] = useState<readonly string[] | null>(null);
  const list = useQuery({ queryKey: ["unanswered"], queryFn: () => call<Unanswered>("content/unanswered") });
  const settle = useMutation({
    mutationFn: (ids: readonly string[]) => call("content/settle", { ids }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["unanswered"] }),
  });
  const questions = new Map(list.data?.questions.map((q) => [q.id, q]));
  const of = (group: Group) => group.ids.flatMap((id) => questions.get(id) ?? []);
  const askedIn = (group: Group) => [...new Set([group.question, ...of(group).map((q) => q.question)])];
  return (
    <div className="sheet">
      <h1>{t("tab_unanswered")}</h1>
      <p className="hint">{t("unanswered_intro")}</p>
      {list.data && (
        <dl className="counts" aria-label={t("counts_lately")}>
          {COUNTED.map((what) => (
            <div key={what}>
              <dt>{t(`count_${what}`)}</dt>
              <dd>{list.data.counts[what]}</dd>
            </div>
          ))}
        </dl>
      )}
      {list.data && <p className="hint">{t("counts_lately")}</p>}
      <Refusal error={list.error} onRetry={() => void list.refetch()} />
      <Refusal error={settle.error} />
      {list.isPending && <Loading />}
      {list.data?.groups.length === 0 && <Empty title={t("no_unanswered")} />}
      <ul className="people groups">
        {list.data?.groups.map((group) => (
          <GroupItem
            key={group.ids[0]}
            group={group}
            asked={askedIn(group)}
            shown={of(group).flatMap((q) => q.shown ?? [])}
            isBusy={settle.isPending}
            onMake={() =>
              setMaking(
                askedIn(group)
                  .slice(0, MAX_QUESTIONS)
                  .map((question) => question.slice(0, MAX_QUESTION)),
              )
            }
            onDismiss={() => settle.mutate(group.ids)}
          />
        ))}
      </ul>
      {making && <NewItemDialog kind="article" questions={making} onClose={() => setMaking(null)} />}
    </div>
  );
}

interface GroupItemProps {
  readonly group: Group;
  readonly asked: readonly string[];
  /** What was shown and did not help, once for each time. */
  readonly shown: readonly Shown[];
  readonly isBusy: boolean;
  readonly onMake: () => void;
  readonly onDismiss: () => void;
}

function GroupItem({ group, asked, shown, isBusy, onMake, onDismiss }: GroupItemProps) {
  const { t, dayAndClock } = useSpeech();
  return (
    <li>
      <div className="group-words">
        <p>
          <b className="words">{group.question}</b>{" "}
          <span className="mark">
            {group.ids.length} {t(group.ids.length === 1 ? "group_1" : "group_n")}
          </span>{" "}
          <time className="hint">{dayAndClock(group.at)}</time>
        </p>
        {shown.length > 0 && <ShownList shown={shown} />}
        {asked.length > 1 && (
          <details>
            <summary>{t("group_all")}</summary>
            <ul className="asked">
              {asked.map((q) => (
                <li key={q} className="words">
                  {q}
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
      <div className="buttons">
        <button type="button" disabled={isBusy} onClick={onDismiss}>
          {t("group_dismiss")}
        </button>
        <button type="button" className="main" onClick={onMake}>
          {t("make_article")}
        </button>
      </div>
    </li>
  );
}

type Shown = NonNullable<AskedInVain["shown"]>;

/** The passages that were taken for an answer, the most frequent first: what to mend before anything new is written. */
function ShownList({ shown }: { shown: readonly Shown[] }) {
  const { t, lang } = useSpeech();
  const times = (id: string) => shown.filter((one) => one.id === id).length;
  const once = [...new Map(shown.map((one) => [one.id, one])).values()];
  return (
    <p className="hint">
      {t("group_shown")}{" "}
      {once
        .sort((a, b) => times(b.id) - times(a.id))
        .map((one, i) => (
          <span key={one.id}>
            {i > 0 && " · "}
            <ShownPlace id={one.id} name={one.title?.[lang] ?? `${one.id} (${t("group_shown_gone")})`} />
            {times(one.id) > 1 && ` ×${times(one.id)}`}
          </span>
        ))}
    </p>
  );
}

/** An article can be opened; a service stands in a list of the directory, whose name it does not tell. */
function ShownPlace({ id, name }: { id: string; name: string }) {
  if (id.startsWith("service:")) return name;
  return <a href={linkTo("content", "article", id.split("#")[0] ?? id)}>{name}</a>;
}
