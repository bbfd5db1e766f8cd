/** Where we are: the part of the address after `#`, which never reaches a server or its log. */

import { useSyncExternalStore } from "react";

/** Asked before leaving a screen with unsaved work; true: go. */
let guard: (() => boolean) | null = null;
let here = location.hash;
const listeners = new Set<() => void>();

addEventListener("hashchange", () => {
  if (location.hash === here) return;
  if (!mayLeave()) {
    history.replaceState(null, "", here || "#/");
    return;
  }
  here = location.hash;
  for (const listener of listeners) listener();
});

/** The parts of the path, decoded: `#/content/flow/welcome` → ["content", "flow", "welcome"]. */
export function useRoute(): readonly string[] {
  const hash = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => here,
  );
  return hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decoded);
}

/** A part as it was meant; an address that is none is nobody's reason for an empty screen. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function linkTo(...parts: readonly string[]): string {
  return `#/${parts.map(encodeURIComponent).join("/")}`;
}

export function goTo(...parts: readonly string[]): void {
  location.hash = linkTo(...parts);
}

/** Asks, if something would be lost; true: go. */
export function mayLeave(): boolean {
  return guard === null || guard();
}

export function isGuarded(): boolean {
  return guard !== null;
}

/** While set, leaving the screen asks first. */
export function setLeaveGuard(next: (() => boolean) | null): void {
  guard = next;
}
