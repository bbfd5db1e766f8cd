/** The queue: the most urgent first, with what a counsellor must know before she opens a case. */

import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { CaseCard } from "../web/api-types.ts";
import { call } from "./api.ts";
import { Empty, Icon, LevelBadge, Refusal } from "./parts.tsx";
import { linkTo } from "./route.ts";
import { useSpeech } from "./speech.tsx";
import type { QueueAnswer } from "./watch.tsx";
import type { WordKey } from "./words.ts";

interface QueueProps {
  readonly cases: readonly CaseCard[];
  readonly openId: string | null;
  readonly cursor: string | null;
  readonly onCursor: (id: string) => void;
}

const isMine = (c: CaseCard) => c.state === "claimed" && c.mine;
/** The lists, from above: what she must answer, who waits, whose counsellor has gone or does not answer, and the rest. */
const GROUPS: readonly [WordKey, (card: CaseCard) => boolean][] = [
  ["mine_group", isMine],
  ["waiting_group", (c) => c.state === "waiting"],
  ["left_alone_group", (c) => c.state === "claimed" && !isMine(c) && c.isLeftAlone],
  ["claimed_group", (c) => c.state === "claimed" && !isMine(c) && !c.isLeftAlone],
];

/** The cases as they stand on the screen, so that the keys go from one to the next. */
export function inOrder(cases: readonly CaseCard[]): readonly CaseCard[] {
  return GROUPS.flatMap(([, isIn]) => cases.filter(isIn));
}

export function Queue({ cases, more, ...rest }: QueueProps & { more: number }) {
  const { t } = useSpeech();
  return (
    <div className="queue-lists">
      {cases.length === 0 && <Empty title={t("queue_empty")} hint={t("queue_empty_hint")} />}
      {GROUPS.map(([word, isIn]) => (
        <Group key={word} title={t(word)} cases={cases.filter(isIn)} {...rest} />
      ))}
      {more > 0 && (
        <>
          <p className="banner">
            {t("more_before")} {more} {t("more_waiting")}
          </p>
          <OtherCases
            path="desk/newest"
            words={["show_newest", "hide_newest", "newest_group"]}
            isLive
            {...rest}
          />
        </>
      )}
      <OtherCases
        path="desk/cases?states=closed"
        words={["show_closed", "hide_closed", "closed_group"]}
        {...rest}
      />
    </div>
  );
}

function Group({ title, cases, openId, cursor, onCursor }: QueueProps & { title: string }) {
  if (cases.length === 0) return null;
  return (
    <>
      <h2>
        {title} <span className="count">{cases.length}</span>
      </h2>
      <ul>
        {cases.map((card) => (
          <li key={card.id}>
            <Card card={card} isOpen={card.id === openId} isCursor={card.id === cursor} onCursor={onCursor} />
          </li>
        ))}
      </ul>
    </>
  );
}

interface CardProps {
  readonly card: CaseCard;
  readonly isOpen: boolean;
  readonly isCursor: boolean;
  readonly onCursor: (id: string) => void;
}

function Card({ card, isOpen, isCursor, onCursor }: CardProps) {
  const { t, span, named, category } = useSpeech();
  const now = useNow();
  return (
    <a
      id={`card-${card.id}`}
      className={`card ${card.level} ${isCursor ? "cursor" : ""}`}
      href={linkTo("desk", card.id)}
      aria-current={isOpen ? "true" : undefined}
      onFocus={() => onCursor(card.id)}
    >
      <span className="top">
        <LevelBadge level={card.level} />
        {card.state === "waiting" && (
          <span className="waits">
            <Icon name="clock" /> {span(now - card.openedAt)}
          </span>
        )}
        {card.state === "claimed" && (
          <span className="waits">
            {t("wrote")} {span(now - card.lastPersonAt)} {t("ago")}
          </span>
        )}
        {card.unread > 0 && (
          <span className="unread">
            {card.unread}
            <span className="unseen"> {t("unread")}</span>
          </span>
        )}
      </span>
      <span className="why">
        {card.headline.map(category).join(" · ") || `${t("topic")}: ${named("topic_", card.topic)}`}
      </span>
      <span className="facts">
        <b className="code">{card.code}</b>
        <span>{named("channel_", card.channel)}</span>
        {card.lang !== "vi" && <span>{named("lang_", card.lang)}</span>}
        {!card.asked && <span className="mark">{t("not_asked")}</span>}
        {card.personLeft && <span className="mark">{t("person_left")}</span>}
        {card.isUnanswered && card.awaitedSince !== null && (
          <span className="mark bad">
            <Icon name="clock" /> {t("unanswered_for")} {span(now - card.awaitedSince)}
          </span>
        )}
        {card.claimedBy && !card.mine && <span className="mark">{card.claimedBy.alias}</span>}
      </span>
    </a>
  );
}

interface OtherCasesProps extends Omit<QueueProps, "cases"> {
  readonly path: string;
  readonly words: readonly [show: WordKey, hide: WordKey, title: WordKey];
  /** Asked for again and again while it is shown. */
  readonly isLive?: boolean;
}

/** Asked for only when somebody looks. */
function OtherCases({ path, words: [show, hide, title], isLive = false, ...props }: OtherCasesProps) {
  const { t } = useSpeech();
  const [isShown, setShown] = useState(false);
  const found = useQuery({
    queryKey: ["queue", path],
    queryFn: () => call<Pick<QueueAnswer, "cases">>(path),
    enabled: isShown,
    refetchInterval: isLive ? 10_000 : false,
  });
  return (
    <>
      <button type="button" className="quiet" aria-expanded={isShown} onClick={() => setShown(!isShown)}>
        {isShown ? t(hide) : t(show)}
      </button>
      {isShown && <Refusal error={found.error} onRetry={() => void found.refetch()} />}
      {isShown && found.data && found.data.cases.length === 0 && <p>{t("nothing_found")}</p>}
      {isShown && <Group title={t(title)} cases={found.data?.cases ?? []} {...props} />}
    </>
  );
}

/** The time now, moving every ten seconds. */
export function useNow(): number {
  const [now, set] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => set(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
