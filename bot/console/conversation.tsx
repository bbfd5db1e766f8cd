/** One conversation, live: lines with their delivery, and the reply box that loses nothing. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { CaseCard, CaseFile, CaseLine } from "../web/api-types.ts";
import { call, freshKey, Refused } from "./api.ts";
import { Foot, TakeOver, type TakeOverProps } from "./conversation-foot.tsx";
import { type Local, stillLocal } from "./outgoing.ts";
import { Empty, Icon, LevelBadge, Loading, Refusal } from "./parts.tsx";
import { linkTo } from "./route.ts";
import { useSpeech } from "./speech.tsx";
import { usePresent, useStream, useVisible } from "./stream.ts";
import { changeLocals, draftOf, setDraft, useLocals } from "./unsent.ts";

interface ConversationProps {
  readonly id: string;
  /** The case as the queue has it. */
  readonly card: CaseCard | null;
  readonly onClaim: () => void;
  readonly claimError: unknown;
  readonly onTakeOver: () => void;
}

/** The case; nothing of it while the server refuses it, also when it was open here before a colleague took it. */
export function useCase(id: string) {
  const file = useQuery({
    queryKey: ["case", id],
    queryFn: () =>
      call<{ file: CaseFile }>(`desk/cases/${encodeURIComponent(id)}`).then((answer) => answer.file),
    // A refusal is an answer: asked again it would be the same.
    retry: (tries, error) => tries < 1 && !isShut(error),
  });
  return { ...file, data: isShut(file.error) ? undefined : file.data };
}

function isShut(error: unknown): boolean {
  return error instanceof Refused && ["not_yours", "forbidden", "not_found"].includes(error.code);
}

export function Conversation({ id, card: listed, onClaim, claimError, onTakeOver }: ConversationProps) {
  const { t } = useSpeech();
  const file = useCase(id);
  const card = file.data;
  // Lines are asked for once the case is known to be open to us: a refused stream would be tried again for ever.
  const { lines, isLive, isLoaded } = useLines(id, card !== undefined, card?.mine ?? false);
  const outgoing = useOutgoing(id, lines, card);
  if (isShut(file.error)) return <ShutCase error={file.error} card={listed} onTakeOver={onTakeOver} />;
  return (
    <section className="conversation" aria-label={t("conversation")}>
      <header>
        <ToQueue />
        <h1>
          {t("case")} <span className="code">{card?.code ?? ""}</span>
        </h1>
        {card && <LevelBadge level={card.level} />}
        {card?.personLeft && <span className="mark">{t("person_left")}</span>}
      </header>
      <Refusal error={file.error} onRetry={() => void file.refetch()} />
      {!isLive && (
        <p className="banner" role="status">
          {t("reconnecting")}
        </p>
      )}
      {isLoaded ? (
        <Lines lines={lines} local={outgoing.local} onRetry={outgoing.retry} onEdit={outgoing.edit} />
      ) : (
        <Loading />
      )}
      {card && (
        <Foot
          card={card}
          onClaim={onClaim}
          claimError={claimError}
          onTakeOver={onTakeOver}
          onSend={outgoing.send}
        />
      )}
    </section>
  );
}

/** On a phone the queue is another screen. */
function ToQueue() {
  const { t } = useSpeech();
  return (
    <a className="to-queue" href={linkTo("desk")}>
      <Icon name="back" /> {t("queue")}
    </a>
  );
}

/** A case that is not open to who looks: why, the way to it if its counsellor has gone, and the way back. */
function ShutCase({ error, ...rest }: { error: unknown } & TakeOverProps) {
  const { t } = useSpeech();
  const isColleagues = error instanceof Refused && error.code === "not_yours";
  const { card } = rest;
  return (
    <section className="conversation" aria-label={t("conversation")}>
      <header>
        <ToQueue />
        {card && (
          <h1>
            {t("case")} <span className="code">{card.code}</span>
          </h1>
        )}
        {card && <LevelBadge level={card.level} />}
      </header>
      {isColleagues ? <Empty title={t("shut_case")} hint={t("shut_case_hint")} /> : <Refusal error={error} />}
      <p className="shut-way">
        <TakeOver {...rest} />
      </p>
    </section>
  );
}

/** The lines, by number: those that were there, and those that come. */
function useLines(id: string, isOpen: boolean, isMine: boolean) {
  const [byNumber, setLines] = useState<ReadonlyMap<number, CaseLine>>(new Map());
  const [isLoaded, setLoaded] = useState(false);
  const queries = useQueryClient();
  const isBehind = !useVisible();
  const isLive = useStream(
    isOpen ? `/api/desk/cases/${encodeURIComponent(id)}/stream` : null,
    {
      ready: () => setLoaded(true),
      line: (data) => {
        // Made by the server's own presenter: the shape is the contract.
        const line = data as CaseLine;
        setLoaded(true);
        setLines((before) => new Map(before).set(line.n, line));
      },
      gone: () => void queries.invalidateQueries({ queryKey: ["case", id] }),
    },
    isBehind,
  );
  const lines = useMemo(() => [...byNumber.values()].sort((a, b) => a.n - b.n), [byNumber]);
  const newest = lines.findLast((l) => l.from === "person")?.n ?? 0;
  const isPresent = usePresent();
  useEffect(() => {
    // Read is what its own counsellor had before her eyes; a colleague's look changes nothing, nor does an empty chair.
    if (newest > 0 && isMine && isPresent)
      void call(`desk/cases/${encodeURIComponent(id)}/read`, {}).catch(() => {});
  }, [id, newest, isMine, isPresent]);
  return { lines, isLive, isLoaded };
}

