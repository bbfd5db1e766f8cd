/** What goes on wherever a counsellor looks in the console: her duty, the queue, the alarm. Leaving the desk's screen ends none of it. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from "react";
import type { CaseCard, Staff } from "../web/api-types.ts";
import { listen, NOTHING_HEARD, needsSomebody, unansweredOfMine, unreadOfMine } from "./alarm.ts";
import { call } from "./api.ts";
import { useRoute } from "./route.ts";
import { allowSound, chime, mayItSound } from "./sound.ts";
import { useSpeech } from "./speech.tsx";
import { usePresent, useStream } from "./stream.ts";
import { useLeaveGuard } from "./unsent.ts";

export interface QueueAnswer {
  readonly cases: readonly CaseCard[];
  readonly onDuty: readonly string[];
  /** How many wait besides those in the list. */
  readonly more: number;
}

/** Duty lasts two minutes on the server: renewed well before. */
const DUTY_BEAT_MS = 45_000;
/** Looked at even when the stream is silent. */
const QUEUE_POLL_MS = 20_000;
/** Who is on duty in this tab: a reload keeps it, somebody else who signs in does not get it. */
const DUTY_KEY = "duty";
/** That she wants to be called by sound is remembered: a reload must not make the desk deaf. */
const SOUND_KEY = "sound";
const CALL_BACK_MS = 60_000;
/** It is looked whether to ring again. */
const LISTEN_MS = 10_000;

export interface Watch {
  readonly queue: QueueAnswer | undefined;
  /** How many cases need somebody: they wait, or their counsellor has gone or does not answer. */
  readonly waiting: number;
  readonly isLive: boolean;
  readonly error: unknown;
  readonly retry: () => void;
  readonly duty: { readonly isOn: boolean; readonly set: (on: boolean) => void; readonly error: unknown };
  readonly sound: Sound;
}

interface Sound {
  readonly isOn: boolean;
  /** The browser wants a click or a key before it sounds. */
  readonly isMute: boolean;
  readonly set: (on: boolean) => void;
}

const Context = createContext<Watch | null>(null);

/** Around all screens of who works at the desk. */
export function WatchProvider({ staff, children }: { staff: Staff; children: ReactNode }) {
  const queries = useQueryClient();
  /** How many queues the stream has brought. */
  const brought = useRef(0);
  const queue = useQuery({
    queryKey: ["queue"],
    queryFn: async () => {
      const before = brought.current;
      const answer = await call<QueueAnswer>("desk/cases?states=waiting,claimed");
      // What was asked before the stream brought the queue is older: who came meanwhile would be gone until the next look.
      return (brought.current > before && queries.getQueryData<QueueAnswer>(["queue"])) || answer;
    },
    refetchInterval: QUEUE_POLL_MS,
    // She waits whether or not this window is the one in front.
    refetchIntervalInBackground: true,
  });
  const isLive = useStream("/api/desk/stream", {
    cases: (data) => {
      brought.current += 1;
      queries.setQueryData(["queue"], data);
      void queries.invalidateQueries({ queryKey: ["case"] });
    },
  });
  useLeaveGuard();
  const sound = useSound();
  const duty = useDuty(staff.id);
  const waiting = useAlarm(queue.data, sound.isOn);
  const watch: Watch = {
    queue: queue.data,
    waiting,
    isLive: isLive && !queue.error,
    error: queue.error,
    retry: () => void queue.refetch(),
    duty,
    sound,
  };
  return <Context value={watch}>{children}</Context>;
}

/** null: she does not work at the desk. */
export function useWatch(): Watch | null {
  return useContext(Context);
}

/** Who signs out is not on duty when the same tab signs in again. */
export function forgetDuty(): void {
  sessionStorage.removeItem(DUTY_KEY);
}

/**
 * Her session has ended while she was on duty: the desk is deaf until she signs in again, and she may be looking
 * elsewhere. True: she is being called.
 */
