/** The bus of one process. */

import type { Bus, Topic } from "../../ports/bus.ts";
import { Calls } from "../calls.ts";

export function openMemoryBus(): Bus {
  const listeners = new Map<Topic, Set<() => void>>();
  const calls = new Calls();
  return {
    publish(topic) {
      const heard = listeners.get(topic);
      if (!heard) return;
      // Later, so that whoever publishes is never slowed or stopped by a listener.
      queueMicrotask(() => {
        for (const listener of [...heard]) listener();
      });
    },
    subscribe(topic, listener) {
      const heard = listeners.get(topic) ?? new Set();
      listeners.set(topic, heard);
      // A wrapper of its own, so that the same function can listen twice and stop once.
      const own = () => listener();
      heard.add(own);
      return () => {
        heard.delete(own);
        if (heard.size === 0 && listeners.get(topic) === heard) listeners.delete(topic);
      };
    },
    call: (work) => calls.call(work),
    serve: (work, take) => calls.serve(work, take),
    async close() {
      calls.clear();
      for (const heard of listeners.values()) heard.clear();
      listeners.clear();
    },
  };
}
