/** A server's stream as a hook: handlers by event name, and whether it is alive. */

import { useEffect, useRef, useState } from "react";

const AGAIN_MS = 2_000;

/** Opens `url` (null: none), comes back by itself, and resumes after the last id. */
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
    const open = () => {
      source = new EventSource(lastId ? `${url}${url.includes("?") ? "&" : "?"}after=${lastId}` : url);
      source.addEventListener("open", () => setAlive(true));
      for (const name of names.split(" ")) {
        source.addEventListener(name, (event) => {
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
    return () => {
      stopped = true;
      clearTimeout(timer);
      source?.close();
    };
  }, [url, names]);
  return alive;
}
