/** The desk: queue, conversation and case side by side; on a phone, one after the other. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useLayoutEffect, useState } from "react";
import { call } from "./api.ts";
import { CasePane } from "./case-pane.tsx";
import { Conversation } from "./conversation.tsx";
import { DeskDialog, type DeskDialogName } from "./desk-dialogs.tsx";
import { useKeys } from "./keys.ts";
import { Empty, Icon, Refusal } from "./parts.tsx";
import { inOrder, Queue } from "./queue.tsx";
import { goTo } from "./route.ts";
import { useSpeech } from "./speech.tsx";
import { useWatch, type Watch } from "./watch.tsx";

export function Desk({ openId }: { openId: string | null }) {
  const watch = useWatch();
  return watch && <WatchedDesk openId={openId} watch={watch} />;
}

function WatchedDesk({ openId, watch }: { openId: string | null; watch: Watch }) {
  const { t } = useSpeech();
  const queries = useQueryClient();
  const [cursor, setCursor] = useState<string | null>(openId);
  const [dialog, setDialog] = useState<DeskDialogName | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a question about one case is not put about another (the browser's own "back")
  useLayoutEffect(() => setDialog(null), [openId]);
  const cases = inOrder(watch.queue?.cases ?? []);
  const opened = cases.find((c) => c.id === openId) ?? null;
  const claim = useMutation({
    mutationFn: (id: string) => call(`desk/cases/${encodeURIComponent(id)}/claim`, {}),
    // Who takes a case is at work: else a colleague could take it over at once.
    onSuccess: () => watch.duty.set(true),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: ["queue"] });
      void queries.invalidateQueries({ queryKey: ["case"] });
    },
  });
  const move = (by: number) => {
    const at = cases.findIndex((c) => c.id === (cursor ?? openId));
    const next = cases[Math.max(0, Math.min(cases.length - 1, at + by))];
    if (!next) return;
    setCursor(next.id);
    document.getElementById(`card-${next.id}`)?.scrollIntoView({ block: "nearest" });
  };
  const focus = (id: string) => document.getElementById(id)?.focus();
  const ifMine = (run: () => void) => () => {
    if (opened?.mine && opened.state === "claimed") run();
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    arrowdown: () => move(1),
    arrowup: () => move(-1),
    enter: () => cursor && goTo("desk", cursor),
    c: () => opened?.state === "waiting" && claim.mutate(opened.id),
    r: () => focus("reply"),
    n: () => focus("note"),
    l: ifMine(() => setDialog("level")),
    u: ifMine(() => setDialog("release")),
    e: ifMine(() => setDialog("close")),
    "?": () => setDialog("keys"),
  });
  return (
    <div className={`desk ${openId ? "has-case" : ""}`}>
      <section className="queue" aria-label={t("queue")}>
        <DeskBar watch={watch} onKeys={() => setDialog("keys")} />
        <Refusal error={watch.error} onRetry={watch.retry} />
        {watch.queue && (
          <Queue cases={cases} more={watch.queue.more} openId={openId} cursor={cursor} onCursor={setCursor} />
        )}
      </section>
      {openId ? (
        <>
          <Conversation
            key={openId}
            id={openId}
            card={opened}
            onClaim={() => claim.mutate(openId)}
            claimError={claim.variables === openId ? claim.error : null}
            onTakeOver={() => setDialog("take_over")}
          />
          <CasePane key={`pane-${openId}`} id={openId} onDialog={setDialog} />
        </>
      ) : (
        <section className="nothing" aria-label={t("conversation")}>
          <Empty title={t("pick_case")} hint={t("pick_case_hint")} />
        </section>
      )}
      {dialog && (
        <DeskDialog
          name={dialog}
          id={openId}
          card={opened}
          onTaken={() => watch.duty.set(true)}
          onClose={() => setDialog(null)}
        />
      )}
    </div>
  );
}

function DeskBar({ watch, onKeys }: { watch: Watch; onKeys: () => void }) {
  const { t } = useSpeech();
  const { duty, sound } = watch;
  const holdsOffDuty = !duty.isOn && watch.queue?.cases.some((c) => c.mine && c.state === "claimed");
  const names = watch.queue?.onDuty ?? [];
  return (
    <div className="desk-bar">
      <div className="desk-title">
        <h1>{t("queue")}</h1>
        <button type="button" className="quiet" onClick={onKeys} aria-label={t("shortcuts")}>
          ?
        </button>
      </div>
      <div className="switches">
        <button
          type="button"
          role="switch"
          aria-checked={duty.isOn}
          className="switch"
          onClick={() => duty.set(!duty.isOn)}
        >
          <span className="knob" /> {t("duty_switch")}
        </button>
        <button
          type="button"
          role="switch"
          aria-checked={sound.isOn}
          className="switch"
          onClick={() => sound.set(!sound.isOn)}
        >
          <Icon name={sound.isOn ? "bell" : "bell_off"} /> {t("sound")}
        </button>
      </div>
      <p className="on-duty">
        {names.length > 0 ? `${t("on_duty_now")} ${names.join(", ")}` : t("nobody_on_duty")}
      </p>
      {duty.isOn && !sound.isOn && <p className="hint">{t("sound_is_off")}</p>}
      {sound.isMute && (
        <p className="banner" role="status">
          {t("sound_is_mute")}
        </p>
      )}
      {holdsOffDuty && <p className="banner">{t("holds_off_duty")}</p>}
      <Refusal error={duty.error} />
      {!watch.isLive && (
        <p className="banner" role="status">
          {t("reconnecting")}
        </p>
      )}
    </div>
  );
}