export function useCallBack(): boolean {
  const { t } = useSpeech();
  const [isCalled] = useState(() => sessionStorage.getItem(DUTY_KEY) !== null);
  useEffect(() => {
    if (!isCalled) return;
    const ring = () => localStorage.getItem(SOUND_KEY) === "on" && chime("case");
    ring();
    const timer = setInterval(ring, CALL_BACK_MS);
    document.title = `(!) ${t("duty_ended")} · ${t("brand")}`;
    return () => {
      clearInterval(timer);
      document.title = t("brand");
    };
  }, [isCalled, t]);
  return isCalled;
}

/** On duty while the switch is on and the console is open. */
function useDuty(me: string): Watch["duty"] {
  const [isOn, setOn] = useState(() => sessionStorage.getItem(DUTY_KEY) === me);
  const queries = useQueryClient();
  const tell = useMutation({
    mutationFn: (on: boolean) => call("desk/duty", { on }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["queue"] }),
  });
  const { mutate } = tell;
  useEffect(() => {
    if (!isOn) return forgetDuty();
    sessionStorage.setItem(DUTY_KEY, me);
    mutate(true);
    const timer = setInterval(() => mutate(true), DUTY_BEAT_MS);
    return () => clearInterval(timer);
  }, [isOn, me, mutate]);
  const set = (on: boolean) => {
    setOn(on);
    if (!on) mutate(false);
  };
  return { isOn, set, error: tell.error };
}

/** Wanted and allowed are two things: the browser lets nothing sound before the first click or key after a reload. */
function useSound(): Sound {
  const [isOn, setOn] = useState(() => localStorage.getItem(SOUND_KEY) === "on");
  const [isMute, setMute] = useState(!mayItSound());
  const set = (on: boolean) => {
    localStorage.setItem(SOUND_KEY, on ? "on" : "off");
    setOn(on);
    if (!on) return;
    allowSound();
    setMute(false);
    chime("case");
  };
  useEffect(() => {
    if (!isOn || !isMute) return;
    const allow = () => {
      allowSound();
      setMute(false);
    };
    const ways = ["pointerup", "keydown"] as const;
    for (const way of ways) addEventListener(way, allow, true);
    return () => {
      for (const way of ways) removeEventListener(way, allow, true);
    };
  }, [isOn, isMute]);
  return { isOn, isMute: isOn && isMute, set };
}

/** Title and chime; returns how many need somebody. */
function useAlarm(queue: QueueAnswer | undefined, hasSound: boolean): number {
  const { t } = useSpeech();
  const tick = useTick();
  const [section, openId] = useRoute();
  const seen = usePresent() && section === "desk" ? (openId ?? null) : null;
  const heard = useRef(NOTHING_HEARD);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the clock alone makes it ring again
  useEffect(() => {
    if (!queue) return;
    const next = listen(heard.current, { ...queue, seen, now: Date.now() });
    heard.current = next.heard;
    if (hasSound && next.tone) chime(next.tone);
  }, [queue, seen, hasSound, tick]);
  const count = queue ? queue.cases.filter(needsSomebody).length + queue.more : 0;
  const unread = queue ? unreadOfMine({ cases: queue.cases, seen }) : 0;
  const unanswered = queue ? unansweredOfMine({ cases: queue.cases, seen }) : 0;
  useEffect(() => {
    const news = [
      ...(count > 0 ? [`${count} ${t("someone_waits")}`] : []),
      ...(unread > 0 ? [`${unread} ${t("unread")}`] : []),
      ...(unanswered > 0 ? [`${unanswered} ${t("unanswered_mine")}`] : []),
    ];
    document.title = [
      ...(news.length > 0 ? [`(${count + unread + unanswered}) ${news.join(", ")}`] : []),
      t("brand"),
    ].join(" · ");
    return () => {
      document.title = t("brand");
    };
  }, [count, unread, unanswered, t]);
  return count;
}

function useTick(): number {
  const [tick, set] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => set((n) => n + 1), LISTEN_MS);
    return () => clearInterval(timer);
  }, []);
  return tick;
}
