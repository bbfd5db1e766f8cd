/** A press while the one before is on its way does nothing: a button is not yet disabled when a hand presses twice. */

import { useRef } from "react";

export function useOneAtATime<V = void>(act: (value: V) => Promise<unknown>): (value: V) => void {
  const isBusy = useRef(false);
  return (value) => {
    if (isBusy.current) return;
    isBusy.current = true;
    // What went wrong is shown where the act keeps it.
    void act(value)
      .catch(() => {})
      .finally(() => {
        isBusy.current = false;
      });
  };
}
