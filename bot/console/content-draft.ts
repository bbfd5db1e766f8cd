/** The draft that is being written: its text, what it is based on, its problems, and saving without overwriting anybody. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { ContentKind, Problem, Staff } from "../web/api-types.ts";
import { call, Refused } from "./api.ts";
import { fetchItem, type Opened } from "./opened.ts";
import { isGuarded, setLeaveGuard } from "./route.ts";
import { dropWriting, keepWriting, writingOf } from "./writing.ts";

/** The longest text that the server takes, UTF-16 units; a longer one is told here and sent nowhere. */
const MAX_SOURCE = 300_000;
/** How long after the last letter the text is checked. */
const CHECK_AFTER_MS = 400;
/** And how long after nobody answered. */
const CHECK_AGAIN_MS = 8_000;

export function useDraft(kind: ContentKind, key: string, leaveQuestion: string) {
  const queries = useQueryClient();
  const login = queries.getQueryData<Staff>(["me"])?.login ?? "";
  const [text, setText] = useState<string | null>(() => {
    const before = writingOf(login, kind, key);
    if (before) queries.setQueryData(["item", kind, key], before.base);
    return before?.text ?? null;
  });
  const opened = useQuery({
    queryKey: ["item", kind, key],
    queryFn: () => fetchItem(kind, key),
    // Never changed under her hands; and asked for anew when it is opened again, since colleagues write too.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const [theirs, setTheirs] = useState<Opened | null>(null);
  const base = opened.data;
  const source = text ?? base?.source ?? "";
  // What a key saves is what stands there when it is pressed, and not when it was last drawn.
  const written = useRef(source);
  written.current = source;
  const onItsWay = useRef<Promise<number> | null>(null);
  const write = (next: string | null) => {
    if (next !== null) written.current = next;
    setText(next);
  };
  const isDirty = base !== undefined && source !== base.source;
  const isTooLong = source.length > MAX_SOURCE;
  const check = useCheck(kind, key, source, base);

  const put = (fresh: Opened) => {
    queries.setQueryData(["item", kind, key], fresh);
    void queries.invalidateQueries({ queryKey: ["items", kind] });
    void queries.invalidateQueries({ queryKey: ["history", kind, key] });
  };
  const seeTheirs = async () => setTheirs(await fetchItem(kind, key));
  const send = async (source: string, basedOn: number) => {
    try {
      const asked = { kind, key, source, basedOn };
      return await call<{ number: number; problems: readonly Problem[] }>("content/save", asked);
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== "stale") throw error;
      const now = await fetchItem(kind, key);
      // Saved already, and only the answer was lost on its way: nobody stands against herself.
      if (now.state === "draft" && now.source === source.normalize("NFC")) return now;
      setTheirs(now);
      throw error;
    }
  };
  const saving = useMutation({
    mutationFn: async (basedOn: number) => {
      const source = written.current;
      const answer = await send(source, basedOn);
      put({
        title: base?.title ?? { vi: key, en: key },
        file: base?.file ?? "",
        source,
        number: answer.number,
        state: "draft",
        isOvertaken: false,
        draftBy: login,
        secondPerson: base?.secondPerson ?? false,
        publishedNumber: base?.publishedNumber ?? null,
        publishedSource: base?.publishedSource ?? null,
        problems: answer.problems,
      });
      setTheirs(null);
      return answer.number;
    },
    onSuccess: () => {
      // What it is compared with, and what it is called, may have changed: a colleague published the draft under it.
      const refresh = (now: Opened) => (old: Opened | undefined) =>
        old?.number === now.number ? { ...now, source: old.source } : old;
      void fetchItem(kind, key)
        .then((now) => queries.setQueryData(["item", kind, key], refresh(now)))
        .catch(() => {});
    },
  });
  useEffect(() => {
    if (isDirty && base) keepWriting(kind, key, { login, text: source, base });
    else if (base && writingOf(login, kind, key)) dropWriting(kind, key);
  }, [isDirty, base, login, kind, key, source]);
  useEffect(() => {
    // Who has signed out has been asked already.
    const ask = (event: BeforeUnloadEvent) => isGuarded() && event.preventDefault();
    if (!isDirty) return;
    addEventListener("beforeunload", ask);
    setLeaveGuard(() => {
      const leaves = confirm(leaveQuestion);
      if (leaves) dropWriting(kind, key);
      return leaves;
    });
    return () => {
      removeEventListener("beforeunload", ask);
      setLeaveGuard(null);
    };
  }, [isDirty, leaveQuestion, kind, key]);
  return {
    opened,
    base,
    source,
    setText: write,
    isDirty,
    isTooLong,
    /** Is the draft her own? Then somebody else may have to publish it. */
    isMine: isDirty || (base?.draftBy ?? null) === login,
    check,
    saving,
    theirs,
    /** Somebody else was faster: what is the newest now is put beside what stands here. */
    seeTheirs,
    /**
     * Saves what is written, one save after another; the number of the revision. What nobody changed is not saved: it would get another
     * writer.
     */
    save: async () => {
      if (isTooLong) throw new Refused("too_large");
      while (onItsWay.current) await onItsWay.current.catch(() => {});
      const last = queries.getQueryData<Opened>(["item", kind, key]);
      if (last && last.source === written.current) return last.number;
      onItsWay.current = saving.mutateAsync(last?.number ?? 0).finally(() => {
        onItsWay.current = null;
      });
      return onItsWay.current;
    },
    /** After a conflict: theirs replaces what is written here (undo brings it back). */
    takeTheirs: () => {
      if (!theirs) return;
      put(theirs);
      setText(theirs.source);
      setTheirs(null);
      saving.reset();
    },
    /** After a conflict: ours becomes the newest, knowing theirs. */
    keepMine: () => {
      if (theirs) saving.mutate(theirs.number);
    },
    /** `keepsUnsaved`: not what is being written, only what it stands on. What is written meanwhile is kept anyway. */
    reload: async ({ keepsUnsaved = false } = {}) => {
      const before = written.current;
      put(await fetchItem(kind, key));
      if (!(keepsUnsaved && isDirty) && written.current === before) setText(null);
    },
  };
}
export type Draft = ReturnType<typeof useDraft>;

/** Problems of the text as it stands, a moment after the last letter; what could not be asked is asked again. */
function useCheck(kind: ContentKind, key: string, source: string, base: Opened | undefined) {
  const [problems, setProblems] = useState<readonly Problem[] | null>(null);
  const [isChecking, setChecking] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  const newest = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt asks the same again
  useEffect(() => {
    if (!base) return;
    const mine = ++newest.current;
    if (source.length > MAX_SOURCE) {
      setProblems([tooLong(source.length)]);
      setChecking(false);
      setError(null);
      return;
    }
    setChecking(true);
    const timer = setTimeout(async () => {
      try {
        const answer = await call<{ problems: readonly Problem[] }>("content/check", { kind, key, source });
        if (mine !== newest.current) return;
        setProblems(answer.problems);
        setError(null);
      } catch (why) {
        if (mine === newest.current) setError(why);
      } finally {
        if (mine === newest.current) setChecking(false);
      }
    }, CHECK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [kind, key, source, base, attempt]);
  useEffect(() => {
    if (!error) return;
    const again = () => setAttempt((n) => n + 1);
    const timer = setTimeout(again, CHECK_AGAIN_MS);
    addEventListener("online", again);
    return () => {
      clearTimeout(timer);
      removeEventListener("online", again);
    };
  }, [error]);
  return { problems: problems ?? base?.problems ?? [], isChecking, error };
}

/** As the server says it of a file. */
function tooLong(length: number): Problem {
  return {
    code: "document.too_large",
    message: `the document has ${length} characters; at most ${MAX_SOURCE}`,
    vi: `bài có ${length} ký tự; nhiều nhất ${MAX_SOURCE}`,
    line: 1,
    severity: "error",
  };
}
