/** The desk: queue, conversation and case side by side; on a phone, one after the other. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { CaseCard } from "../web/api-types.ts";
import { call } from "./api.ts";
import { CasePane } from "./case-pane.tsx";
import { Conversation } from "./conversation.tsx";
import { DeskDialog, type DeskDialogName } from "./desk-dialogs.tsx";
import { useKeys } from "./keys.ts";
import { Empty, Icon, Refusal } from "./parts.tsx";
import { Queue } from "./queue.tsx";
import { goTo } from "./route.ts";
import { allowSound, chime } from "./sound.ts";
import { useSpeech } from "./speech.tsx";
import { useStream } from "./stream.ts";

export interface QueueAnswer {
  readonly cases: readonly CaseCard[];
  readonly onDuty: readonly string[];
}

/** Duty lasts two minutes on the server: renewed well before. */
const DUTY_BEAT_MS = 45_000;
/** Looked at even when the stream is silent. */
const QUEUE_POLL_MS = 20_000;

export function Desk({ openId }: { openId: string | null }) {
  const { t } = useSpeech();
  const queries = useQueryClient();
  const [cursor, setCursor] = useState<string | null>(openId);
  const [dialog, setDialog] = useState<DeskDialogName | null>(null);
  const queue = useQuery({
    queryKey: ["queue"],
    queryFn: () => call<QueueAnswer>("desk/cases?states=waiting,claimed"),
    refetchInterval: QUEUE_POLL_MS,
  });
  const isLive = useStream("/api/desk/stream", {
    cases: (data) => {
      queries.setQueryData(["queue"], data);
      void queries.invalidateQueries({ queryKey: ["case"] });
    },
  });
  const cases = queue.data?.cases ?? [];
  const opened = cases.find((c) => c.id === openId) ?? null;
  const claim = useMutation({
    mutationFn: (id: string) => call(`desk/cases/${encodeURIComponent(id)}/claim`, {}),
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
        <DeskBar queue={queue.data} isLive={isLive && !queue.error} onKeys={() => setDialog("keys")} />
        <Refusal error={queue.error} onRetry={() => void queue.refetch()} />
        {queue.data && <Queue cases={cases} openId={openId} cursor={cursor} onCursor={setCursor} />}
      </section>
      {openId ? (
        <>
          <Conversation
            key={openId}
            id={openId}
            onClaim={() => claim.mutate(openId)}
            claimError={claim.error}
          />
          <CasePane key={`pane-${openId}`} id={openId} onDialog={setDialog} />
        </>
      ) : (
        <section className="nothing" aria-label={t("conversation")}>
          <Empty title={t("pick_case")} hint={t("pick_case_hint")} />
        </section>
      )}
      {dialog && <DeskDialog name={dialog} id={openId} onClose={() => setDialog(null)} />}
    </div>
  );
}

interface DeskBarProps {
  readonly queue: QueueAnswer | undefined;
  readonly isLive: boolean;
  readonly onKeys: () => void;
}

function DeskBar({ queue, isLive, onKeys }: DeskBarProps) {
  const { t } = useSpeech();
  const [hasSound, setSound] = useState(false);
  const duty = useDuty();
  const waiting = queue?.cases.filter((c) => c.state === "waiting") ?? [];
  useAlarm(waiting, hasSound);
  const names = queue?.onDuty ?? [];
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
          aria-checked={hasSound}
          className="switch"
          onClick={() => {
            allowSound();
            if (!hasSound) chime(false);
            setSound(!hasSound);
          }}
        >
          <Icon name={hasSound ? "bell" : "bell_off"} /> {t("sound")}
        </button>
      </div>
      <p className="on-duty">
        {names.length > 0 ? `${t("on_duty_now")} ${names.join(", ")}` : t("nobody_on_duty")}
      </p>
      <Refusal error={duty.error} />
      {!isLive && (
        <p className="banner" role="status">
          {t("reconnecting")}
        </p>
      )}
    </div>
  );
}

/** On duty while the switch is on and the console is open; a reload of this tab keeps it. */
function useDuty() {
  const [isOn, setOn] = useState(() => sessionStorage.getItem("duty") === "on");
  const queries = useQueryClient();
  const tell = useMutation({
    mutationFn: (on: boolean) => call("desk/duty", { on }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["queue"] }),
  });
  const { mutate } = tell;
  useEffect(() => {
    sessionStorage.setItem("duty", isOn ? "on" : "off");
    if (!isOn) return;
    mutate(true);
    const timer = setInterval(() => mutate(true), DUTY_BEAT_MS);
    return () => clearInterval(timer);
  }, [isOn, mutate]);
  const set = (on: boolean) => {
    setOn(on);
    if (!on) mutate(false);
  };
  return { isOn, set, error: tell.error };
}

/** Title and chime when somebody waits; the chime when a case is new or has risen. */
function useAlarm(waiting: readonly CaseCard[], hasSound: boolean): void {
  const { t } = useSpeech();
  const known = useRef<Set<string> | null>(null);
  const marks = waiting.map((c) => `${c.id} ${c.level}`).join("|");
  const isUrgent = waiting.some((c) => c.level === "emergency");
  useEffect(() => {
    const now = new Set(marks ? marks.split("|") : []);
    const before = known.current;
    known.current = now;
    if (hasSound && before && [...now].some((mark) => !before.has(mark))) chime(isUrgent);
  }, [marks, hasSound, isUrgent]);
  const count = waiting.length;
  useEffect(() => {
    document.title = count > 0 ? `(${count}) ${count} ${t("someone_waits")} · ${t("brand")}` : t("brand");
    return () => {
      document.title = t("brand");
    };
  }, [count, t]);
}
