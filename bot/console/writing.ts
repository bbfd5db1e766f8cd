/**
 * What is being written in the editor and not yet saved: it outlives the end of a session, a reload, and a phone that
 * takes the window's memory. It stays in this window alone, goes when it is saved or dropped, and with who signs out.
 */

import type { ContentKind } from "../web/api-types.ts";
import type { Opened } from "./opened.ts";

interface Writing {
  readonly login: string;
  readonly text: string;
  /** What it was begun from, so that a newer one of somebody else is still a conflict. */
  readonly base: Opened;
}

const PREFIX = "writing ";
/** What the browser had no room for, or may not keep. */
const unkept = new Map<string, Writing>();

export function keepWriting(kind: ContentKind, key: string, writing: Writing): void {
  const place = placeOf(kind, key);
  unkept.delete(place);
  try {
    sessionStorage.setItem(place, JSON.stringify(writing));
  } catch {
    sessionStorage.removeItem(place);
    unkept.set(place, writing);
  }
}

/** What this person left unsaved of it; null: nothing. */
export function writingOf(login: string, kind: ContentKind, key: string): Writing | null {
  const place = placeOf(kind, key);
  const writing = unkept.get(place) ?? read(sessionStorage.getItem(place));
  return writing?.login === login ? writing : null;
}

/** What another build kept in another form is let go: an editor that does not open would be worse. */
function read(kept: string | null): Writing | null {
  try {
    const found = JSON.parse(kept ?? "null") as Writing | null;
    return typeof found?.text === "string" && typeof found.base?.file === "string" ? found : null;
  } catch {
    return null;
  }
}

export function dropWriting(kind: ContentKind, key: string): void {
  unkept.delete(placeOf(kind, key));
  sessionStorage.removeItem(placeOf(kind, key));
}

/** Somebody else works in this window from now on. */
export function dropAllWriting(): void {
  unkept.clear();
  for (const place of Object.keys(sessionStorage))
    if (place.startsWith(PREFIX)) sessionStorage.removeItem(place);
}

function placeOf(kind: ContentKind, key: string): string {
  return `${PREFIX}${kind} ${key}`;
}
