/** Wake-ups in memory, for tests. */

import type { Topic } from "../../bot/ports/bus.ts";

export function fakeBus() {
  const listeners = new Map<Topic, Set<() => void>>();
  return {
    publish: (topic: Topic) => {
      for (const listener of listeners.get(topic) ?? []) listener();
    },
    subscribe: (topic: Topic, listener: () => void) => {
      const set = listeners.get(topic) ?? new Set();
      listeners.set(topic, set.add(listener));
      return () => void set.delete(listener);
    },
    /** How many listen; a test looks whether streams let go. */
    size: () => [...listeners.values()].reduce((n, set) => n + set.size, 0),
  };
}
export type FakeBus = ReturnType<typeof fakeBus>;
