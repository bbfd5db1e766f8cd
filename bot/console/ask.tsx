/** Ask a question and see why each passage ranked; and the questions that found no answer. */

import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Hit, Lang } from "../web/api-types.ts";
import { call } from "./api.ts";
import { Empty, Loading, Refusal } from "./parts.tsx";
import { useSpeech } from "./speech.tsx";

interface AskAnswer {
  readonly answered: boolean;
  readonly hits: readonly Hit[];
}

export function AskScreen() {
  const { t, named } = useSpeech();
  const [question, setQuestion] = useState("");
  const [lang, setLang] = useState<Lang>("vi");
  const ask = useMutation({
    mutationFn: (body: { question: string; lang: Lang }) => call<AskAnswer>("content/ask", body),
  });
  return (
    <div className="sheet">
      <h1>{t("tab_ask")}</h1>
      <p className="hint">{t("ask_intro")}</p>
      <form
        className="ask-form"
        onSubmit={(e) => {
          e.preventDefault();
          if (question.trim()) ask.mutate({ question: question.trim(), lang });
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
          </li>
        ))}
      </ol>
    </>
  );
}

export function UnansweredScreen() {
  const { t, dayAndClock } = useSpeech();
  const list = useQuery({
    queryKey: ["unanswered"],
    queryFn: () =>
      call<{ questions: readonly { id: string; at: number; question: string }[] }>("content/unanswered"),
  });
  return (
    <div className="sheet">
      <h1>{t("tab_unanswered")}</h1>
      <p className="hint">{t("unanswered_intro")}</p>
      <Refusal error={list.error} onRetry={() => void list.refetch()} />
      {list.isPending && <Loading />}
      {list.data?.questions.length === 0 && <Empty title={t("no_unanswered")} />}
      <ul className="people">
        {list.data?.questions.map((one) => (
          <li key={one.id}>
            <span className="words">{one.question}</span> <time className="hint">{dayAndClock(one.at)}</time>
          </li>
        ))}
      </ul>
    </div>
  );
}
