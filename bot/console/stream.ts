/** A server's stream as a hook: handlers by event name, and whether it is alive. */

import { useEffect, useRef, useState } from "react";

const AGAIN_MS = 2_000;
/** The server gives a sign of life every five seconds: after this long without one the line is dead, closed or not. */
const SILENT_MS = 20_000;
const LOOK_MS = 5_000;
/** Who has touched nothing for so long may have left her chair. */
const AWAY_MS = 2 * 60_000;
/** A screen reader keeps the keys to itself, but moves the focus. */
const TOUCHES = ["pointerdown", "pointermove", "keydown", "wheel", "focusin"] as const;

/** Is this window before her eyes, as far as the browser knows? */
export function useVisible(): boolean {
  const [isVisible, set] = useState(document.visibilityState === "visible");
  useEffect(() => {
    const look = () => set(document.visibilityState === "visible");
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
  return isVisible;
}

/** Does somebody sit before this window: it is visible, and was touched a short while ago? */
export function usePresent(): boolean {
  const isVisible = useVisible();
  const [isTouched, set] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const touch = () => {
      set(true);
      clearTimeout(timer);
      timer = setTimeout(() => set(false), AWAY_MS);
    };
    touch();
    for (const way of TOUCHES) addEventListener(way, touch, { capture: true, passive: true });
    return () => {
      clearTimeout(timer);
      for (const way of TOUCHES) removeEventListener(way, touch, { capture: true });
    };
  }, []);
  return isVisible && isTouched;
}

/**
 * Opens `url` (null: none), comes back by itself, also from a line that died in silence, and resumes after the last id.
 * `isPaused`: it is let go until it is wanted again. Without HTTP/2 a browser has six lines to a server for all its windows
 * together, and three windows with a case each left none for a reply.
 */
export function useStream(
  url: string | null,
  handlers: Readonly<Record<string, (data: unknown) => void>>,
  isPaused = false,
): boolean {
  const [alive, setAlive] = useState(true);
  const latest = useRef(handlers);
  latest.current = handlers;
  const names = Object.keys(handlers).join(" ");
  const last = useRef({ url, id: "" });
  useEffect(() => {
    if (!url || isPaused) return;
    if (last.current.url !== url) last.current = { url, id: "" };
    const place = last.current;
    let source: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped = false;
    let heardAt = Date.now();
    const hear = () => {
      heardAt = Date.now();
      setAlive(true);
    };
    const open = () => {
      clearTimeout(timer);
      source?.close();
      heardAt = Date.now();
      source = new EventSource(place.id ? `${url}${url.includes("?") ? "&" : "?"}after=${place.id}` : url);
      source.addEventListener("open", hear);
      for (const sign of ["ready", "beat"]) source.addEventListener(sign, hear);
      for (const name of names.split(" ")) {
        source.addEventListener(name, (event) => {
          hear();
          if (event.lastEventId) place.id = event.lastEventId;
          latest.current[name]?.(JSON.parse(event.data));
        });
      }
      source.onerror = () => {
        if (stopped) return;
        setAlive(false);
        if (source?.readyState === EventSource.CLOSED) timer = setTimeout(open, AGAIN_MS);
      };
    };
    open();
    // A computer that slept looks at once when it wakes: the time has passed.
    const watch = setInterval(() => {
      if (Date.now() - heardAt < SILENT_MS) return;
      setAlive(false);
      open();
    }, LOOK_MS);
    return () => {
      stopped = true;
      clearInterval(watch);
      clearTimeout(timer);
      source?.close();
    };
  }, [url, names, isPaused]);
  return alive || isPaused;
}
