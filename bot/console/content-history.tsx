/** All revisions of an item: who, when, why, what is different from today's, and one press back. */

import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ContentKind } from "../web/api-types.ts";
import { call } from "./api.ts";
import type { Draft } from "./content-draft.ts";
import { DiffView } from "./diff-view.tsx";
import { useOneAtATime } from "./one-at-a-time.ts";
import { Dialog, Loading, Refusal } from "./parts.tsx";
import { useSpeech } from "./speech.tsx";

interface RevisionView {
  readonly number: number;
  readonly state: string;
  readonly by: string;
  readonly writtenBy: string;
  readonly at: number;
  readonly note: string;
  readonly source: string;
}

export function ContentHistory({
  kind,
  itemKey,
  draft,
}: {
  kind: ContentKind;
  itemKey: string;
  draft: Draft;
}) {
  const { t } = useSpeech();
  const [going, setGoing] = useState<RevisionView | null>(null);
  const history = useQuery({
    queryKey: ["history", kind, itemKey],
    queryFn: () =>
      call<{ revisions: readonly RevisionView[] }>(
        `content/history?kind=${kind}&key=${encodeURIComponent(itemKey)}`,
      ).then((answer) => answer.revisions),
  });
  const revert = useMutation({
    mutationFn: async (number: number) => {
      await call("content/revert", { kind, key: itemKey, number });
      await draft.reload({ keepsUnsaved: true });
    },
    onSuccess: () => setGoing(null),
  });
  const press = useOneAtATime(revert.mutateAsync);
  if (history.isPending) return <Loading />;
  const live = history.data?.find((r) => r.state === "published");
  return (
    <div className="history-panel">
      <Refusal error={history.error} onRetry={() => void history.refetch()} />
      <ol>
        {history.data?.map((revision) => (
          <RevisionItem
            key={revision.number}
            revision={revision}
            live={live}
            onRevert={() => setGoing(revision)}
            onTakeUp={() => draft.setText(revision.source)}
          />
        ))}
      </ol>
      {going && (
        <Dialog title={`${t("revert")}: ${t("revision")} ${going.number}`} onClose={() => setGoing(null)}>
          <p>{t("revert_explain")}</p>
          <DiffView before={live?.source ?? ""} after={going.source} label={t("compare_published")} />
          {revert.isPending && (
            <p role="status" className="hint">
              {t("publishing")}
            </p>
          )}
          <Refusal error={revert.error} />
          <div className="buttons">
            <button type="button" onClick={() => setGoing(null)}>
              {t("cancel")}
            </button>
            <button
              type="button"
              className="main"
              disabled={revert.isPending}
              onClick={() => press(going.number)}
            >
              {t("revert")}
            </button>
          </div>
        </Dialog>
      )}
    </div>
  );
}

interface RevisionItemProps {
  readonly revision: RevisionView;
  readonly live: RevisionView | undefined;
  readonly onRevert: () => void;
  readonly onTakeUp: () => void;
}

function RevisionItem({ revision, live, onRevert, onTakeUp }: RevisionItemProps) {
  const { t, named, actor, dayAndClock } = useSpeech();
  const [isShown, show] = useState(false);
  const isLive = revision.state === "published";
  // Whoever writes and publishes alone is named once.
  const author = revision.writtenBy === revision.by ? "" : revision.writtenBy;
  return (
    <li>
      <p>
        <b>
          {t("revision")} {revision.number}
        </b>{" "}
        <span className={`mark ${isLive ? "good" : ""}`}>{named("state_", revision.state)}</span>
      </p>
      <p className="hint">
        {author && `${t("written_by")} ${actor(author)} · ${t("published_by")} `}
        {actor(revision.by)}, {dayAndClock(revision.at)}
      </p>
      {revision.note && <p className="words">{revision.note}</p>}
      {!isLive && (
        <div className="buttons left">
          <button
            type="button"
            aria-expanded={isShown}
            onClick={() => show(!isShown)}
            aria-label={`${t("compare_published")}: ${revision.number}`}
          >
            {t("compare_published")}
          </button>
          {revision.state === "discarded" && (
            <button type="button" onClick={onTakeUp} aria-label={`${t("take_up")}: ${revision.number}`}>
              {t("take_up")}
            </button>
          )}
          {revision.state === "retired" && (
            <button type="button" onClick={onRevert} aria-label={`${t("revert")}: ${revision.number}`}>
              {t("revert")}
            </button>
          )}
        </div>
      )}
      {isShown && (
        <DiffView before={live?.source ?? ""} after={revision.source} label={t("compare_published")} />
      )}
    </li>
  );
}