/** Replies on their way to the server: shown at once, repeated with the same key when the answer was lost. */
function useOutgoing(id: string, lines: readonly CaseLine[], card: CaseFile | undefined) {
  const local = useLocals(id);
  const held = card?.held;
  const queries = useQueryClient();
  useEffect(() => {
    changeLocals(id, (before) =>
      stillLocal(
        before,
        lines,
        (held ?? []).map((h) => h.text),
      ),
    );
  }, [id, lines, held]);
  const mark = (key: string, error: unknown) =>
    changeLocals(id, (before) => before.map((l) => (l.key === key ? { ...l, error } : l)));
  const pass = async (one: Local) => {
    try {
      await call(`desk/cases/${encodeURIComponent(id)}/reply`, { text: one.text, key: one.key });
    } catch (error) {
      mark(one.key, error);
      if (error instanceof Refused && error.code === "signed_out")
        void queries.invalidateQueries({ queryKey: ["me"] });
    }
  };
  return {
    local,
    send: (words: string) => {
      const text = words.normalize("NFC").trim();
      const one = { key: freshKey(), text, error: null, after: lines.at(-1)?.n ?? 0 };
      changeLocals(id, (before) => [...before, one]);
      void pass(one);
    },
    retry: (one: Local) => {
      mark(one.key, null);
      void pass(one);
    },
    /** Back into the box, above what stands there. */
    edit: (one: Local) => {
      changeLocals(id, (before) => before.filter((l) => l.key !== one.key));
      setDraft("reply", id, [one.text, draftOf("reply", id)].filter(Boolean).join("\n"));
    },
  };
}

interface LinesProps {
  readonly lines: readonly CaseLine[];
  readonly local: readonly Local[];
  readonly onRetry: (one: Local) => void;
  readonly onEdit: (one: Local) => void;
}

function Lines({ lines, local, ...ways }: LinesProps) {
  const { t } = useSpeech();
  const box = useRef<HTMLDivElement>(null);
  const [hasNew, setNew] = useState(false);
  const isAtEnd = useRef(true);
  const failed = local.filter((one) => one.error).length;
  const count = lines.length + local.length;
  const toEnd = () => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
    setNew(false);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the number of lines changes
  useLayoutEffect(() => {
    if (isAtEnd.current) toEnd();
    else setNew(true);
  }, [count, failed]);
  useEffect(() => {
    // The box shrinks when the reply box below it grows or appears: the end stays in sight.
    const watch = new ResizeObserver(() => {
      if (isAtEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
    });
    if (box.current) watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  return (
    <div className="lines-box">
      <div
        className="lines"
        ref={box}
        role="log"
        aria-label={t("conversation")}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={(e) => {
          const el = e.currentTarget;
          isAtEnd.current = el.scrollHeight - el.scrollTop - el.clientHeight < 60;
          if (isAtEnd.current) setNew(false);
        }}
      >
        {count === 0 && <p className="hint">{t("no_lines")}</p>}
        {lines.map((line) => (
          <Line key={line.n} line={line} />
        ))}
        {local.map((one) => (
          <div className="line counsellor" key={one.key}>
            <div className="text">{one.text}</div>
            <p className={`state ${one.error ? "failed" : ""}`}>
              {one.error ? t("state_local_failed") : t("state_local")}
              {one.error ? <LocalTrouble one={one} {...ways} /> : null}
            </p>
          </div>
        ))}
      </div>
      {hasNew && (
        <button type="button" className="main new-lines" onClick={toEnd}>
          {t("new_lines")}
        </button>
      )}
    </div>
  );
}

function LocalTrouble({ one, onRetry, onEdit }: { one: Local } & Pick<LinesProps, "onRetry" | "onEdit">) {
  const { t, named } = useSpeech();
  const code = one.error instanceof Refused ? one.error.code : "internal";
  return (
    <>
      {" "}
      {named("err_", code)}{" "}
      <button type="button" onClick={() => onRetry(one)}>
        {t("try_again")}
      </button>{" "}
      <button type="button" onClick={() => onEdit(one)}>
        {t("edit_again")}
      </button>
    </>
  );
}

function Line({ line }: { line: CaseLine }) {
  const { t, named, clock } = useSpeech();
  const isOurs = line.from !== "person";
  const needsWord = isOurs && line.state !== "sent" ? true : line.from === "counsellor";
  return (
    <div className={`line ${line.from}`}>
      <p className="who">
        {named("from_", line.from)} <time dateTime={new Date(line.at).toISOString()}>{clock(line.at)}</time>
      </p>
      <div className="text">{line.text}</div>
      {line.choices.length > 0 && (
        <p className="given">
          <span className="unseen">{t("choices_given")} </span>
          {line.choices.map((choice) => (
            <span key={choice}>{choice}</span>
          ))}
        </p>
      )}
      {needsWord && (
        <p className={`state ${line.state}`}>
          <Icon name={line.state === "failed" ? "warn" : line.state === "sent" ? "check" : "clock"} />{" "}
          {named("state_", line.state)}
          {line.state === "failed" && <>. {named("fail_", line.failure ?? "other", t("fail_other"))}</>}
        </p>
      )}
    </div>
  );
}
