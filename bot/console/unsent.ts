/** What was written and not yet taken by the server, by case: it outlives a look at another case, not another person. */

import { useEffect, useState, useSyncExternalStore } from "react";
import type { Local } from "./outgoing.ts";

const drafts = new Map<string, string>();
const locals = new Map<string, readonly Local[]>();
const listeners = new Set<() => void>();
const NONE: readonly Local[] = [];
let owner = "";

/** Whoever works in this window now: what somebody else left unsent goes. */
export function unsentBelongsTo(staff: string): void {
  if (owner !== staff) {
    drafts.clear();
    locals.clear();
  }
  owner = staff;
}

/** The browser asks before it closes a window in which a reply or a note has not reached the server: they live in it alone. */
export function useLeaveGuard(): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => isSomethingUnsent() && event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, []);
}

export function isSomethingUnsent(): boolean {
  const isWritten = [...drafts.values()].some((text) => text.trim() !== "");
  return isWritten || [...locals.values()].some((replies) => replies.length > 0);
}

/** A box whose words stay while the console is open. */
export function useDraft(what: "reply" | "note", id: string): [string, (text: string) => void] {
  const [text, setText] = useState(() => draftOf(what, id));
  useEffect(() => {
    // A failed reply is put back into the box from elsewhere.
    const look = () => setText(draftOf(what, id));
    listeners.add(look);
    return () => void listeners.delete(look);
  }, [what, id]);
  return [text, (next) => setDraft(what, id, next)];
}

export function draftOf(what: "reply" | "note", id: string): string {
  return drafts.get(`${what} ${id}`) ?? "";
}

export function setDraft(what: "reply" | "note", id: string, text: string): void {
  drafts.set(`${what} ${id}`, text);
  for (const tell of listeners) tell();
}

export function useLocals(id: string): readonly Local[] {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => void listeners.delete(tell);
    },
    () => locals.get(id) ?? NONE,
  );
}

export function changeLocals(id: string, change: (before: readonly Local[]) => readonly Local[]): void {
  const before = locals.get(id) ?? NONE;
  const after = change(before);
  if (after === before) return;
  locals.set(id, after);
  for (const tell of listeners) tell();
}
