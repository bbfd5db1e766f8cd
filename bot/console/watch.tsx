/** What goes on wherever a counsellor looks in the console: her duty, the queue, the alarm. Leaving the desk's screen ends none of it. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from "react";
import type { CaseCard, Staff } from "../web/api-types.ts";
import { call } from "./api.ts";
import { chime } from "./sound.ts";
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
/** Who is on duty in this tab: a reload keeps it, somebody else who signs in does not get it. */
const DUTY_KEY = "duty";

export interface Watch {
  readonly queue: QueueAnswer | undefined;
  readonly waiting: readonly CaseCard[];
  readonly isLive: boolean;
  readonly error: unknown;
  readonly retry: () => void;
  readonly duty: { readonly isOn: boolean; readonly set: (on: boolean) => void; readonly error: unknown };
  readonly hasSound: boolean;
  readonly setSound: (on: boolean) => void;
}

const Context = createContext<Watch | null>(null);

/** Around all screens of who works at the desk. */
export function WatchProvider({ staff, children }: { staff: Staff; children: ReactNode }) {
  const queries = useQueryClient();
  const queue = useQuery({
    queryKey: ["queue"],
    queryFn: () => call<QueueAnswer>("desk/cases?states=waiting,claimed"),
    refetchInterval: QUEUE_POLL_MS,
    // She waits whether or not this window is the one in front.
    refetchIntervalInBackground: true,
  });
  const isLive = useStream("/api/desk/stream", {
    cases: (data) => {
      queries.setQueryData(["queue"], data);
      void queries.invalidateQueries({ queryKey: ["case"] });
    },
  });
  const [hasSound, setSound] = useState(false);
  const duty = useDuty(staff.id);
  const waiting = queue.data?.cases.filter((c) => c.state === "waiting") ?? [];
  useAlarm(waiting, hasSound);
  const watch: Watch = {
    queue: queue.data,
    waiting,
    isLive: isLive && !queue.error,
    error: queue.error,
    retry: () => void queue.refetch(),
    duty,
    hasSound,
    setSound,
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
