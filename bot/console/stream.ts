/** A server's stream as a hook: handlers by event name, and whether it is alive. */

import { useEffect, useRef, useState } from "react";

const AGAIN_MS = 2_000;
/** The server gives a sign of life every five seconds: after this long without one the line is dead, closed or not. */
const SILENT_MS = 20_000;
const LOOK_MS = 5_000;

/** Opens `url` (null: none), comes back by itself, also from a line that died in silence, and resumes after the last id. */
export function useStream(
  url: string | null,
  handlers: Readonly<Record<string, (data: unknown) => void>>,
): boolean {
  const [alive, setAlive] = useState(true);
  const latest = useRef(handlers);
  latest.current = handlers;
  const names = Object.keys(handlers).join(" ");
  useEffect(() => {
    if (!url) return;
    let source: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let lastId = "";
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
      source = new EventSource(lastId ? `${url}${url.includes("?") ? "&" : "?"}after=${lastId}` : url);
      source.addEventListener("open", hear);
      for (const sign of ["ready", "beat"]) source.addEventListener(sign, hear);
      for (const name of names.split(" ")) {
        source.addEventListener(name, (event) => {
          hear();
          if (event.lastEventId) lastId = event.lastEventId;
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
  }, [url, names]);
  return alive;
}
